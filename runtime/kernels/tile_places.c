/* The register tile of a sum over places: c[h, w][j] += sum over k of
 * a[h, w](at[k]) * b[k, j], TR x TW rows by NR.
 *
 * Rows are windows on the same cells: row (h, w) of a starts h * ah + w * aw
 * elements after a and its k-th element lies at[k] after that; row (h, w) of c
 * starts h * ch + w * cw after c; b is [depth, NR].
 */
static void KERNEL_places(int depth, const REAL *restrict a, int ah, int aw,
                          const int *restrict at, const REAL *restrict b,
                          REAL *restrict c, int ch, int cw)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = NR / LANES };
    KERNEL_vec acc[TR][TW][NV];
#pragma GCC unroll 16
    for (int h = 0; h < TR; h++)
#pragma GCC unroll 16
        for (int w = 0; w < TW; w++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[h][w][v] =
                    *(const KERNEL_mem *)(c + h * ch + w * cw + v * LANES);
    UNROLL_8
    for (int k = 0; k < depth; k++) {
        const REAL *ap = a + at[k], *bp = b + k * NR;
#pragma GCC unroll 16
        for (int h = 0; h < TR; h++)
#pragma GCC unroll 16
            for (int w = 0; w < TW; w++)
#pragma GCC unroll 16
                for (int v = 0; v < NV; v++)
                    acc[h][w][v] += ap[h * ah + w * aw] *
                                    *(const KERNEL_mem *)(bp + v * LANES);
    }
#pragma GCC unroll 16
    for (int h = 0; h < TR; h++)
#pragma GCC unroll 16
        for (int w = 0; w < TW; w++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                *(KERNEL_mem *)(c + h * ch + w * cw + v * LANES) =
                    acc[h][w][v];
}
