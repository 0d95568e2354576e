/* The register tile of a product with a panel: c[i, j] = sum over k of a[i, k] *
 * b[k, j] for mr rows, MR of them at most, and NR columns.
 *
 * Rows of a lie K elements apart, those of b and c NR. The order of the sum is
 * that of k, whatever mr is.
 */
INLINE static void KERNEL_panel_tile(int mr, const REAL *restrict a,
                                     const REAL *restrict b, REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = NR / LANES };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < K; k++, a++, b += NR) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * K] * *(const KERNEL_mem *)(b + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(KERNEL_mem *)(c + i * NR + v * LANES) = acc[i][v];
    }
}
