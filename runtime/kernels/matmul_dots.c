/* Matrix product as inner products, for two operands stored along k.
 *
 * y[b,i,j] = sum over k of x[b,i,k] * w[b,j,k]: a dense layer with weights
 * [outputs, inputs]. Blocks of MB rows of x stay in the cache while all rows
 * of w pass. Nothing is copied; one row (n = 1) costs what reading w costs.
 * Contract: y overlaps nothing; N >= NC and N >= ROW_NC; M >= MR unless
 * FEW_ROWS.
 */
#include "vector.c"
#include "dots.c"
#if FEW_ROWS
#include "dot_row.c"
#endif

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = 0; b < BATCH; b++) {
        const REAL *xb = x + b * (M * K);
        const REAL *wb = w + b * (N * K);
#if FEW_ROWS
        for (int i = 0; M < MR && i < M; i++)
            for (int j0 = 0; j0 < N; j0 += ROW_NC) {
                int j = j0 < N - ROW_NC ? j0 : N - ROW_NC;
                REAL c[ROW_NC];
                KERNEL_dot_row(K, xb + i * K, wb + j * K, K, c);
                for (int s = 0; s < ROW_NC; s++)
                    y[(b * M + i) * N + j + s] = EPILOGUE(c[s], b, i, j + s);
            }
        if (M < MR)
            continue;
#endif
        for (int i0 = 0; i0 < M; i0 += MB) {
            int i1 = M - i0 < MB ? M : i0 + MB;
            for (int j0 = 0; j0 < N; j0 += NC) {
                int j = j0 < N - NC ? j0 : N - NC;
                for (int i2 = i0; i2 < i1; i2 += MR) {
                    int i = i2 < M - MR ? i2 : M - MR;
                    REAL c[MR * NC];
                    KERNEL_dots(K, xb + i * K, K, wb + j * K, K, c);
                    for (int r = 0; r < MR; r++)
                        for (int s = 0; s < NC; s++)
                            y[(b * M + i + r) * N + j + s] =
                                EPILOGUE(c[r * NC + s], b, i + r, j + s);
                }
            }
        }
    }
}
