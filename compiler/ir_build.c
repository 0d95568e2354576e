/* Shorthands for what gradients and passes write most. */
#include "op.h"
#include "op_list.h"
#include "scalar_match.h"

Node *build1(Builder *b, const OpDef *op, Node *x)
{
    return node_new(b, op, &x, 1, NULL);
}

Node *build2(Builder *b, const OpDef *op, Node *x, Node *y)
{
    Node *in[] = {x, y};
    return node_new(b, op, in, 2, NULL);
}

Node *build3(Builder *b, const OpDef *op, Node *x, Node *y, Node *z)
{
    Node *in[] = {x, y, z};
    return node_new(b, op, in, 3, NULL);
}

Node *build_real(Builder *b, double value)
{
    return node_const(b, b->module->real, value);
}

Node *build_reshape(Builder *b, Node *x, int rank, const Dim *dims)
{
    Attrs at = attrs_new(b->module->arena);
    attrs_dims(&at, "shape", dims, rank);
    return node_new(b, &op_reshape, &x, 1, &at);
}

Node *build_transpose(Builder *b, Node *x, const int64_t *perm)
{
    Attrs at = attrs_new(b->module->arena);
    attrs_list(&at, "perm", perm, x->type.rank);
    return node_new(b, &op_transpose, &x, 1, &at);
}

Node *build_broadcast(Builder *b, Node *x, const Type *to, const int64_t *axes)
{
    Attrs at = attrs_new(b->module->arena);
    attrs_dims(&at, "shape", to->dim, to->rank);
    attrs_list(&at, "axes", axes, x->type.rank);
    return node_new(b, &op_broadcast, &x, 1, &at);
}

Node *build_sum(Builder *b, Node *x, const int64_t *axes, int count)
{
    Attrs at = attrs_new(b->module->arena);
    attrs_list(&at, "axes", axes, count);
    return node_new(b, &op_sum, &x, 1, &at);
}

Node *build_sum_to(Builder *b, Node *g, const Type *x)
{
    int extra = g->type.rank - x->rank;
    int64_t axes[MAX_RANK];
    for (int i = 0; i < extra; i++)
        axes[i] = i;
    return extra > 0 ? build_sum(b, g, axes, extra) : g;
}

/* ---- scalar trees ---- */

typedef struct Made {
    const Scalar *of;
    Node *node;
} Made;

typedef struct ScalarBuilder {
    Builder *b;
    Node *const *args;
    ElemType *types;
    ARRAY_OF(Made) made; /* trees are shared: a shared part is built once */
} ScalarBuilder;

static Node *build(ScalarBuilder *sb, const Scalar *s, ElemType want);

static ElemType type_in(ScalarBuilder *sb, const Scalar *s, ElemType want)
{
    int t = scalar_type_or_any(s, sb->types, sb->b->module->real);
    return t < 0 ? want : (ElemType)t;
}

/* The type that the operands of s have in common. */
static ElemType operand_type(ScalarBuilder *sb, const Scalar *s, ElemType want)
{
    ElemType real = sb->b->module->real;
    if (s->op == SC_SELECT)
        return type_in(sb, s, want);
    if (s->op == SC_AND || s->op == SC_OR || s->op == SC_NOT)
        return ELEM_BOOL;
    if (s->op == SC_REAL || s->op == SC_INT)
        return type_in(sb, s->a, real);
    if (s->op >= SC_LT && s->op <= SC_NE)
        want = real;
    int t = scalar_type_or_any(s->a, sb->types, real);
    if (t < 0 && s->b)
        t = scalar_type_or_any(s->b, sb->types, real);
    return t < 0 ? want : (ElemType)t;
}

static Node *build_new(ScalarBuilder *sb, const Scalar *s, ElemType want)
{
    ElemType t = operand_type(sb, s, want);
    if (s->op == SC_INT && s->a->op == SC_CONST)
        return node_const(sb->b, ELEM_I32, scalar_eval(s, NULL));
    const OpDef *op = op_find(scalar_op_name(s->op));
    if (!op)
        internal_error("there is no operator '%s'", scalar_op_name(s->op));
    if (s->op == SC_REAL && elem_is_real(t))
        return build(sb, s->a, t);
    Node *x = build(sb, s->a, s->op == SC_SELECT ? ELEM_BOOL : t);
    if (!s->b)
        return build1(sb->b, op, x);
    Node *y = build(sb, s->b, t);
    if (!s->c)
        return build2(sb->b, op, x, y);
    return build3(sb->b, op, x, y, build(sb, s->c, t));
}

static Node *build(ScalarBuilder *sb, const Scalar *s, ElemType want)
{
    if (s->op == SC_ARG)
        return sb->args[s->arg];
    if (s->op == SC_CONST)
        return node_const(sb->b, want, s->value);
    for (int i = 0; i < sb->made.len; i++)
        if (sb->made.data[i].of == s)
            return sb->made.data[i].node;
    Made made = {s, build_new(sb, s, want)};
    array_push(sb->b->module->arena, &sb->made, made);
    return made.node;
}

Node *build_scalar(Builder *b, const Scalar *s, Node *const *args)
{
    int count = scalar_arg_count(s);
    ScalarBuilder sb = {b, args, NULL, {0}};
    sb.types = ARENA_ARRAY(b->module->arena, ElemType, count);
    for (int i = 0; i < count; i++)
        sb.types[i] = args[i] ? args[i]->type.elem : b->module->real;
    return build(&sb, s, b->module->real);
}
