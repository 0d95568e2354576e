/* conv_toeplitz: a convolution as a product with the Toeplitz matrix of its
 * input, a few columns at a time.
 *
 * Two kernels: conv_toeplitz.c gathers the windows into columns and multiplies
 * them by the weights; conv_scatter.c, for stride 1, multiplies the transposed
 * weights by the cells and adds the products where they belong, which is
 * cheaper for a spread input (the gradient of a strided convolution).
 */
#include "../lowering.h"

typedef struct Toeplitz {
    bool scatter;
    Tile tile;
    int64_t depth; /* rows of the matrix */
    int64_t slack;
    double cycles;      /* for one image and group */
    Cells cells;        /* gather: those of a block */
    int64_t ah, aw, cw; /* scatter: sums, cells of a row */
    bool spread;
} Toeplitz;

/* Cycles to make the columns of one panel. */
static double gather_cycles(const Toeplitz *z, const WindowAxis *w)
{
    double runs = 1 + (double)(z->tile.nr - 1) / (double)w->out;
    return runs * (2.5 + z->tile.nr / z->tile.lanes) * (double)z->depth;
}

static Toeplitz gather(const Conv *c, ElemType elem, const Target *t)
{
    Toeplitz z = {0};
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t outputs = c->group_outputs.c;
    if (h->spread > 1 || w->spread > 1)
        return z;
    z.depth = c->channels.c * h->size * w->size;
    z.cells = cells_fitting(c, t, elem_bytes(elem));
    int64_t places = z.cells.rows * w->out;
    z.tile = tile_choose(elem, t, outputs, places, (double)z.depth, true);
    if (z.tile.mr == 0)
        return z;
    z.slack = ((z.tile.nr - 1) / w->out + 2) * z.cells.wp + z.tile.nr;
    double blocks = (double)((h->out + z.cells.rows - 1) / z.cells.rows);
    double panels = (double)((places + z.tile.nr - 1) / z.tile.nr);
    double tiles =
        tile_cycles_beside(&z.tile, outputs, places, (double)z.depth, 0, t);
    z.cycles = blocks * (tiles + panels * gather_cycles(&z, w) +
                         (z.cells.strided ? 0.6 : 0.4) * (double)z.cells.count +
                         0.8 * (double)(outputs * places)) +
               0.7 * (double)z.depth;
    return z;
}

static Toeplitz scatter(const Conv *c, ElemType elem, const Target *t)
{
    Toeplitz z = {.scatter = true};
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t channels = c->channels.c, outputs = c->group_outputs.c;
    z.spread = h->spread > 1 || w->spread > 1;
    z.ah = (h->in - 1) * h->spread + window_span(h);
    z.aw = (w->in - 1) * w->spread + window_span(w);
    z.cw = z.spread ? w->in : z.aw;
    z.depth = outputs * h->size * w->size;
    int64_t cells = h->in * z.cw;
    z.tile = tile_choose(elem, t, z.depth, cells, (double)channels, true);
    if (z.tile.mr == 0)
        return z;
    z.slack = window_span(w) - 1 + z.tile.nr;
    double adds = (double)(z.depth * cells);
    z.cycles = tile_cycles(&z.tile, z.depth, cells, (double)channels) +
               adds * (z.spread ? 1.5 : 1.5 / z.tile.lanes) +
               0.4 * (double)(channels * cells) +
               0.7 * (double)(outputs * z.ah * z.aw);
    return z;
}

static Toeplitz toeplitz(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    ElemType elem = n->in[0]->type.elem;
    if (elem == ELEM_C128 || !dim_is_const(c.outputs) ||
        !dim_is_const(c.channels))
        return (Toeplitz){0};
    Toeplitz z = gather(&c, elem, t);
    if (c.window.ax[0].stride == 1 && c.window.ax[1].stride == 1) {
        Toeplitz other = scatter(&c, elem, t);
        if (other.tile.mr && (!z.tile.mr || other.cycles < z.cycles))
            return other;
    }
    return z;
}

static int64_t scratch(const Node *n, const Target *t)
{
    Toeplitz z = toeplitz(n, t);
    Conv c = lowering_conv(n);
    const WindowAxis *h = &c.window.ax[0], *w = &c.window.ax[1];
    if (z.tile.mr == 0)
        return 0;
    int64_t bytes = elem_bytes(n->in[0]->type.elem), channels = c.channels.c;
    int64_t weights = c.outputs.c * channels * h->size * w->size;
    int64_t reals, ints = 0;
    if (z.scatter) {
        int64_t tiles = (z.depth + z.tile.mr - 1) / z.tile.mr;
        reals = c.group_outputs.c * z.ah * z.aw + z.slack +
                channels * h->in * z.cw + z.tile.nr +
                c.groups * tiles * channels * z.tile.mr;
        ints = z.depth + z.spread * h->in * w->in;
    } else {
        reals = z.cells.count + z.slack + (z.depth + 1) * z.tile.nr +
                c.w_io * weights;
        ints = z.depth;
    }
    return reals * bytes + ints * 4;
}

static bool applies(const Node *n, const Target *t)
{
    const int64_t most = 16 << 20;
    return toeplitz(n, t).tile.mr > 0 && scratch(n, t) <= most;
}

static void lower(Emit *e, const Node *n)
{
    Toeplitz z = toeplitz(n, emit_options(e)->target);
    Conv c = lowering_conv(n);
    Kernel *k = kernel_new(e, n, z.scatter ? "conv_scatter" : "conv_toeplitz");
    lowering_conv_sizes(k, n);
    tile_holes(k, &z.tile);
    kernel_int(k, "B_TABLE", 0);
    kernel_int(k, "SLACK", z.slack);
    if (z.scatter) {
        const WindowAxis *h = &c.window.ax[0], *w = &c.window.ax[1];
        kernel_int(k, "STRIDED", 0);
        kernel_int(k, "TILES", (z.depth + z.tile.mr - 1) / z.tile.mr);
        kernel_int(k, "APART", z.spread);
        kernel_int(k, "AH", z.ah);
        kernel_int(k, "AW", z.aw);
        kernel_int(k, "CW", z.cw);
        kernel_int(k, "OUTSIDE",
                   h->low > window_span(h) - 1 || w->low > window_span(w) - 1 ||
                       h->out - 1 - h->low + window_span(h) > z.ah ||
                       w->out - 1 - w->low + window_span(w) > z.aw);
    } else {
        kernel_int(k, "PACK_W", c.w_io);
        cells_holes(k, &z.cells);
    }
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
                         scratch(n, t));
}

static Split split(const Node *n, const Target *t)
{
    Toeplitz z = toeplitz(n, t);
    Conv c = lowering_conv(n);
    if (z.scatter)
        return split_fits(c.batch, 1, t) || !dim_is_const(c.batch) ? SPLIT_BATCH
                                                                   : SPLIT_NONE;
    SplitSizes s = lowering_conv_split(&c, n);
    s.column_step = z.tile.mr;
    return split_conv(&s, t);
}

const Impl impl_conv_toeplitz = {
    .name = "toeplitz",
    .doc = "windows as a matrix, then a matrix product",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
