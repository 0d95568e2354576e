/* mean: the mean over some axes, which go away. */
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
    for (int64_t e = 0; e < c->out->count; e++)
        c->out->data[e] /= (double)(x->count / c->out->count);
}

/* How many elements one mean is of: a number, or made at run time. */
static Node *count(Builder *b, Node *n)
{
    const Type *x = &n->in[0]->type;
    uint32_t mask = shape_mask(n);
    double all = 1;
    bool fixed = true;
    for (int i = 0; i < x->rank; i++)
        if (mask >> i & 1) {
            fixed = fixed && dim_is_const(x->dim[i]);
            all *= (double)x->dim[i].c;
        }
    if (fixed)
        return node_const(b, x->elem, all);
    Attrs at = attrs_new(b->module->arena);
    attrs_copy(&at, node_attr(n, "axes"));
    return node_new(b, &op_extent, n->in, 1, &at);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    if (need[0])
        dx[0] = shape_repeat(b, n, build2(b, &op_div, dy, count(b, n)));
}

const OpDef op_mean = {
    .sig = "mean(x: [...], axes: ?) -> [...]",
    .doc = "The mean over the axes, which go away.",
    .example = "%y = mean %x {axes = (1)} : f32[2]  // %x: f32[2,3]",
    .traits = OP_LINEAR,
    .shape = shape_reduce,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_reduce},
};
