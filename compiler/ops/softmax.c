/* softmax: exp(x) over its sum along the last axis, shifted by the largest
 * element so that nothing overflows.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"
#include <math.h>

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    n->type = n->in[0]->type;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t last = x->dim[x->rank - 1];
    for (int64_t i = 0; i < x->count; i += last) {
        double top = x->data[i], sum = 0;
        for (int64_t k = 1; k < last; k++)
            if (tensor_above(x->data[i + k], top))
                top = x->data[i + k];
        for (int64_t k = 0; k < last; k++)
            sum += c->out->data[i + k] = exp(x->data[i + k] - top);
        for (int64_t k = 0; k < last; k++)
            c->out->data[i + k] /= sum;
    }
}

/* dx = y * (dy - sum(dy*y)) */
static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    int64_t last = n->type.rank - 1;
    if (!need[0])
        return;
    Node *sum = build_sum(b, build2(b, &op_mul, dy, n), &last, 1);
    Node *rest = build2(b, &op_sub, dy, shape_along_last(b, sum, &n->type));
    dx[0] = build2(b, &op_mul, n, rest);
}

const OpDef op_softmax = {
    .sig = "softmax(x: [...,C]) -> [...,C]",
    .doc = "exp(x) over its sum along the last axis.",
    .example = "%y = softmax %x : f32[2,3]  // %x: f32[2,3]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_softmax},
};
