/* conv_blocked: convolution on channel-blocked arrays, as pass layout makes it.
 *
 * x is [N, groups*B, .., xv], blocks of xv channels (operator block, axis 1); w
 * is [O, B, .., xv, v]: w blocked over its input and then over its output
 * channels; the result is [N, O, .., v]. The sum is that of conv without the
 * last `spare` channels of a group's last block. With products = 6 or 3 it may
 * be made of that many products of bf16 parts.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include "window.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    Window window;
    const char *error = window_read_blocked(a, n, &window);
    if (error)
        return error;
    int64_t groups = attr_int(n, "groups");
    int64_t products = attr_int(n, "products");
    Dim all, outputs;
    if (products != 1 && products != 3 && products != 6)
        return "products are 1, or 3 or 6 of parts";
    if (groups < 1 || !dim_mul(w->dim[1], dim_const(groups), &all) ||
        !dim_equal(all, x->dim[1]) ||
        !dim_div(w->dim[0], dim_const(groups), &outputs))
        return arena_printf(a,
                            "%" PRId64 " groups of %s input blocks and %s "
                            "output blocks in all do not fit an input of %s",
                            groups, dim_text(a, w->dim[1], "N"),
                            dim_text(a, w->dim[0], "N"),
                            dim_text(a, x->dim[1], "N"));
    int64_t spare = attr_int(n, "spare");
    if (spare < 0 || spare >= w->dim[w->rank - 2].c)
        return arena_printf(a, "a block has less than %" PRId64 " channels",
                            spare);
    if (!dim_equal(w->dim[w->rank - 2], x->dim[x->rank - 1]))
        return arena_printf(a, "blocks of %s channels meet weights for %s",
                            dim_text(a, x->dim[x->rank - 1], "N"),
                            dim_text(a, w->dim[w->rank - 2], "N"));
    Type t = window_result_type(&window, x);
    t.dim[1] = w->dim[0];
    t.dim[t.rank - 1] = w->dim[w->rank - 1];
    n->type = t;
    return NULL;
}

/* One result: the sum over channels and window places; xs are the blocks of its
 * group, ws the weights of its output block. */
static double sum_at(const Window *win, const double *xs, const double *ws,
                     int64_t blocks, int64_t spare, int64_t xv, int64_t v,
                     int64_t ph, int64_t pw)
{
    const WindowAxis *h = &win->ax[0], *w = &win->ax[1];
    int64_t y, x;
    double sum = 0;
    for (int64_t b = 0; b < blocks; b++)
        for (int64_t kh = 0; kh < h->size; kh++)
            for (int64_t kw = 0; kw < w->size; kw++) {
                if (!window_cell(h, ph, kh, &y) || !window_cell(w, pw, kw, &x))
                    continue;
                const double *cell = xs + ((b * h->in + y) * w->in + x) * xv;
                const double *k =
                    ws + ((b * h->size + kh) * w->size + kw) * xv * v;
                int64_t count = b + 1 < blocks ? xv : xv - spare;
                for (int64_t c = 0; c < count; c++)
                    sum += cell[c] * k[c * v];
            }
    return sum;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *w = c->in[1];
    Window win = window_blocked(c->node);
    const WindowAxis *h = &win.ax[0], *l = &win.ax[1];
    int64_t groups = attr_int(c->node, "groups"), blocks = w->dim[1];
    int64_t spare = attr_int(c->node, "spare");
    int64_t xv = x->dim[x->rank - 1], v = w->dim[w->rank - 1];
    int64_t xg = blocks * h->in * l->in * xv;
    int64_t wo = blocks * h->size * l->size * xv * v;
    double *y = c->out->data;
    for (int64_t b = 0; b < x->dim[0]; b++)
        for (int64_t o = 0; o < w->dim[0]; o++) {
            int64_t g = o / (w->dim[0] / groups);
            for (int64_t ph = 0; ph < h->out; ph++)
                for (int64_t pw = 0; pw < l->out; pw++)
                    for (int64_t i = 0; i < v; i++)
                        *y++ =
                            sum_at(&win, x->data + (b * groups + g) * xg,
                                   w->data + o * wo + i, blocks, spare, xv, v,
                                   ph, pw);
        }
}

const OpDef op_conv_blocked = {
    .sig = "conv_blocked(x: [N,C,...], w: [O,B,...], stride = 1, low = 0, "
           "high = 0, dilate = 1, groups = 1, spare = 0, "
           "products = 1) -> [N,O,...]",
    .doc = "Convolution of an input and weights cut into blocks of channels.",
    .example = "%y = conv_blocked %x, %w {low = (1, 1)} : f32[1,2,5,5,4]  "
               "// %x: f32[1,1,6,6,4], %w: f32[2,1,3,3,4,4]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_conv_blocked, &impl_conv_bf16x6, &impl_conv_bf16x3},
};
