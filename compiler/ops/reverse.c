/* reverse: the order along some axes turned round; over both axes of a kernel
 * this is rot180.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    uint32_t mask;
    n->type = n->in[0]->type;
    return shape_axes(a, n, &n->in[0]->type, &mask);
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    uint32_t mask = shape_mask(c->node);
    int64_t index[MAX_RANK];
    for (int64_t e = 0; e < x->count; e++) {
        tensor_index(x, e, index);
        for (int i = 0; i < x->rank; i++)
            if (mask >> i & 1)
                index[i] = x->dim[i] - 1 - index[i];
        c->out->data[tensor_place(x, index)] = x->data[e];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Attrs at = attrs_new(b->module->arena);
    for (int i = 0; i < n->nattr; i++)
        attrs_copy(&at, &n->attrs[i]);
    if (need[0])
        dx[0] = node_new(b, &op_reverse, &dy, 1, &at);
}

const OpDef op_reverse = {
    .sig = "reverse(x: any[...], axes: ?) -> any[...]",
    .doc = "x with the order along the axes turned round.",
    .example = "%y = reverse %x {axes = (0)} : f32[4]  // %x: f32[4]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_reverse},
};
