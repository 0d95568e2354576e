/* conv_winograd: convolution of a square window on channel-blocked arrays by
 * Winograd's F(m x m, size x size).
 *
 * x is [N, groups*B, H, W, v], u [O, q*q, B*v, v] from pack_winograd, the
 * result [N, O, H', W', v]. A tile of m x m results is A' (sum over channels of
 * u times B' x B) A of the t x t cells it sees: winograd.h. The last `spare`
 * channels are not read: their weights are 0.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include "winograd.h"
#include "window.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *u = &n->in[1]->type;
    int64_t m = attr_int(n, "m"), groups = attr_int(n, "groups");
    int64_t size = attr_int(n, "size"), stride = attr_int(n, "stride");
    int side = winograd_side(m, size, stride), q = winograd_weights_side(side);
    if (!side)
        return arena_printf(a, WINOGRAD_UNKNOWN, m, size, stride);
    Window window;
    const char *error = window_read_winograd(a, n, &window);
    if (error)
        return error;
    int64_t spare = attr_int(n, "spare");
    if (spare < 0 || spare >= x->dim[4].c)
        return arena_printf(a, "spare = %" PRId64 " is not within a block",
                            spare);
    Dim all, outputs;
    if (groups < 1 || u->dim[1].c != q * q ||
        !dim_equal(u->dim[3], x->dim[4]) ||
        !dim_mul(x->dim[1], x->dim[4], &all) ||
        !dim_equal(all, dim_const(u->dim[2].c * groups)) ||
        !dim_div(u->dim[0], dim_const(groups), &outputs))
        return arena_printf(a,
                            "%" PRId64 " groups of weights %s for m = %" PRId64
                            " do not fit an input of %s",
                            groups, type_text(a, u, "N"), m,
                            type_text(a, x, "N"));
    Type t = window_result_type(&window, x);
    t.dim[1] = u->dim[0];
    n->type = t;
    return NULL;
}

/* Adds to s the products of one channel; d are the tile's cells. */
static void add_channel(int t, const double *d, const double *u, int64_t apart,
                        double *s)
{
    double v[WINOGRAD_MOST * WINOGRAD_MOST];
    winograd_cells(t, d, v);
    for (int p = 0; p < t * t; p++)
        s[p] += u[winograd_weight_of(t, p) * apart] * v[p];
}

/* The t x t cells that the tile at (h0, w0) sees of a channel whose first cell
 * is x. */
static void read_cells(const Window *win, int t, const double *x, int64_t v,
                       int64_t h0, int64_t w0, double *d)
{
    const WindowAxis *h = &win->ax[0], *w = &win->ax[1];
    for (int i = 0; i < t * t; i++) {
        int64_t r = h0 * h->stride + i / t - h->low;
        int64_t c = w0 * w->stride + i % t - w->low;
        bool inside = r >= 0 && r < h->in && c >= 0 && c < w->in;
        d[i] = inside ? x[(r * w->in + c) * v] : 0;
    }
}

/* The tile at (h0, w0) of the result that begins at y. */
static void write_tile(const Window *win, int t, int m, const double *s,
                       double *y, int64_t v, int64_t h0, int64_t w0)
{
    double r[WINOGRAD_MOST * WINOGRAD_MOST];
    winograd_results(t, m, s, r);
    for (int i = 0; i < m * m; i++) {
        int64_t ph = h0 + i / m, pw = w0 + i % m;
        if (ph < win->ax[0].out && pw < win->ax[1].out)
            y[(ph * win->ax[1].out + pw) * v] = r[i];
    }
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *u = c->in[1];
    Window win = window_winograd(c->node);
    const WindowAxis *h = &win.ax[0], *w = &win.ax[1];
    int m = (int)attr_int(c->node, "m");
    int t = winograd_side(m, h->size, h->stride);
    int64_t v = x->dim[4], depth = u->dim[2], plane = h->in * w->in * v;
    int64_t spare = attr_int(c->node, "spare");
    int64_t group = u->dim[0] / attr_int(c->node, "groups");
    for (int64_t e = 0; e < x->dim[0] * u->dim[0] * v; e++) {
        int64_t b = e / (u->dim[0] * v), o = e / v % u->dim[0], l = e % v;
        const double *xs =
            x->data + (b * x->dim[1] + o / group * (depth / v)) * plane;
        const double *us = u->data + o * u->dim[1] * depth * v + l;
        double *y =
            c->out->data + (b * u->dim[0] + o) * h->out * w->out * v + l;
        for (int64_t h0 = 0; h0 < h->out; h0 += m)
            for (int64_t w0 = 0; w0 < w->out; w0 += m) {
                double s[WINOGRAD_MOST * WINOGRAD_MOST] = {0};
                double d[WINOGRAD_MOST * WINOGRAD_MOST];
                for (int64_t i = 0; i < depth - spare; i++) {
                    read_cells(&win, t, xs + i / v * plane + i % v, v, h0, w0,
                               d);
                    add_channel(t, d, us + i * v, depth * v, s);
                }
                write_tile(&win, t, m, s, y, v, h0, w0);
            }
    }
}

const OpDef op_conv_winograd = {
    .sig = "conv_winograd(x: [N,C,H,W,V], u: [O,P,K,V], m: ?, size = 3, "
           "stride = 1, low = 0, high = 0, groups = 1, spare = 0) -> [N,O,..]",
    .doc = "Convolution on blocks of channels, by Winograd.",
    .example = "%y = conv_winograd %x, %u {m = 2, low = (1, 1), high = (1, 1)} "
               ": f32[1,2,5,6,4]  // %x: f32[1,1,5,6,4], %u: f32[2,16,4,4]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_conv_winograd},
};
