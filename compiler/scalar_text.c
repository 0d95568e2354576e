/* Scalar trees as text and back: "max($0 + $1, 0)".
 *
 * Infix for + - * / and the comparisons, unary minus, names for the rest.
 * Parentheses keep the tree, so that reading gives the same tree again.
 */
#include "diag.h"
#include "scalar.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL_COMPARE = 1, LEVEL_ADD, LEVEL_MUL, LEVEL_UNARY, LEVEL_PRIMARY };

static int level(const Scalar *s)
{
    switch (s->op) {
    case SC_LT:
    case SC_LE:
    case SC_EQ:
    case SC_NE:
        return LEVEL_COMPARE;
    case SC_ADD:
    case SC_SUB:
        return LEVEL_ADD;
    case SC_MUL:
    case SC_DIV:
        return LEVEL_MUL;
    case SC_NEG:
        return LEVEL_UNARY;
    default:
        return LEVEL_PRIMARY;
    }
}

static const char *infix(ScalarOp op)
{
    switch (op) {
    case SC_ADD:
        return "+";
    case SC_SUB:
        return "-";
    case SC_MUL:
        return "*";
    case SC_DIV:
        return "/";
    case SC_LT:
        return "<";
    case SC_LE:
        return "<=";
    case SC_EQ:
        return "==";
    case SC_NE:
        return "!=";
    default:
        return NULL;
    }
}

static void print(Text *t, const Scalar *s, int least);

static void print_call(Text *t, const Scalar *s)
{
    text_printf(t, "%s(", scalar_op_name(s->op));
    print(t, s->a, 0);
    if (s->b) {
        text_add(t, ", ");
        print(t, s->b, 0);
    }
    if (s->c) {
        text_add(t, ", ");
        print(t, s->c, 0);
    }
    text_add(t, ")");
}

static void print(Text *t, const Scalar *s, int least)
{
    int own = level(s);
    if (own < least)
        text_add(t, "(");
    if (s->op == SC_ARG) {
        text_printf(t, "$%d", s->arg);
    } else if (s->op == SC_CONST) {
        text_add(t, isnan(s->value) ? "nan" : double_text(t->arena, s->value));
    } else if (s->op == SC_NEG) {
        text_add(t, "-");
        print(t, s->a, LEVEL_UNARY);
    } else if (own < LEVEL_UNARY) {
        bool compares = own == LEVEL_COMPARE;
        print(t, s->a, compares ? own + 1 : own);
        text_printf(t, " %s ", infix(s->op));
        print(t, s->b, own + 1);
    } else {
        print_call(t, s);
    }
    if (own < least)
        text_add(t, ")");
}

const char *scalar_text(Arena *a, const Scalar *s)
{
    Text t = {.arena = a};
    print(&t, s, 0);
    return t.data;
}

/* ---- reading ---- */

/* What bounds the work on any text: nodes, nesting, arguments. */
enum { MOST_NODES = 4000, MOST_NESTING = 200, MOST_ARGS = 1000 };

typedef struct Reader {
    Arena *arena;
    const char *at;
    const char *error;
    int nodes, nesting;
} Reader;

static const Scalar *read_compare(Reader *r);

static const Scalar *fail(Reader *r, const char *message)
{
    if (!r->error)
        r->error = message;
    return NULL;
}

static void skip_space(Reader *r)
{
    while (*r->at == ' ' || *r->at == '\t')
        r->at++;
}

static bool accept(Reader *r, const char *token)
{
    skip_space(r);
    size_t n = strlen(token);
    if (strncmp(r->at, token, n) != 0)
        return false;
    r->at += n;
    return true;
}

static const Scalar *node(Reader *r, ScalarOp op, const Scalar *x,
                          const Scalar *y, const Scalar *z)
{
    if (!x || (scalar_arity(op) >= 2 && !y) || (scalar_arity(op) >= 3 && !z))
        return NULL;
    if (++r->nodes > MOST_NODES)
        return fail(r, "the expression is too long");
    return scalar_new(r->arena, op, x, y, z);
}

static const Scalar *read_call(Reader *r, const char *name, size_t len)
{
    int op;
    for (op = SC_NEG; op < SC_COUNT; op++)
        if (strlen(scalar_op_name((ScalarOp)op)) == len &&
            strncmp(scalar_op_name((ScalarOp)op), name, len) == 0)
            break;
    if (op == SC_COUNT)
        return fail(r, arena_printf(r->arena, "'%.*s' is not a function",
                                    (int)(len < 40 ? len : 40), name));
    const Scalar *x[3] = {NULL, NULL, NULL};
    int arity = scalar_arity((ScalarOp)op);
    if (!accept(r, "("))
        return fail(r, "expected '('");
    for (int i = 0; i < arity; i++) {
        if (i > 0 && !accept(r, ","))
            return fail(r, "expected ','");
        if (!(x[i] = read_compare(r)))
            return NULL;
    }
    if (!accept(r, ")"))
        return fail(r, "expected ')'");
    return node(r, (ScalarOp)op, x[0], x[1], x[2]);
}

static const Scalar *read_arg(Reader *r)
{
    if (!isdigit((unsigned char)*r->at))
        return fail(r, "expected the number of an argument after '$'");
    long arg = strtol(r->at, (char **)&r->at, 10);
    if (arg >= MOST_ARGS)
        return fail(r, "the number of an argument is too large");
    return scalar_arg(r->arena, (int)arg);
}

static const Scalar *read_number(Reader *r)
{
    static const char digits[] = "0123456789";
    const char *begin = r->at;
    r->at += strspn(r->at, digits);
    if (*r->at == '.')
        r->at += 1 + strspn(r->at + 1, digits);
    if (*r->at == 'e') {
        const char *e = r->at + 1;
        e += *e == '+' || *e == '-';
        if (isdigit((unsigned char)*e))
            r->at = e + strspn(e, digits);
    }
    size_t len = (size_t)(r->at - begin);
    return scalar_const(r->arena,
                        double_read(arena_strndup(r->arena, begin, len)));
}

static const Scalar *read_primary(Reader *r)
{
    skip_space(r);
    unsigned char c = (unsigned char)*r->at;
    if (accept(r, "$"))
        return read_arg(r);
    if (isdigit(c))
        return read_number(r);
    if (accept(r, "(")) {
        const Scalar *s = read_compare(r);
        if (s && !accept(r, ")"))
            return fail(r, "expected ')'");
        return s;
    }
    if (isalpha(c)) {
        const char *name = r->at;
        while (isalnum((unsigned char)*r->at))
            r->at++;
        size_t len = (size_t)(r->at - name);
        if (len == 3 && strncmp(name, "inf", 3) == 0)
            return scalar_const(r->arena, INFINITY);
        if (len == 3 && strncmp(name, "nan", 3) == 0)
            return scalar_const(r->arena, NAN);
        return read_call(r, name, len);
    }
    return fail(r, "expected a number, an argument such as $0, or a function");
}

static const Scalar *read_unary(Reader *r)
{
    if (r->nesting >= MOST_NESTING)
        return fail(r, "the expression is nested too deeply");
    r->nesting++;
    const Scalar *s;
    if (accept(r, "-"))
        s = node(r, SC_NEG, read_unary(r), NULL, NULL);
    else
        s = read_primary(r);
    r->nesting--;
    return s;
}

static const Scalar *read_mul(Reader *r)
{
    const Scalar *s = read_unary(r);
    while (s) {
        if (accept(r, "*"))
            s = node(r, SC_MUL, s, read_unary(r), NULL);
        else if (accept(r, "/"))
            s = node(r, SC_DIV, s, read_unary(r), NULL);
        else
            break;
    }
    return s;
}

static const Scalar *read_add(Reader *r)
{
    const Scalar *s = read_mul(r);
    while (s) {
        if (accept(r, "+"))
            s = node(r, SC_ADD, s, read_mul(r), NULL);
        else if (accept(r, "-"))
            s = node(r, SC_SUB, s, read_mul(r), NULL);
        else
            break;
    }
    return s;
}

static const Scalar *read_compare(Reader *r)
{
    const Scalar *s = read_add(r);
    if (!s)
        return NULL;
    if (accept(r, "<="))
        return node(r, SC_LE, s, read_add(r), NULL);
    if (accept(r, "<"))
        return node(r, SC_LT, s, read_add(r), NULL);
    if (accept(r, ">="))
        return node(r, SC_LE, read_add(r), s, NULL);
    if (accept(r, ">"))
        return node(r, SC_LT, read_add(r), s, NULL);
    if (accept(r, "=="))
        return node(r, SC_EQ, s, read_add(r), NULL);
    if (accept(r, "!="))
        return node(r, SC_NE, s, read_add(r), NULL);
    return s;
}

const Scalar *scalar_parse(Arena *a, const char *text, const char **error)
{
    Reader r = {.arena = a, .at = text};
    const Scalar *s = read_compare(&r);
    skip_space(&r);
    if (s && *r.at)
        s = fail(&r, "unexpected text after the expression");
    *error = r.error;
    return s;
}
