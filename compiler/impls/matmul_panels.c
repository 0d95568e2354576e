/* matmul_panels: rows of the tile while there are enough, then one by one. */
#include "../lowering.h"

enum {
    ROW_SUMS = 8,   /* as many as keep the multiply-adds busy */
    MANY_ROWS = 60, /* what a run-time size is taken for */
};

typedef struct Panel {
    int64_t m, n, k;
    Tile tile;
} Panel;

static int64_t rows_of(Dim m)
{
    return dim_is_const(m) ? m.c : MANY_ROWS;
}

int64_t lowering_panel(const Node *n, const Target *t)
{
    MatMul m = lowering_matmul(n);
    return tile_choose(n->in[0]->type.elem, t, rows_of(m.m), m.n.c,
                       (double)m.k.c, true)
        .nr;
}

/* The tile whose width is that of the panels. */
static Panel panel_of(const Node *node, const Target *t)
{
    const Type *x = &node->in[0]->type, *w = &node->in[1]->type;
    ElemType elem = x->elem;
    Panel p = {.m = dim_at(x->dim[0], LOWERING_N),
               .n = attr_int(node, "columns"),
               .k = dim_at(x->dim[1], LOWERING_N)};
    p.tile = tile_rows(elem, t, rows_of(x->dim[0]), w->dim[2].c, (double)p.k);
    return p;
}

static bool applies(const Node *n, const Target *t)
{
    (void)t;
    return n->in[0]->type.elem != ELEM_C128 &&
           dim_is_const(n->in[0]->type.dim[1]);
}

static void lower(Emit *e, const Node *n)
{
    const Target *t = emit_options(e)->target;
    Panel p = panel_of(n, t);
    int bytes = elem_bytes(n->in[0]->type.elem);
    int64_t block = (int64_t)(t->l2_bytes / 2) / (p.k * bytes * p.tile.mr);
    int steps = ROW_SUMS * p.tile.lanes / p.tile.nr;
    Kernel *k = kernel_new(e, n, "matmul_panels");
    kernel_dim(k, "M", n->type.dim[0]);
    kernel_int(k, "N", p.n);
    kernel_int(k, "K", p.k);
    int64_t rows = (block < 1 ? 1 : block) * p.tile.mr;
    bool is_one = dim_is_const(n->type.dim[0]) && p.m <= rows;
    kernel_int(k, "MB", is_one ? 0 : rows);
    kernel_int(k, "N_TAIL", p.n % p.tile.nr != 0);
    kernel_int(k, "STEPS", steps < 1 ? 1 : steps);
    kernel_int(k, "B_TABLE", 0);
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

const Impl impl_matmul_panels = {
    .name = "panels",
    .doc = "register tiles on panels packed before",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
