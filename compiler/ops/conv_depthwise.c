/* conv_depthwise: each channel of a channel-blocked array with a kernel of its
 * own.
 *
 * x is [N, B, .., v], w [B, .., v], the result [N, B, .., v]. The sum is that
 * of conv with as many groups as channels.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include "window.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    Window window;
    const char *error = window_read_depthwise(a, n, &window);
    if (error)
        return error;
    if (!dim_equal(x->dim[1], w->dim[0]) ||
        !dim_equal(x->dim[x->rank - 1], w->dim[w->rank - 1]))
        return arena_printf(a, "weights %s do not fit an input of %s",
                            type_text(a, w, "N"), type_text(a, x, "N"));
    n->type = window_result_type(&window, x);
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *k = c->in[1];
    Window win = window_depthwise(c->node);
    const WindowAxis *h = &win.ax[0], *w = &win.ax[1];
    int64_t v = x->dim[x->rank - 1], blocks = x->dim[1], i, j;
    for (int64_t e = 0; e < c->out->count; e++) {
        int64_t l = e % v, p = e / v % (h->out * w->out);
        int64_t plane = e / v / (h->out * w->out);
        const double *cells = x->data + plane * h->in * w->in * v + l;
        const double *kernel =
            k->data + plane % blocks * h->size * w->size * v + l;
        for (int64_t kh = 0; kh < h->size; kh++)
            for (int64_t kw = 0; kw < w->size; kw++)
                if (window_cell(h, p / w->out, kh, &i) &&
                    window_cell(w, p % w->out, kw, &j))
                    c->out->data[e] += cells[(i * w->in + j) * v] *
                                       kernel[(kh * w->size + kw) * v];
    }
}

const OpDef op_conv_depthwise = {
    .sig = "conv_depthwise(x: [N,C,...], w: [C,...], stride = 1, low = 0, "
           "high = 0, dilate = 1) -> [N,C,...]",
    .doc = "Convolution of each channel alone, on blocks of channels.",
    .example = "%y = conv_depthwise %x, %w {low = (1, 1), high = (1, 1)} : "
               "f32[1,2,5,6,4]  // %x: f32[1,2,5,6,4], %w: f32[2,3,3,4]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_conv_depthwise},
};
