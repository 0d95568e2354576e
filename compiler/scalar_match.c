/* Shapes of scalar trees that derivative and C text treat as one function. */
#include "scalar_match.h"

const Scalar *scalar_sigmoid(Arena *a, const Scalar *x)
{
    const Scalar *one = scalar_const(a, 1);
    const Scalar *e =
        scalar_new(a, SC_EXP, scalar_new(a, SC_NEG, x, NULL, NULL), NULL, NULL);
    return scalar_new(a, SC_DIV, one, scalar_new(a, SC_ADD, e, one, NULL),
                      NULL);
}

const Scalar *scalar_match_sigmoid(const Scalar *s)
{
    if (s->op != SC_DIV || !scalar_is_const(s->a, 1) || s->b->op != SC_ADD)
        return NULL;
    const Scalar *e = s->b->a, *one = s->b->b;
    return e->op == SC_EXP && scalar_is_const(one, 1) ? e->a : NULL;
}

const Scalar *scalar_match_softplus(const Scalar *s)
{
    if (s->op != SC_ADD || s->a->op != SC_MAX || s->b->op != SC_LOG1P)
        return NULL;
    const Scalar *x = s->a->a, *e = s->b->a;
    if (!scalar_is_const(s->a->b, 0) || e->op != SC_EXP || e->a->op != SC_NEG ||
        e->a->a->op != SC_ABS)
        return NULL;
    return scalar_equal(e->a->a->a, x) ? x : NULL;
}

const Scalar *scalar_match_relu(const Scalar *s)
{
    if (s->op != SC_SELECT || s->a->op != SC_LT || !scalar_is_const(s->b, 0))
        return NULL;
    if (!scalar_is_const(s->a->b, 0))
        return NULL;
    return scalar_equal(s->a->a, s->c) ? s->c : NULL;
}
