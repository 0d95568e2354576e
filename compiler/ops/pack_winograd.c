/* pack_winograd: the weights of a convolution as conv_winograd reads them.
 *
 * [O,C,R,R] becomes [ceil(O/v), q*q, ceil(C/v)*v, v], q = m + R - 1, or 4 with
 * stride 2: the transformed weights of a block of outputs, zeros beyond O and
 * C.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "winograd.h"
#include <inttypes.h>
#include <string.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *w = &n->in[0]->type;
    int64_t m = attr_int(n, "m"), v = attr_int(n, "v");
    const char *layout = attr_sym(n, "w");
    bool swapped = strcmp(layout, "io") == 0;
    int64_t size = w->dim[2].c, stride = attr_int(n, "stride");
    if (!dim_is_const(w->dim[2]) || !dim_equal(w->dim[2], w->dim[3]))
        return "the window is not square";
    int t = winograd_side(m, size, stride), q = winograd_weights_side(t);
    if (!t)
        return arena_printf(a, WINOGRAD_UNKNOWN, m, size, stride);
    if (v < 1)
        return arena_printf(a, "v = %" PRId64 " is below 1", v);
    if (!swapped && strcmp(layout, "oi") != 0)
        return arena_printf(a, "w is oi or io, not '%s'", layout);
    if (!dim_is_const(w->dim[0]) || !dim_is_const(w->dim[1]))
        return "the number of channels is the run-time size";
    int64_t outputs = w->dim[swapped].c, channels = w->dim[!swapped].c;
    Dim d[] = {dim_const((outputs + v - 1) / v), dim_const(q * q),
               dim_const((channels + v - 1) / v * v), dim_const(v)};
    n->type = type_of(w->elem, 4, d);
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *w = c->in[0];
    bool swapped = strcmp(attr_sym(c->node, "w"), "io") == 0;
    int size = (int)w->dim[2];
    int t = winograd_side(attr_int(c->node, "m"), size,
                          attr_int(c->node, "stride"));
    int64_t places = c->out->dim[1], depth = c->out->dim[2];
    int64_t v = c->out->dim[3], apart = depth * v;
    int64_t outputs = w->dim[swapped], channels = w->dim[!swapped];
    for (int64_t o = 0; o < outputs; o++)
        for (int64_t i = 0; i < channels; i++) {
            int64_t at = swapped ? i * outputs + o : o * channels + i;
            double u[WINOGRAD_MOST * WINOGRAD_MOST];
            double *to = c->out->data + o / v * places * apart + i * v + o % v;
            winograd_weights(t, size, w->data + at * size * size, u);
            for (int64_t p = 0; p < places; p++)
                to[p * apart] = u[p];
        }
}

const OpDef op_pack_winograd = {
    .sig =
        "pack_winograd(w: [O,C,R,S], m: ?, v: ?, stride = 1, w = oi) -> [..]",
    .doc = "Weights of a convolution, transformed for conv_winograd.",
    .example = "%u = pack_winograd %w {m = 4, v = 4} : f32[2,36,4,4]  "
               "// %w: f32[5,3,3,3]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_pack_winograd},
};
