/* The register tile: c[i][j] = sum over k of a[i, k] * b[k, j], MR x NR.
 *
 * MR * NR sums stay in registers while k runs: NR / LANES loads of b and MR
 * scalars of a serve MR * NR multiply-adds. Row i of a starts i * ai elements
 * after a, row i of c i * ci after c. The order of the sum is that of k,
 * whatever the sizes, so an element does not depend on its neighbours. Row k
 * of b starts k * bk elements after b, with B_TABLE at[k] elements.
 */
INLINE static void KERNEL_tile(int depth, const REAL *restrict a, int ai,
                               int ak, const REAL *restrict b,
#if B_TABLE
                               const int *restrict at,
#else
                               int bk,
#endif
                               REAL *restrict c, int ci)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = NR / LANES };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV];
    UNROLL
    for (int i = 0; i < MR; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
#if B_TABLE
        const REAL *bp = b + at[k];
#else
        const REAL *bp = b;
        b += bk;
#endif
        UNROLL
        for (int i = 0; i < MR; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] +=
                    a[i * ai] * *(const KERNEL_mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < MR; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(KERNEL_mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}
