/* Lowering of binary operators: numbers and sizes are computed here, tensors
 * become element-wise operators or matrix products. */
#include "sema_impl.h"
#include "op_list.h"
#include <ctype.h>
#include <string.h>

/* ---- arithmetic on compile-time values ---- */

static bool compare(const char *op, double x, double y)
{
    switch (op[0]) {
    case '<':
        return op[1] ? x <= y : x < y;
    case '>':
        return op[1] ? x >= y : x > y;
    case '=':
        return x == y;
    default:
        return x != y;
    }
}

static bool is_comparison(const char *op)
{
    return strchr("<>", op[0]) || strcmp(op, "==") == 0 ||
           strcmp(op, "!=") == 0;
}

static Value *fold_int(Sema *s, char op, int64_t x, int64_t y, Range r)
{
    int64_t z = 0;
    bool over = false;
    if (op == '/')
        return y != 0 && x % y == 0 ? value_int(s, x / y)
                                    : value_real(s, (double)x / (double)y);
    if (op == '^')
        return value_real(s, pow((double)x, (double)y));
    if (op == '+')
        over = __builtin_add_overflow(x, y, &z);
    else if (op == '-')
        over = __builtin_sub_overflow(x, y, &z);
    else
        over = __builtin_mul_overflow(x, y, &z);
    if (!over)
        return value_int(s, z);
    diag_error(s->diag, r, DL2013, "integer overflow");
    return NULL;
}

static Value *fold_number(Sema *s, const char *op, const Value *x,
                          const Value *y, Range r)
{
    double a = 0, b = 0;
    value_is_number(x, &a);
    value_is_number(y, &b);
    if (is_comparison(op))
        return value_bool(s, compare(op, a, b));
    if (op[0] == '&')
        return value_bool(s, a != 0 && b != 0);
    if (op[0] == '|')
        return value_bool(s, a != 0 || b != 0);
    if (x->kind != VALUE_REAL && y->kind != VALUE_REAL)
        return fold_int(s, op[0], x->i, y->i, r);
    switch (op[0]) {
    case '+':
        return value_real(s, a + b);
    case '-':
        return value_real(s, a - b);
    case '*':
        return value_real(s, a * b);
    case '/':
        return value_real(s, a / b);
    default:
        return value_real(s, pow(a, b));
    }
}

/* k*n + c with integers only; NULL when it needs a tensor. */
static Value *fold_dim(Sema *s, const char *op, const Value *x, const Value *y,
                       Range r)
{
    Dim a = x->kind == VALUE_DIM ? x->dim : dim_const(x->i);
    Dim b = y->kind == VALUE_DIM ? y->dim : dim_const(y->i), z;
    bool ok = true;
    if (strcmp(op, "==") == 0 && dim_equal(a, b))
        return value_bool(s, true);
    if (op[0] == '+')
        z = dim_add(a, b);
    else if (op[0] == '-')
        z = dim_add(a, (Dim){-b.k, -b.c});
    else if (op[0] == '*')
        ok = dim_mul(a, b, &z);
    else if (op[0] == '/')
        ok = dim_div(a, b, &z);
    else
        ok = false;
    if (ok)
        return value_dim(s, z);
    diag_error(s->diag, r, DL2014,
               "'%s' is not possible on the run-time size '%s'", op,
               s->module->dim);
    return NULL;
}

static bool is_whole(const Value *v)
{
    return v->kind == VALUE_INT || v->kind == VALUE_DIM;
}

static bool is_number(const Value *v)
{
    double x;
    return value_is_number(v, &x);
}

/* Words compare with words; anything else is different from a word. */
static Value *compare_words(Sema *s, const char *op, const Value *x,
                            const Value *y)
{
    bool same = x->kind == y->kind && strcmp(x->text, y->text) == 0;
    return value_bool(s, same == (op[0] == '='));
}

/* ---- tensors ---- */

static const OpDef *arithmetic(const char *op)
{
    switch (op[0]) {
    case '+':
        return &op_add;
    case '-':
        return &op_sub;
    case '*':
        return &op_mul;
    case '/':
        return &op_div;
    case '^':
        return &op_pow;
    case '&':
        return &op_and;
    case '|':
        return &op_or;
    case '<':
    case '>':
        return op[1] ? &op_le : &op_lt;
    case '=':
        return &op_eq;
    default:
        return &op_ne;
    }
}

static bool shapes_fit(const Type *a, const Type *b)
{
    int shift = a->rank - b->rank;
    if (shift < 0)
        return shapes_fit(b, a);
    for (int i = 0; i < b->rank; i++)
        if (!dim_equal(a->dim[i + shift], b->dim[i]))
            return false;
    return true;
}

static void report_shapes(Sema *s, const char *op, const Node *x,
                          const Node *y, Range r)
{
    diag_error(s->diag, place(s, r), DL2005,
               "'%s' needs equal shapes or missing leading axes, got %s and "
               "%s",
               op, user_type(s, &x->type), user_type(s, &y->type));
    const Node *of[2] = {x, y};
    for (int i = 0; i < 2; i++)
        note_origin(s, of[i], r);
}

static Value *element_wise(Sema *s, const char *op, Node *x, Node *y, Range r)
{
    bool logic = op[0] == '&' || op[0] == '|';
    bool ints = x->type.elem == ELEM_I32 && y->type.elem == ELEM_I32;
    if (logic && (x->type.elem != ELEM_BOOL || y->type.elem != ELEM_BOOL)) {
        diag_error(s->diag, r, DL2007, "'%s' needs bool operands, got %s and "
                                       "%s",
                   op, user_type(s, &x->type), user_type(s, &y->type));
        return NULL;
    }
    if (!logic && (!ints || op[0] == '/' || op[0] == '^')) {
        x = cast_real(s, x);
        y = cast_real(s, y);
    }
    if (!shapes_fit(&x->type, &y->type)) {
        report_shapes(s, op, x, y, r);
        return NULL;
    }
    Node *in[2] = {x, y};
    if (op[0] == '>') {
        in[0] = y;
        in[1] = x;
    }
    return value_node(s, op_checked(s, arithmetic(op), in, 2, NULL, r, DL2005));
}

Node *as_matrix(Sema *s, Node *v, bool row)
{
    Dim d[2] = {dim_const(1), v->type.dim[0]};
    if (!row) {
        d[0] = v->type.dim[0];
        d[1] = dim_const(1);
    }
    return build_reshape(&s->b, v, 2, d);
}

static bool inner_equal(const Type *a, const Type *b)
{
    if (a->rank == 0 || b->rank == 0)
        return false;
    return dim_equal(a->dim[a->rank - 1],
                     b->dim[b->rank == 1 ? 0 : b->rank - 2]);
}

/* An expression that ' can be put behind as it stands. */
static bool is_postfix(const char *text)
{
    int depth = 0;
    for (const char *c = text; *c; c++) {
        depth += (strchr("([{", *c) != NULL) - (strchr(")]}", *c) != NULL);
        if (depth == 0 && !isalnum((unsigned char)*c) && !strchr("_.')]}", *c))
            return false;
    }
    return true;
}

static const char *transposed(Sema *s, const char *text)
{
    size_t n = strlen(text);
    if (!is_postfix(text))
        return arena_printf(s->arena, "(%s)'", text);
    if (n > 1 && text[n - 1] == '\'')
        return arena_strndup(s->arena, text, n - 1);
    return arena_printf(s->arena, "%s'", text);
}

/* An operand of a product that does not fit: as it is, or transposed. */
typedef struct Side {
    Type type;
    const char *text;
} Side;

static Side side_of(Sema *s, const Node *x, Range r, bool transpose)
{
    Side side = {x->type, arena_strndup(s->arena, r.src->text + r.begin,
                                        (size_t)(r.end - r.begin))};
    int n = side.type.rank;
    if (transpose) {
        Dim last = side.type.dim[n - 1];
        side.type.dim[n - 1] = side.type.dim[n - 2];
        side.type.dim[n - 2] = last;
        side.text = transposed(s, side.text);
    }
    return side;
}

/* Can a @ b be computed? */
static bool fits(const Type *a, const Type *b)
{
    for (int i = 0; b->rank > 2 && i < b->rank - 2; i++)
        if (a->rank != b->rank || !dim_equal(a->dim[i], b->dim[i]))
            return false;
    return inner_equal(a, b);
}

/* Has a @ b the run-time size in its rows, if anywhere, as samples have? */
static bool keeps_samples(const Type *a, const Type *b)
{
    return dim_is_const(b->dim[b->rank - 1]) ||
           !dim_is_const(a->dim[a->rank - 2]);
}

/* Says how a product would fit: one operand transposed, or both exchanged. */
static void suggest_product(Sema *s, const Node *x, const Node *y, Range rx,
                            Range ry)
{
    static const struct {
        bool exchange, left, right; /* transpose what then stands there */
        const char *what;
    } ways[] = {
        {false, false, true, "transpose the right operand"},
        {false, true, false, "transpose the left operand"},
        {true, false, false, "exchange the operands"},
        {true, false, true, "exchange the operands and transpose one"},
        {true, true, false, "exchange the operands and transpose one"},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        bool swap = ways[i].exchange;
        Side a = side_of(s, swap ? y : x, swap ? ry : rx, ways[i].left);
        Side b = side_of(s, swap ? x : y, swap ? rx : ry, ways[i].right);
        if (!fits(&a.type, &b.type) || !keeps_samples(&a.type, &b.type))
            continue;
        bool bare = !swap || is_postfix(b.text);
        diag_help(s->diag, bare ? "%s: %s @ %s" : "%s: %s @ (%s)",
                  ways[i].what, a.text, b.text);
        return;
    }
}

/* Does the user's program say it in one line? */
static bool is_quotable(const Sema *s, Range r)
{
    return r.src == s->user->source &&
           !memchr(r.src->text + r.begin, '\n', (size_t)(r.end - r.begin));
}

static void report_inner(Sema *s, const Node *x, const Node *y, Range r,
                         Range rx, Range ry)
{
    diag_error(s->diag, place(s, r), DL2004,
               "'@' needs equal inner sizes, got %s and %s",
               user_type(s, &x->type), user_type(s, &y->type));
    if (x->type.rank > 1 && y->type.rank > 1 && is_quotable(s, rx) &&
        is_quotable(s, ry))
        suggest_product(s, x, y, rx, ry);
}

/* [.., M, K] @ [K, J] with more than two axes on the left: the leading axes
 * are rows of one product. */
static Node *multiply_rows(Sema *s, Node *x, Node *y)
{
    Type t = x->type;
    Dim rows = dim_const(1);
    for (int i = 0; i + 1 < t.rank; i++)
        if (!dim_mul(rows, t.dim[i], &rows))
            return NULL;
    Dim flat[2] = {rows, t.dim[t.rank - 1]};
    x = build_reshape(&s->b, x, 2, flat);
    Node *in[2] = {x, y};
    Node *z = node_new(&s->b, &op_matmul, in, 2, NULL);
    t.dim[t.rank - 1] = y->type.dim[1];
    return build_reshape(&s->b, z, t.rank, t.dim);
}

static Value *matrix_product(Sema *s, Node *x, Node *y, Range r, Range rx,
                             Range ry)
{
    if (!inner_equal(&x->type, &y->type)) {
        report_inner(s, x, y, r, rx, ry);
        return NULL;
    }
    if (!elem_is_real(x->type.elem) || !elem_is_real(y->type.elem)) {
        diag_error(s->diag, r, DL2007, "'@' needs real operands");
        return NULL;
    }
    bool vx = x->type.rank == 1, vy = y->type.rank == 1;
    if (vx)
        x = as_matrix(s, x, true);
    if (vy)
        y = as_matrix(s, y, false);
    Node *in[2] = {x, y};
    Node *z = x->type.rank > 2 && y->type.rank == 2
                  ? multiply_rows(s, x, y)
                  : op_checked(s, &op_matmul, in, 2, NULL, r, DL2004);
    if (!z || (!vx && !vy))
        return value_node(s, z);
    Dim d[MAX_RANK];
    int rank = 0;
    for (int i = 0; i < z->type.rank; i++)
        if (!(vx && i == z->type.rank - 2) && !(vy && i == z->type.rank - 1))
            d[rank++] = z->type.dim[i];
    return value_node(s, build_reshape(&s->b, z, rank, d));
}

Value *binary(Sema *s, const char *op, Value *x, Value *y, Range r, Range rx,
              Range ry)
{
    if (!x || !y)
        return NULL;
    if (x->kind == VALUE_SYMBOL || y->kind == VALUE_SYMBOL)
        if (strcmp(op, "==") == 0 || strcmp(op, "!=") == 0)
            return compare_words(s, op, x, y);
    if (op[0] != '@') {
        if (is_number(x) && is_number(y))
            return fold_number(s, op, x, y, r);
        if (is_whole(x) && is_whole(y) && op[0] != '^')
            return fold_dim(s, op, x, y, r);
    }
    ElemType want = s->module->real;
    if (x->kind == VALUE_NODE && x->node->type.elem == ELEM_I32 &&
        y->kind == VALUE_INT)
        want = ELEM_I32;
    if (y->kind == VALUE_NODE && y->node->type.elem == ELEM_I32 &&
        x->kind == VALUE_INT)
        want = ELEM_I32;
    Node *a = value_to_node(s, x, want, rx);
    Node *b = value_to_node(s, y, want, ry);
    if (!a || !b)
        return NULL;
    return op[0] == '@' ? matrix_product(s, a, b, r, rx, ry)
                        : element_wise(s, op, a, b, r);
}
