/* conv_fft: tiles of n x n cells, two in a transform. */
#include "../lowering.h"

/* What is left of the last cache beside other programs: a guess. */
enum { LINE_BYTES = 64, LAST_CACHE = 12 << 20 };

typedef struct Plan {
    Window window;
    int64_t n, cb, ob, v, ty, tx, skew;
    int vb;
    int64_t mr, pairs;           /* tiles in a product, pairs at a time */
    int64_t ahead;               /* lines of weights that a product fetches */
    double cycles, bytes, flops; /* for LOWERING_N images */
} Plan;

static int64_t column(const Plan *p)
{
    return 2 * p->n * p->v + p->skew;
}

static int64_t blocks(const Plan *p)
{
    return p->cb > p->ob ? p->cb : p->ob;
}

/* Elements of one frequency that `pairs` pairs bring to the products, and take
 * from them. */
static int64_t step_in(const Plan *p, int64_t pairs)
{
    return 2 * pairs * 3 * p->cb * p->v + p->skew;
}

static int64_t step_out(const Plan *p, int64_t pairs)
{
    return 2 * pairs * p->ob * 2 * p->v + p->skew;
}

/* Elements that the columns of `pairs` pairs need beside their cells. */
static int64_t beside(const Plan *p, int64_t pairs)
{
    return p->n * (step_in(p, pairs) + step_out(p, pairs) + 2 * p->v);
}

static double passes_cycles(int64_t n)
{
    const double four = 4.5, two = 2.5, three = 5, five = 7;
    double sum = n % 3 == 0 ? three : n % 5 == 0 ? five : 0;
    for (n = n % 3 == 0 ? n / 3 : n % 5 == 0 ? n / 5 : n; n >= 4; n /= 4)
        sum += four;
    return n == 2 ? sum + two : sum;
}

/* Rows of cells that hold some input, of all tiles below each other. */
static int64_t rows_of(const Plan *p)
{
    const WindowAxis *h = &p->window.ax[0];
    int64_t sum = 0;
    for (int64_t i = 0; i < p->ty; i++) {
        int64_t from = i * (p->n - h->size + 1) - h->low, end = from + p->n;
        from = from < 0 ? 0 : from;
        end = end > h->in ? h->in : end;
        sum += end > from ? end - from : 0;
    }
    return sum;
}

/* The rows of a product that make the products of `tiles` tiles, `most` at a
 * time, shortest; their cycles at one frequency. */
static double choose_rows(Plan *p, const Target *t, int64_t tiles, int64_t most)
{
    double best = 0, parts = (double)p->v;
    enum { MOST_MR = 8 };
    for (int mr = 2; mr <= MOST_MR && 3 * mr + 3 <= t->vector_registers;
         mr += 2) {
        /* A channel: two weights and 3 * mr numbers are loaded, 3 * mr
         * multiply-adds and a sum are computed, two of them at a time. */
        double step = 1.12 * (double)(3 * mr + 2) / 2, ends = 8 + 4 * mr;
        double times = (double)(tiles / most * ceil_div(most, mr) +
                                ceil_div(tiles % most, mr));
        double cycles = times * (parts * (double)p->cb * step + ends);
        if (mr > 2 && cycles >= best)
            continue;
        best = cycles;
        p->mr = mr;
    }
    return best * (double)p->ob;
}

/* The plan for `pairs` pairs of tiles at a time, of `all`. */
static void set_pairs(Plan *p, const Target *t, int bytes, int64_t pairs,
                      int64_t all)
{
    const double load = 3, spread = 8, gather = 3, save = 1;
    double parts = (double)(p->v * bytes) / (p->vb ? p->vb : bytes);
    double vectors = (double)all * parts, n = (double)p->n;
    double line = n * passes_cycles(p->n), tall = (double)(p->ty * p->n);
    double in = (double)rows_of(p) / tall,
           out = (double)p->window.ax[0].out / tall;
    double products = choose_rows(p, t, 2 * all, 2 * pairs) * parts;
    p->pairs = ceil_div(2 * pairs, p->mr) * p->mr / 2;
    p->cycles = products * (n * n / 2 + 2) +
                vectors * (double)p->cb * n *
                    (in * (line + n * load) + line + n * spread) +
                vectors * (double)p->ob * n *
                    (out * (line + n * save) + line + n * gather);
    /* Beyond L2: the weights for each block of pairs, cells four times. */
    double weights =
        n * (n / 2 + 1) * (double)(p->ob * p->cb * p->v * p->v * 2 * bytes);
    double cells = (double)(blocks(p) * p->n * column(p) * bytes);
    double near = (double)(beside(p, pairs) * bytes);
    double groups = (double)ceil_div(all, pairs);
    p->bytes = 0;
    if (weights + (double)pairs * cells + near > t->l2_bytes)
        p->bytes = groups * weights * (weights > LAST_CACHE ? 2 : 1) +
                   4 * (double)all * cells;
    if (near > t->l2_bytes)
        p->bytes += 2 * groups * near * n / 2;
    int64_t lines = p->cb * p->v * p->v * 2 * bytes / LINE_BYTES;
    int64_t tiles = p->pairs * 2 / p->mr;
    p->ahead = weights > t->l2_bytes && tiles > 1 ? ceil_div(lines, tiles) : 0;
}

static Plan plan_of(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type, *h = &n->in[1]->type;
    int bytes = elem_bytes(x->elem);
    Plan p = {.window = window_fft(n),
              .n = h->dim[1].c,
              .cb = x->dim[1].c,
              .ob = h->dim[2].c,
              .v = x->dim[4].c,
              .skew = LINE_BYTES / bytes};
    p.vb = blocked_vector_bytes(p.v, bytes, t);
    const WindowAxis *ah = &p.window.ax[0], *aw = &p.window.ax[1];
    p.ty = ceil_div(ah->out, p.n - ah->size + 1);
    p.tx = ceil_div(aw->out, p.n - aw->size + 1);
    int64_t images = dim_at(x->dim[0], LOWERING_N);
    int64_t all = ceil_div(p.ty * p.tx * images, 2);
    int64_t own = ceil_div(p.ty * p.tx, 2); /* pairs of one image */
    Plan best = p;
    double least = 0;
    for (int64_t pairs = own;; pairs = ceil_div(pairs, 2)) {
        set_pairs(&p, t, bytes, pairs, all);
        double ns =
            p.cycles / (t->gflops / t->vector_bytes) + p.bytes / t->memory_gbs;
        if (pairs == own || ns < least) {
            best = p;
            least = ns;
        }
        if (pairs == 1)
            break;
    }
    double points = (double)(p.n * p.n), logs = 0;
    for (int64_t k = p.n; k > 1; k /= 2)
        logs += 2;
    best.flops =
        (double)all * (4 * points * (double)(p.cb * p.v * p.ob * p.v) * 2 +
                       5 * points * logs * (double)((p.cb + p.ob) * p.v));
    return best;
}

static int64_t scratch(const Plan *p, const Node *n)
{
    return (p->pairs * blocks(p) * p->n * column(p) + beside(p, p->pairs)) *
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
        {"BLOCKS", blocks(&p)},
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
        {"MR", p.mr},
        {"PAIRS", p.pairs},
        {"XSTEP", step_in(&p, p.pairs)},
        {"YSTEP", step_out(&p, p.pairs)},
        {"COLUMN", column(&p)},
        {"TILE", p.n * column(&p)},
        {"AHEAD", p.ahead},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    if (p.ahead)
        kernel_int(k, "LINE", LINE_BYTES / elem_bytes(n->in[0]->type.elem));
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
    c.seconds += 0.5 * p.bytes / t->memory_gbs * 1e-9;
    return c;
}

/* Pairs of tiles where every thread fills two products; else outputs, and every
 * thread transforms all cells. */
static Split split(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    Dim tiles;
    if (!dim_mul(n->type.dim[0], dim_const(p.ty * p.tx), &tiles))
        return SPLIT_NONE;
    if (!dim_is_const(tiles) || split_fits(tiles, 2 * p.mr, t))
        return SPLIT_ROWS;
    if (split_fits(dim_const(p.ob), 1, t))
        return SPLIT_COLUMNS;
    return split_fits(tiles, 2, t) ? SPLIT_ROWS : SPLIT_NONE;
}

const Impl impl_conv_fft = {
    .name = "fft",
    .doc = "Fourier transforms around products over the channels",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
