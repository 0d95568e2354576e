/* Matrix product in register tiles.
 *
 * y[b,i,j] = sum over k of A(b,i,k) * B(b,k,j). AI AK, BK BJ are the strides
 * of those indices, so that transposed operands are one text. Panels of NR
 * columns of B are copied into the scratch one after the other (PACK_B), where
 * they stay in the cache while a block of MB rows of A passes; these blocks
 * likewise (PACK_A), so that they are read in order. Without a copy the last
 * tile overlaps its neighbour. With FEW_ROWS, fewer than MR rows are done one
 * by one: 1 = M is only known at run time, 2 = always.
 * Goto, van de Geijn, "Anatomy of high-performance matrix multiplication",
 * ACM TOMS 34(3), 2008.
 * Contract: y overlaps nothing. N >= NR unless PACK_B, M >= MR unless PACK_A
 * or FEW_ROWS, N >= ROW_NR. ROW_DOTS needs AK = BK = 1.
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
    REAL *rows = (REAL *)scratch + PACK_B * (K * NR);
#endif
    for (int b = 0; b < BATCH; b++) {
        const REAL *xb = x + b * (M * K);
        const REAL *wb = w + b * (K * N);
#if FEW_ROWS
#if FEW_ROWS == 1
        if (M < MR)
#endif
            for (int j0 = 0; j0 < N; j0 += ROW_NR) {
                int j = j0 < N - ROW_NR ? j0 : N - ROW_NR;
                for (int i = 0; i < M; i++) {
                    REAL c[ROW_NR];
#if ROW_DOTS
                    KERNEL_dot_row(K, xb + i * AI, wb + j * BJ, BJ, c);
#else
                    KERNEL_row(K, xb + i * AI, AK, wb + j, BK, c);
#endif
                    for (int s = 0; s < ROW_NR; s++)
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
        for (int i0 = 0; i0 < M; i0 += MB) {
            int i1 = M - i0 < MB ? M : i0 + MB;
#if PACK_A
            KERNEL_rows(K, i1 - i0, xb + i0 * AI, AI, AK, rows);
#endif
            for (int j0 = 0; j0 < N; j0 += NR) {
#if PACK_B
                int j = j0, cols = N - j0 < NR ? N - j0 : NR;
                KERNEL_columns(K, cols, wb + j * BJ, BK, BJ, columns);
#else
                int j = j0 < N - NR ? j0 : N - NR, cols = NR;
#endif
                for (int i2 = i0; i2 < i1; i2 += MR) {
#if PACK_A
                    int i = i2, count = i1 - i < MR ? i1 - i : MR;
                    const REAL *a = rows + (i - i0) * K;
                    int ai = 1, ak = MR;
#else
                    int i = i2 < M - MR ? i2 : M - MR, count = MR;
                    const REAL *a = xb + i * AI;
                    int ai = AI, ak = AK;
#endif
                    REAL c[MR * NR];
#if PACK_B
                    KERNEL_tile(K, a, ai, ak, columns, NR, c, NR);
#else
                    KERNEL_tile(K, a, ai, ak, wb + j, BK, c, NR);
#endif
                    for (int r = 0; r < count; r++)
                        for (int s = 0; s < cols; s++)
                            y[(b * M + i + r) * N + j + s] =
                                EPILOGUE(c[r * NR + s], b, i + r, j + s);
                }
            }
        }
#endif
    }
}
