/* One row of a product with a panel: c[j] = sum over k of a[k] * b[k, j], NR
 * columns. STEPS partial sums for each, of every STEPS-th term, so that loads
 * are the limit.
 */
static void KERNEL_panel_row(int depth, const REAL *restrict a,
                             const REAL *restrict b, REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = NR / LANES };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[STEPS][NV];
    const int whole = depth / STEPS * STEPS;
#pragma GCC unroll 16
    for (int i = 0; i < STEPS; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    for (int k = 0; k < whole; k += STEPS)
#pragma GCC unroll 16
        for (int i = 0; i < STEPS; i++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[k + i] * *(const KERNEL_mem *)(b + (k + i) * NR +
                                                              v * LANES);
    for (int k = whole; k < depth; k++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[0][v] += a[k] * *(const KERNEL_mem *)(b + k * NR + v * LANES);
#pragma GCC unroll 16
    for (int i = 1; i < STEPS; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[0][v] += acc[i][v];
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        *(KERNEL_mem *)(c + v * LANES) = acc[0][v];
}
