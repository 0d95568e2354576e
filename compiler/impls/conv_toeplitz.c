/* conv_toeplitz: the windows of the input as columns of a matrix, a few at a
 * time, and a matrix product. */
#include "../lowering.h"

typedef struct Toeplitz {
    Tile tile;
    int64_t depth;  /* rows of the matrix */
    int64_t rows;   /* result rows of a block */
    int64_t wp, rp; /* cells of a row, rows of a block with their border */
    int64_t slack;
    bool spread;
    double cycles; /* for one image and group */
} Toeplitz;

/* Cycles to make the columns of one panel. */
static double gather_cycles(const Toeplitz *z, const Conv *c)
{
    const WindowAxis *w = &c->window.ax[1];
    double runs = 1 + (double)((z->tile.nr - 1 + w->out - 1) / w->out);
    double a_row = w->stride == 1
                       ? runs * (4 + 2 * z->tile.nr / z->tile.lanes)
                       : 1.5 * z->tile.nr;
    return a_row * (double)z->depth;
}

static Toeplitz toeplitz(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    ElemType elem = n->in[0]->type.elem;
    Toeplitz z = {0};
    const WindowAxis *h = &c.window.ax[0], *w = &c.window.ax[1];
    if (elem == ELEM_C128 || !dim_is_const(c.outputs) ||
        !dim_is_const(c.channels))
        return z;
    int64_t bytes = elem_bytes(elem), outputs = c.group_outputs.c;
    z.depth = c.channels.c * h->size * w->size;
    z.spread = h->spread > 1 || w->spread > 1;
    z.wp = (w->out - 1) * w->stride + window_span(w);
    for (z.rows = h->out;; z.rows = (z.rows + 1) / 2) {
        z.rp = (z.rows - 1) * h->stride + window_span(h);
        if (z.rows == 1 || (double)(c.channels.c * z.rp * z.wp * bytes) <=
                               t->l2_bytes / 3)
            break;
    }
    int64_t places = z.rows * w->out;
    z.tile = tile_choose(elem, t, outputs, places, (double)z.depth, true);
    if (z.tile.mr == 0)
        return z;
    z.slack = ((z.tile.nr - 1) / w->out + 2) * h->stride * z.wp + z.tile.nr;
    double blocks = (double)((h->out + z.rows - 1) / z.rows);
    double panels = (double)((places + z.tile.nr - 1) / z.tile.nr);
    z.cycles = blocks * (tile_cycles(&z.tile, outputs, places,
                                     (double)z.depth) +
                         panels * gather_cycles(&z, &c) +
                         0.4 * (double)(c.channels.c * z.rp * z.wp) +
                         0.5 * (double)(outputs * places));
    return z;
}

static int64_t scratch(const Node *n, const Target *t)
{
    Toeplitz z = toeplitz(n, t);
    Conv c = lowering_conv(n);
    if (z.tile.mr == 0)
        return 0;
    int64_t reals = c.channels.c * z.rp * z.wp + z.slack +
                    (z.depth + 1) * z.tile.nr +
                    c.w_io * c.outputs.c * z.depth;
    return reals * elem_bytes(n->in[0]->type.elem);
}

static bool applies(const Node *n, const Target *t)
{
    const int64_t most = 16 << 20;
    return toeplitz(n, t).tile.mr > 0 && lowering_scratch(n, scratch) <= most;
}

static void lower(Emit *e, const Node *n)
{
    Toeplitz z = toeplitz(n, emit_options(e)->target);
    Kernel *k = kernel_new(e, n, "conv_toeplitz");
    lowering_conv_sizes(k, n);
    tile_holes(k, &z.tile);
    kernel_int(k, "B_TABLE", 0);
    kernel_int(k, "SPREAD", z.spread);
    kernel_int(k, "WP", z.wp);
    kernel_int(k, "RP", z.rp);
    kernel_int(k, "ROWS", z.rows);
    kernel_int(k, "SLACK", z.slack);
    kernel_int(k, "PACK_W", lowering_conv(n).w_io);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_scratch(k);
    kernel_out(k);
    lowering_conv_groups(k, n);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Toeplitz z = toeplitz(n, t);
    Conv c = lowering_conv(n);
    double images = (double)dim_at(c.batch, LOWERING_N) * (double)c.groups;
    return lowering_cost(n, t, lowering_conv_flops(n), z.cycles * images,
                         lowering_scratch(n, scratch));
}

const Impl impl_conv_toeplitz = {
    .name = "toeplitz",
    .doc = "windows as a matrix, then a matrix product",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
