/* conv_winograd: blocks of tiles, transformed, multiplied and transformed back
 * while they are in L2.
 */
#include "../lowering.h"
#include "../winograd.h"

#include <math.h>

enum { LINE_BYTES = 64 };

typedef struct Plan {
    Window window;
    int64_t m, s, t, q;        /* winograd.h; s: stride */
    int64_t groups, cg, og, v; /* blocks of channels, of outputs, lanes */
    int64_t channels;          /* of a group that are not spare */
    int vb, mr, nv, many, few; /* few tiles of mr - 1 */
    int64_t tb, run, skew;
    bool one;             /* one image, one thread */
    int64_t less;         /* tiles with one row of results, where that helps */
    bool whole;           /* all blocks have tb tiles */
    int64_t chunk;        /* blocks of channels at a time */
    int64_t lines, ahead; /* of V channels' weights; fetched by each product */
    double cycles, bytes; /* for LOWERING_N images */
} Plan;

static int64_t reals(const Plan *p)
{
    int64_t t = p->t;
    return t * t * ((p->cg * p->groups + p->nv) * p->tb * p->v + 2 * p->skew) +
           (t + 1) * ((p->run - 1) * p->m * p->s + t) * p->v;
}

static double weights_bytes(const Plan *p, int bytes)
{
    return (double)(p->q * p->q * p->og * p->groups * p->cg * p->v * p->v *
                    bytes);
}

/* Cycles of one product of mr tiles. */
static double product_cycles(int mr, int wide, double depth, const Target *t)
{
    double step = tile_step_within(mr, wide, t) + 0.3;
    return depth * step + 8 + 1.5 * mr * wide;
}

/* The tile for blocks of `tiles` tiles; cycles of their products. */
static double choose_tile(Plan *p, const Target *t, int lanes, int64_t tiles)
{
    enum { MOST_MR = 12, MOST_NV = 4 };
    double depth = (double)p->channels, best = 0;
    int parts = (int)p->v / lanes;
    for (int nv = 1; nv <= MOST_NV && nv <= p->og; nv++)
        for (int mr = 1; mr <= MOST_MR; mr++) {
            int wide = nv * parts;
            if (mr * wide + wide + 1 > t->vector_registers && mr * nv > 1)
                break;
            int64_t count = ceil_div(tiles, mr), few = count * mr - tiles;
            if (few >= count)
                few = 0;
            double all =
                ((double)(count - few) * product_cycles(mr, wide, depth, t) +
                 (double)few * product_cycles(mr - 1, wide, depth, t)) *
                (double)(ceil_div(p->og, nv) * p->groups);
            if (best > 0 && all >= best)
                continue;
            best = all;
            p->mr = mr;
            p->nv = nv;
            p->few = (int)few;
            p->many = (int)(count - few);
        }
    return best * (double)(p->t * p->t);
}

/* Cycles of a vector through both directions; farther: how many times cells and
 * sums double L1. Fitted to 100 convolutions of one image on Zen 3; those of
 * several come from farther away. */
static double line_cycles(const Plan *p, double farther)
{
    double far = p->one ? fmin(fmax(farther, 0), 4) : 3;
    return p->t < 6    ? 1 + 0.35 * far
           : p->t == 6 ? 1.4 + 0.8 * far
                       : 2 + far;
}

/* The plan for tiles in blocks of at most `tiles`. */
static void set_block(Plan *p, const Target *t, int bytes, int64_t tiles,
                      int64_t all)
{
    int lanes = p->vb ? p->vb / bytes : 1;
    int64_t blocks = ceil_div(all, tiles),
            row = ceil_div(p->window.ax[1].out, p->m);
    double products = choose_tile(p, t, lanes, ceil_div(all, blocks));
    p->tb = (int64_t)p->many * p->mr + (int64_t)p->few * (p->mr - 1);
    p->run = row < p->tb ? row : p->tb;
    /* Of m = 2 some products are for the second row of results alone. */
    int64_t rest = p->tb - row;
    p->less = p->one && p->m == 2 && p->window.ax[0].out % 2 == 1 &&
                      p->tb == all && rest > 0 && rest % p->mr == 0
                  ? row
                  : 0;
    products *= 1 - (double)(p->less * (p->q < p->t ? 2 : 1)) /
                        (double)(p->tb * p->t);
    double vectors = (double)(p->t * p->t * (p->cg + p->og) * p->groups * p->v /
                              lanes * all);
    double own = (double)(reals(p) * bytes);
    p->cycles = products * (double)blocks +
                vectors * line_cycles(p, log2(own / t->l1_bytes));
    /* What is not in L2 comes again: the weights for each block of tiles, its
     * cells for each block of outputs. */
    double u = weights_bytes(p, bytes);
    bool fits = u + own <= t->l2_bytes;
    p->bytes = fits ? 0 : u * (double)(blocks - 1);
    if (own > t->l2_bytes)
        p->bytes += own * (double)(blocks * ceil_div(p->og, p->nv));
}

static double nanoseconds(const Plan *p, const Target *t)
{
    return p->cycles / (t->gflops / t->vector_bytes) + p->bytes / t->memory_gbs;
}

/* best becomes p with blocks of at most `tiles` where that is faster. */
static void better_block(Plan *best, Plan *p, const Target *t, int bytes,
                         int64_t tiles, int64_t all)
{
    set_block(p, t, bytes, tiles, all);
    if (best->m == 0 || nanoseconds(p, t) < nanoseconds(best, t))
        *best = *p;
}

/* Where several tiles multiply the same weights these take a quarter of L1, but
 * sums wait for 128 channels at least; weights beyond L2 are fetched a product
 * ahead. */
static void set_order(Plan *p, const Target *t, int bytes)
{
    int64_t square = p->v * p->v * bytes;
    double u = weights_bytes(p, bytes);
    double once = (double)(p->cg * p->nv * square);
    int64_t parts = (int64_t)ceil(once / (t->l1_bytes / 4));
    int64_t most = p->cg * p->v / 128 > 1 ? p->cg * p->v / 128 : 1;
    p->chunk =
        p->tb > p->mr ? ceil_div(p->cg, parts < most ? parts : most) : p->cg;
    p->lines = square / LINE_BYTES;
    p->ahead = u > t->l2_bytes ? ceil_div(p->lines, p->many + p->few) : 0;
}

static Plan plan_of(const Node *n, const Target *t)
{
    enum { FEWEST = 24 };
    const Type *x = &n->in[0]->type, *u = &n->in[1]->type;
    int bytes = elem_bytes(x->elem);
    int64_t groups = attr_int(n, "groups");
    Plan p = {.window = window_winograd(n),
              .m = attr_int(n, "m"),
              .s = attr_int(n, "stride"),
              .groups = groups,
              .cg = x->dim[1].c / groups,
              .og = u->dim[0].c / groups,
              .v = x->dim[4].c,
              .channels =
                  x->dim[1].c / groups * x->dim[4].c - attr_int(n, "spare"),
              .skew = 64 / bytes};
    p.t = winograd_side(p.m, attr_int(n, "size"), p.s);
    p.q = winograd_weights_side((int)p.t);
    p.one = t->threads <= 1 && dim_equal(x->dim[0], dim_const(1));
    p.vb = blocked_vector_bytes(p.v, bytes, t);
    int64_t image =
        ceil_div(p.window.ax[0].out, p.m) * ceil_div(p.window.ax[1].out, p.m);
    int64_t all = image * dim_at(x->dim[0], LOWERING_N);
    int64_t most = image > FEWEST ? image : FEWEST;
    if (t->threads > 1 && all >= FEWEST * t->threads && all < most * t->threads)
        most = ceil_div(all, t->threads);
    most = most < all ? most : all;
    Plan best = {.m = 0};
    int64_t row = ceil_div(p.window.ax[1].out, p.m);
    for (int64_t tiles = most;; tiles = ceil_div(tiles, 2)) {
        int64_t rows = ceil_div(tiles, row) * row;
        better_block(&best, &p, t, bytes, tiles, all);
        if (rows <= most)
            better_block(&best, &p, t, bytes, rows, all);
        if (tiles <= 4)
            break;
    }
    set_order(&best, t, bytes);
    best.whole = t->threads <= 1 && dim_is_const(x->dim[0]) &&
                 all % best.tb == 0;
    return best;
}

static int64_t scratch(const Plan *p, const Node *n)
{
    return reals(p) * elem_bytes(n->in[0]->type.elem);
}

static void lower(Emit *e, const Node *n)
{
    Plan p = plan_of(n, emit_options(e)->target);
    const WindowAxis *h = &p.window.ax[0], *w = &p.window.ax[1];
    Kernel *k = kernel_new(e, n, "conv_winograd");
    struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"M", p.m},
        {"S", p.s},
        {"T", p.t},
        {"Q", p.q},
        {"C", p.channels},
        {"CUT", p.channels % p.v != 0},
        {"CG", p.cg},
        {"OG", p.og},
        {"CB", p.cg * p.groups},
        {"OB", p.og * p.groups},
        {"H", h->in},
        {"W", w->in},
        {"OH", h->out},
        {"OW", w->out},
        {"LH", h->low},
        {"LW", w->low},
        {"V", p.v},
        {"VB", p.vb},
        {"MR", p.mr},
        {"NV", p.nv},
        {"MANY", p.many},
        {"FEW", p.few},
        {"TB", p.tb},
        {"RUN", p.run},
        {"SKEW", p.skew},
        {"WHOLE", p.whole},
        {"LESS", p.less},
        {"CHUNK", p.chunk},
        {"AHEAD", p.ahead},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_int(k, "LINES", p.lines > 0 ? p.lines : 1);
    kernel_int(k, "LINE", LINE_BYTES / elem_bytes(n->in[0]->type.elem));
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_scratch(k);
    kernel_out(k);
    int axes[] = {1, 1, 2, 1};
    kernel_groups(k, 4, axes);
    kernel_emit(k);
}

/* More weights than this share of the last cache are taken to come from memory:
 * between two calls those of the other layers pass through it. */
static const double share_of_l3 = 0.2;

static Cost cost(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    double tiles = (double)(ceil_div(p.window.ax[0].out, p.m) *
                            ceil_div(p.window.ax[1].out, p.m) *
                            dim_at(n->type.dim[0], LOWERING_N));
    double flops =
        2 * tiles * (double)(p.t * p.t * p.channels * p.og * p.v * p.groups);
    Target cold = *t;
    if (weights_bytes(&p, elem_bytes(n->in[0]->type.elem)) >
            share_of_l3 * t->l3_bytes && t->l3_bytes > 0)
        cold.memory_gbs = t->dram_gbs;
    Cost c = lowering_cost(n, &cold, flops, p.cycles, scratch(&p, n));
    c.bytes += p.bytes;
    c.seconds += 0.2 * p.bytes / t->memory_gbs * 1e-9;
    return c;
}

/* Tiles, unless there are few; then outputs, and every thread transforms all
 * cells. */
static Split split(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    Dim tiles, one = dim_const(ceil_div(p.window.ax[0].out, p.m) *
                               ceil_div(p.window.ax[1].out, p.m));
    if (!dim_mul(n->type.dim[0], one, &tiles))
        return SPLIT_NONE;
    if (split_fits(tiles, p.mr, t))
        return SPLIT_ROWS;
    if (split_fits(dim_const(p.og), p.nv, t))
        return SPLIT_COLUMNS;
    return dim_is_const(tiles) ? SPLIT_NONE : SPLIT_ROWS;
}

const Impl impl_conv_winograd = {
    .name = "winograd",
    .doc = "Winograd's transforms around small products, tiles in blocks",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
