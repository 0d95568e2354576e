/* extent: the product of the sizes of some axes, as a real: what a mean over
 * the run-time size divides by.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"

static const char *shape(Arena *a, Node *n)
{
    uint32_t mask;
    n->type = type_scalar(n->type.elem);
    return shape_axes(a, n, &n->in[0]->type, &mask);
}

static void eval(const EvalCall *c)
{
    uint32_t mask = shape_mask(c->node);
    double count = 1;
    for (int i = 0; i < c->in[0]->rank; i++)
        if (mask >> i & 1)
            count *= (double)c->in[0]->dim[i];
    c->out->data[0] = count;
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    (void)b;
    (void)n;
    (void)dy;
    (void)need;
    (void)dx;
}

const OpDef op_extent = {
    .sig = "extent(x: any[...], axes: ?) -> []",
    .doc = "The product of the sizes of the axes, as a real.",
    .example = "%y = extent %x {axes = (0)} : f32  // %x: f32[4,2]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_extent},
};
