/* Convolutions on channel-blocked arrays: rows, border, chunks of channels and
 * register tile.
 *
 * The tile holds mr places of a row by nb output blocks. All tile counts of a
 * row and all nb are tried; the fewest cycles win.
 */
#include "lowering.h"

#include <math.h>

enum { MOST_BLOCKS = 4, MOST_PLACES = 14 };

/* Copied elements that `rows` result rows see. */
static int64_t row_cells(const Blocked *b, int64_t rows)
{
    int64_t rp = (rows - 1) * b->h.stride + window_span(&b->h);
    return b->chunk * b->xv * b->copies * rp * b->wp;
}

/* Spread cells are read from L1 as the weights are: as many channel blocks at a
 * time as leave half of it free. */
static int64_t chunk_spread(const Blocked *b, int bytes, const Target *t)
{
    enum { LEAST = 128 }; /* steps, or sums wait too often */
    int64_t depth = b->xv * b->h.size * b->w.size;
    int64_t step = b->nb * b->v + b->copies * b->mr / 2;
    double room = t->l1_bytes / 2 / (double)(step * depth * bytes);
    int64_t most = ceil_div(LEAST, depth);
    most = room > (double)most ? (int64_t)room : most;
    return most < b->cb ? ceil_div(b->cb, ceil_div(b->cb, most)) : b->cb;
}

/* Many channels of a small image: where all cells exceed a third of L2, but
 * not those of a chunk, rows stay whole and weights come once. */
static int64_t chunk_rows(Blocked *b, int bytes, const Target *t)
{
    enum { DEPTH = 512 };
    int64_t depth = b->xv * b->h.size * b->w.size;
    double room = t->l2_bytes / 3 / bytes;
    double weights = (double)(b->ob * b->v * b->cb * depth * bytes);
    b->chunk = b->cb;
    if (weights < t->l2_bytes || b->cb * depth < 2 * DEPTH ||
        (double)row_cells(b, b->h.out) <= room)
        return b->cb;
    b->chunk = ceil_div(b->cb, b->cb * depth / DEPTH);
    return (double)row_cells(b, b->h.out) > room ? b->cb : b->chunk;
}

static void choose_chunk(Blocked *b, int bytes, const Target *t)
{
    b->wp = (b->w.out - 1) * b->w.stride + window_span(&b->w);
    if (b->whole || b->spare > 0 || b->xv == 1)
        b->chunk = b->cb;
    else if (b->copies > 1)
        b->chunk = chunk_spread(b, bytes, t);
    else
        b->chunk = chunk_rows(b, bytes, t);
}

static void choose_rows(Blocked *b, int bytes, const Target *t)
{
    b->wp = (b->w.out - 1) * b->w.stride + window_span(&b->w);
    b->rows = b->h.out;
    while (b->rows > 1 &&
           (double)(row_cells(b, b->rows) * bytes) > t->l2_bytes / 3)
        b->rows = (b->rows + 1) / 2;
    /* Blocks of one size. */
    b->rows = ceil_div(b->h.out, ceil_div(b->h.out, b->rows));
    b->rp = (b->rows - 1) * b->h.stride + window_span(&b->h);
}

/* A pointwise convolution's plane as h rows of w places: the longest rows that
 * leave a third of L2 to the cells, as many for each thread where they cannot share
 * blocks of channels; whole rows of the image where they are picked. */
static void choose_plane(Blocked *b, int bytes, const Target *t)
{
    int64_t step = b->pick ? b->w.out : 1;
    int64_t places = b->h.out * b->w.out, best = step;
    int64_t threads = t->threads > 1 && b->ob <= 2 * t->threads &&
                              places % (t->threads * step) == 0
                          ? t->threads
                          : 1;
    double room = t->l2_bytes / 3;
    for (int64_t w = step; w * threads <= places; w += step)
        if (places % (w * threads) == 0 &&
            (w <= 2 * MOST_PLACES ||
             (double)(b->chunk * b->xv * w * bytes) <= room))
            best = w;
    b->w.in = b->w.out = best;
    b->h.in = b->h.out = places / best;
}

/* Cells in plain form: a line of the cache for each channel and row of the
 * window, of which a tile uses a few places. Where they do not all stay in L1,
 * and on long rows of many channels, whose lines compete for few places of it, a
 * step takes 1.2 to 1.7 times as long (measured on 20 shapes). */
static double apart(const Blocked *b, const Target *t)
{
    const double line = 64;
    double lines = (double)(b->cb * b->h.size);
    bool near =
        lines * line < t->l1_bytes / 4 && (b->h.in > 1 || b->cb < b->v);
    return b->xv > 1 || near ? 1 : 1.35;
}

/* Cycles of a step. Where products and sums are two instructions, spread cells
 * leave four of arithmetic a cycle, six of all, 1.7 loads; a tile that spreads
 * each cell itself takes a third longer, and counts as a fused one: measured
 * with SSE on Zen 3. */
static double step_cycles(const Blocked *b, int mr, int nv, const Target *t)
{
    if (b->copies == 1)
        return tile_step_within(mr, nv, t);
    double units = mr * nv / 2.0, all = (3 * mr * nv + nv + 3) / 6.0;
    double loads = 0.6 * (mr + nv);
    return 0.72 * fmax(fmax(units, all), loads);
}

/* Registers of a tile: sums, weights, a cell; a product where it has to wait
 * for its sum. */
static int64_t registers(const Blocked *b, int64_t mr, int64_t nv)
{
    return mr * nv + nv + (b->copies > 1 ? 2 : 1);
}

/* Cycles of a tile with mr places and nb blocks. */
static double tile_of(const Blocked *b, int64_t mr, int64_t nb, int bytes,
                      const Target *t)
{
    int nv = (int)(nb * b->v * bytes / (b->vb ? b->vb : bytes));
    double depth =
        (double)((b->cb * b->xv - b->spare) * b->h.size * b->w.size);
    return depth * step_cycles(b, (int)mr, nv, t) + 8 + (double)(mr * nv);
}

static void choose_tile(Blocked *b, int bytes, const Target *t)
{
    int parts = (int)(b->v * bytes / (b->vb ? b->vb : bytes));
    double best = 0;
    for (int64_t nb = 1; nb <= MOST_BLOCKS && nb <= b->ob; nb++)
        for (int64_t mr = 1; mr <= MOST_PLACES && mr <= b->w.out; mr++) {
            if (registers(b, mr, nb * parts) > t->vector_registers &&
                mr * nb > 1)
                break;
            int64_t tiles = ceil_div(b->w.out, mr);
            int64_t few = tiles * mr - b->w.out, many = tiles - few;
            if (many < 1)
                continue;
            double row = (double)many * tile_of(b, mr, nb, bytes, t);
            if (few > 0)
                row += (double)few * tile_of(b, mr - 1, nb, bytes, t);
            double cycles = row * (double)(ceil_div(b->ob, nb) * b->h.out);
            if (best > 0 && cycles >= best)
                continue;
            best = cycles;
            b->nb = nb;
            b->mr = mr;
            b->many = many;
            b->few = few;
        }
    b->cycles = best * (double)b->groups * apart(b, t);
}

/* Weights of twice L2 are fetched while tiles use those before, which all tiles
 * of an output block share; where they are read more often than twice that
 * costs as much as it saves. */
static void choose_ahead(Blocked *b, int bytes, const Target *t)
{
    enum { LINE = BLOCKED_LINE_BYTES, MOST = 16 };
    int64_t block = b->h.size * b->w.size * b->xv * b->v * bytes;
    b->lines = block / LINE;
    b->ahead = ceil_div(b->lines, b->rows * (b->many + b->few));
    if ((double)(b->groups * b->ob * b->cb * block) <= 2 * t->l2_bytes ||
        b->xv == 1 || b->ahead * b->nb > MOST ||
        ceil_div(b->h.out, b->rows) > 2)
        b->ahead = 0;
}

void lowering_roots(Kernel *k, Emit *e, int64_t n, ElemType elem)
{
    Arena *a = emit_arena(e);
    Text t = {.arena = a};
    for (int64_t i = 0; i < 2 * n; i++) {
        /* Quarter turns are exact. */
        double turn = 2 * acos(-1) * (double)(i / 2) / (double)n;
        double v = i % 2 ? -sin(turn) : cos(turn);
        if (fabs(v) < 1e-12)
            v = 0;
        text_printf(&t, "%s%s", i ? ", " : "",
                    scalar_c(a, scalar_const(a, v), NULL, NULL, elem, false));
    }
    kernel_text(k, "ROOTS", "%s", t.data);
}

static void choose_sizes(Blocked *b, int64_t copies, int bytes, const Target *t)
{
    b->copies = copies;
    choose_tile(b, bytes, t);
    choose_chunk(b, bytes, t);
    choose_rows(b, bytes, t);
    choose_ahead(b, bytes, t);
    if (b->border || b->pick)
        b->cycles += 0.25 * (double)(b->groups * row_cells(b, b->rows) *
                                     ceil_div(b->cb, b->chunk) *
                                     ceil_div(b->h.out, b->rows));
}

/* Windows that share cells: these are spread over the lanes of a vector once,
 * when they are copied, where multiply-adds cannot do it. */
static void choose_copies(Blocked *b, int bytes, const Target *t)
{
    choose_sizes(b, 1, bytes, t);
    if (t->fused || b->vb == 0 || b->h.size * b->w.size == 1 || b->w.out == 1)
        return;
    Blocked spread = *b;
    spread.border = true;
    choose_sizes(&spread, b->vb / bytes, bytes, t);
    if (spread.cycles < b->cycles)
        *b = spread;
}

int blocked_vector_bytes(int64_t v, int bytes, const Target *t)
{
    int vb = t->vector_bytes;
    while (vb >= 16 && v * bytes % vb != 0)
        vb /= 2;
    return vb < 16 ? 0 : vb;
}

void blocked_plan(Blocked *b, ElemType elem, const Target *t)
{
    int bytes = elem_bytes(elem);
    bool pointwise = b->h.size == 1 && b->w.size == 1 && b->h.stride == 1 &&
                     b->w.stride == 1 && b->h.in == b->h.out &&
                     b->w.in == b->w.out && b->h.low == 0 && b->w.low == 0;
    b->border = false;
    b->pick = b->h.size == 1 && b->w.size == 1 && b->xv > 1 &&
              b->h.stride * b->w.stride > 1 && b->h.low == 0 && b->w.low == 0 &&
              ceil_div(b->h.in, b->h.stride) == b->h.out &&
              ceil_div(b->w.in, b->w.stride) == b->w.out;
    if (b->pick) {
        b->ph = b->h;
        b->pw = b->w;
        b->h.stride = b->w.stride = 1;
    }
    b->copies = 1;
    choose_chunk(b, bytes, t);
    if (pointwise || b->pick)
        choose_plane(b, bytes, t);
    for (int i = 0; i < 2; i++) {
        const WindowAxis *a = i ? &b->w : &b->h;
        int64_t last = (a->out - 1) * a->stride + window_span(a) - 1 - a->low;
        b->border |= a->low != 0 || last >= a->in;
    }
    b->vb = blocked_vector_bytes(b->v, bytes, t);
    choose_copies(b, bytes, t);
    blocked_walk(b, bytes, t);
}

Blocked blocked_of(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    Window window = window_blocked(n);
    Blocked b = {.groups = attr_int(n, "groups"),
                 .cb = w->dim[1].c,
                 .xv = x->dim[x->rank - 1].c,
                 .spare = attr_int(n, "spare"),
                 .v = w->dim[w->rank - 1].c,
                 .h = window.ax[0],
                 .w = window.ax[1],
                 .whole = n->type.elem != x->elem};
    b.ob = w->dim[0].c / b.groups;
    blocked_plan(&b, x->elem, t);
    return b;
}

int64_t blocked_scratch(const Blocked *b, ElemType elem)
{
    bool copies = b->pick || b->border;
    return copies ? row_cells(b, b->rows) * elem_bytes(elem) : 0;
}
