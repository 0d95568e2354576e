/* matmul_panels: rows of the tile while there are enough, then one by one. */
#include "../lowering.h"

enum {
    ROW_SUMS = 8,   /* as many as keep the multiply-adds busy */
    MANY_ROWS = 60, /* what a run-time size is taken for */
    MANY_TILES = 12,
    LINE_BYTES = 64,
};

typedef struct Panel {
    int64_t m, n, k;
    bool fixed; /* m is known */
    Tile tile;
} Panel;

static int64_t rows_of(Dim m)
{
    return dim_is_const(m) ? m.c : MANY_ROWS;
}

int64_t lowering_panel(const Node *n, const Target *t)
{
    MatMul m = lowering_matmul(n);
    return tile_panel(n->in[0]->type.elem, t, rows_of(m.m), m.n.c,
                      (double)m.k.c)
        .nr;
}

/* The tile whose width is that of the panels. */
static Panel panel_of(const Node *node, const Target *t)
{
    const Type *x = &node->in[0]->type, *w = &node->in[1]->type;
    ElemType elem = x->elem;
    Panel p = {.m = dim_at(x->dim[0], LOWERING_N),
               .fixed = dim_is_const(x->dim[0]),
               .n = attr_int(node, "columns"),
               .k = dim_at(x->dim[1], LOWERING_N)};
    p.tile = tile_rows(elem, t, rows_of(x->dim[0]), p.n, w->dim[2].c,
                       (double)p.k);
    return p;
}

static bool applies(const Node *n, const Target *t)
{
    (void)t;
    return n->in[0]->type.elem != ELEM_C128 &&
           dim_is_const(n->in[0]->type.dim[1]);
}

/* Rows that stay in the second cache: blocks of about the same size. */
static int64_t block_rows(const Panel *p, int bytes, const Target *t)
{
    int64_t most = (int64_t)(t->l2_bytes / 2) / (p->k * bytes * p->tile.mr);
    int64_t tiles = (p->m + p->tile.mr - 1) / p->tile.mr;
    if (most < 1 || !p->fixed)
        return (most < 1 ? 1 : most) * p->tile.mr;
    int64_t blocks = (tiles + most - 1) / most;
    return (tiles + blocks - 1) / blocks * p->tile.mr;
}

/* Lines of the next panel for each tile, where panels come from beyond the
 * second cache, there are tiles enough and not so many blocks of rows that all
 * panels come once and stay. */
static int64_t lines_ahead(const Panel *p, int bytes, const Target *t)
{
    int64_t lines = (p->k * p->tile.nr * bytes + LINE_BYTES - 1) / LINE_BYTES;
    int64_t tiles = p->m / p->tile.mr;
    double all = (double)(p->k * p->n * bytes);
    bool again = p->m > 2 * block_rows(p, bytes, t);
    if (!p->fixed || tiles < MANY_TILES ||
        all <= t->l2_bytes / (again ? 2 : 4))
        return 0;
    return (lines + tiles - 1) / tiles;
}

static void lower(Emit *e, const Node *n)
{
    const Target *t = emit_options(e)->target;
    Panel p = panel_of(n, t);
    int bytes = elem_bytes(n->in[0]->type.elem);
    int64_t rows = block_rows(&p, bytes, t);
    /* a row alone has the bits of one in a tile where both may occur */
    bool few = p.fixed && p.m < p.tile.mr * (p.tile.mr - 1);
    int steps = few || !p.fixed ? ROW_SUMS * p.tile.lanes / p.tile.nr : 1;
    Kernel *k = kernel_new(e, n, "matmul_panels");
    kernel_dim(k, "M", n->type.dim[0]);
    kernel_int(k, "N", p.n);
    kernel_int(k, "K", p.k);
    bool is_one = p.fixed && p.m <= rows;
    bool whole = is_one && (few || p.m % p.tile.mr == 0);
    kernel_int(k, "MB", is_one ? 0 : rows);
    kernel_int(k, "FEW", p.tile.mr > 1 && !whole);
    kernel_int(k, "N_TAIL", p.n % p.tile.nr != 0);
    kernel_int(k, "AHEAD", lines_ahead(&p, bytes, t));
    kernel_int(k, "LINE", LINE_BYTES / bytes);
    kernel_int(k, "STEPS", steps < 1 ? 1 : steps);
    tile_holes(k, &p.tile);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    int axes[] = {1, 1};
    kernel_groups(k, 2, axes);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Panel p = panel_of(n, t);
    double cycles = tile_cycles(&p.tile, p.m, p.n, (double)p.k);
    return lowering_cost(n, t, 2 * (double)(p.m * p.n * p.k), cycles, 0);
}

/* Columns: whether a row is one of a tile does not depend on them. */
static Split split(const Node *n, const Target *t)
{
    Panel p = panel_of(n, t);
    if (split_fits(dim_const(p.n), p.tile.nr, t))
        return SPLIT_COLUMNS;
    return p.fixed && p.m >= p.tile.mr * p.tile.mr &&
                   split_fits(dim_const(p.m), p.tile.mr, t)
               ? SPLIT_ROWS
               : SPLIT_NONE;
}

static int64_t share(const Node *n, const Target *t, int64_t *step)
{
    Panel p = panel_of(n, t);
    *step = p.tile.nr;
    return split(n, t) == SPLIT_COLUMNS ? p.n : 0;
}

const Impl impl_matmul_panels = {
    .name = "panels",
    .doc = "register tiles on panels packed before",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .split = split,
    .share = share,
    .takes_epilogue = true,
};
