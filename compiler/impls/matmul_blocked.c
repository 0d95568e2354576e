/* matmul_blocked: a matrix product in register tiles.
 *
 * Three kernels: matmul.c with tiles, few rows done one by one; matmul_ahead.c,
 * which fetches a large right side while it computes; and matmul_plain.c for
 * what has no vectors (complex numbers) or whose sums cannot lie in the result.
 */
#include "../lowering.h"

enum { SHORT_SUM = 128 }; /* bytes of a row of A */

typedef struct Blocking {
    MatMul p;
    int64_t m, n, k; /* sizes, or what they are taken for */
    bool plain, row_dots, pack_a, pack_b, split_k;
    int few_rows; /* 0 never, 1 decided at run time, 2 always */
    int64_t row_nr, mb, nb, kc;
    int64_t ahead; /* rows of the next panel that 8 steps of a tile ask for */
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

/* A multiple of `step`: blocks of about the same size that fit. */
static int64_t whole_steps(double room, double step_bytes, int64_t step,
                           int64_t all)
{
    int64_t steps = (all + step - 1) / step;
    int64_t most = (int64_t)(room / step_bytes);
    int64_t blocks = most < 1 ? steps : (steps + most - 1) / most;
    return (steps + blocks - 1) / blocks * step;
}

/* Terms that are summed at a time: a panel of them is as large as L1, which it
 * passes through while the rows stay; or all of them when there are not many
 * more. */
static int64_t block_terms(const Blocking *b, const Target *t, int bytes)
{
    int64_t most = (int64_t)t->l1_bytes / (b->tile.nr * bytes);
    if (!dim_is_const(b->p.k))
        return most / 4;
    int64_t blocks = (2 * b->k + most) / (2 * most);
    return blocks <= 1 ? b->k : (b->k + blocks - 1) / blocks;
}

/* Would rows of B, read where they are, crowd each other out of L1? */
static bool crowds(const Blocking *b, const Target *t, int bytes)
{
    int64_t step = b->n * bytes, lines = (b->tile.nr * bytes + 63) / 64;
    int64_t sets = 64;
    while (step % 64 == 0 && sets > 1 && step / 64 % 2 == 0) {
        step /= 2;
        sets /= 2;
    }
    if (step % 64 == 0 || sets < 64)
        sets *= lines;
    if (sets > 64)
        sets = 64;
    return (double)(b->k * lines * 64) > t->l1_bytes / 2 ||
           b->k * lines > 4 * sets;
}

/* Rows of a large B lie on a page each, which no processor reads ahead by
 * itself: the tiles of a panel ask for the rows of the next one. */
static void set_ahead(Blocking *b, const Target *t, int bytes)
{
    enum { STEPS = 8 };
    if (!b->pack_b || b->p.ta || b->p.tb || b->few_rows || b->split_k ||
        !dim_is_const(b->p.m) || !dim_is_const(b->p.n) ||
        b->m < b->tile.mr || b->n < 2 * b->tile.nr || b->k % STEPS != 0 ||
        (double)(b->k * b->n * bytes) < t->l2_bytes / 2 ||
        (double)(b->k * b->m * bytes) > t->l2_bytes / 2)
        return;
    b->tile = tile_filled(&b->tile, t, b->m, b->n);
    b->ahead = ceil_div(STEPS, ceil_div(b->m, b->tile.mr));
    b->nb = b->tile.nr;
}

static void set_blocks(Blocking *b, const Target *t, int bytes)
{
    const MatMul *p = &b->p;
    bool m_const = dim_is_const(p->m), n_const = dim_is_const(p->n);
    b->kc = block_terms(b, t, bytes);
    b->split_k = !dim_is_const(p->k) || b->kc < b->k;
    b->pack_b = p->tb || !n_const || b->n < b->tile.nr || b->split_k ||
                (b->m >= 3 * b->tile.mr && crowds(b, t, bytes));
    b->pack_a = p->ta && (b->split_k || b->n >= 4 * b->tile.nr);
    if (!m_const && n_const &&
        (b->row_dots || (!p->tb && b->n >= b->tile.lanes)))
        set_rows(b, 1, b->tile.lanes);
    else if (!m_const)
        b->pack_a = true;
    double line = (double)(b->kc * bytes);
    int64_t any = 1 << 20;
    b->nb = whole_steps(t->l2_bytes / 4, line * b->tile.nr, b->tile.nr,
                        n_const ? b->n : any);
    b->mb = whole_steps(t->l2_bytes / 4, line * b->tile.mr, b->tile.mr,
                        m_const ? b->m : any);
    if (b->kc * bytes <= SHORT_SUM) /* y, not A, is what counts: row by row */
        b->mb = b->tile.mr;
    set_ahead(b, t, bytes);
}

/* Sums over the run-time size of rows so short that they may stay where they
 * are: gradients of small matrices. */
static bool is_short(const Blocking *b, int bytes)
{
    const MatMul *p = &b->p;
    return !dim_is_const(p->k) && dim_is_const(p->m) && dim_is_const(p->n) &&
           !p->tb && b->m * bytes <= 512 && b->n * bytes <= 256 &&
           b->tile.mr > 0;
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
    if (b.row_dots && ((m_const && b.m <= 4) || b.n < 4)) {
        b.tile.vb = t->vector_bytes;
        set_rows(&b, 2, 1);
        return b;
    }
    if (elem != ELEM_C128)
        b.tile = tile_choose(elem, t, b.m, b.n, (double)b.k, false);
    if (is_short(&b, bytes)) {
        b.nb = b.n;
        b.mb = b.m;
        return b;
    }
    if (elem != ELEM_C128)
        b.tile =
            tile_choose(elem, t, m_const ? b.m : 8, b.n, (double)b.k, true);
    b.plain = b.tile.mr == 0;
    if (!b.plain)
        set_blocks(&b, t, bytes);
    /* partial sums lie in the result */
    if (b.split_k && node->type.elem != elem) {
        b.split_k = false;
        b.kc = b.k;
        b.plain = !k_const;
    }
    return b;
}

static void put_blocks(Kernel *k, const Blocking *b)
{
    const MatMul *p = &b->p;
    bool flat = b->row_dots; /* one column is as good as one row */
    kernel_dim(k, "AI", p->ta ? dim_const(1) : p->k);
    kernel_dim(k, "AK", p->ta ? p->m : dim_const(1));
    kernel_dim(k, "BK", p->tb || flat ? dim_const(1) : p->n);
    kernel_dim(k, "BJ", p->tb || flat ? p->k : dim_const(1));
    if (b->plain)
        return;
    tile_holes(k, &b->tile);
    kernel_int(k, "B_TABLE", 0);
    kernel_int(k, "FEW_ROWS", b->few_rows);
    kernel_int(k, "ROW_DOTS", b->row_dots);
    kernel_int(k, "ROW_NR", b->row_nr);
    kernel_int(k, "PACK_A", b->pack_a);
    kernel_int(k, "PACK_B", b->pack_b);
    kernel_int(k, "SPLIT_K", b->split_k);
    kernel_int(k, "N_TAIL",
               !b->tile.nr || !dim_is_const(p->n) || b->n % b->tile.nr != 0);
    kernel_dim(k, "KC", b->kc ? dim_const(b->kc) : p->k);
    kernel_int(k, "NB", b->nb);
    kernel_int(k, "MB", b->mb);
}

static void put_ahead(Kernel *k, const Blocking *b, int bytes)
{
    const int line = BLOCKED_LINE_BYTES;
    tile_holes(k, &b->tile);
    kernel_int(k, "AHEAD", b->ahead);
    kernel_int(k, "LINES", ceil_div(b->tile.nr * bytes, line));
    kernel_int(k, "LINE", line / bytes);
}

static void lower(Emit *e, const Node *n)
{
    Blocking b = blocking(n, emit_options(e)->target);
    Kernel *k = kernel_new(e, n, b.plain   ? "matmul_plain"
                                 : b.ahead ? "matmul_ahead"
                                           : "matmul");
    lowering_matmul_sizes(k, e, n);
    if (b.ahead)
        put_ahead(k, &b, elem_bytes(n->in[0]->type.elem));
    else
        put_blocks(k, &b);
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
    int64_t lines = b.pack_a * b.mb + b.pack_b * b.nb;
    return b.plain ? 0 : lines * b.kc * elem_bytes(n->in[0]->type.elem);
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
                 (b.ahead ? 0.12 : 0.35) * b.pack_b * (double)(b.n * b.k) +
                 0.6 * b.pack_a * (double)(b.m * b.k) *
                     (double)((b.n + b.nb - 1) / b.nb);
    return lowering_cost(n, t, lowering_matmul_flops(n), cycles * count,
                         scratch(n, t));
}

bool matmul_ahead(const Node *n, const Target *t)
{
    return blocking(n, t).ahead > 0;
}

/* Columns rather than rows: each thread copies those of B that it needs. */
static Split split(const Node *n, const Target *t)
{
    Blocking b = blocking(n, t);
    int64_t step = b.few_rows == 2 ? b.row_nr : b.tile.nr;
    Dim batch = dim_const(1);
    for (int i = 0; i < n->type.rank - 2; i++)
        if (!dim_mul(batch, n->type.dim[i], &batch))
            return SPLIT_NONE;
    if (b.plain)
        return SPLIT_NONE;
    if (!dim_is_const(batch) || split_fits(batch, 1, t))
        return SPLIT_BATCH;
    /* the gradient by a matrix: rows, as its columns in the product itself */
    if (b.pack_a && split_fits(b.p.m, b.tile.mr, t))
        return SPLIT_ROWS;
    if (split_fits(b.p.n, step, t))
        return SPLIT_COLUMNS;
    if (b.few_rows != 2 && (!dim_is_const(b.p.m) ||
                            split_fits(b.p.m, b.tile.mr, t)))
        return SPLIT_ROWS;
    return SPLIT_NONE;
}

/* No tile overlaps its neighbour, no partial sums lie in the result. */
static bool in_step(const Node *n, const Target *t)
{
    Blocking b = blocking(n, t);
    return !b.plain && !b.few_rows && !b.split_k &&
           ((b.pack_b && !b.ahead) || b.n % b.tile.nr == 0) &&
           (b.pack_a || (dim_is_const(b.p.m) && b.m % b.tile.mr == 0));
}

const Impl impl_matmul_blocked = {
    .name = "blocked",
    .doc = "register tiles",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
    .in_step = in_step,
};
