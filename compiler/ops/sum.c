/* sum: the sum over some axes, which go away. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    uint32_t mask = shape_mask(c->node);
    for (int64_t e = 0; e < x->count; e++)
        c->out->data[tensor_reduced(x, mask, e)] += x->data[e];
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    if (need[0])
        dx[0] = shape_repeat(b, n, dy);
}

const OpDef op_sum = {
    .sig = "sum(x: [...], axes: ?) -> [...]",
    .doc = "The sum over the axes, which go away.",
    .example = "%y = sum %x {axes = (1)} : f32[2]  // %x: f32[2,3]",
    .traits = OP_LINEAR,
    .shape = shape_reduce,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_reduce},
};
