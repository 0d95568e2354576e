/* logsumexp: the logarithm of the sum of exp(x) along the last axis, shifted by
 * the largest element so that nothing overflows.
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
    n->type.rank--;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t last = x->dim[x->rank - 1];
    for (int64_t i = 0; i < c->out->count; i++) {
        const double *row = x->data + i * last;
        double top = row[0], sum = 0;
        for (int64_t k = 1; k < last; k++)
            if (tensor_above(row[k], top))
                top = row[k];
        for (int64_t k = 0; k < last; k++)
            sum += exp(row[k] - top);
        c->out->data[i] = top + log(sum);
    }
}

/* dx = softmax(x) * dy */
static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Node *x = n->in[0];
    if (need[0])
        dx[0] = build2(b, &op_mul, build1(b, &op_softmax, x),
                       shape_along_last(b, dy, &x->type));
}

const OpDef op_logsumexp = {
    .sig = "logsumexp(x: [...,C]) -> [...]",
    .doc = "The logarithm of the sum of exp(x) along the last axis.",
    .example = "%y = logsumexp %x : f32[2]  // %x: f32[2,3]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_logsumexp},
};
