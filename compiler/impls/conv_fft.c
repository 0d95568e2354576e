/* conv_fft: tiles of n x n cells, two in a transform. */
#include "../lowering.h"

#include <math.h>

typedef struct Plan {
    Window window;
    int64_t n, cb, ob, v, ty, tx, skew;
    int vb;
    int64_t mp, pairs;           /* of tiles, at a time */
    double cycles, bytes, flops; /* for LOWERING_N images */
} Plan;

static int64_t row(const Plan *p)
{
    return 2 * p->n * p->v + p->skew;
}

/* Cycles with the tiles of `all` pairs, mp of them in a product. */
static double cycles_of(const Plan *p, double all, int bytes)
{
    /* A complex vector in a pass of four points; read or written; products of
     * two frequencies, whose sums fit or do not fit into the registers. */
    const double pass_cycles = 9.5, end_cycles = 4, alone = 4.6, together = 4;
    double parts = (double)(p->v * bytes) / (p->vb ? p->vb : bytes);
    double points = (double)(p->n * p->n), passes = ceil(log2((double)p->n) / 2);
    double whole = floor(all / (double)p->pairs) * (double)p->pairs;
    double rest = ceil((all - whole) / (double)p->mp) * (double)p->mp;
    double lines = (double)(p->cb + p->ob) * parts * points *
                   (2 * passes * pass_cycles + end_cycles);
    double step = p->mp == 1 ? alone : together;
    double products = points / 2 * (double)(p->cb * p->v * p->ob) * parts * step;
    return (whole + rest) * (lines + products);
}

static Plan plan_of(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type, *h = &n->in[1]->type;
    int bytes = elem_bytes(x->elem);
    Plan p = {.window = window_fft(n),
              .n = h->dim[0].c,
              .cb = x->dim[1].c,
              .ob = h->dim[2].c,
              .v = x->dim[4].c,
              .skew = 128 / bytes};
    p.vb = blocked_vector_bytes(p.v, bytes, t);
    const WindowAxis *ah = &p.window.ax[0], *aw = &p.window.ax[1];
    p.ty = ceil_div(ah->out, p.n - ah->size + 1);
    p.tx = ceil_div(aw->out, p.n - aw->size + 1);
    double images = (double)dim_at(x->dim[0], LOWERING_N);
    double all = ceil((double)(p.ty * p.tx) * images / 2);
    int64_t own = ceil_div(p.ty * p.tx, 2); /* pairs of one image */
    /* Half of L2 to the pairs that share the weights. */
    double pair = (double)((p.cb + p.ob) * p.n * row(&p) * bytes);
    double room = t->l2_bytes / 2 / pair;
    int64_t most = room > 2 ? (int64_t)room : 2;
    if (most < own && all > (double)most)
        most = own < 8 ? own : 8; /* the weights come from beyond L2 anyway */
    if (most > own)
        most = own;
    /* MP * 4 sums beside a complex weight. */
    int most_mp = t->vector_registers > 16 ? 3 : 2;
    Plan best = p;
    for (int mp = 1; mp <= most_mp && mp <= most; mp++) {
        p.mp = mp;
        p.pairs = ceil_div(most, mp) * mp;
        p.cycles = cycles_of(&p, all, bytes);
        if (mp == 1 || p.cycles < best.cycles)
            best = p;
    }
    p = best;
    double points = (double)(p.n * p.n);
    p.flops =
        all * (4 * points * (double)(p.cb * p.v * p.ob * p.v) * 2 +
               10 * points * log2(points) * (double)((p.cb + p.ob) * p.v));
    double weights =
        (double)(p.n * (p.n / 2 + 1) * p.ob * p.cb * p.v * p.v) * 2 * bytes;
    /* Beyond L2: the weights for each block of pairs, and what is transformed
     * three times. */
    double held = (double)p.pairs * pair, blocks = ceil(all / (double)p.pairs);
    if (weights + held > t->l2_bytes)
        p.bytes = blocks * (weights + (held > t->l2_bytes ? 3 * held : 0));
    return p;
}

static int64_t scratch(const Plan *p, const Node *n)
{
    return p->pairs * (p->cb + p->ob) * p->n * row(p) *
           elem_bytes(n->in[0]->type.elem);
}

static void lower(Emit *e, const Node *n)
{
    Plan p = plan_of(n, emit_options(e)->target);
    const WindowAxis *h = &p.window.ax[0], *w = &p.window.ax[1];
    Kernel *k = kernel_new(e, n, "conv_fft");
    struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"N", p.n},
        {"CB", p.cb},
        {"OB", p.ob},
        {"H", h->in},
        {"W", w->in},
        {"OH", h->out},
        {"OW", w->out},
        {"KH", h->size},
        {"KW", w->size},
        {"LH", h->low},
        {"LW", w->low},
        {"TY", p.ty},
        {"TX", p.tx},
        {"V", p.v},
        {"VB", p.vb},
        {"MP", p.mp},
        {"PAIRS", p.pairs},
        {"ROW", row(&p)},
        {"TILE", p.n * row(&p)},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    lowering_roots(k, e, p.n, n->in[0]->type.elem);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_scratch(k);
    kernel_out(k);
    int axes[] = {1, 1, 2, 1};
    kernel_groups(k, 4, axes);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    Cost c = lowering_cost(n, t, p.flops, p.cycles, scratch(&p, n));
    c.bytes += p.bytes;
    c.seconds += 0.7 * p.bytes / t->memory_gbs * 1e-9;
    return c;
}

/* Pairs of tiles. */
static Split split(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    Dim tiles;
    if (!dim_mul(n->type.dim[0], dim_const(p.ty * p.tx), &tiles))
        return SPLIT_NONE;
    return split_fits(tiles, 2, t) || !dim_is_const(tiles) ? SPLIT_ROWS
                                                           : SPLIT_NONE;
}

const Impl impl_conv_fft = {
    .name = "fft",
    .doc = "Fourier transforms around products over the channels",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
