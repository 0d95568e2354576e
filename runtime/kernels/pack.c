/* Copies for the tile: what it reads lies in the order in which it is read.
 *
 * KERNEL_columns: `cols` columns of a matrix as rows of NR, zeros behind; b[k,
 * j] lies k * bk + j * bj elements after b. Where that is a transposition, four
 * rows and columns at a time are turned in registers. KERNEL_rows: `rows` rows
 * of a matrix, MR side by side, the last one repeated; a[i, k] lies i * ai +
 * k * ak elements after a.
 */
#if PACK_B
static void KERNEL_columns(int depth, int cols, const REAL *restrict b, int bk,
                           int bj, REAL *restrict to)
{
    int done = 0; /* columns */
#if VB && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12))
    typedef REAL Four __attribute__((vector_size(4 * sizeof(REAL))));
    typedef REAL Memory __attribute__((
        vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));
    int whole = depth / 4 * 4;
    for (; bk == 1 && done < NR && done + 4 <= cols; done += 4) {
        const REAL *from = b + done * bj;
        for (int k = 0; k < whole; k += 4) {
            Four r0 = *(const Memory *)(from + k);
            Four r1 = *(const Memory *)(from + bj + k);
            Four r2 = *(const Memory *)(from + 2 * bj + k);
            Four r3 = *(const Memory *)(from + 3 * bj + k);
            Four s0 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
            Four s1 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
            Four s2 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
            Four s3 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
            REAL *at = to + k * NR + done;
            *(Memory *)at = __builtin_shufflevector(s0, s2, 0, 1, 4, 5);
            *(Memory *)(at + NR) = __builtin_shufflevector(s0, s2, 2, 3, 6, 7);
            *(Memory *)(at + 2 * NR) =
                __builtin_shufflevector(s1, s3, 0, 1, 4, 5);
            *(Memory *)(at + 3 * NR) =
                __builtin_shufflevector(s1, s3, 2, 3, 6, 7);
        }
        for (int k = whole; k < depth; k++)
            for (int j = 0; j < 4; j++)
                to[k * NR + done + j] = from[k + j * bj];
    }
#endif
    if (bj == 1 && cols == NR)
        for (int k = 0; k < depth; k++)
            for (int j = 0; j < NR; j++)
                to[k * NR + j] = b[k * bk + j];
    else
        for (int k = 0; k < depth; k++)
            for (int j = done; j < NR; j++)
                to[k * NR + j] = j < cols ? b[k * bk + j * bj] : 0;
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
