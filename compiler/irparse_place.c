/* Places and source lines of the IR text: what stands behind a node's type. */
#include "irparse.h"
#include "op_list.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool parse_index(IrParser *p, int *out)
{
    int64_t i;
    Range at = lex_range(&p->lex);
    if (!lex_int(&p->lex, &i))
        return false;
    if (i < 0 || i > INT32_MAX)
        return lex_fail(&p->lex, at, DL3006, "index out of range");
    *out = (int)i;
    return true;
}

/* The value of a region may be seen through a view: a scan's result lies where
 * its carry does. */
static bool parse_view(IrParser *p, Node *n)
{
    const Token *t = &p->lex.token;
    Symbol *s = t->kind == TOKEN_VALUE ? map_get(p->values, t->text) : NULL;
    Node *of = s ? s->node : irparse_operand(p);
    if (!of)
        return false;
    if (s)
        lex_next(&p->lex);
    n->place = of->place;
    if (of->op == &op_param)
        n->place.kind = PLACE_GLOBAL;
    n->place.view_of = of;
    return !p->lex.failed;
}

bool irparse_place(IrParser *p, Node *n)
{
    Lexer *x = &p->lex;
    Place *at = &n->place;
    Token t;
    if (!lex_accept(x, "@"))
        return !x->failed;
    if (n->type.rank >= 0)
        at->bytes = elem_bytes(n->type.elem) *
                    type_count_at(&n->type, p->module->bound);
    if (lex_accept(x, "view"))
        return parse_view(p, n);
    if (lex_accept(x, "ws")) {
        at->kind = PLACE_WORKSPACE;
        return lex_expect(x, "+") && lex_int(x, &at->offset);
    }
    if (lex_accept(x, "input")) {
        at->kind = PLACE_INPUT;
        return true;
    }
    if (lex_accept(x, "local")) {
        at->kind = PLACE_LOCAL;
        return true;
    }
    if (lex_accept(x, "output")) {
        at->kind = PLACE_OUTPUT;
        return parse_index(p, &at->index);
    }
    if (lex_accept(x, "data")) {
        at->kind = PLACE_DATA;
        return parse_index(p, &at->index);
    }
    if (!lex_expect(x, "global"))
        return false;
    Range where = lex_range(x);
    if (!lex_take(x, TOKEN_GLOBAL, "@name", &t))
        return false;
    at->kind = PLACE_GLOBAL;
    n->global = map_get(p->globals, t.text);
    return n->global ||
           lex_fail(x, where, DL3002, "@%s is not known here", t.text);
}

/* ---- source lines ---- */

/* Lines of other files that comments may speak of, all together. */
enum { MOST_LINES = 200000 };

/* A source of that many lines, each one byte long. */
static const Source *stand_in(IrParser *p, const char *path, int line)
{
    Arena *a = p->lex.arena;
    Source *s = map_get(p->sources, path);
    if (!s) {
        s = source_new(a, path, "", 0);
        map_set(p->sources, path, s);
    }
    if (line <= s->len)
        return s;
    p->source_lines += line - s->len;
    if (p->source_lines > MOST_LINES)
        return NULL;
    char *text = ARENA_ARRAY(a, char, line + 1);
    memset(text, '\n', (size_t)line);
    Source *longer = source_new(a, path, text, (size_t)line);
    *s = *longer;
    return s;
}

/* "// mlp.dl:4" behind a node tells where it came from. */
void irparse_comment(IrParser *p, const char *comment, Node *n)
{
    const char *s = comment ? comment + 2 : "";
    while (*s == ' ')
        s++;
    size_t len = strcspn(s, ": \t/");
    if (len == 0 || s[len] != ':' || !isdigit((unsigned char)s[len + 1]))
        return;
    char *end;
    long line = strtol(s + len + 1, &end, 10);
    while (*end == ' ' || *end == '\r')
        end++;
    if (*end || line < 1 || line > MOST_LINES)
        return;
    const char *path = arena_strndup(p->lex.arena, s, len);
    const Source *src = stand_in(p, path, (int)line);
    if (src)
        n->loc = (Range){src, (int)line - 1, (int)line};
}
