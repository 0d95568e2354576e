/* conv_fft1: as many tiles side by side as two vectors have lanes. */
#include "../fourier.h"
#include "../layout.h"
#include "../lowering.h"
#include <math.h>

typedef struct Plan {
    int64_t n, rows, columns, groups, cg, og, taps, in, out, tiles;
    int64_t v, row, line;
    int vb;
    double cycles, bytes, flops; /* for LOWERING_N images */
} Plan;

static Plan plan_of(const Node *n, const Target *t)
{
    /* A vector of complex numbers: in a pass of four points; changed from lanes
     * to samples and turned; multiplied. */
    const double pass_cycles = 4.5, change_cycles = 9, product_cycles = 3;
    const Type *x = &n->in[0]->type, *h = &n->in[1]->type;
    int bytes = elem_bytes(x->elem);
    Plan p = {.n = h->dim[1].c,
              .rows = fourier_rows(h->dim[1].c),
              .groups = attr_int(n, "groups"),
              .taps = attr_int(n, "size"),
              .in = x->dim[2].c,
              .out = n->type.dim[2].c,
              .v = blocks_size(t, x->elem)};
    p.columns = p.n / p.rows;
    p.cg = x->dim[1].c / p.groups;
    p.og = n->type.dim[1].c / p.groups;
    p.vb = blocked_vector_bytes(p.v, bytes, t);
    p.row = p.columns * 2 * p.v + 64 / bytes;
    p.line = p.n + 64 / bytes;
    p.tiles = ceil_div(p.out, p.n - p.taps + 1);
    double images = (double)dim_at(x->dim[0], LOWERING_N);
    double times = ceil((double)p.tiles * images / (double)(2 * p.v));
    double points = (double)p.n, logs = log2(points);
    double passes = ceil(log2((double)p.rows) / 2) +
                    ceil(log2((double)p.columns) / 2);
    double ends = (double)((p.cg + p.og) * p.groups);
    double pairs = (double)(p.cg * p.og * p.groups);
    p.cycles = times * points *
               (ends * (passes * pass_cycles + change_cycles) +
                pairs * product_cycles);
    p.flops = times * (double)(2 * p.v) * points *
              (ends * 2.5 * logs + 4 * pairs);
    /* Beyond L2: the weights, and cells that are written and read twice. */
    double held = (double)((p.cg + 1) * p.rows * p.row * bytes);
    double weights = pairs * points * 2 * bytes;
    if (held + weights > t->l2_bytes)
        p.bytes = times * (weights + (held > t->l2_bytes
                                          ? (double)(3 * p.groups) * held
                                          : 0));
    return p;
}

static int64_t scratch(const Plan *p, const Node *n)
{
    return ((p->cg + 1) * p->rows * p->row + 2 * p->v * p->line) *
           elem_bytes(n->in[0]->type.elem);
}

/* Lanes that are turned in registers at a time, 0: none. */
static int turn_of(const Plan *p, int bytes)
{
    int lanes = p->vb / bytes;
    return lanes >= 8 ? 8 : lanes >= 4 ? 4 : 0;
}

static void lower(Emit *e, const Node *n)
{
    Plan p = plan_of(n, emit_options(e)->target);
    int turn = turn_of(&p, elem_bytes(n->in[0]->type.elem));
    Kernel *k = kernel_new(e, n, "conv_fft1");
    struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"N", p.n},
        {"N1", p.rows},
        {"N2", p.columns},
        {"G", p.groups},
        {"CG", p.cg},
        {"OG", p.og},
        {"S", p.n - p.taps + 1},
        {"T", p.in},
        {"OT", p.out},
        {"LOW", attr_int(n, "low")},
        {"TILES", p.tiles},
        {"V", p.v},
        {"VB", p.vb},
        {"SLOTS", 2 * p.v},
        {"TURN", turn},
        {"ENTER", turn ? turn : 1},
        {"ROW", p.row},
        {"LINE", p.line},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_scratch(k);
    kernel_out(k);
    int axes[] = {1, 1, 1};
    kernel_groups(k, 3, axes);
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

static Split split(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    Dim tiles;
    if (!dim_mul(n->type.dim[0], dim_const(p.tiles), &tiles))
        return SPLIT_NONE;
    bool fits = !dim_is_const(tiles) || split_fits(tiles, 2 * p.v, t);
    return fits ? SPLIT_ROWS : SPLIT_NONE;
}

const Impl impl_conv_fft1 = {
    .name = "fft",
    .doc = "Fourier transforms of a tile in each lane",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
