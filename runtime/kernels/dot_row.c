/* One row of inner products: c[j] = sum over k of a[k] * b[j, k], ROW_NR of
 * them, for two operands stored along k.
 *
 * For few rows, where reading b is the limit: nothing is copied, and the rows
 * behind these, which come next, are asked for ahead of time. A vector of
 * partial sums for each product; the last depth % LANES elements are padded
 * with zeros; at the end the halves of each vector are added until one element
 * is left. The order depends on nothing but depth.
 */
static void KERNEL_dot_row(int depth, const REAL *restrict a,
                           const REAL *restrict b, int bj, REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    enum { LINE = 64 / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[ROW_NR];
    REAL part[ROW_NR + 1][LANES];
    int k = 0;
#pragma GCC unroll 16
    for (int j = 0; j < ROW_NR; j++)
        acc[j] = zero;
    for (; k + LANES <= depth; k += LANES) {
#pragma GCC unroll 16
        for (int j = 0; j < ROW_NR * LANES; j += LINE)
            PREFETCH(b + (ROW_NR * bj + ROW_NR * k + j));
#pragma GCC unroll 16
        for (int j = 0; j < ROW_NR; j++)
            acc[j] += *(const KERNEL_mem *)(a + k) *
                      *(const KERNEL_mem *)(b + j * bj + k);
    }
    if (k < depth) {
        for (int l = 0; l < LANES; l++) {
            part[ROW_NR][l] = k + l < depth ? a[k + l] : 0;
            for (int j = 0; j < ROW_NR; j++)
                part[j][l] = k + l < depth ? b[j * bj + k + l] : 0;
        }
#pragma GCC unroll 16
        for (int j = 0; j < ROW_NR; j++)
            acc[j] += *(const KERNEL_mem *)part[ROW_NR] *
                      *(const KERNEL_mem *)part[j];
    }
#pragma GCC unroll 16
    for (int j = 0; j < ROW_NR; j++)
        *(KERNEL_mem *)part[j] = acc[j];
    for (int j = 0; j < ROW_NR; j++) {
#pragma GCC unroll 4
        for (int half = LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
            for (int l = 0; l < half; l++)
                part[j][l] += part[j][l + half];
        c[j] = part[j][0];
    }
}
