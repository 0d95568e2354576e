/* conv: convolution (cross-correlation) over one or two axes.
 *
 * For result place p and window place k, g the group of output channel o:
 *   y[b, o, p] = sum over (c, k) of
 *                X(b, g, c, p*stride + k*dilate - low) * W(o, c, k)
 * where x is first spread (spread-1 zeros between its cells) and is 0 outside.
 * Three attributes say how the channel axes lie (docs/ir.md), so that both
 * gradients are convolutions again, and theirs too: Note [Gradient of conv].
 * Dumoulin, Visin, "A guide to convolution arithmetic for deep learning", 2016.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "window.h"
#include <inttypes.h>
#include <string.h>

/* The window, and the layouts read away: x is [batch, groups*cg] or, when
 * x_cn, [cg, groups*batch]; w is [out, cg] or, when w_io, [cg, out]. */
typedef struct Conv {
    Window window;
    int64_t groups;
    Dim batch, cg, out, og; /* og: results in a group */
    bool x_cn, w_io, y_cn;
} Conv;

static const char *read_layout(Arena *arena, const Node *n, const char *name,
                               const char *plain, const char *swapped,
                               bool *out)
{
    const char *v = attr_sym(n, name);
    *out = strcmp(v, swapped) == 0;
    if (*out || strcmp(v, plain) == 0)
        return NULL;
    return arena_printf(arena, "%s is %s or %s, not '%s'", name, plain, swapped,
                        v);
}

static const char *read(Arena *arena, const Node *n, Conv *c)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    const char *error = window_read_conv(arena, n, &c->window);
    if (!error)
        error = read_layout(arena, n, "x", "nc", "cn", &c->x_cn);
    if (!error)
        error = read_layout(arena, n, "w", "oi", "io", &c->w_io);
    if (!error)
        error = read_layout(arena, n, "y", "nc", "cn", &c->y_cn);
    if (error)
        return error;
    c->groups = attr_int(n, "groups");
    if (c->groups < 1)
        return arena_printf(arena, "groups = %" PRId64 " is below 1",
                            c->groups);
    Dim divided, groups = dim_const(c->groups);
    if (!dim_div(x->dim[1], groups, &divided))
        return arena_printf(arena,
                            "groups = %" PRId64 " does not divide %s "
                            "channels",
                            c->groups, dim_text(arena, x->dim[1], "N"));
    c->batch = c->x_cn ? divided : x->dim[0];
    c->cg = c->x_cn ? x->dim[0] : divided;
    c->out = w->dim[c->w_io ? 1 : 0];
    if (!dim_div(c->out, groups, &c->og))
        return arena_printf(arena,
                            "groups = %" PRId64 " does not divide %s "
                            "output channels",
                            c->groups, dim_text(arena, c->out, "N"));
    Dim taken = w->dim[c->w_io ? 0 : 1];
    if (!dim_equal(taken, c->cg))
        return arena_printf(arena,
                            "the kernel takes %s channels%s, the input "
                            "has %s",
                            dim_text(arena, taken, "N"),
                            c->groups > 1 ? " a group" : "",
                            dim_text(arena, c->cg, "N"));
    return NULL;
}

static const char *shape(Arena *a, Node *n)
{
    Conv c;
    const char *error = read(a, n, &c);
    if (error)
        return error;
    Type t = n->in[0]->type;
    t.dim[0] = c.y_cn ? c.out : c.batch;
    t.dim[1] = c.y_cn ? c.batch : c.out;
    n->type = window_result_type(&c.window, &t);
    return NULL;
}

static Conv conv_of(const Node *n)
{
    Arena *arena = arena_new();
    Conv c;
    const char *error = read(arena, n, &c);
    if (error)
        internal_error("%%%s: %s", n->name, error);
    arena_free(arena);
    return c;
}

/* The sizes with the run-time size filled in. */
typedef struct Sizes {
    Conv conv;
    int64_t batch, cg, out, og, plane, places, window;
} Sizes;

static Sizes sizes_of(const EvalCall *c)
{
    Conv v = conv_of(c->node);
    const WindowAxis *h = &v.window.ax[0], *w = &v.window.ax[1];
    return (Sizes){
        .conv = v,
        .batch = dim_at(v.batch, c->n),
        .cg = dim_at(v.cg, c->n),
        .out = dim_at(v.out, c->n),
        .og = dim_at(v.og, c->n),
        .plane = h->in * w->in,
        .places = h->out * w->out,
        .window = h->size * w->size,
    };
}

/* One result: the sum over channels and window places. */
static double sum_at(const EvalCall *c, const Sizes *s, int64_t b, int64_t o,
                     int64_t ph, int64_t pw)
{
    const WindowAxis *h = &s->conv.window.ax[0], *w = &s->conv.window.ax[1];
    int64_t g = o / s->og, y, x;
    double sum = 0;
    for (int64_t ci = 0; ci < s->cg; ci++) {
        int64_t xc = s->conv.x_cn ? (ci * s->conv.groups + g) * s->batch + b
                                  : (b * s->conv.groups + g) * s->cg + ci;
        int64_t wc = s->conv.w_io ? ci * s->out + o : o * s->cg + ci;
        for (int64_t kh = 0; kh < h->size; kh++)
            for (int64_t kw = 0; kw < w->size; kw++)
                if (window_cell(h, ph, kh, &y) && window_cell(w, pw, kw, &x))
                    sum += c->in[0]->data[xc * s->plane + y * w->in + x] *
                           c->in[1]->data[wc * s->window + kh * w->size + kw];
    }
    return sum;
}

static void eval(const EvalCall *c)
{
    Sizes s = sizes_of(c);
    const WindowAxis *h = &s.conv.window.ax[0], *w = &s.conv.window.ax[1];
    for (int64_t b = 0; b < s.batch; b++)
        for (int64_t o = 0; o < s.out; o++) {
            int64_t yc = s.conv.y_cn ? o * s.batch + b : b * s.out + o;
            double *y = c->out->data + yc * s.places;
            for (int64_t ph = 0; ph < h->out; ph++)
                for (int64_t pw = 0; pw < w->out; pw++)
                    *y++ = sum_at(c, &s, b, o, ph, pw);
        }
}

/* ---- gradients ---- */

typedef struct Steps {
    int64_t stride[2], low[2], high[2], dilate[2], spread[2];
} Steps;

static void set(Attrs *at, const char *name, const int64_t *v, int len,
                int64_t fallback)
{
    bool all = true;
    for (int i = 0; i < len; i++)
        all = all && v[i] == fallback;
    if (!all)
        attrs_list(at, name, v, len);
}

static Node *build(Builder *b, Node *x, Node *w, const Steps *s, int axes,
                   int64_t groups, bool x_cn, bool w_io, bool y_cn)
{
    Node *in[2] = {x, w};
    Attrs at = attrs_new(b->module->arena);
    set(&at, "stride", s->stride, axes, 1);
    set(&at, "low", s->low, axes, 0);
    set(&at, "high", s->high, axes, 0);
    set(&at, "dilate", s->dilate, axes, 1);
    set(&at, "spread", s->spread, axes, 1);
    if (groups != 1)
        attrs_int(&at, "groups", groups);
    if (x_cn)
        attrs_sym(&at, "x", "cn");
    if (w_io)
        attrs_sym(&at, "w", "io");
    if (y_cn)
        attrs_sym(&at, "y", "cn");
    return node_new(b, &op_conv, in, 2, &at);
}

static Dim times(Dim a, Dim b)
{
    Dim d;
    if (!dim_mul(a, b, &d))
        internal_error("conv: a size would be n*n");
    return d;
}

/* x's two channel axes seen as three of sizes `split`, these put in `order`,
 * then two of them joined again: the first two or the last two. */
static Node *regroup(Builder *b, Node *x, const Dim *split,
                     const int64_t *order, bool join_first)
{
    const Type t = x->type;
    Dim d[MAX_RANK];
    int64_t perm[MAX_RANK];
    for (int i = 0; i <= t.rank; i++) {
        d[i] = i < 3 ? split[i] : t.dim[i - 1];
        perm[i] = i < 3 ? order[i] : i;
    }
    x = build_transpose(b, build_reshape(b, x, t.rank + 1, d), perm);
    Dim s[3] = {split[order[0]], split[order[1]], split[order[2]]};
    for (int i = 2; i < t.rank; i++)
        d[i] = t.dim[i];
    d[0] = join_first ? times(s[0], s[1]) : s[0];
    d[1] = join_first ? s[2] : times(s[1], s[2]);
    return build_reshape(b, x, t.rank, d);
}

static Node *swap_channels(Builder *b, Node *x)
{
    const int64_t perm[4] = {1, 0, 2, 3};
    return build_transpose(b, x, perm);
}

/* Rot180 of w over the windowed axes longer than 1. */
static Node *turn(Builder *b, Node *w)
{
    int64_t axes[2];
    int count = 0;
    for (int i = 2; i < w->type.rank; i++)
        if (w->type.dim[i].c > 1)
            axes[count++] = i;
    if (count == 0)
        return w;
    Attrs at = attrs_new(b->module->arena);
    attrs_list(&at, "axes", axes, count);
    return node_new(b, &op_reverse, &w, 1, &at);
}

static Node *grad_data(Builder *b, Node *n, Node *dy, const Conv *c)
{
    const Window *w = &c->window;
    Steps s = {{0}, {0}, {0}, {0}, {0}};
    for (int i = 0; i < w->axes; i++) {
        const WindowAxis *a = &w->ax[i + 2 - w->axes];
        s.stride[i] = a->spread;
        s.spread[i] = a->stride;
        s.dilate[i] = a->dilate;
        s.low[i] = a->dilate * (a->size - 1) - a->low;
        s.high[i] = a->spread * (a->in - 1) - a->stride * (a->out - 1) + a->low;
    }
    Node *k = turn(b, n->in[1]);
    if (c->groups == 1)
        return build(b, dy, k, &s, w->axes, 1, c->y_cn, !c->w_io, c->x_cn);

    Dim groups = dim_const(c->groups);
    const Dim oi[3] = {groups, c->og, c->cg}, io[3] = {c->cg, groups, c->og};
    const Dim nc[3] = {c->batch, groups, c->cg};
    const int64_t from_oi[3] = {0, 2, 1}, from_io[3] = {1, 0, 2};
    const int64_t to_cn[3] = {2, 1, 0};
    k = c->w_io ? regroup(b, k, io, from_io, true)
                : regroup(b, k, oi, from_oi, true);
    if (c->y_cn)
        dy = swap_channels(b, dy);
    Node *dx = build(b, dy, k, &s, w->axes, c->groups, false, false, false);
    return c->x_cn ? regroup(b, dx, nc, to_cn, false) : dx;
}

static Node *grad_weights(Builder *b, Node *n, Node *dy, const Conv *c)
{
    const Window *w = &c->window;
    Steps s = {{0}, {0}, {0}, {0}, {0}};
    for (int i = 0; i < w->axes; i++) {
        const WindowAxis *a = &w->ax[i + 2 - w->axes];
        s.stride[i] = a->dilate;
        s.spread[i] = a->spread;
        s.dilate[i] = a->stride;
        s.low[i] = a->low;
        s.high[i] = a->dilate * (a->size - 1) + a->stride * (a->out - 1) -
                    a->spread * (a->in - 1) - a->low;
    }
    return build(b, n->in[0], dy, &s, w->axes, c->groups, !c->x_cn, !c->y_cn,
                 !c->w_io);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Conv c = conv_of(n);
    if (need[0])
        dx[0] = grad_data(b, n, dy, &c);
    if (need[1])
        dx[1] = grad_weights(b, n, dy, &c);
}

const OpDef op_conv = {
    .sig = "conv(x: [N,C,...], w: [O,C/G,...], stride = 1, low = 0, high = 0, "
           "dilate = 1, spread = 1, groups: G = 1, x = nc, w = oi, y = nc, "
           "algo = auto) -> [N,O,...]",
    .doc = "Convolution (cross-correlation) over one or two axes.",
    .example = "%y = conv %x, %w {stride = (2, 2), low = (1, 1)} : "
               "f32[1,8,3,3]  // %x: f32[1,3,6,6], %w: f32[8,3,3,3]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_conv_direct, &impl_conv_toeplitz, &impl_conv_by_blocks,
             &impl_conv_by_winograd2, &impl_conv_by_winograd4,
             &impl_conv_by_winograd6, &impl_conv_by_depthwise,
             &impl_conv_by_fft, &impl_conv_by_fft1, &impl_conv_by_bf16x6,
             &impl_conv_by_bf16x3, &impl_conv_by_matmul},
};

/* Note [Gradient of conv]
 * Write s, d, e for stride, dilate, spread, I, P, K for the sizes of input,
 * result and window, and i' for cell e*i of the spread input.
 *
 * Data: dx[i] sums dy[p] w[k] over p*s + k*d - low = e*i. With k turned round,
 * k = K-1-k', this is e*i + k'*d - (d*(K-1) - low) = p*s: the convolution of
 * dy, spread by s, with reverse w, at stride e. low' = d*(K-1) - low may be
 * negative: it crops. high' is such that the room for the window is exactly
 * e*(I-1), which gives I results.
 *
 * Weights: dw[k] sums dy[p] x[p*s + k*d - low] over p and the batch: the
 * convolution of x with dy at stride d, dilated by s, the batch being its
 * channel. high' makes the room exactly d*(K-1).
 *
 * Channels. X(b, g, c) is x[b, g*Cg + c] or, x = cn, x[c, g*B + b]: exchanging
 * the roles of b and c is only the other word. So the gradient by weights is
 * each of the three words exchanged, with any groups. By data with one group
 * likewise; with more, the outputs of a group become its inputs, and W(g*Cg +
 * c, o) = w[g*Og + o, c] has to be regrouped.
 */
