/* Cutting out of a library what a text uses.
 *
 * The library is split at empty lines before a line that is not indented; a
 * piece that opens with #if lasts to its #endif. A piece defines the names of
 * its macros, types and static functions, and is taken when the text, or a
 * piece taken, mentions one of them. Of two pieces that define the same name
 * the first counts.
 */
#include "ctext.h"

#include <ctype.h>
#include <string.h>

typedef struct Piece {
    const char *text;
    StringArray names;
    bool taken;
} Piece;
typedef ARRAY_OF(Piece) PieceArray;

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void add_name(Arena *a, Piece *piece, const char *p)
{
    size_t len = 0;
    while (is_word(p[len]))
        len++;
    if (len > 0)
        array_push(a, &piece->names, arena_strndup(a, p, len));
}

/* The identifier that ends just before p. */
static const char *word_before(const char *line, const char *p)
{
    while (p > line && p[-1] == ' ')
        p--;
    while (p > line && is_word(p[-1]))
        p--;
    return p;
}

/* What the line at p defines. */
static void scan_line(Arena *a, Piece *piece, const char *p)
{
    size_t len = strcspn(p, "\n");
    const char *line = arena_strndup(a, p, len);
    if (strncmp(line, "#define ", 8) == 0) {
        add_name(a, piece, line + 8);
    } else if (strncmp(line, "typedef ", 8) == 0 && strchr(line, ';')) {
        const char *end = strstr(line, " __attribute__");
        add_name(a, piece, word_before(line, end ? end : strchr(line, ';')));
    } else if (strncmp(line, "static ", 7) == 0) {
        size_t n = strcspn(line, "([=");
        if (line[n])
            add_name(a, piece, word_before(line, line + n));
    }
}

static const char *piece_end(const char *p)
{
    int depth = 0;
    for (;;) {
        if (strncmp(p, "#if", 3) == 0)
            depth++;
        if (strncmp(p, "#endif", 6) == 0)
            depth--;
        p += strcspn(p, "\n");
        if (!*p)
            return p;
        p++;
        if (depth == 0 && *p == '\n' && p[1] != ' ' && p[1] != '}')
            return p;
    }
}

/* Does a piece before define it? */
static bool is_defined(const PieceArray *pieces, const Piece *piece)
{
    for (int i = 0; i < pieces->len && piece->names.len > 0; i++)
        for (int k = 0; k < pieces->data[i].names.len; k++)
            if (strcmp(pieces->data[i].names.data[k], piece->names.data[0]) ==
                0)
                return true;
    return false;
}

static PieceArray split(Arena *a, const char *library)
{
    PieceArray pieces = {0};
    for (const char *p = library; *p;) {
        if (*p == '\n') {
            p++;
            continue;
        }
        const char *end = piece_end(p);
        Piece piece = {.text = arena_strndup(a, p, (size_t)(end - p))};
        for (const char *line = piece.text; *line;) {
            scan_line(a, &piece, line);
            line += strcspn(line, "\n");
            line += *line == '\n';
        }
        if (!is_defined(&pieces, &piece))
            array_push(a, &pieces, piece);
        p = end;
    }
    return pieces;
}

static bool mentioned(const Piece *piece, const char *text)
{
    for (int i = 0; i < piece->names.len; i++)
        if (text_mentions(text, piece->names.data[i]))
            return true;
    return false;
}

const char *library_used(Arena *a, const char *library, const char *text)
{
    PieceArray pieces = split(a, library);
    for (bool again = true; again;) {
        again = false;
        for (int i = 0; i < pieces.len; i++) {
            Piece *piece = &pieces.data[i];
            bool use = !piece->taken && mentioned(piece, text);
            for (int k = 0; k < pieces.len && !use && !piece->taken; k++)
                use = pieces.data[k].taken &&
                      mentioned(piece, pieces.data[k].text);
            piece->taken |= use;
            again |= use;
        }
    }
    Text out = {.arena = a};
    text_add(&out, "");
    for (int i = 0; i < pieces.len; i++)
        if (pieces.data[i].taken) {
            const char *piece = pieces.data[i].text;
            int len = (int)strlen(piece);
            while (len > 0 && piece[len - 1] == '\n')
                len--;
            text_printf(&out, "%s%.*s\n", out.len ? "\n" : "", len, piece);
        }
    return out.data;
}
