/* Scalar trees as C, for each element type.
 *
 * Operators of C where C has them, functions of <math.h> in the right width,
 * and functions named for their type (max_f32, exp_f32, exp_c128) for the rest:
 * cgen finds these names in the text it has written and adds their definitions
 * from helpers.c and elementary_f32.c of runtime/kernels. A shape that has a
 * name of its own (relu, sigmoid, softplus, a square) is called by it, which is
 * shorter to read and mentions the argument once.
 */
#include "diag.h"
#include "scalar.h"
#include "scalar_match.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

/* How tightly the text binds, as in C; PRIMARY needs no parentheses ever. */
enum {
    BIND_SELECT = 1,
    BIND_OR,
    BIND_AND,
    BIND_EQUAL,
    BIND_LESS,
    BIND_ADD,
    BIND_MUL,
    BIND_UNARY,
    BIND_PRIMARY
};

typedef struct Expr {
    const char *text;
    int bind;
} Expr;

typedef struct Printer {
    Arena *arena;
    const char *const *args;
    const ElemType *types;
    ElemType real;
    bool freestanding;
} Printer;

static Expr print(const Printer *p, const Scalar *s, ElemType want);

static ElemType type_in(const Printer *p, const Scalar *s, ElemType want)
{
    int t = scalar_type_or_any(s, p->types, p->real);
    return t < 0 ? want : (ElemType)t;
}

static const char *suffix(ElemType t)
{
    return elem_name(t == ELEM_BOOL ? ELEM_I32 : t);
}

/* The shortest decimal that reads back as the same float. */
static const char *float_text(Arena *a, float x)
{
    for (int digits = 1; digits < 9; digits++) {
        double rounded =
            double_read(arena_printf(a, "%.*e", digits - 1, (double)x));
        if ((float)rounded == x)
            return double_text(a, rounded);
    }
    return double_text(a, (double)x);
}

const char *scalar_c_real(Arena *a, double v, ElemType t)
{
    bool narrow = t == ELEM_F32;
    const char *sign = signbit(v) ? "-" : "";
    double size = narrow ? (double)(float)fabs(v) : fabs(v);
    if (isnan(v))
        return narrow ? "NAN" : "(double)NAN";
    if (isinf(size))
        return arena_printf(a, narrow ? "%sINFINITY" : "%s(double)INFINITY",
                            sign);
    const char *s = narrow ? float_text(a, (float)size) : double_text(a, size);
    const char *point = strpbrk(s, ".e") ? "" : ".0";
    return arena_printf(a, "%s%s%s%s", sign, s, point, narrow ? "f" : "");
}

static Expr constant(const Printer *p, double v, ElemType want)
{
    const char *s;
    if (elem_is_real(want))
        s = scalar_c_real(p->arena, v, want);
    else if (v == (double)INT32_MIN)
        return (Expr){"(-2147483647 - 1)", BIND_PRIMARY};
    else
        s = arena_printf(p->arena, "%.0f", v);
    return (Expr){s, *s == '-' ? BIND_UNARY : BIND_PRIMARY};
}

/* An argument's text: what it is made of tells how tightly it binds. */
static int bind_of(const char *text)
{
    int depth = 0;
    for (const char *c = text; *c; c++) {
        if (*c == '(' || *c == '[')
            depth++;
        else if (*c == ')' || *c == ']')
            depth--;
        else if (c[0] == '-' && c[1] == '>')
            c++;
        else if (depth == 0 && !isalnum((unsigned char)*c) && *c != '_' &&
                 *c != '.')
            return BIND_SELECT;
        if (depth == 0 && *c == ')' && c[1] && *text == '(')
            return BIND_SELECT;
    }
    return BIND_PRIMARY;
}

static const char *in_parens(const Printer *p, Expr e, int least)
{
    return e.bind >= least ? e.text : arena_printf(p->arena, "(%s)", e.text);
}

static bool is_simple(Expr e)
{
    return e.bind == BIND_PRIMARY && !strchr(e.text, '(');
}

static Expr call(const Printer *p, const char *name, const char *arg)
{
    return (Expr){arena_printf(p->arena, "%s(%s)", name, arg), BIND_PRIMARY};
}

/* name_f32(arg) */
static Expr helper(const Printer *p, const char *name, ElemType t,
                   const char *arg)
{
    return call(p, arena_printf(p->arena, "%s_%s", name, suffix(t)), arg);
}

static Expr helper2(const Printer *p, const char *name, ElemType t, Expr x,
                    Expr y)
{
    return helper(p, name, t, arena_printf(p->arena, "%s, %s", x.text, y.text));
}

/* Is the function for float our own: elementary_f32.c, sqrt of helpers.c? */
static bool is_own(const char *name)
{
    static const char *const names[] = {"exp",  "log", "log1p",
                                        "tanh", "erf", "sqrt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

const char *scalar_c_function(Arena *a, const char *name, ElemType t,
                              bool freestanding)
{
    if (freestanding || t == ELEM_C128 || (t == ELEM_F32 && is_own(name))) {
        if (strcmp(name, "fabs") == 0)
            name = "abs";
        return arena_printf(a, "%s_%s", name, suffix(t));
    }
    return t == ELEM_F32 ? arena_printf(a, "%sf", name) : name;
}

/* expf(x), exp(x), exp_c128(x) */
static Expr math(const Printer *p, const char *name, ElemType t,
                 const char *args)
{
    return call(p, scalar_c_function(p->arena, name, t, p->freestanding),
                args);
}

/* The own function for the identifier of `len` letters; NULL: not one of
 * <math.h>. */
static const char *own_function(Arena *a, const char *word, size_t len)
{
    static const char *const names[] = {"exp", "log", "log1p", "tanh", "erf",
                                        "sin", "cos", "sqrt", "pow", "floor",
                                        "fabs"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (len < n || strncmp(word, names[i], n) != 0)
            continue;
        if (len == n)
            return scalar_c_function(a, names[i], ELEM_F64, true);
        if (len == n + 1 && word[n] == 'f')
            return scalar_c_function(a, names[i], ELEM_F32, true);
    }
    return NULL;
}

const char *scalar_c_freestanding(Arena *a, const char *text)
{
    Text out = {.arena = a};
    text_add(&out, "");
    for (const char *p = text; *p;) {
        size_t len = 0;
        while (isalnum((unsigned char)p[len]) || p[len] == '_')
            len++;
        const char *own = p[len] == '(' ? own_function(a, p, len) : NULL;
        const char *end =
            strncmp(p, "/*", 2) == 0 ? strstr(p, "*/") : NULL;
        if (end)
            len = (size_t)(end - p);
        if (own)
            text_add(&out, own);
        else
            text_addn(&out, p, len ? len : 1);
        p += len ? len : 1;
    }
    return out.data;
}

static Expr print_unary(const Printer *p, const Scalar *s, ElemType want)
{
    ElemType t = type_in(p, s->a, want);
    if (s->op == SC_REAL || s->op == SC_INT || s->op == SC_NOT)
        t = type_in(p, s->a, s->op == SC_NOT ? ELEM_BOOL : p->real);
    Expr x = print(p, s->a, t);
    const char *tight = in_parens(p, x, BIND_UNARY);
    switch (s->op) {
    case SC_NEG:
        if (*tight == '-')
            tight = arena_printf(p->arena, "(%s)", tight);
        return (Expr){arena_printf(p->arena, "-%s", tight), BIND_UNARY};
    case SC_NOT:
        return (Expr){arena_printf(p->arena, "!%s", tight), BIND_UNARY};
    case SC_REAL:
        if (elem_is_real(t))
            return x;
        return (Expr){arena_printf(p->arena, "(%s)%s",
                                   p->real == ELEM_F32 ? "float" : "double",
                                   tight),
                      BIND_UNARY};
    case SC_INT:
        if (s->a->op == SC_CONST)
            return constant(p, scalar_eval(s, NULL), ELEM_I32);
        if (elem_is_real(t))
            return helper(p, "int", t, x.text);
        return (Expr){arena_printf(p->arena, "(int32_t)%s", tight), BIND_UNARY};
    case SC_ABS:
        return elem_is_real(t) ? math(p, "fabs", t, x.text)
                               : helper(p, "abs", t, x.text);
    case SC_SIGN:
        return helper(p, "sign", t, x.text);
    default:
        return math(p, scalar_op_name(s->op), t, x.text);
    }
}

static Expr infix(const Printer *p, const char *left, const char *op,
                  const char *right, int bind)
{
    return (Expr){arena_printf(p->arena, "%s %s %s", left, op, right), bind};
}

static Expr square(const Printer *p, Expr x, ElemType t)
{
    if (is_simple(x))
        return infix(p, x.text, "*", x.text, BIND_MUL);
    return helper(p, "square", t, x.text);
}

/* x^e for the exponents that are cheaper than pow; bind 0 for the others. */
static Expr power(const Printer *p, Expr x, double e, ElemType t)
{
    if (e < 0) {
        Expr y = e == -1 ? x : power(p, x, -e, t);
        if (y.bind == 0)
            return y;
        return infix(p, scalar_c_real(p->arena, 1, t), "/",
                     in_parens(p, y, BIND_UNARY), BIND_MUL);
    }
    if (e == 0.5)
        return math(p, "sqrt", t, x.text);
    if (e == 1.5)
        return infix(p, in_parens(p, x, BIND_MUL), "*",
                     math(p, "sqrt", t, x.text).text, BIND_MUL);
    if (e == 2)
        return square(p, x, t);
    if (e == 3)
        return helper(p, "cube", t, x.text);
    if (e == 4)
        return square(p, square(p, x, t), t);
    return (Expr){NULL, 0};
}

static Expr print_pow(const Printer *p, const Scalar *s, ElemType t)
{
    Expr x = print(p, s->a, t);
    if (s->b->op == SC_CONST) {
        Expr e = power(p, x, s->b->value, t);
        if (e.bind)
            return e;
    }
    Expr y = print(p, s->b, t);
    return math(p, "pow", t, arena_printf(p->arena, "%s, %s", x.text, y.text));
}

static Expr print_compare(const Printer *p, const Scalar *s, ElemType t)
{
    Expr x = print(p, s->a, t), y = print(p, s->b, t);
    if (t == ELEM_C128)
        return helper2(p, scalar_op_name(s->op), t, x, y);
    static const char *const signs[] = {"<", "<=", "==", "!="};
    int bind = s->op <= SC_LE ? BIND_LESS : BIND_EQUAL;
    return infix(p, in_parens(p, x, BIND_ADD), signs[s->op - SC_LT],
                 in_parens(p, y, BIND_ADD), bind);
}

static Expr print_binary(const Printer *p, const Scalar *s, ElemType want)
{
    int known = scalar_type_or_any(s->a, p->types, p->real);
    if (known < 0)
        known = scalar_type_or_any(s->b, p->types, p->real);
    bool compares = s->op >= SC_LT && s->op <= SC_NE;
    ElemType t = known >= 0 ? (ElemType)known : compares ? p->real : want;
    if (s->op == SC_POW)
        return print_pow(p, s, t);
    if (compares)
        return print_compare(p, s, t);
    Expr x = print(p, s->a, t), y = print(p, s->b, t);
    int own = s->op == SC_ADD || s->op == SC_SUB ? BIND_ADD : BIND_MUL;
    switch (s->op) {
    case SC_ADD:
        return infix(p, in_parens(p, x, own), "+", in_parens(p, y, own + 1),
                     own);
    case SC_SUB:
        return infix(p, in_parens(p, x, own), "-", in_parens(p, y, own + 1),
                     own);
    case SC_MUL:
        if (scalar_equal(s->a, s->b))
            return square(p, x, t);
        return infix(p, in_parens(p, x, own), "*", in_parens(p, y, own + 1),
                     own);
    case SC_DIV:
        return infix(p, in_parens(p, x, own), "/", in_parens(p, y, own + 1),
                     own);
    case SC_AND:
        return infix(p, in_parens(p, x, BIND_AND), "&&",
                     in_parens(p, y, BIND_AND + 1), BIND_AND);
    case SC_OR:
        return infix(p, in_parens(p, x, BIND_AND + 1), "||",
                     in_parens(p, y, BIND_AND + 1), BIND_OR);
    default:
        return helper2(p, scalar_op_name(s->op), t, x, y);
    }
}

static Expr print_select(const Printer *p, const Scalar *s, ElemType want)
{
    ElemType t = type_in(p, s, want);
    Expr c = print(p, s->a, ELEM_BOOL);
    Expr x = print(p, s->b, t), y = print(p, s->c, t);
    return (Expr){
        arena_printf(p->arena, "%s ? %s : %s", in_parens(p, c, BIND_OR),
                     in_parens(p, x, BIND_OR), in_parens(p, y, BIND_OR)),
        BIND_SELECT};
}

/* A shape with a name of its own, when its argument is real. */
static bool print_named(const Printer *p, const Scalar *s, ElemType want,
                        Expr *out)
{
    const char *name = NULL;
    const Scalar *x;
    if ((x = scalar_match_relu(s)) != NULL)
        name = "relu";
    else if ((x = scalar_match_softplus(s)) != NULL)
        name = "softplus";
    else if ((x = scalar_match_sigmoid(s)) != NULL)
        name = "sigmoid";
    if (!name)
        return false;
    ElemType t = type_in(p, x, want);
    if (!elem_is_real(t))
        return false;
    if (strcmp(name, "sigmoid") == 0) {
        /* 1 / (1 + exp(u)) is sigmoid(-u); only u = -x reads better so. */
        if (x->op != SC_NEG)
            return false;
        x = x->a;
    }
    *out = helper(p, name, t, print(p, x, t).text);
    return true;
}

static Expr print(const Printer *p, const Scalar *s, ElemType want)
{
    Expr named;
    if (s->op == SC_ARG) {
        const char *text = p->args[s->arg];
        return (Expr){text, bind_of(text)};
    }
    if (s->op == SC_CONST)
        return constant(p, s->value, want);
    if (print_named(p, s, want, &named))
        return named;
    if (s->op == SC_SELECT)
        return print_select(p, s, want);
    return s->b ? print_binary(p, s, want) : print_unary(p, s, want);
}

const char *scalar_c(Arena *a, const Scalar *s, const char *const *args,
                     const ElemType *types, ElemType real, bool freestanding)
{
    Printer p = {a, args, types, real, freestanding};
    return print(&p, s, real).text;
}
