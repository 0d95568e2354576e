/* Matrix product in register tiles.
 *
 * y[b,i,j] = sum over k of A(b,i,k) * B(b,k,j). AI AK, BK BJ are the strides
 * of those indices, so that transposed operands are one text. KC rows and NB
 * columns of B are copied into the scratch (PACK_B) as panels of NR columns,
 * and a block of MB rows of A likewise (PACK_A): a panel stays in the first
 * cache while the block, which stays in the second, passes. Without a copy the
 * last tile overlaps its neighbour. With SPLIT_K there may be more than KC
 * terms: sums lie in y between the blocks. N_TAIL: NR does not divide N. With
 * FEW_ROWS, fewer than MR rows are done one by one: 1 = M is only known at run
 * time, 2 = always.
 * Goto, van de Geijn, "Anatomy of high-performance matrix multiplication",
 * ACM TOMS 34(3), 2008.
 * Contract: y overlaps nothing. N >= NR and NB >= N unless PACK_B, M >= MR
 * unless PACK_A or FEW_ROWS, N >= ROW_NR; K <= KC, or SPLIT_K, PACK_A, PACK_B.
 * ROW_DOTS needs AK = BK = 1. Scratch: KC * NB and MB * KC elements.
 */
#include "vector.c"
#if FEW_ROWS && ROW_DOTS
#include "dot_row.c"
#elif FEW_ROWS
#include "row.c"
#endif
#if FEW_ROWS < 2
#include "tile.c"
#endif
#if PACK_A || PACK_B
#include "pack.c"
#endif

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
#if PACK_A || PACK_B
                   void *restrict scratch,
#endif
                   OUT *restrict y EXTRA_PARAMS)
{
#if PACK_B
    REAL *columns = (REAL *)scratch;
#endif
#if PACK_A
    REAL *rows = (REAL *)scratch + PACK_B * (KC * NB);
#endif
    for (int b = FROM(SPLIT_BATCH, BATCH, 1); b < TO(SPLIT_BATCH, BATCH, 1);
         b++) {
        const REAL *xb = x + b * (M * K);
        const REAL *wb = w + b * (K * N);
#if FEW_ROWS
#if FEW_ROWS == 1
        if (M < MR)
#endif
            for (int j0 = FROM(SPLIT_COLUMNS, N, ROW_NR);
                 j0 < TO(SPLIT_COLUMNS, N, ROW_NR); j0 += ROW_NR) {
                int j = j0 < N - ROW_NR ? j0 : N - ROW_NR;
                for (int i = FROM(SPLIT_ROWS, M, 1); i < TO(SPLIT_ROWS, M, 1);
                     i++) {
                    REAL c[ROW_NR];
#if ROW_DOTS
                    KERNEL_dot_row(K, xb + i * AI, wb + j * BJ, BJ, c);
#else
                    KERNEL_row(K, xb + i * AI, AK, wb + j, BK, c);
#endif
                    INDEPENDENT_LANES
                    for (int s = NEW(j0 - j); s < ROW_NR; s++)
                        y[(b * M + i) * N + j + s] =
                            EPILOGUE(c[s], b, i, j + s);
                }
            }
#if FEW_ROWS == 1
        if (M < MR)
            continue;
#endif
#endif
#if FEW_ROWS < 2
        for (int k0 = 0; k0 < K; k0 += KC)
            for (int j0 = FROM(SPLIT_COLUMNS, N, NR);
                 j0 < TO(SPLIT_COLUMNS, N, NR); j0 += NB) {
                int depth = K - k0 < KC ? K - k0 : KC;
                int width = TO(SPLIT_COLUMNS, N, NR) - j0 < NB
                                ? TO(SPLIT_COLUMNS, N, NR) - j0
                                : NB;
#if PACK_B
                KERNEL_columns(depth, width, wb + k0 * BK + j0 * BJ, BK, BJ,
                               columns);
#endif
                for (int i0 = FROM(SPLIT_ROWS, M, MR);
                     i0 < TO(SPLIT_ROWS, M, MR); i0 += MB) {
                    int height = TO(SPLIT_ROWS, M, MR) - i0 < MB
                                     ? TO(SPLIT_ROWS, M, MR) - i0
                                     : MB;
#if PACK_A
                    KERNEL_rows(depth, height, xb + i0 * AI + k0 * AK, AI, AK,
                                rows);
#endif
                    for (int j1 = 0; j1 < width; j1 += NR)
                        for (int i1 = 0; i1 < height; i1 += MR) {
                            REAL c[MR * NR];
                            int i = i0 + i1, j = j0 + j1, count = MR;
#if PACK_A
                            if (height - i1 < MR)
                                count = height - i1;
                            const REAL *a = rows + i1 * depth;
#else
                            i = i < M - MR ? i : M - MR;
                            const REAL *a = xb + i * AI + k0 * AK;
#endif
#if PACK_B
                            const REAL *panel = columns + j1 * depth;
#else
                            j = j < N - NR ? j : N - NR;
                            const REAL *panel = wb + j;
#endif
                            KERNEL_tile(depth, a, PACK_A ? 1 : AI,
                                        PACK_A ? MR : AK, panel,
                                        PACK_B ? NR : BK, c, NR);
#if PACK_B && N_TAIL
                            int cols = width - j1 < NR ? width - j1 : NR;
#else
                            const int cols = NR;
#endif
#if SPLIT_K && !PACK_A
                            const int first = i0 + i1 - i;
#else
                            const int first = NEW(i0 + i1 - i);
#endif
#if SPLIT_K
                            for (int r = first; r < count && k0 > 0; r++)
                                INDEPENDENT_LANES
                                for (int s = 0; s < cols; s++)
                                    c[r * NR + s] +=
                                        y[(b * M + i + r) * N + j + s];
                            for (int r = first; r < count && k0 + KC < K; r++)
                                INDEPENDENT_LANES
                                for (int s = 0; s < cols; s++)
                                    y[(b * M + i + r) * N + j + s] =
                                        c[r * NR + s];
                            if (k0 + KC < K)
                                continue;
#endif
                            for (int r = first; r < count; r++)
                                INDEPENDENT_LANES
                                for (int s = NEW(j0 + j1 - j); s < cols; s++)
                                    y[(b * M + i + r) * N + j + s] = EPILOGUE(
                                        c[r * NR + s], b, i + r, j + s);
                        }
                }
            }
#endif
    }
}
