/* conv_direct: sums over the window, nothing is made into a matrix.
 *
 * Five kernels: conv_rows.c for a forward pass or a gradient by the data,
 * conv_planes.c for that of channels each alone, conv_weights.c for the
 * gradient by the weights and conv_dots.c for that of few outputs, conv.c for
 * the rest and for complex numbers.
 */
#include "../lowering.h"

typedef enum Form {
    FORM_PLAIN,
    FORM_ROWS,
    FORM_WEIGHTS,
    FORM_PLANES,
    FORM_DOTS
} Form;
/* Weights are packed for it. */
#define BY_ROW_GAIN 0.9

typedef struct Direct {
    Form form;
    Tile tile;
    int64_t slack;
    /* rows: the cells of a block, sums of an output; each row for itself */
    Cells cells;
    int64_t qp;
    bool by_row;
    /* planes: a tile of tr rows by v places */
    int64_t tr, v, line, edge;
    /* weights: cells with their border, the tile, the result rounded up to it
     */
    int64_t wp, rp;
    int tb, th, tw;
    int64_t bp, ohp, owp, op;
    /* dots: as weights, tiles of tile.mr outputs by tw; elements of a row */
    int64_t span;
    double cycles; /* for one image and group (weights: for one image) */
} Direct;

static int64_t round_up(int64_t x, int64_t step)
{
    return (x + step - 1) / step * step;
}

static Direct rows_form(const Conv *c, ElemType elem, const Target *t)
{
    Direct d = {.form = FORM_ROWS};
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t outputs = c->group_outputs.c;
    double depth = (double)(c->channels.c * h->size * w->size);
    int bytes = elem_bytes(elem);
    d.cells = cells_fitting(c, t, bytes);
    for (;; d.cells = cells_of(c, (d.cells.rows + 1) / 2)) {
        int64_t cells = d.cells.rows * d.cells.wp;
        d.tile = tile_choose(elem, t, outputs, cells, depth, true);
        if (d.tile.mr == 0)
            return (Direct){0};
        d.qp = round_up(cells, d.tile.nr);
        if (d.cells.rows == 1 ||
            (double)(d.tile.mr * d.qp * bytes) <= t->l1_bytes)
            break;
    }
    d.slack = d.tile.nr + window_span(w) - 1;
    int64_t blocks = (h->out + d.cells.rows - 1) / d.cells.rows;
    int64_t places = d.cells.rows * d.cells.wp;
    /* What a tile reads: rows of weights, and a line or two of cells for each
     * channel and row of the window. */
    double lines = (double)(c->channels.c * h->size *
                            (w->stride < w->size ? w->stride : w->size));
    double read = depth * (double)(d.tile.mr * bytes) +
                  lines * (double)(64 + (d.tile.nr + w->size) * bytes);
    double tiles = tile_cycles_beside(&d.tile, outputs, places, depth, read, t);
    /* More pages than are found at once, each of a channel: a tile visits all.
     */
    int64_t plane = d.cells.rp * d.cells.wp, pages = d.cells.count / plane;
    if (plane * bytes >= 4096 && pages > 60)
        tiles += 14 * (double)(pages * ceil_div(outputs, d.tile.mr) *
                               ceil_div(places, d.tile.nr));
    else if ((double)(d.cells.count * bytes) > t->l2_bytes)
        tiles *= 1.4;
    d.cycles =
        (double)blocks *
            (tiles + (d.cells.strided ? 0.6 : 0.3) * (double)d.cells.count +
             0.7 * (double)(outputs * places)) +
        0.7 * depth;
    return d;
}

/* The rows of the window that see any cell, over all rows of the result. */
static int64_t rows_seen(const WindowAxis *a)
{
    int64_t seen = 0;
    for (int64_t p = 0; p < a->out; p++)
        for (int64_t k = 0; k < a->size; k++) {
            int64_t cell = p * a->stride + k * a->dilate - a->low;
            seen += cell >= 0 && cell < a->in;
        }
    return seen;
}

/* conv_rows.c with each row for itself. */
static Direct by_row_form(const Conv *c, ElemType elem, const Target *t)
{
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t outputs = c->group_outputs.c, bytes = elem_bytes(elem);
    double depth = (double)(c->channels.c * w->size);
    Direct d = {.form = FORM_ROWS, .by_row = true};
    d.cells = cells_fitting(c, t, (int)bytes);
    d.tile =
        tile_choose(elem, t, outputs, w->out, depth * (double)h->size, true);
    if (d.tile.mr == 0 || h->stride > 1 || w->stride > 1)
        return (Direct){0};
    d.qp = round_up(w->out, d.tile.nr) * d.cells.rows;
    d.slack = d.tile.nr + window_span(w) - 1;
    double seen = (double)rows_seen(h) / (double)h->out;
    double tiles =
        (double)h->out * tile_cycles(&d.tile, outputs, w->out, depth * seen);
    int64_t blocks = (h->out + d.cells.rows - 1) / d.cells.rows;
    d.cycles = tiles + 0.3 * (double)(blocks * d.cells.count) +
               0.7 * (double)(outputs * h->out * w->out) +
               0.7 * depth * (double)h->size;
    return d;
}

static int64_t weight_tiles(const Direct *d)
{
    if (d->form == FORM_DOTS)
        return d->bp * d->ohp * (d->owp / d->tw) * (d->op / d->tile.mr);
    return d->bp / d->tb * (d->ohp / d->th) * (d->owp / d->tw) *
           (d->op / d->tile.nr);
}

/* How many times its share the busiest thread does. */
static double shared(int64_t tiles, int threads)
{
    if (threads < 2)
        return 1;
    return (double)((tiles + threads - 1) / threads * threads) / (double)tiles;
}

/* The tile of conv_planes.c; no form where it does not apply. */
static Direct planes_form(const Conv *c, ElemType elem, const Target *t)
{
    enum { MOST_ROWS = 4, MOST_WINDOW = 25, MOST_COLUMNS = 8 };
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t v = t->vector_bytes / elem_bytes(elem);
    int64_t high = w->out - 1 + window_span(w) - w->low - w->in;
    if (!dim_equal(c->channels, dim_const(1)) || c->group_outputs.c != 1 ||
        h->stride * w->stride * h->dilate * w->dilate != 1 || w->out < v ||
        w->low < 0 || w->low > v || w->low > w->in || high < 0 || high > v ||
        high > w->in || h->size * w->size > MOST_WINDOW ||
        w->size > MOST_COLUMNS || h->size > MOST_COLUMNS)
        return (Direct){0};
    Direct d = {.form = FORM_PLANES, .v = v};
    d.tr = h->out < MOST_ROWS ? h->out : MOST_ROWS;
    d.line = w->out + w->size - 1;
    d.edge = (w->out - high) / v * v;
    d.cycles = (double)(ceil_div(h->out, d.tr) * (ceil_div(w->out, v) + 1)) *
               (double)d.tr * (0.65 * (double)(h->size * w->size) + 1);
    return d;
}

/* The tile of conv_weights.c: tb channels or th rows, tw columns, nr outputs.
 */
static Direct weights_form(const Conv *c, ElemType elem, const Target *t)
{
    enum { MOST = 16 };
    Direct best = {0};
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t channels = c->batch.c, outputs = c->group_outputs.c;
    double depth = (double)(h->size * w->size);
    for (int by_row = 0; by_row < 2; by_row++)
        for (int tr = 1; tr <= MOST && tr <= (by_row ? h->out : channels); tr++)
            for (int tw = 1; tw * tr <= 2 * MOST && tw <= w->out; tw++) {
                Direct d = {.form = FORM_WEIGHTS};
                d.tb = by_row ? 1 : tr;
                d.th = by_row ? tr : 1;
                d.tw = tw;
                d.tile = tile_columns(elem, t, tr * tw, outputs, depth);
                if (d.tile.mr == 0 || tw > MOST)
                    continue;
                d.bp = round_up(channels, d.tb);
                d.ohp = round_up(h->out, d.th);
                d.owp = round_up(w->out, d.tw);
                d.op = round_up(outputs, d.tile.nr);
                d.cycles =
                    tile_cycles(&d.tile, d.bp * d.ohp * d.owp, outputs, depth);
                d.cycles *= shared(weight_tiles(&d), t->threads);
                if (!best.tile.mr || d.cycles < best.cycles)
                    best = d;
            }
    best.wp = (w->out - 1) * w->stride + window_span(w);
    best.rp = (best.ohp - 1) * h->stride + window_span(h);
    best.slack = (best.owp - w->out) * w->stride;
    best.cycles += 0.4 * (double)(channels * best.rp * best.wp) +
                   0.3 * depth * (double)best.op;
    return best;
}

/* The tile of conv_dots.c. */
static Direct dots_form(const Conv *c, ElemType elem, const Target *t)
{
    enum { MOST = 8 };
    Direct best = {0};
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    int64_t outputs = c->group_outputs.c;
    int lanes = t->vector_bytes / elem_bytes(elem);
    if (h->dilate > 1 || w->dilate > 1)
        return best;
    for (int mr = 1; mr <= MOST && mr <= outputs; mr++)
        for (int tw = 1; tw <= MOST && tw <= w->out; tw++) {
            Direct d = {.form = FORM_DOTS, .tw = tw};
            if (mr * tw + mr + 2 > t->vector_registers)
                continue;
            d.tile = (Tile){t->vector_bytes, lanes, mr, lanes};
            d.bp = c->batch.c;
            d.ohp = h->out;
            d.owp = round_up(w->out, tw);
            d.op = round_up(outputs, mr);
            d.wp = (w->out - 1) * w->stride + w->size;
            d.rp = (h->out - 1) * h->stride + h->size;
            d.span = round_up((h->size - 1) * d.wp + w->size, lanes);
            d.slack = (d.owp - w->out) * w->stride + lanes;
            int64_t tiles = weight_tiles(&d);
            d.cycles = (double)tiles *
                       ((double)(d.span / lanes) * tile_step_cycles(mr, tw) +
                        20 + 2 * mr * tw);
            d.cycles *= shared(tiles, t->threads);
            d.cycles += 0.4 * (double)(d.bp * d.rp * d.wp) +
                        0.3 * (double)(outputs * d.span);
            if (!best.form || d.cycles < best.cycles)
                best = d;
        }
    return best;
}

static Direct direct(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    ElemType elem = n->in[0]->type.elem;
    const WindowAxis *ax = c.window.ax;
    bool spread = ax[0].spread > 1 || ax[1].spread > 1;
    if (elem == ELEM_C128 || spread || !dim_is_const(c.outputs))
        return (Direct){0};
    if (c.x_cn && c.w_io && c.y_cn && dim_is_const(c.batch)) {
        Direct weights = weights_form(&c, elem, t);
        Direct dots = dots_form(&c, elem, t);
        return dots.form && dots.cycles < weights.cycles ? dots : weights;
    }
    if (!dim_is_const(c.channels))
        return (Direct){0};
    Direct planes = planes_form(&c, elem, t);
    if (planes.form)
        return planes;
    Direct rows = rows_form(&c, elem, t), alone = by_row_form(&c, elem, t);
    return alone.form && alone.cycles < BY_ROW_GAIN * rows.cycles ? alone
                                                                  : rows;
}

static int64_t scratch(const Node *n, const Target *t)
{
    Direct d = direct(n, t);
    Conv c = lowering_conv(n);
    int64_t bytes = elem_bytes(n->in[0]->type.elem);
    int64_t window = c.window.ax[0].size * c.window.ax[1].size;
    if (d.form == FORM_PLANES)
        return 3 * d.line * bytes;
    if (d.form == FORM_ROWS) {
        int64_t depth = c.channels.c * window;
        int64_t reals = d.cells.count + d.slack + d.tile.mr * d.qp +
                        (c.w_io || d.by_row) * c.outputs.c * depth;
        return reals * bytes + depth * 4;
    }
    if (d.form == FORM_DOTS) {
        int64_t reals = weight_tiles(&d) * d.tile.mr * d.tw * d.tile.lanes +
                        d.op * d.span + d.bp * d.rp * d.wp + d.slack;
        return reals * bytes;
    }
    if (d.form == FORM_WEIGHTS) {
        int64_t reals = d.bp * d.ohp * d.owp * d.op + d.bp * d.rp * d.wp +
                        d.slack + window * d.tile.nr;
        return reals * bytes + window * 4;
    }
    return 0;
}

static void lower(Emit *e, const Node *n)
{
    static const char *const files[] = {"conv", "conv_rows", "conv_weights",
                                        "conv_planes", "conv_dots"};
    Direct d = direct(n, emit_options(e)->target);
    Kernel *k = kernel_new(e, n, files[d.form]);
    lowering_conv_sizes(k, n);
    if (d.form == FORM_PLANES) {
        kernel_int(k, "TR", d.tr);
        kernel_int(k, "V", d.v);
        kernel_int(k, "VB", emit_options(e)->target->vector_bytes);
        kernel_int(k, "EDGE", d.edge);
    } else if (d.form == FORM_DOTS) {
        kernel_int(k, "STRIDED", 0);
        kernel_int(k, "VB", d.tile.vb);
        kernel_int(k, "MR", d.tile.mr);
        kernel_int(k, "TW", d.tw);
        kernel_int(k, "OWP", d.owp);
        kernel_int(k, "OP", d.op);
        kernel_int(k, "WP", d.wp);
        kernel_int(k, "RP", d.rp);
        kernel_int(k, "SPAN", d.span);
        kernel_int(k, "SLACK", d.slack);
        kernel_int(k, "TILES", weight_tiles(&d));
    } else if (d.form != FORM_PLAIN) {
        kernel_int(k, "NR", d.tile.nr);
        kernel_int(k, "VB", d.tile.vb);
        kernel_int(k, "TURN", tile_turn(&d.tile));
        kernel_int(k, "SLACK", d.slack);
    }
    if (d.form == FORM_ROWS) {
        cells_holes(k, &d.cells);
        kernel_int(k, "MR", d.tile.mr);
        kernel_int(k, "B_TABLE", 1);
        kernel_int(k, "QP", d.qp);
        kernel_int(k, "PACK_W", lowering_conv(n).w_io || d.by_row);
        kernel_int(k, "BY_ROW", d.by_row);
    } else if (d.form == FORM_WEIGHTS) {
        kernel_int(k, "STRIDED", 0);
        kernel_int(k, "WP", d.wp);
        kernel_int(k, "RP", d.rp);
        kernel_int(k, "TR", d.tb * d.th);
        kernel_int(k, "TB", d.tb);
        kernel_int(k, "TH", d.th);
        kernel_int(k, "TW", d.tw);
        kernel_int(k, "BP", d.bp);
        kernel_int(k, "OHP", d.ohp);
        kernel_int(k, "OWP", d.owp);
        kernel_int(k, "OP", d.op);
        kernel_int(k, "TILES", weight_tiles(&d));
        kernel_int(k, "PACK_A", 0);
        kernel_int(k, "PACK_B", 1);
    }
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    if (d.form != FORM_PLAIN)
        kernel_scratch(k);
    kernel_out(k);
    lowering_conv_groups(k, n);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Direct d = direct(n, t);
    Conv c = lowering_conv(n);
    double flops = lowering_conv_flops(n), cycles = 2 * flops;
    double images = (double)dim_at(c.batch, LOWERING_N);
    if (d.form == FORM_WEIGHTS || d.form == FORM_DOTS)
        images = (double)dim_at(c.channels, LOWERING_N);
    if (d.form != FORM_PLAIN)
        cycles = d.cycles * images * (double)c.groups;
    return lowering_cost(n, t, flops, cycles, scratch(n, t));
}

static Split split(const Node *n, const Target *t)
{
    Direct d = direct(n, t);
    Conv c = lowering_conv(n);
    if ((d.form == FORM_WEIGHTS || d.form == FORM_DOTS) &&
        split_fits(dim_const(weight_tiles(&d)), 1, t))
        return SPLIT_COLUMNS;
    if (d.form != FORM_ROWS && d.form != FORM_PLANES)
        return SPLIT_NONE;
    SplitSizes s = lowering_conv_split(&c, n);
    s.column_step = d.tile.mr;
    if (d.form == FORM_PLANES) /* a plane and its channel are one loop */
        s.rows = s.column_step = 1;
    return split_conv(&s, t);
}

const Impl impl_conv_direct = {
    .name = "direct",
    .doc = "sums over the window, in register tiles where it can",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
