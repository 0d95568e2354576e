/* Matrix product with a matrix in panels of NR columns.
 *
 * y[i,j] = sum over k of x[i,k] * w[j / NR, k, j % NR]: x is [M, K], w is
 * [ceil(N / NR), K, NR]. MB rows of x stay in the second cache while the panels
 * pass, one after the other; a panel passes from there through the tile, MR
 * rows at a time, and what is left of the rows one by one. N_TAIL: NR does not
 * divide N. MB is 0 where one block is enough.
 * Contract: y overlaps nothing; MR divides MB.
 */
#include "vector.c"
#include "tile.c"
#include "panel_row.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
#if MB
    for (int i0 = 0; i0 < M; i0 += MB) {
        int i1 = M - i0 < MB ? M : i0 + MB;
#else
    {
        const int i0 = 0, i1 = M;
#endif
        for (int j = 0; j < N; j += NR) {
            const REAL *panel = w + j * K;
#if N_TAIL
            int cols = N - j < NR ? N - j : NR;
#else
            const int cols = NR;
#endif
            const int whole = i0 + (i1 - i0) / MR * MR;
            for (int i = i0; i < whole; i += MR) {
                REAL c[MR * NR];
                KERNEL_tile(K, x + i * K, K, 1, panel, NR, c, NR);
                for (int r = 0; r < MR; r++)
                    INDEPENDENT
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * N + j + s] =
                            EPILOGUE(c[r * NR + s], i + r, j + s);
            }
            for (int i = whole; i < i1; i++) {
                REAL c[NR];
                KERNEL_panel_row(K, x + i * K, panel, c);
                INDEPENDENT
                for (int s = 0; s < cols; s++)
                    y[i * N + j + s] = EPILOGUE(c[s], i, j + s);
            }
        }
    }
}
