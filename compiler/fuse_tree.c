/* Scalar expressions with the arrays they read: see fuse_tree.h. */
#include "fuse_tree.h"

const Scalar *fuse_leaf(Arena *a, FuseTree *t, Node *x, uint32_t mask)
{
    for (int i = 0; i < t->count; i++) {
        if (t->mask[i] == mask && values_same(t->leaf[i], x))
            return scalar_arg(a, i + 1);
    }
    if (t->count == FUSE_ROOM)
        internal_error("more than %d arrays in one expression", FUSE_ROOM);
    t->leaf[t->count] = x;
    t->mask[t->count] = mask;
    return scalar_arg(a, ++t->count);
}

bool fuse_is_heavy(const Scalar *s)
{
    if (!s || s->op == SC_ARG || s->op == SC_CONST)
        return false;
    switch (s->op) {
    case SC_SQRT:
    case SC_EXP:
    case SC_LOG:
    case SC_LOG1P:
    case SC_TANH:
    case SC_ERF:
    case SC_SIN:
    case SC_COS:
    case SC_DIV:
    case SC_POW:
        return true;
    default:
        return fuse_is_heavy(s->a) || fuse_is_heavy(s->b) ||
               fuse_is_heavy(s->c);
    }
}

int fuse_functions(const Scalar *s)
{
    if (!s)
        return 0;
    bool is_function = s->op == SC_EXP || s->op == SC_LOG ||
                       s->op == SC_LOG1P || s->op == SC_TANH ||
                       s->op == SC_ERF || s->op == SC_SIN ||
                       s->op == SC_COS || s->op == SC_POW;
    return is_function + fuse_functions(s->a) + fuse_functions(s->b) +
           fuse_functions(s->c);
}

bool fuse_is_too_large(const FuseTree *t)
{
    return t->count > FUSE_LEAVES ||
           scalar_operations(t->expr) > FUSE_OPERATIONS;
}

ElemType fuse_type(Arena *a, const FuseTree *t, ElemType real)
{
    ElemType *types = ARENA_ARRAY(a, ElemType, t->count + 1);
    types[0] = real;
    for (int i = 0; i < t->count; i++)
        types[i + 1] = t->leaf[i]->type.elem;
    return scalar_type(t->expr, types, real);
}
