/* pick: for each leading index, the one element of the last axis that an index
 * names: the probability of a label.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *index = &n->in[1]->type;
    Type t = *x;
    bool fits = index->rank == --t.rank;
    for (int i = 0; fits && i < t.rank; i++)
        fits = dim_equal(t.dim[i], index->dim[i]);
    if (!fits)
        return arena_printf(a, "an index of shape %s does not pick from %s",
                            type_text(a, index, "N"), type_text(a, x, "N"));
    Dim last = x->dim[t.rank];
    if (dim_is_const(last) && index->bound > last.c)
        return arena_printf(a, "an index below %d does not fit an axis of %d",
                            (int)index->bound, (int)last.c);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *index = c->in[1];
    int64_t last = x->dim[x->rank - 1];
    for (int64_t i = 0; i < index->count; i++)
        c->out->data[i] =
            x->data[i * last + tensor_row(index, i, last, c->node)];
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    const Type *x = &n->in[0]->type;
    if (!need[0])
        return;
    Attrs at = attrs_new(b->module->arena);
    shape_set_size(&at, "classes", x->dim[x->rank - 1]);
    Node *hot = node_new(b, &op_onehot, &n->in[1], 1, &at);
    dx[0] = build2(b, &op_mul, hot, shape_along_last(b, dy, x));
}

const OpDef op_pick = {
    .sig = "pick(x: [...,C], index: int[...]) -> [...]",
    .doc = "x[.., index[..]]: one element of the last axis for each index.",
    .example = "%y = pick %x, %i : f32[2]  // %x: f32[2,3], %i: i32<3>[2]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_pick},
};
