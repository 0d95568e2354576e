/* Writing C text: indentation, line breaking, comments.
 *
 * A line over 80 columns is broken at the place of least nesting among those
 * that fill at least a third of it; see break_place.
 */
#include "ctext.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

enum { COLUMNS = 80, MAX_NESTING = 32 };

CText ctext_new(Arena *a)
{
    CText t = {.text = {.arena = a}};
    return t;
}

static void put_spaces(CText *t, int count)
{
    for (int i = 0; i < count; i++)
        text_addn(&t->text, " ", 1);
}

/* Is a line break good after text[i - 1]? */
static bool may_break(const char *text, int i)
{
    if (text[i - 1] != ' ')
        return false;
    if (i < 2)
        return false;
    char before = text[i - 2];
    return strchr(",=+-*/&|<>;", before) != NULL || text[i] == '?' ||
           text[i] == ':';
}

/* Skips a string or character literal that starts at i. */
static int skip_literal(const char *text, int i)
{
    char quote = text[i++];
    while (text[i] && text[i] != quote)
        i += text[i] == '\\' && text[i + 1] ? 2 : 1;
    return text[i] ? i + 1 : i;
}

/* The columns of the parentheses that are open at a place of a line. */
typedef struct Nesting {
    int column[MAX_NESTING];
    int depth;
} Nesting;

/* One character more. */
static void nest(Nesting *n, char c, int column)
{
    if (strchr("([{", c)) {
        if (n->depth < MAX_NESTING)
            n->column[n->depth] = column;
        n->depth++;
    } else if (strchr(")]}", c) && n->depth > 0) {
        n->depth--;
    }
}

static bool is_assigned(const char *text, int i)
{
    return i > 2 && text[i - 2] == '=' && !strchr("=!<>", text[i - 3]);
}

/* How much a break at text[i] is against the grain: nesting first, then how
 * tightly the operator before it binds. Best are a break between declarations
 * and one behind an assignment whose value then fits into its line. */
static int break_cost(const char *text, int i, int depth, bool rest_fits)
{
    char before = text[i - 2];
    if (depth == 0 && strchr(",;", before))
        return -2;
    if (depth == 0 && rest_fits && is_assigned(text, i))
        return -1;
    int binds = strchr("*/", before)       ? 3
                : is_assigned(text, i)     ? 2
                : strchr("+-<>=", before) ? 1
                                           : 0;
    return 4 * depth + binds;
}

/* Where to break text, which starts at `column` inside *nesting: at the
 * cheapest place, the last of equals, that leaves the line a third full, or a
 * sixth behind an assignment. *nesting becomes that of the place; what follows
 * has `room` columns where nothing is open. 0: nowhere.
 * With `any` the line may also stay short. */
static int break_place(const char *text, int column, Nesting *nesting, int room,
                       bool any)
{
    Nesting now = *nesting, best_nesting = *nesting;
    int best = 0, least = 0, len = (int)strlen(text);
    for (int i = 0; text[i] && column + i <= COLUMNS + 1; i++) {
        int part = now.depth == 0 && is_assigned(text, i) ? 6 : 3;
        if ((any || part * i > COLUMNS - column) && may_break(text, i)) {
            int cost = break_cost(text, i, now.depth, len - i <= room);
            if (best == 0 || cost <= least) {
                best = i;
                least = cost;
                best_nesting = now;
            }
        }
        if (text[i] == '"' || text[i] == '\'')
            i = skip_literal(text, i) - 1;
        else
            nest(&now, text[i], column + i);
    }
    *nesting = best_nesting;
    return best;
}

/* One logical line, without its newline, at the present indentation. What does
 * not fit goes on behind the innermost open parenthesis, as with
 * clang-format. */
static void put_wrapped(CText *t, const char *line)
{
    Nesting nesting = {.depth = 0};
    int margin = 4 * t->indent, column = margin;
    while ((int)strlen(line) + column > COLUMNS) {
        int room = COLUMNS - margin - 4;
        int at = break_place(line, column, &nesting, room, false);
        if (at == 0)
            at = break_place(line, column, &nesting, room, true);
        if (at == 0)
            break;
        put_spaces(t, column);
        int len = at;
        while (len > 0 && line[len - 1] == ' ')
            len--;
        text_addn(&t->text, line, (size_t)len);
        text_add(&t->text, "\n");
        line += at;
        int open = nesting.depth > 0 && nesting.depth <= MAX_NESTING
                       ? nesting.column[nesting.depth - 1] + 1
                       : COLUMNS;
        column = open <= COLUMNS / 2 + 10 ? open : margin + 4;
    }
    put_spaces(t, column);
    text_add(&t->text, line);
    text_add(&t->text, "\n");
}

void put_flat(CText *t, const char *line)
{
    put_wrapped(t, line);
}

/* A comment behind code that is too long goes before it. */
static char *lift_comment(CText *t, char *line)
{
    char *comment = strstr(line, " /* ");
    size_t len = strlen(line);
    if (!comment || len + (size_t)(4 * t->indent) <= COLUMNS || len < 2 ||
        strcmp(line + len - 2, "*/") != 0)
        return line;
    line[len - 2] = 0;
    while (len > 2 && line[len - 3] == ' ')
        line[--len - 2] = 0;
    put_comment(t, "%s", comment + 4);
    *comment = 0;
    return line;
}

static void put_line(CText *t, char *line)
{
    while (*line == ' ')
        line++;
    size_t len = strlen(line);
    while (len > 0 && line[len - 1] == ' ')
        line[--len] = 0;
    if (len == 0) {
        put_blank(t);
        return;
    }
    if (line[0] == '#') {
        text_add(&t->text, line);
        text_add(&t->text, "\n");
        return;
    }
    bool label = strncmp(line, "case ", 5) == 0 ||
                 strncmp(line, "default:", 8) == 0;
    if ((line[0] == '}' || label) && t->indent > 0)
        t->indent--;
    line = lift_comment(t, line);
    put_wrapped(t, line);
    t->indent += label || line[strlen(line) - 1] == '{';
}

void put(CText *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(t->text.arena, fmt, ap);
    va_end(ap);
    for (char *line = text; line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end++ = 0;
        put_line(t, line);
        line = end;
    }
}

void put_blank(CText *t)
{
    size_t n = t->text.len;
    if (n >= 2 && t->text.data[n - 1] == '\n' && t->text.data[n - 2] != '\n' &&
        t->text.data[n - 2] != '{')
        text_add(&t->text, "\n");
}

void put_raw(CText *t, const char *text)
{
    text_add(&t->text, text);
}

/* The length of the longest start of text that fits, cut between words. */
static int words_that_fit(const char *text, int room)
{
    int len = (int)strlen(text), at = room;
    if (len <= room)
        return len;
    while (at > 0 && text[at] != ' ')
        at--;
    if (at == 0)
        for (at = room; text[at] && text[at] != ' ';)
            at++;
    return at;
}

void put_comment(CText *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(t->text.arena, fmt, ap);
    va_end(ap);
    int column = 4 * t->indent, room = COLUMNS - column - 3;
    if ((int)strlen(text) <= room - 3) {
        put_spaces(t, column);
        text_printf(&t->text, "/* %s */\n", text);
        return;
    }
    for (bool first = true; *text; first = false) {
        int len = words_that_fit(text, room);
        if (!text[len] && len > room - 3 && strchr(text, ' '))
            len = words_that_fit(text, room - 3); /* room for the end */
        put_spaces(t, column);
        text_printf(&t->text, "%s%.*s", first ? "/* " : " * ", len, text);
        text += len;
        text += strspn(text, " ");
        text_add(&t->text, *text ? "\n" : " */\n");
    }
}

bool text_mentions(const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = text; (p = strstr(p, name)) != NULL; p += len) {
        bool left = p == text || !(isalnum((unsigned char)p[-1]) ||
                                   p[-1] == '_' || p[-1] == '.');
        bool right = !(isalnum((unsigned char)p[len]) || p[len] == '_');
        if (left && right)
            return true;
    }
    return false;
}
