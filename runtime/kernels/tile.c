/* The register tile: c[i][j] = sum over k of a[i, k] * b[k, j], MR x NR.
 *
 * MR * NR sums stay in registers while k runs: NR / LANES loads of b and MR
 * scalars of a serve MR * NR multiply-adds. Row i of a starts i * ai elements
 * after a, row i of c i * ci after c. The order of the sum is that of k,
 * whatever the sizes, so an element does not depend on its neighbours.
 * With A_TABLE (B_TABLE) the k-th element of a row of a (the k-th row of b)
 * lies at[k] elements from its start. With ADD, c is added to.
 */
#if A_TABLE
static void KERNEL_tile(int depth, const REAL *restrict a, int ai,
                        const int *restrict at, const REAL *restrict b, int bk,
                        REAL *restrict c, int ci)
#elif B_TABLE
static void KERNEL_tile(int depth, const REAL *restrict a, int ai, int ak,
                        const REAL *restrict b, const int *restrict at,
                        REAL *restrict c, int ci)
#else
static void KERNEL_tile(int depth, const REAL *restrict a, int ai, int ak,
                        const REAL *restrict b, int bk, REAL *restrict c,
                        int ci)
#endif
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = NR / LANES };
    KERNEL_vec acc[MR][NV];
#if !ADD
    const KERNEL_vec zero = {0};
#endif
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
#if ADD
            acc[i][v] = *(const KERNEL_mem *)(c + i * ci + v * LANES);
#else
            acc[i][v] = zero;
#endif
    for (int k = 0; k < depth; k++) {
#if A_TABLE
        const REAL *ap = a + at[k];
#else
        const REAL *ap = a + k * ak;
#endif
#if B_TABLE
        const REAL *bp = b + at[k];
#else
        const REAL *bp = b + k * bk;
#endif
#pragma GCC unroll 16
        for (int i = 0; i < MR; i++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[i][v] +=
                    ap[i * ai] * *(const KERNEL_mem *)(bp + v * LANES);
    }
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            *(KERNEL_mem *)(c + i * ci + v * LANES) = acc[i][v];
}
