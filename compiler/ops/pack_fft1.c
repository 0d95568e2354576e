/* pack_fft1: the weights of a convolution along one axis as conv_fft1 reads
 * them.
 *
 * [O,C,K] becomes [1 + O*C, n, 2], real and imaginary parts: first the roots of
 * 1, cos and -sin of 2 pi k / n; then for each output and channel the conjugate
 * of the kernel's Fourier transform over n places, over n, in the order of
 * fourier.h.
 */
#include "op.h"
#include "fourier.h"
#include "impl_list.h"
#include "op_list.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *w = &n->in[0]->type;
    int64_t size = attr_int(n, "n"), rows;
    const char *layout = attr_sym(n, "w");
    if (!fourier_fits(size))
        return arena_printf(
            a, "n = %" PRId64 " is not a power of two from 64 to 4096", size);
    if (strcmp(layout, "io") != 0 && strcmp(layout, "oi") != 0)
        return arena_printf(a, "w is oi or io, not '%s'", layout);
    for (int i = 0; i < 3; i++)
        if (!dim_is_const(w->dim[i]))
            return "the weights have the run-time size";
    if (w->dim[2].c > size)
        return arena_printf(a, "the window is larger than n = %" PRId64, size);
    rows = 1 + w->dim[0].c * w->dim[1].c;
    Dim d[] = {dim_const(rows), dim_const(size), dim_const(2)};
    n->type = type_of(w->elem, 3, d);
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *w = c->in[0], *h = c->out;
    bool swapped = strcmp(attr_sym(c->node, "w"), "io") == 0;
    int64_t n = h->dim[1], size = w->dim[2];
    int64_t outputs = w->dim[swapped], channels = w->dim[!swapped];
    double turn = 2 * acos(-1) / (double)n;
    for (int64_t k = 0; k < n; k++) {
        h->data[2 * k] = cos(turn * (double)k);
        h->data[2 * k + 1] = -sin(turn * (double)k);
    }
    for (int64_t e = 0; e < outputs * channels * n; e++) {
        int64_t place = e % n, i = e / n % channels, o = e / n / channels;
        int64_t f = fourier_frequency(n, place);
        const double *at =
            w->data + (swapped ? i * outputs + o : o * channels + i) * size;
        double *to = h->data + 2 * (n + e);
        for (int64_t k = 0; k < size; k++) {
            double angle = turn * (double)(f * k % n);
            to[0] += at[k] * cos(angle) / (double)n;
            to[1] += at[k] * sin(angle) / (double)n;
        }
    }
}

const OpDef op_pack_fft1 = {
    .sig = "pack_fft1(w: [O,C,K], n: ?, w = oi) -> [..]",
    .doc = "Weights of a convolution along one axis, transformed for "
           "conv_fft1.",
    .example = "%h = pack_fft1 %w {n = 64} : f32[7,64,2]  // %w: f32[3,2,9]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_pack_fft1},
};
