/* pack_fft: the weights of a convolution as conv_fft reads them.
 *
 * [O,C,KH,KW] becomes [n/2 + 1, n, ceil(O/v), ceil(C/v)*v, 2v]: the conjugate
 * of the kernel's Fourier transform over n x n places, over n*n; real parts of
 * a block of outputs, then imaginary ones; zeros beyond O and C. The
 * frequencies that are left out are conjugates of these.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *w = &n->in[0]->type;
    int64_t size = attr_int(n, "n"), v = attr_int(n, "v");
    const char *layout = attr_sym(n, "w");
    bool swapped = strcmp(layout, "io") == 0;
    int64_t odd = size % 3 == 0 ? 3 : size % 5 == 0 ? 5 : 1;
    int64_t power = size / odd;
    if (size < 8 || size > 64 || size % 4 != 0 || (power & (power - 1)) != 0)
        return arena_printf(
            a, "n = %" PRId64 " is not 8, 12, 16, 20, 24, 32, 40, 48 or 64",
            size);
    if (v < 1)
        return arena_printf(a, "v = %" PRId64 " is below 1", v);
    if (!swapped && strcmp(layout, "oi") != 0)
        return arena_printf(a, "w is oi or io, not '%s'", layout);
    for (int i = 0; i < 4; i++)
        if (!dim_is_const(w->dim[i]))
            return "the weights have the run-time size";
    if (w->dim[2].c > size || w->dim[3].c > size)
        return arena_printf(a, "the window is larger than n = %" PRId64, size);
    int64_t outputs = w->dim[swapped].c, channels = w->dim[!swapped].c;
    Dim d[] = {dim_const(size / 2 + 1), dim_const(size),
               dim_const((outputs + v - 1) / v),
               dim_const((channels + v - 1) / v * v), dim_const(2 * v)};
    n->type = type_of(w->elem, 5, d);
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *w = c->in[0], *h = c->out;
    bool swapped = strcmp(attr_sym(c->node, "w"), "io") == 0;
    int64_t n = h->dim[1], v = h->dim[4] / 2, kw = w->dim[3];
    int64_t outputs = w->dim[swapped], channels = w->dim[!swapped];
    int64_t places = w->dim[2] * kw;
    double turn = 2 * acos(-1) / (double)n, scale = 1 / (double)(n * n);
    for (int64_t e = 0; e < n * h->dim[0] * outputs * channels; e++) {
        int64_t i = e % channels, o = e / channels % outputs;
        int64_t f = e / (channels * outputs); /* both frequencies */
        const double *at =
            w->data + (swapped ? i * outputs + o : o * channels + i) * places;
        double *to =
            h->data + ((f * h->dim[2] + o / v) * h->dim[3] + i) * 2 * v + o % v;
        for (int64_t k = 0; k < places; k++) {
            int64_t steps = f % n * (k / kw) + f / n * (k % kw);
            double angle = turn * (double)(steps % n);
            to[0] += scale * at[k] * cos(angle);
            to[v] += scale * at[k] * sin(angle);
        }
    }
}

const OpDef op_pack_fft = {
    .sig = "pack_fft(w: [O,C,H,W], n: ?, v: ?, w = oi) -> [..]",
    .doc = "Weights of a convolution, transformed for conv_fft.",
    .example = "%h = pack_fft %w {n = 8, v = 4} : f32[5,8,2,4,8]  "
               "// %w: f32[5,3,3,5]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_pack_fft},
};
