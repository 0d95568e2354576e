/* What implementations share: sizes as holes, windows, counts and costs. */
#ifndef DLC_LOWERING_H
#define DLC_LOWERING_H

#include "cgen.h"
#include "window.h"

/* The product of sizes d[0..count) as a size; internal_error on n*n. */
Dim lowering_product(const Dim *d, int count);
/* The same for a hole, as text where n*n occurs. */
void lowering_count(Kernel *k, Emit *e, const char *hole, const Dim *d,
                    int count);
/* A draw for each element of n, by a kernel of (seed, step, turn, key). */
void lowering_draws(Emit *e, const Node *n, const char *kernel);
/* ROWS and COLS: all axes but the last, and the last. */
void lowering_rows(Kernel *k, Emit *e, const Type *t);
/* LANES: running values that a sweep over a row keeps. */
void lowering_row_lanes(Kernel *k, Dim columns);

/* Holes of block and unblock: OUTER COUNT INNER of the plain array, BLOCKS and
 * SIZE of the other. */
void lowering_blocks(Kernel *k, Emit *e, const Node *n, const Type *plain,
                     const Type *blocked);

/* A pooling kernel's holes OUTER H W INNER PART OH OW KH KW SH SW DH DW LH LW
 * and BORDER (1 when some window leaves the input); `cells` is the type of the
 * array the windows lie on. */
void lowering_window(Kernel *k, Emit *e, const Node *n, const Type *cells);
/* PART, the inner elements at a time, from axis `inner` on: the most, up to 16,
 * that divide them. */
int64_t lowering_part(const Type *cells, int inner);
/* Does some window reach outside the input? */
bool lowering_has_border(const Window *w);
/* EPILOGUE(v, outer, place, inner) for a pooled result. */
void lowering_window_groups(Kernel *k, const Node *n);

/* Elements with the run-time size at LOWERING_N: for costs only, scratch
 * never depends on it. */
enum { LOWERING_N = 32 };
double lowering_elements(const Type *t);
/* Estimated from the cycles of the kernel itself and the bytes of all
 * operands, the result and the scratch. */
Cost lowering_cost(const Node *n, const Target *t, double flops, double cycles,
                   int64_t scratch);

/* ---- lowering_copy.c ---- */

/* A copy of `size` cells from x to y; strides and starts in elements. */
typedef struct Box {
    int rank;
    Dim size[MAX_RANK], xs[MAX_RANK], ys[MAX_RANK];
    Dim x0, y0;
} Box;
/* Axis i of the box is axis i of the dense arrays x and y. */
Box box_new(const Type *size, const Type *x, const Type *y);
/* The box starts that many cells further along an axis. */
void box_skip_x(Box *b, int axis, Dim cells);
void box_skip_y(Box *b, int axis, Dim cells);
void box_reverse(Box *b, int axis); /* x is read backwards */
Dim lowering_stride(const Type *t, int axis);
/* Emits the copy of x into n's result, after all of it was set to *fill. */
void lowering_copy(Emit *e, const Node *n, const Node *x, Box b,
                   const double *fill);

/* ---- lowering_split.c ---- */

/* Does a loop over `size` in steps give every thread as much, or two steps? */
bool split_fits(Dim size, int64_t step, const Target *t);
typedef struct SplitSizes {
    Dim batch, columns;         /* columns: output channels of a group */
    int64_t column_step;        /* in one tile */
    int64_t rows, groups;
    double weights, cells;      /* elements read: all weights, one sample */
} SplitSizes;
Split split_conv(const SplitSizes *s, const Target *t);
/* block and unblock; what is outside of the blocks first. */
Split split_blocks(const Node *n, const Type *blocked, const Target *t);
/* For Impl.split: the outermost axes; rows. */
Split split_outer(const Node *n, const Target *t);
Split split_rows(const Node *n, const Target *t);

/* ---- lowering_tile.c ---- */

/* mr rows by nr columns of a product in registers, vectors of vb bytes. */
typedef struct Tile {
    int vb, lanes, mr, nr;
} Tile;
/* The fastest for an m x n result; mr <= m and, unless the columns are padded,
 * nr <= n. mr is 0 when there is none. */
Tile tile_choose(ElemType elem, const Target *target, int64_t m, int64_t n,
                 double depth, bool padded);
/* The same for a given number of rows. */
Tile tile_columns(ElemType elem, const Target *target, int mr, int64_t n,
                  double depth);
/* Cycles of one step over the depth with mr * nv vectors of sums. */
double tile_step_cycles(int mr, int nv);
/* Does it leave registers over? The same cycles with what is lost where it does
 * not: 4 * 3 vectors read more weights, which long sums have in L2. */
bool tile_has_room(int mr, int nv, const Target *t);
double tile_step_within(int mr, int nv, const Target *t);
/* The fastest for a product with panels, whose rows may end with tiles of
 * mr - 1: of any width, and of one that fits. */
Tile tile_panel(ElemType elem, const Target *target, int64_t m, int64_t n,
                double depth);
Tile tile_rows(ElemType elem, const Target *target, int64_t m, int64_t n,
               int64_t nr, double depth);
/* How many tiles of mr - 1 rows make m rows whole; -1: m is too small. */
int64_t tile_missing_rows(const Tile *t, int64_t m);
double tile_cycles(const Tile *t, int64_t m, int64_t n, double depth);
/* The same when every tile reads `bytes`, which L1 may not hold: for costs. */
double tile_cycles_beside(const Tile *t, int64_t m, int64_t n, double depth,
                          double bytes, const Target *target);
/* 4 x 3 vectors where they fill the registers and waste little more than `t`: for
 * a kernel that says how long each has its own. */
Tile tile_filled(const Tile *t, const Target *target, int64_t m, int64_t n);
int tile_turn(const Tile *t); /* TURN of pack.c */
void tile_holes(Kernel *k, const Tile *t); /* MR NR VB TURN */
/* ---- lowering_blocked.c ---- */

/* Sizes of a convolution on channel-blocked arrays: see conv_blocked.c of the
 * kernels. A pointwise one sees its plane as rows of another length. */
enum { BLOCKED_LINE_BYTES = 64 };
typedef struct Blocked {
    int64_t groups, cb, xv, ob, v; /* blocks are those of a group */
    int64_t spare;                 /* channels of the last that are not read */
    WindowAxis h, w;
    bool border, pick;
    WindowAxis ph, pw;             /* with pick: what is copied, as h and w */
    int64_t rows, rp, wp;          /* result rows at a time, the cells */
    bool whole;                    /* the sums cannot wait in the result */
    int64_t copies;                /* of each cell, side by side */
    int64_t chunk;                 /* channel blocks at a time */
    int vb;
    int64_t nb, mr, many, few;     /* the tile */
    int64_t lines, ahead;          /* of a block's weights; fetched by a tile */
    bool walk, edges;              /* conv_walk.c, and its EDGES */
    double cycles;                 /* for one image */
} Blocked;
/* For conv_blocked, or from the sizes alone. */
Blocked blocked_of(const Node *n, const Target *t);
void blocked_plan(Blocked *b, ElemType elem, const Target *t);
int64_t blocked_scratch(const Blocked *b, ElemType elem);
/* lowering_walk.c: takes conv_walk.c where that is faster. */
void blocked_walk(Blocked *b, int bytes, const Target *t);

/* ROOTS: cos and -sin of 2 pi k / n, k < n, as literals. */
void lowering_roots(Kernel *k, Emit *e, int64_t n, ElemType elem);
/* Bytes of a vector for blocks of v lanes: 0, no vectors, where none fits. */
int blocked_vector_bytes(int64_t v, int elem_bytes, const Target *t);

/* ---- lowering_bf16.c ---- */

/* A product of bf16 parts in tiles: `blocks` times 32 rows by `panels` times 32
 * columns, sums of 32 * steps terms. */
typedef struct Bf16 {
    int64_t parts;          /* 3: six products, 2: three */
    int64_t steps, blocks, panels;
    int64_t depth, plane;   /* blocks of 32 channels; rows of words in each */
    int64_t chunks;         /* times that rows and weights are split */
    int64_t kept;           /* steps of split weights that stay, 1: one */
    Dim rows;               /* with few the product without tiles is faster */
} Bf16;
bool bf16_applies(const Node *n, const Target *t);
int64_t bf16_scratch(const Bf16 *b);
double bf16_cycles(const Bf16 *b, const Target *t);
/* Emits k where the weights say that there are tiles, else what `plain`
 * emits. */
void bf16_lower(Emit *e, const Node *n, Kernel *k, const Bf16 *b,
                const Impl *plain);
/* Of matmul_panels and conv_blocked: what the sizes of Impl are made of. */
bool matmul_bf16_applies(const Node *n, const Target *t);
Cost matmul_bf16_cost(const Node *n, const Target *t, int parts);
void matmul_bf16_lower(Emit *e, const Node *n, int parts);
bool conv_bf16_applies(const Node *n, const Target *t, int products);
Cost conv_bf16_cost(const Node *n, const Target *t, int parts);
void conv_bf16_lower(Emit *e, const Node *n, int parts);

/* ---- lowering_product.c ---- */

/* y[i,j] = sum over k of A[i,k] B[k,j], each operand as it is stored. */
typedef struct MatMul {
    bool ta, tb;
    Dim m, n, k;
} MatMul;
MatMul lowering_matmul(const Node *n);
void lowering_matmul_sizes(Kernel *k, Emit *e, const Node *n); /* BATCH M N K */
double lowering_matmul_flops(const Node *n);
/* Is the second operand fetched while tiles compute? impls/matmul_blocked.c */
bool matmul_ahead(const Node *n, const Target *t);
/* The columns of a panel of a matmul's second operand: impls/matmul_panels.c */
int64_t lowering_panel(const Node *n, const Target *t);

/* y[b,o,p] = sum over c, k of X(b,g,c,..) W(o,c,k): sizes and strides. */
typedef struct Conv {
    Window window;
    bool x_cn, w_io, y_cn;
    int64_t groups;
    Dim batch, channels, outputs; /* channels of one group, all outputs */
    Dim group_outputs;
    Dim xb, xg, xc, wo, wc, yb, yo; /* strides, in elements */
} Conv;
Conv lowering_conv(const Node *n);
void lowering_conv_sizes(Kernel *k, const Node *n);
void lowering_conv_groups(Kernel *k, const Node *n); /* image, output, place */
SplitSizes lowering_conv_split(const Conv *c, const Node *n); /* no step */
double lowering_conv_flops(const Node *n);

/* The input cells that a block of result rows sees, as the kernels copy them:
 * [channels, qh, qw, rp, wp], see conv_rows.c. */
typedef struct Cells {
    int64_t rows, wp, rp, qh, qw, count;
    bool strided;
} Cells;
Cells cells_of(const Conv *c, int64_t rows);
/* The same with the most rows that leave a third of L2 to the cells. */
Cells cells_fitting(const Conv *c, const Target *t, int bytes);
void cells_holes(Kernel *k, const Cells *s); /* ROWS WP RP QH QW STRIDED */

#endif
