/* One row of a product: c[j] = sum over k of a[k] * b[k, j], ROW_NR columns.
 *
 * The tile for few rows: the loads of b are the limit, so it is wide. The
 * order of the sums is that of the tile.
 */
static void KERNEL_row(int depth, const REAL *restrict a, int ak,
                       const REAL *restrict b, int bk, REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = ROW_NR / LANES };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[NV];
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        acc[v] = zero;
    for (int k = 0; k < depth; k++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[v] +=
                a[k * ak] * *(const KERNEL_mem *)(b + k * bk + v * LANES);
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        *(KERNEL_mem *)(c + v * LANES) = acc[v];
}
