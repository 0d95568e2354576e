/* reshape: the same elements in the same order under another shape. */
#include "op.h"
#include "op_list.h"
#include "tensor.h"
#include <string.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    int rank = attr_len(n, "shape");
    Dim d[MAX_RANK], before, after;
    if (rank > MAX_RANK)
        return arena_printf(a, "a shape has at most %d axes", MAX_RANK);
    for (int i = 0; i < rank; i++)
        d[i] = attr_dim(n, "shape", i);
    Type t = type_of(x->elem, rank, d);
    t.bound = x->bound;
    if (!type_count(x, &before) || !type_count(&t, &after))
        return "a shape has the run-time size in at most one axis";
    if (!dim_equal(before, after))
        return arena_printf(a, "%s elements cannot take the shape %s of %s",
                            dim_text(a, before, "N"),
                            strchr(type_text(a, &t, "N"), '['),
                            dim_text(a, after, "N"));
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    tensor_copy(c->out, c->in[0]);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    const Type *x = &n->in[0]->type;
    if (need[0])
        dx[0] = build_reshape(b, dy, x->rank, x->dim);
}

const OpDef op_reshape = {
    .sig = "reshape(x: any[...], shape: ?) -> any[...]",
    .doc = "The same elements in order under another shape.",
    .example = "%y = reshape %x {shape = (6)} : f32[6]  // %x: f32[2,3]",
    .traits = OP_VIEW | OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
};
