/* Inner products: c[i][j] = sum over k of a[i, k] * b[j, k], MR x NC of them.
 *
 * Both operands are read along k, so nothing is copied. A vector of partial
 * sums for each product: MR + NC loads serve MR * NC multiply-adds; the last
 * depth % LANES elements are padded with zeros. At the end the halves of each
 * vector are added until one element is left: the order depends on nothing
 * but depth. Contract: MR * NC >= MR + NC.
 */
static void KERNEL_dots(int depth, const REAL *restrict a, int ai,
                        const REAL *restrict b, int bj, REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NC];
    REAL part[MR * NC][LANES];
    int k = 0;
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 16
        for (int j = 0; j < NC; j++)
            acc[i][j] = zero;
    for (; k + LANES <= depth; k += LANES) {
        KERNEL_vec bv[NC];
#pragma GCC unroll 16
        for (int j = 0; j < NC; j++)
            bv[j] = *(const KERNEL_mem *)(b + j * bj + k);
#pragma GCC unroll 16
        for (int i = 0; i < MR; i++) {
            KERNEL_vec av = *(const KERNEL_mem *)(a + i * ai + k);
#pragma GCC unroll 16
            for (int j = 0; j < NC; j++)
                acc[i][j] += av * bv[j];
        }
    }
    if (k < depth) {
        for (int l = 0; l < LANES; l++) {
            for (int i = 0; i < MR; i++)
                part[i][l] = k + l < depth ? a[i * ai + k + l] : 0;
            for (int j = 0; j < NC; j++)
                part[MR + j][l] = k + l < depth ? b[j * bj + k + l] : 0;
        }
#pragma GCC unroll 16
        for (int i = 0; i < MR; i++)
#pragma GCC unroll 16
            for (int j = 0; j < NC; j++)
                acc[i][j] += *(const KERNEL_mem *)part[i] *
                             *(const KERNEL_mem *)part[MR + j];
    }
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 16
        for (int j = 0; j < NC; j++)
            *(KERNEL_mem *)part[i * NC + j] = acc[i][j];
    for (int i = 0; i < MR * NC; i++) {
#pragma GCC unroll 4
        for (int h = 1; LANES >> h > 0; h++)
#pragma GCC unroll 8
            for (int l = 0; l < LANES >> h; l++)
                part[i][l] += part[i][l + (LANES >> h)];
        c[i] = part[i][0];
    }
}
