/* Sizes and strides of matrix products and convolutions as holes. */
#include "lowering.h"

#include <string.h>

static Dim times(Dim a, Dim b)
{
    Dim both[] = {a, b};
    return lowering_product(both, 2);
}

/* ---- matrix product ---- */

MatMul lowering_matmul(const Node *n)
{
    const Type *x = &n->in[0]->type, *y = &n->type;
    MatMul m = {
        .ta = strcmp(attr_sym(n, "a"), "t") == 0,
        .tb = strcmp(attr_sym(n, "b"), "t") == 0,
    };
    m.m = y->dim[y->rank - 2];
    m.n = y->dim[y->rank - 1];
    m.k = x->dim[x->rank - (m.ta ? 2 : 1)];
    return m;
}

void lowering_matmul_sizes(Kernel *k, Emit *e, const Node *n)
{
    MatMul m = lowering_matmul(n);
    lowering_count(k, e, "BATCH", n->type.dim, n->type.rank - 2);
    kernel_dim(k, "M", m.m);
    kernel_dim(k, "N", m.n);
    kernel_dim(k, "K", m.k);
}

double lowering_matmul_flops(const Node *n)
{
    return 2 * lowering_elements(&n->type) *
           (double)dim_at(lowering_matmul(n).k, LOWERING_N);
}

/* ---- convolution ---- */

Conv lowering_conv(const Node *n)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    Conv c = {
        .window = window_conv(n),
        .x_cn = strcmp(attr_sym(n, "x"), "cn") == 0,
        .w_io = strcmp(attr_sym(n, "w"), "io") == 0,
        .y_cn = strcmp(attr_sym(n, "y"), "cn") == 0,
        .groups = attr_int(n, "groups"),
    };
    Dim g = dim_const(c.groups);
    c.channels = x->dim[c.x_cn ? 0 : 1];
    c.batch = x->dim[c.x_cn ? 1 : 0];
    if (!dim_div(c.x_cn ? c.batch : c.channels, g,
                 c.x_cn ? &c.batch : &c.channels))
        internal_error("conv: groups do not divide");
    c.outputs = w->dim[c.w_io ? 1 : 0];
    if (!dim_div(c.outputs, g, &c.group_outputs))
        internal_error("conv: groups do not divide the outputs");
    const WindowAxis *ax = c.window.ax;
    Dim cells = dim_const(ax[0].in * ax[1].in);
    Dim places = dim_const(ax[0].size * ax[1].size);
    Dim results = dim_const(ax[0].out * ax[1].out);
    if (c.x_cn) {
        c.xb = cells;
        c.xg = times(c.batch, cells);
        c.xc = times(g, c.xg);
    } else {
        c.xc = cells;
        c.xg = times(c.channels, cells);
        c.xb = times(g, c.xg);
    }
    c.wo = c.w_io ? places : times(c.channels, places);
    c.wc = c.w_io ? times(c.outputs, places) : places;
    c.yb = c.y_cn ? results : times(c.outputs, results);
    c.yo = c.y_cn ? times(c.batch, results) : results;
    return c;
}

void lowering_conv_sizes(Kernel *k, const Node *n)
{
    Conv c = lowering_conv(n);
    kernel_dim(k, "B", c.batch);
    kernel_dim(k, "O", c.outputs);
    kernel_dim(k, "OG", c.group_outputs);
    kernel_dim(k, "CG", c.channels);
    kernel_dim(k, "XB", c.xb);
    kernel_dim(k, "XG", c.xg);
    kernel_dim(k, "XC", c.xc);
    kernel_dim(k, "WO", c.wo);
    kernel_dim(k, "WC", c.wc);
    kernel_dim(k, "YB", c.yb);
    kernel_dim(k, "YO", c.yo);
    kernel_int(k, "Y_CN", c.y_cn);
    static const char *const names[][2] = {
        {"H", "W"},   {"OH", "OW"}, {"KH", "KW"}, {"SH", "SW"},
        {"DH", "DW"}, {"LH", "LW"}, {"PH", "PW"},
    };
    for (int i = 0; i < 2; i++) {
        const WindowAxis *a = &c.window.ax[i];
        int64_t value[] = {a->in,     a->out, a->size,  a->stride,
                           a->dilate, a->low, a->spread};
        for (int j = 0; j < 7; j++)
            kernel_int(k, names[j][i], value[j]);
    }
}

void lowering_conv_groups(Kernel *k, const Node *n)
{
    int axes[] = {1, 1, n->type.rank - 2};
    kernel_groups(k, 3, axes);
}

SplitSizes lowering_conv_split(const Conv *c, const Node *n)
{
    return (SplitSizes){
        .batch = c->batch,
        .columns = c->group_outputs,
        .rows = c->window.ax[0].out,
        .groups = c->groups,
        .weights = lowering_elements(&n->in[1]->type),
        .cells = lowering_elements(&n->in[0]->type) /
                 (double)dim_at(c->batch, LOWERING_N),
    };
}

double lowering_conv_flops(const Node *n)
{
    Conv c = lowering_conv(n);
    return 2 * lowering_elements(&n->type) *
           (double)dim_at(c.channels, LOWERING_N) *
           (double)(c.window.ax[0].size * c.window.ax[1].size);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

Cells cells_of(const Conv *c, int64_t rows)
{
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    Cells s = {.rows = rows, .strided = h->stride > 1 || w->stride > 1};
    s.wp = w->out + (window_span(w) - 1) / w->stride;
    s.rp = rows + (window_span(h) - 1) / h->stride;
    s.qh = least(h->stride, window_span(h));
    s.qw = least(w->stride, window_span(w));
    s.count = c->channels.c * s.qh * s.qw * s.rp * s.wp;
    return s;
}

Cells cells_fitting(const Conv *c, const Target *t, int bytes)
{
    int64_t rows = c->window.ax[0].out;
    for (;;) {
        Cells s = cells_of(c, rows);
        if (rows == 1 || (double)(s.count * bytes) <= t->l2_bytes / 3)
            return s;
        rows = (rows + 1) / 2;
    }
}

void cells_holes(Kernel *k, const Cells *s)
{
    kernel_int(k, "ROWS", s->rows);
    kernel_int(k, "WP", s->wp);
    kernel_int(k, "RP", s->rp);
    kernel_int(k, "QH", s->qh);
    kernel_int(k, "QW", s->qw);
    kernel_int(k, "STRIDED", s->strided);
}
