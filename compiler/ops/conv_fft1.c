/* conv_fft1: convolution of stride 1 along one axis by Fourier transforms of n
 * places.
 *
 * x is [N, C, T], h [1 + O*C/G, n, 2] from pack_fft1 for a window of `size`,
 * the result [N, O, ..]. Every n - size + 1 results are those of a transform.
 */
#include "op.h"
#include "fourier.h"
#include "impl_list.h"
#include "op_list.h"
#include <math.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *h = &n->in[1]->type;
    int64_t groups = attr_int(n, "groups"), size = attr_int(n, "size");
    int64_t low = attr_int(n, "low"), high = attr_int(n, "high");
    bool fixed = dim_is_const(x->dim[1]) && dim_is_const(x->dim[2]) &&
                 dim_is_const(h->dim[0]);
    for (int i = 1; i < 3; i++)
        fixed &= dim_is_const(h->dim[i]);
    if (!fixed)
        return "only axis 0 may have the run-time size";
    int64_t pairs = h->dim[0].c - 1, channels = x->dim[1].c;
    if (groups < 1 || channels % groups != 0)
        return "the groups do not divide the channels";
    channels /= groups;
    if (!fourier_fits(h->dim[1].c) || h->dim[2].c != 2 || pairs < 1 ||
        pairs % (channels * groups) != 0)
        return arena_printf(a, "weights %s do not fit an input of %s",
                            type_text(a, h, "N"), type_text(a, x, "N"));
    if (size < 1 || size > h->dim[1].c)
        return "size is not that of a window of the weights";
    if (x->dim[2].c + low + high < size)
        return "the window is larger than the input";
    Dim d[] = {x->dim[0], dim_const(pairs / channels),
               dim_const(x->dim[2].c + low + high - size + 1)};
    n->type = type_of(x->elem, 3, d);
    return NULL;
}

/* The kernel's weight at place k: h transformed back. */
static double weight(const double *h, int64_t n, int64_t k)
{
    double turn = 2 * acos(-1) / (double)n, sum = 0;
    for (int64_t place = 0; place < n; place++) {
        double angle = turn * (double)(fourier_frequency(n, place) * k % n);
        sum += h[2 * place] * cos(angle) + h[2 * place + 1] * sin(angle);
    }
    return sum;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *h = c->in[1], *y = c->out;
    int64_t groups = attr_int(c->node, "groups"), n = h->dim[1];
    int64_t low = attr_int(c->node, "low"), size = attr_int(c->node, "size");
    int64_t channels = x->dim[1] / groups, outputs = y->dim[1] / groups;
    for (int64_t e = 0; e < y->dim[1] * channels * size; e++) {
        int64_t k = e % size, i = e / size % channels, o = e / size / channels;
        double w = weight(h->data + 2 * n * (1 + o * channels + i), n, k);
        for (int64_t q = 0; q < y->dim[0] * y->dim[2]; q++) {
            int64_t b = q / y->dim[2], p = q % y->dim[2], at = p + k - low;
            int64_t from = b * x->dim[1] + o / outputs * channels + i;
            if (at >= 0 && at < x->dim[2])
                y->data[(b * y->dim[1] + o) * y->dim[2] + p] +=
                    w * x->data[from * x->dim[2] + at];
        }
    }
}

const OpDef op_conv_fft1 = {
    .sig = "conv_fft1(x: [N,C,T], h: [R,P,D], size: ?, low = 0, high = 0, "
           "groups = 1) -> [N,O,..]",
    .doc = "Convolution of stride 1 along one axis, by Fourier transforms.",
    .example = "%y = conv_fft1 %x, %h {size = 9, low = 4, high = 4} : "
               "f32[1,3,40]  // %x: f32[1,2,40], %h: f32[7,64,2]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_conv_fft1},
};
