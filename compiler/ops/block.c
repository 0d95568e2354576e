/* block: an axis cut into blocks of `size`, the places in a block becoming the
 * last axis: [N,C,H,W] -> [N,ceil(C/size),H,W,size] for axis 1. Places beyond
 * the axis are 0.
 *
 * With size = lanes of a vector this is the layout in which convolutions over
 * many channels read and write whole vectors; pass layout makes it.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    int64_t axis = attr_int(n, "axis"), size = attr_int(n, "size");
    if (axis < 0 || axis >= x->rank || x->rank >= MAX_RANK)
        return arena_printf(a, "there is no axis %" PRId64 " to cut in %s",
                            axis, type_text(a, x, "N"));
    if (size < 1)
        return arena_printf(a, "size = %" PRId64 " is below 1", size);
    if (!dim_is_const(x->dim[axis]))
        return arena_printf(a, "axis %" PRId64 " is the run-time size", axis);
    Type t = *x;
    t.bound = 0;
    t.dim[axis] = dim_const((x->dim[axis].c + size - 1) / size);
    t.dim[t.rank++] = dim_const(size);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int axis = (int)attr_int(c->node, "axis");
    int64_t size = attr_int(c->node, "size"), to[MAX_RANK];
    for (int64_t e = 0; e < x->count; e++) {
        tensor_index(x, e, to);
        to[x->rank] = to[axis] % size;
        to[axis] /= size;
        c->out->data[tensor_place(c->out, to)] = x->data[e];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    int64_t axis = attr_int(n, "axis");
    Attrs at = attrs_new(b->module->arena);
    attrs_int(&at, "axis", axis);
    attrs_int(&at, "count", n->in[0]->type.dim[axis].c);
    if (need[0])
        dx[0] = node_new(b, &op_unblock, &dy, 1, &at);
}

const OpDef op_block = {
    .sig = "block(x: any[...], axis: ?, size: ?) -> any[...]",
    .doc = "x with an axis cut into blocks whose places are the last axis.",
    .example = "%y = block %x {axis = 1, size = 4} : f32[2,2,3,4]  "
               "// %x: f32[2,6,3]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_block},
};
