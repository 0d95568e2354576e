/* max_of: the largest element over some axes, which go away; a NaN wins. The
 * gradient goes to the first of the largest.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"
#include <math.h>

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    uint32_t mask = shape_mask(c->node);
    for (int64_t e = 0; e < c->out->count; e++)
        c->out->data[e] = -INFINITY;
    for (int64_t e = 0; e < x->count; e++) {
        double *best = &c->out->data[tensor_reduced(x, mask, e)];
        if (tensor_above(x->data[e], *best))
            *best = x->data[e];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    if (need[0])
        dx[0] = shape_grad_extreme(b, n, n->in[0], dy);
}

const OpDef op_max_of = {
    .sig = "max_of(x: [...], axes: ?) -> [...]",
    .doc = "The largest element over the axes, which go away.",
    .example = "%y = max_of %x {axes = (1)} : f32[2]  // %x: f32[2,3]",
    .shape = shape_reduce,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_reduce},
};
