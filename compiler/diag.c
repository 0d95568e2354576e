/* Source files, errors and notes with ranges, the error count.
 *
 *     lenet.dl:9:14: error: window 5x5 does not fit the 4x4 input [DL2031]
 *         9 |     |> conv{120, 5} |> tanh
 *           |        ^~~~~~~~~~~~
 *           help: ...
 *
 * The line is shown with tabs as blanks and with everything a terminal could
 * take for a command as '?', so that the underline always fits and hostile
 * text cannot do harm. Columns count characters, not bytes.
 */
#include "diag.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAB = 4,
    LINE_BYTES = 160,  /* of a longer line only a window is shown */
    SHOWN_ERRORS = 100 /* a file of garbage must not fill the disk */
};

static const struct {
    const char *name, *title, *text;
} codes[] = {
#define DIAG_CODE(number, title, text) {"DL" #number, title, text},
#include "diag_codes.h"
#undef DIAG_CODE
};

Source *source_new(Arena *a, const char *path, const char *text, size_t len)
{
    if (len > INT_MAX / 2) {
        fprintf(stderr, "dlc: error: %s: larger than 1 GiB\n", path);
        exit(1);
    }
    Source *s = ARENA_NEW(a, Source);
    s->path = arena_strdup(a, path);
    s->text = arena_strndup(a, text, len);
    s->len = (int)len;
    array_push(a, &s->lines, 0);
    for (int i = 0; i < s->len; i++)
        if (text[i] == '\n')
            array_push(a, &s->lines, i + 1);
    return s;
}

/* Bytes of the UTF-8 character at s, 0 when it is none or a control. */
static int char_bytes(const char *s, int n)
{
    const unsigned char *u = (const unsigned char *)s;
    int need = u[0] < 0x80   ? 1
               : u[0] < 0xc2 ? 0
               : u[0] < 0xe0 ? 2
               : u[0] < 0xf0 ? 3
               : u[0] < 0xf5 ? 4
                             : 0;
    if (!need || need > n || u[0] < 0x20 || u[0] == 0x7f)
        return 0;
    for (int i = 1; i < need; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    if ((u[0] == 0xc2 && u[1] < 0xa0) || (u[0] == 0xe0 && u[1] < 0xa0) ||
        (u[0] == 0xed && u[1] > 0x9f) || (u[0] == 0xf0 && u[1] < 0x90) ||
        (u[0] == 0xf4 && u[1] > 0x8f))
        return 0;
    return need;
}

/* Characters in n bytes; what is not UTF-8 counts by bytes. */
static int count_chars(const char *s, int n)
{
    int count = 0;
    for (int i = 0; i < n; count++) {
        int bytes = char_bytes(s + i, n - i);
        i += bytes ? bytes : 1;
    }
    return count;
}

/* Index of the line that holds the byte at offset. */
static int find_line(const Source *s, int offset)
{
    int low = 0, high = s->lines.len - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (s->lines.data[middle] <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

void source_place(const Source *s, int offset, int *line, int *column)
{
    offset = offset < 0 ? 0 : offset > s->len ? s->len : offset;
    int i = find_line(s, offset), begin = (int)s->lines.data[i];
    *line = i + 1;
    *column = count_chars(s->text + begin, offset - begin) + 1;
}

int range_line(Range r)
{
    int line = 0, column;
    if (r.src)
        source_place(r.src, r.begin, &line, &column);
    return line;
}

Range range_join(Range a, Range b)
{
    if (!a.src || !b.src || a.src != b.src)
        return a.src ? a : b;
    return (Range){a.src, a.begin < b.begin ? a.begin : b.begin,
                   a.end > b.end ? a.end : b.end};
}

/* Text as a terminal may see it: controls and broken UTF-8 become '?'. */
static void put_clean(FILE *f, const char *s, int n)
{
    for (int i = 0; i < n;) {
        int bytes = char_bytes(s + i, n - i);
        if (bytes)
            fwrite(s + i, 1, (size_t)bytes, f);
        else
            fputc('?', f);
        i += bytes ? bytes : 1;
    }
}

/* Shows bytes [begin, end) with tabs as blanks; returns the cells used. */
static int put_cells(FILE *f, const char *s, int n, int cell)
{
    int first = cell;
    for (int i = 0; i < n;) {
        int bytes = char_bytes(s + i, n - i);
        int width = s[i] == '\t' ? TAB - cell % TAB : 1;
        if (f && s[i] == '\t')
            fprintf(f, "%*s", width, "");
        else if (f)
            put_clean(f, s + i, bytes ? bytes : 1);
        cell += width;
        i += bytes ? bytes : 1;
    }
    return cell - first;
}

/* Moves i out of the middle of a UTF-8 character. */
static int char_start(const char *s, int i, int first)
{
    while (i > first && ((unsigned char)s[i] & 0xc0) == 0x80)
        i--;
    return i;
}

static void put_excerpt(FILE *f, Range r)
{
    const Source *s = r.src;
    int index = find_line(s, r.begin);
    int first = (int)s->lines.data[index], last = first;
    while (last < s->len && s->text[last] != '\n')
        last++;
    while (last > first && isspace((unsigned char)s->text[last - 1]))
        last--;
    int begin = r.begin < first ? first : r.begin;
    int end = r.end < last ? r.end : last;
    int from = first, to = last;
    if (last - first > LINE_BYTES) {
        from = begin - LINE_BYTES / 3 > first ? begin - LINE_BYTES / 3 : first;
        from = char_start(s->text, from, first);
        if (to > from + LINE_BYTES)
            to = char_start(s->text, from + LINE_BYTES, from);
    }
    const char *open = from > first ? "..." : "";
    fprintf(f, "%5d | %s", index + 1, open);
    put_cells(f, s->text + from, to - from, 0);
    fprintf(f, "%s\n      | %*s", to < last ? "..." : "", (int)strlen(open),
            "");
    if (begin > last || end > to)
        end = to; /* the end of the line, or of what is shown of it */
    int seen = begin < to ? begin : to;
    int cell = put_cells(NULL, s->text + from, seen - from, 0);
    int width =
        end > begin ? put_cells(NULL, s->text + begin, end - begin, cell) : 1;
    fprintf(f, "%*s^", cell, "");
    for (int i = 1; i < width; i++)
        fputc('~', f);
    fputc('\n', f);
}

static void put_message(Diag *d, Range r, const char *kind, DiagCode code,
                        const char *text)
{
    if (r.src) {
        int line, column;
        source_place(r.src, r.begin, &line, &column);
        put_clean(d->out, r.src->path, (int)strlen(r.src->path));
        fprintf(d->out, ":%d:%d: %s: ", line, column, kind);
    } else {
        fprintf(d->out, "dlc: %s: ", kind);
    }
    put_clean(d->out, text, (int)strlen(text));
    if (code != DIAG_NONE)
        fprintf(d->out, " [%s]", codes[code - 1].name);
    fputc('\n', d->out);
}

/* Counts an error; true when it is to be shown. */
static bool count_error(Diag *d)
{
    d->errors++;
    d->muted = d->errors > SHOWN_ERRORS;
    if (d->errors == SHOWN_ERRORS + 1)
        fputs("dlc: note: too many errors, the rest is not shown\n", d->out);
    return !d->muted;
}

/* The same once more: a layer of the library has its sizes in several types. */
static bool repeats(Diag *d, Range r, const char *text)
{
    bool same = r.src && d->last_text && r.src == d->last.src &&
                r.begin == d->last.begin && r.end == d->last.end &&
                strcmp(text, d->last_text) == 0;
    d->last = r;
    d->last_text = text;
    return same;
}

void diag_error(Diag *d, Range r, DiagCode code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    d->muted = repeats(d, r, text);
    if (d->muted || !count_error(d))
        return;
    put_message(d, r, "error", code, text);
    if (r.src)
        put_excerpt(d->out, r);
}

void diag_warning(Diag *d, Range r, DiagCode code, const char *fmt, ...)
{
    d->muted = d->quiet_warnings || d->errors > SHOWN_ERRORS;
    if (d->muted)
        return;
    d->warnings++;
    va_list ap;
    va_start(ap, fmt);
    put_message(d, r, "warning", code, arena_vprintf(d->arena, fmt, ap));
    va_end(ap);
    if (r.src)
        put_excerpt(d->out, r);
}

void diag_unsupported(Diag *d, Range r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    diag_error(d, r, DL1900, "%s is not supported yet", what);
}

void diag_note(Diag *d, Range r, const char *fmt, ...)
{
    if (d->muted)
        return;
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    if (r.src) {
        put_message(d, r, "note", DIAG_NONE, text);
        return;
    }
    fputs("      note: ", d->out);
    put_clean(d->out, text, (int)strlen(text));
    fputc('\n', d->out);
}

void diag_help(Diag *d, const char *fmt, ...)
{
    if (d->muted)
        return;
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    fputs("      help: ", d->out);
    put_clean(d->out, text, (int)strlen(text));
    fputc('\n', d->out);
}

static bool same_but_case(const char *a, const char *b)
{
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

const char *diag_suggest(const char *name, const char *const *candidates,
                         int count)
{
    /* A third of the letters may be wrong, and never all of them. */
    int letters = (int)strnlen(name, 1000);
    int limit = (letters + 2) / 3;
    if (limit >= letters)
        limit = letters - 1;
    const char *best = NULL;
    for (int i = 0; i < count; i++) {
        if (same_but_case(name, candidates[i]))
            return candidates[i];
        int distance = edit_distance(name, candidates[i]);
        if (distance <= limit) {
            limit = distance - 1;
            best = candidates[i];
        }
    }
    return best;
}

const char *diag_code_title(DiagCode code)
{
    return code == DIAG_NONE ? "" : codes[code - 1].title;
}

/* One paragraph, wrapped at 72 columns. */
static void put_wrapped(FILE *out, const char *text)
{
    int column = 0;
    while (*text) {
        int n = (int)strcspn(text, " ");
        if (column && column + 1 + n > 72) {
            fputc('\n', out);
            column = 0;
        }
        column += fprintf(out, "%s%.*s", column ? " " : "", n, text);
        text += n;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

bool diag_explain(FILE *out, const char *name)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (!same_but_case(name, codes[i].name))
            continue;
        fprintf(out, "%s: %s\n\n", codes[i].name, codes[i].title);
        put_wrapped(out, codes[i].text);
        return true;
    }
    return false;
}

void internal_error(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("internal error: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(70);
}
