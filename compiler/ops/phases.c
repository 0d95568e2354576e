/* phases: an image as the cells of each place modulo the stride, each such
 * phase a channel of its own, the channels cut into blocks.
 *
 * x is [N,C,H,W], the result [N, ceil(C*s*s/v), P, Q, v], shape = (P, Q):
 * place (p, q) of channel (c*s + i)*s + j is x at (s*p + i - low0, s*q + j -
 * low1) of channel c, 0 outside and beyond the last channel. A convolution of
 * stride s on x is one of stride 1 on its phases.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    const Type *x = &n->in[0]->type;
    int64_t s = attr_int(n, "stride"), v = attr_int(n, "v");
    if (s < 1 || v < 1)
        return "stride and v are at least 1";
    if (!dim_is_const(x->dim[1]) || !dim_is_const(x->dim[2]) ||
        !dim_is_const(x->dim[3]))
        return "an axis of the image is the run-time size";
    if (attr_len(n, "low") != 2 || attr_len(n, "shape") != 2)
        return "low and shape are numbers for two axes";
    Type t = *x;
    t.dim[1] = dim_const((x->dim[1].c * s * s + v - 1) / v);
    for (int i = 0; i < 2; i++) {
        t.dim[2 + i] = attr_dim(n, "shape", i);
        if (!dim_is_const(t.dim[2 + i]) || t.dim[2 + i].c < 1)
            return "the result has at least one place";
    }
    t.dim[t.rank++] = dim_const(v);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t s = attr_int(c->node, "stride"), to[MAX_RANK];
    int64_t high = attr_list(c->node, "low", 0);
    int64_t left = attr_list(c->node, "low", 1);
    for (int64_t e = 0; e < c->out->count; e++) {
        tensor_index(c->out, e, to);
        int64_t channel = to[1] * c->out->dim[4] + to[4];
        int64_t h = to[2] * s + channel / s % s - high;
        int64_t w = to[3] * s + channel % s - left;
        channel /= s * s;
        if (channel < x->dim[1] && h >= 0 && h < x->dim[2] && w >= 0 &&
            w < x->dim[3])
            c->out->data[e] =
                x->data[((to[0] * x->dim[1] + channel) * x->dim[2] + h) *
                            x->dim[3] +
                        w];
    }
}

const OpDef op_phases = {
    .sig = "phases(x: [N,C,H,W], stride: ?, low: ?, shape: ?, v: ?) -> "
           "[..]",
    .doc = "The cells of each phase of a stride as channels in blocks.",
    .example = "%y = phases %x {stride = 2, low = (1, 1), shape = (4, 3), "
               "v = 8} : f32[1,2,4,3,8]  // %x: f32[1,3,6,5]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_phases},
};
