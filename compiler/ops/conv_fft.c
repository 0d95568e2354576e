/* conv_fft: convolution of stride 1 on channel-blocked arrays by Fourier
 * transforms of n x n cells.
 *
 * x is [N, B, H, W, v], h [n/2 + 1, n, O, B*v, 2v] from pack_fft for a window
 * of `size`, the result [N, O, .., v]. A tile of results that n x n cells hold
 * is the real part of the cells' transform times h, transformed back.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include "window.h"
#include <math.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *h = &n->in[1]->type;
    Window window;
    const char *error = window_read_fft(a, n, &window);
    Dim channels;
    if (error)
        return error;
    if (!dim_is_const(h->dim[1]) || !dim_mul(x->dim[1], x->dim[4], &channels) ||
        !dim_equal(channels, h->dim[3]) ||
        !dim_equal(h->dim[4], dim_const(2 * x->dim[4].c)) ||
        h->dim[0].c != h->dim[1].c / 2 + 1 || window.ax[0].size > h->dim[1].c ||
        window.ax[1].size > h->dim[1].c)
        return arena_printf(a, "weights %s do not fit an input of %s",
                            type_text(a, h, "N"), type_text(a, x, "N"));
    Type t = window_result_type(&window, x);
    t.dim[1] = h->dim[2];
    n->type = t;
    return NULL;
}

/* The kernel's weight at place (i, j): h transformed back; hs is the number of
 * an output and a channel at frequency 0. */
static double weight(const Tensor *h, const double *hs, int64_t i, int64_t j)
{
    int64_t n = h->dim[1], half = h->dim[0], v = h->dim[4] / 2;
    int64_t apart = h->dim[2] * h->dim[3] * 2 * v;
    double turn = 2 * acos(-1) / (double)n, sum = 0;
    for (int64_t g = 0; g < half; g++)
        for (int64_t f = 0; f < n; f++) {
            const double *at = hs + (g * n + f) * apart;
            double angle = turn * (double)((f * i + g * j) % n);
            double part = at[0] * cos(angle) + at[v] * sin(angle);
            sum += g % (n / 2) ? 2 * part : part;
        }
    return sum;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *h = c->in[1];
    Window win = window_fft(c->node);
    const WindowAxis *ah = &win.ax[0], *aw = &win.ax[1];
    int64_t v = x->dim[4], blocks = h->dim[2], channels = h->dim[3], i, j;
    int64_t plane = ah->in * aw->in * v, places = ah->out * aw->out;
    for (int64_t e = 0; e < blocks * v * channels * ah->size * aw->size; e++) {
        int64_t kw = e % aw->size, kh = e / aw->size % ah->size;
        int64_t k = e / (aw->size * ah->size) % channels;
        int64_t o = e / (aw->size * ah->size * channels);
        double w =
            weight(h, h->data + (o / v * channels + k) * 2 * v + o % v, kh, kw);
        for (int64_t q = 0; q < x->dim[0] * places; q++) {
            int64_t b = q / places, p = q % places;
            if (window_cell(ah, p / aw->out, kh, &i) &&
                window_cell(aw, p % aw->out, kw, &j))
                c->out->data[((b * blocks + o / v) * places + p) * v + o % v] +=
                    w * x->data[(b * x->dim[1] + k / v) * plane +
                                (i * aw->in + j) * v + k % v];
        }
    }
}

const OpDef op_conv_fft = {
    .sig = "conv_fft(x: [N,C,H,W,V], h: [A,B,O,K,D], size: ?, low = 0, "
           "high = 0) -> [N,O,..]",
    .doc = "Convolution of stride 1 on blocks of channels, by Fourier "
           "transforms.",
    .example = "%y = conv_fft %x, %h {size = (5, 5), low = (2, 2), "
               "high = (2, 2)} : f32[1,2,5,6,4]  "
               "// %x: f32[1,1,5,6,4], %h: f32[5,8,2,4,8]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_conv_fft},
};
