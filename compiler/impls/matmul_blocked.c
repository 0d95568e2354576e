/* matmul_blocked: a matrix product in register tiles.
 *
 * Two kernels: matmul.c with tiles, few rows done one by one, and
 * matmul_plain.c for what has no vectors (complex numbers) or would need a
 * copy whose size depends on the run-time size.
 */
#include "../lowering.h"

typedef struct Blocking {
    MatMul p;
    int64_t m, n, k; /* sizes, or what they are taken for */
    bool plain, row_dots, pack_a, pack_b;
    int few_rows; /* 0 never, 1 decided at run time, 2 always */
    int64_t row_nr, mb;
    Tile tile;
} Blocking;

/* Rows one by one: inner products, or vectors along a row of B. */
static void set_rows(Blocking *b, int few_rows, int lanes)
{
    int64_t step = b->row_dots ? 1 : lanes;
    b->few_rows = few_rows;
    b->row_nr = b->n / step * step;
    if (b->row_nr > 8 * step)
        b->row_nr = 8 * step;
}

/* Rows of A packed at a time: a third of L2 when the product is big, else
 * what fits half of L1, so that small models keep small workspaces. */
static int64_t block_rows(const Blocking *b, const Target *t, int bytes,
                          bool big)
{
    double room = big ? t->l2_bytes / 3 : t->l1_bytes / 2;
    int64_t tiles = (int64_t)room / (b->k * bytes * b->tile.mr);
    int64_t rows = (tiles < 1 ? 1 : tiles) * b->tile.mr;
    int64_t all = (b->m + b->tile.mr - 1) / b->tile.mr * b->tile.mr;
    return rows < all ? rows : all;
}

static Blocking blocking(const Node *node, const Target *t)
{
    Blocking b = {.p = lowering_matmul(node)};
    const MatMul *p = &b.p;
    ElemType elem = node->in[0]->type.elem;
    int bytes = elem_bytes(elem);
    bool m_const = dim_is_const(p->m), n_const = dim_is_const(p->n),
         k_const = dim_is_const(p->k);
    b.m = dim_at(p->m, LOWERING_N);
    b.n = dim_at(p->n, LOWERING_N);
    b.k = dim_at(p->k, LOWERING_N);
    b.row_dots = n_const && !p->ta && (p->tb || b.n == 1) && elem != ELEM_C128;
    if (b.row_dots && (!k_const || (m_const && b.m <= 12) || b.n < 4)) {
        b.tile.vb = t->vector_bytes;
        set_rows(&b, 2, 1);
        return b;
    }
    bool copies = p->tb || !n_const;
    if (elem != ELEM_C128 && (k_const || !copies))
        b.tile = tile_choose(elem, t, m_const ? b.m : 8, b.n, (double)b.k,
                             k_const);
    b.plain = b.tile.mr == 0;
    if (b.plain)
        return b;
    bool big = k_const && b.m >= 128 && b.n >= 256 && b.k >= 256 &&
               b.n * b.k * bytes > 1500000;
    b.pack_b = copies || b.n < b.tile.nr || big;
    b.pack_a = big || (k_const && !p->ta && b.n >= 256 &&
                       b.k * bytes % 4096 == 0);
    b.mb = big || b.pack_a ? block_rows(&b, t, bytes, big) : 0;
    if (m_const || b.pack_a)
        return b;
    if (n_const && (b.row_dots || (!p->tb && b.n >= b.tile.lanes)))
        set_rows(&b, 1, b.tile.lanes);
    else {
        b.pack_a = true;
        b.mb = block_rows(&b, t, bytes, false);
    }
    return b;
}

static void lower(Emit *e, const Node *n)
{
    Blocking b = blocking(n, emit_options(e)->target);
    const MatMul *p = &b.p;
    bool flat = b.row_dots; /* one column is as good as one row */
    Kernel *k = kernel_new(e, n, b.plain ? "matmul_plain" : "matmul");
    lowering_matmul_sizes(k, e, n);
    kernel_dim(k, "AI", p->ta ? dim_const(1) : p->k);
    kernel_dim(k, "AK", p->ta ? p->m : dim_const(1));
    kernel_dim(k, "BK", p->tb || flat ? dim_const(1) : p->n);
    kernel_dim(k, "BJ", p->tb || flat ? p->k : dim_const(1));
    if (!b.plain) {
        tile_holes(k, &b.tile);
        kernel_int(k, "B_TABLE", 0);
        kernel_int(k, "FEW_ROWS", b.few_rows);
        kernel_int(k, "ROW_DOTS", b.row_dots);
        kernel_int(k, "ROW_NR", b.row_nr);
        kernel_int(k, "PACK_A", b.pack_a);
        kernel_int(k, "PACK_B", b.pack_b);
        kernel_dim(k, "MB", b.mb ? dim_const(b.mb) : p->m);
    }
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    if (b.pack_a || b.pack_b)
        kernel_scratch(k);
    kernel_out(k);
    int axes[] = {n->type.rank - 2, 1, 1};
    kernel_groups(k, 3, axes);
    kernel_emit(k);
}

static int64_t scratch(const Node *n, const Target *t)
{
    Blocking b = blocking(n, t);
    int64_t lines = b.pack_a * b.mb + b.pack_b * b.tile.nr;
    return lines ? lines * b.k * elem_bytes(n->in[0]->type.elem) : 0;
}

static Cost cost(const Node *n, const Target *t)
{
    Blocking b = blocking(n, t);
    double count = lowering_elements(&n->type) / ((double)b.m * (double)b.n);
    double cycles;
    if (b.plain)
        cycles = (double)(b.m * b.n * b.k) * 4;
    else if (b.few_rows == 2)
        cycles = (double)(b.m * b.n) * ((double)b.k / 8 + 20);
    else
        cycles = tile_cycles(&b.tile, b.m, b.n, (double)b.k) +
                 (b.p.tb ? 1.5 : 0.3) * b.pack_b * (double)(b.n * b.k) +
                 2.0 * b.pack_a * (double)(b.m * b.k);
    return lowering_cost(n, t, lowering_matmul_flops(n), cycles * count,
                         scratch(n, t));
}

const Impl impl_matmul_blocked = {
    .name = "blocked",
    .doc = "register tiles",
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
