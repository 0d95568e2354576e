/* Matrix product by the BLAS, one call for each matrix of the batch. */
static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y)
{
    for (int b = 0; b < BATCH; b++)
        GEMM(CblasRowMajor, TRANS_A, TRANS_B, M, N, K, 1, x + b * (M * K), LDA,
             w + b * (K * N), LDB, 0, y + b * (M * N), N);
}
