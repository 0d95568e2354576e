/* normalize: (x - mean) / sqrt(variance + eps) over the last axes, with the
 * mean square deviation as variance.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"
#include <math.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    int64_t axes = attr_int(n, "axes");
    if (axes < 1 || axes > x->rank)
        return arena_printf(a, "axes is between 1 and %d, got %lld", x->rank,
                            (long long)axes);
    n->type = *x;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t kept = x->rank - attr_int(c->node, "axes");
    int64_t count = tensor_span(x, (int)kept, x->rank);
    double eps = attr_real(c->node, "eps");
    for (int64_t i = 0; i < x->count; i += count) {
        double mean = 0, variance = 0;
        for (int64_t k = 0; k < count; k++)
            mean += x->data[i + k];
        mean /= (double)count;
        for (int64_t k = 0; k < count; k++)
            variance += pow(x->data[i + k] - mean, 2);
        variance /= (double)count;
        for (int64_t k = 0; k < count; k++)
            c->out->data[i + k] =
                (x->data[i + k] - mean) / sqrt(variance + eps);
    }
}

/* The mean over n's axes. */
static Node *mean(Builder *b, const Node *n, Node *x)
{
    int64_t axes[MAX_RANK];
    int count = (int)attr_int(n, "axes"), kept = n->type.rank - count;
    for (int i = 0; i < count; i++)
        axes[i] = kept + i;
    Attrs at = attrs_new(b->module->arena);
    attrs_list(&at, "axes", axes, count);
    return node_new(b, &op_mean, &x, 1, &at);
}

/* A mean, repeated along n's axes. */
static Node *spread(Builder *b, const Node *n, Node *m)
{
    int64_t axes[MAX_RANK];
    for (int i = 0; i < m->type.rank; i++)
        axes[i] = i;
    return build_broadcast(b, m, &n->type, axes);
}

/* dx = (dy - mean(dy) - y * mean(dy * y)) / sqrt(variance + eps) */
static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    if (!need[0])
        return;
    Node *x = n->in[0];
    Node *d = build2(b, &op_sub, x, spread(b, n, mean(b, n, x)));
    Node *variance = mean(b, n, build2(b, &op_mul, d, d));
    Node *eps = node_const(b, x->type.elem, attr_real(n, "eps"));
    Node *one = node_const(b, x->type.elem, 1.0);
    Node *scale =
        build2(b, &op_div, one,
               build1(b, &op_sqrt, build2(b, &op_add, variance, eps)));
    Node *slope = mean(b, n, build2(b, &op_mul, dy, n));
    Node *rest = build2(b, &op_sub, dy, spread(b, n, mean(b, n, dy)));
    rest = build2(b, &op_sub, rest,
                  build2(b, &op_mul, n, spread(b, n, slope)));
    dx[0] = build2(b, &op_mul, rest, spread(b, n, scale));
}

const OpDef op_normalize = {
    .sig = "normalize(x: [...,C], axes = 1, eps = 1e-05) -> [...,C]",
    .doc = "(x - mean) / sqrt(variance + eps) over the last axes.",
    .example = "%y = normalize %x : f32[2,3]  // %x: f32[2,3]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_normalize},
};
