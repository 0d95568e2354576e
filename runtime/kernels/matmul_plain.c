/* Matrix product, any form: one multiply-add a turn.
 *
 * y[b,i,j] = sum over k of A(b,i,k) * B(b,k,j). AI AK, BK BJ are the strides
 * of those indices, so that transposed operands are one text.
 * Contract: y overlaps nothing.
 */
static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = 0; b < BATCH; b++)
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++) {
                const REAL *xr = x + b * (M * K) + i * AI;
                const REAL *wr = w + b * (K * N) + j * BJ;
                REAL acc = 0;
                for (int k = 0; k < K; k++)
                    acc += xr[k * AK] * wr[k * BK];
                y[(b * M + i) * N + j] = EPILOGUE(acc, b, i, j);
            }
}
