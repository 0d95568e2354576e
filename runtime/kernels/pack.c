/* Copies for the tile: what it reads lies in the order in which it is read.
 *
 * KERNEL_columns: `cols` columns of a matrix as rows of NR, zeros behind; b[k,
 * j] lies k * bk + j * bj elements after b. KERNEL_rows: `rows` rows of a
 * matrix, MR side by side, the last one repeated; a[i, k] lies i * ai + k * ak
 * elements after a.
 */
#if PACK_B
static void KERNEL_columns(int depth, int cols, const REAL *restrict b, int bk,
                           int bj, REAL *restrict to)
{
    for (int k0 = 0; k0 < depth; k0 += 16) {
        int k1 = depth - k0 < 16 ? depth : k0 + 16;
        if (bj == 1 && cols == NR)
            for (int k = k0; k < k1; k++)
                for (int j = 0; j < NR; j++)
                    to[k * NR + j] = b[k * bk + j];
        else
            for (int j = 0; j < NR; j++)
                for (int k = k0; k < k1; k++)
                    to[k * NR + j] = j < cols ? b[k * bk + j * bj] : 0;
    }
}
#endif
#if PACK_A
static void KERNEL_rows(int depth, int rows, const REAL *restrict a, int ai,
                        int ak, REAL *restrict to)
{
    for (int i = 0; i < rows; i += MR)
        for (int k = 0; k < depth; k++)
            for (int r = i; r < i + MR; r++)
                *to++ = a[(r < rows ? r : rows - 1) * ai + k * ak];
}
#endif
