/* Copies for the tile: what it reads lies in the order in which it is read.
 *
 * KERNEL_columns: `cols` columns of a matrix as panels of NR, each [depth, NR],
 * the last one filled up with zeros; b[k, j] lies k * bk + j * bj elements
 * after b. Where that is a transposition, TURN rows and columns at a time are
 * turned in registers: TURN is 4, or 8 with vectors of 32 bytes at least.
 * KERNEL_rows: `rows` rows of a matrix, MR side by side, the last one repeated;
 * a[i, k] lies i * ai + k * ak elements after a.
 */
#if PACK_B
#if VB && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12))
typedef REAL KERNEL_line __attribute__((vector_size(TURN * sizeof(REAL))));
typedef REAL KERNEL_line_mem __attribute__((
    vector_size(TURN * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));

/* TURN x TURN elements: to[k, j] = from[j, k]. */
static void KERNEL_turn(const REAL *restrict from, int step, REAL *restrict to)
{
    KERNEL_line r[TURN], s[TURN];
#pragma GCC unroll 8
    for (int i = 0; i < TURN; i++)
        r[i] = *(const KERNEL_line_mem *)(from + i * step);
#if TURN == 8
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5,
                                       13);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14,
                                           7, 15);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 4)
#pragma GCC unroll 8
        for (int k = 0; k < 2; k++) {
            r[i + 2 * k] = __builtin_shufflevector(s[i + k], s[i + k + 2], 0, 1,
                                                   8, 9, 4, 5, 12, 13);
            r[i + 2 * k + 1] = __builtin_shufflevector(
                s[i + k], s[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++) {
        s[i] = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10,
                                       11);
        s[i + 4] = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13,
                                           14, 15);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
        *(KERNEL_line_mem *)(to + i * NR) = s[i];
#else
#pragma GCC unroll 8
    for (int i = 0; i < 4; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 1, 5);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 6, 3, 7);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 2; i++) {
        r[2 * i] = __builtin_shufflevector(s[i], s[i + 2], 0, 1, 4, 5);
        r[2 * i + 1] = __builtin_shufflevector(s[i], s[i + 2], 2, 3, 6, 7);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++)
        *(KERNEL_line_mem *)(to + i * NR) = r[i];
#endif
}
#endif

static void KERNEL_columns(int depth, int cols, const REAL *restrict b, int bk,
                           int bj, REAL *restrict to)
{
    int done = 0; /* columns */
    if (bj == 1) /* eight rows at a time: whole lines are read and written */
        for (int k0 = 0; k0 < depth; k0 += 8)
            for (int j0 = 0; j0 + NR <= cols; j0 += NR)
                for (int k = k0; k < depth && k < k0 + 8; k++)
                    for (int j = 0; j < NR; j++)
                        to[j0 * depth + k * NR + j] = b[k * bk + j0 + j];
    if (bj == 1)
        done = cols / NR * NR;
    for (int j0 = done; j0 < cols; j0 += NR) {
        REAL *panel = to + j0 * depth;
        int width = cols - j0 < NR ? cols - j0 : NR, j1 = 0;
#if VB && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12))
        for (; bk == 1 && j1 + TURN <= width; j1 += TURN) {
            const REAL *from = b + (j0 + j1) * bj;
            int whole = depth / TURN * TURN;
            for (int k = 0; k < whole; k += TURN)
                KERNEL_turn(from + k, bj, panel + k * NR + j1);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < TURN; j++)
                    panel[k * NR + j1 + j] = from[k + j * bj];
        }
#endif
        for (int k = 0; k < depth && j1 < NR; k++)
            for (int j = 0; j < NR; j++) {
                if (j >= width)
                    panel[k * NR + j] = 0;
                else if (j >= j1)
                    panel[k * NR + j] = b[k * bk + (j0 + j) * bj];
            }
    }
}
#endif
#if PACK_A
static void KERNEL_rows(int depth, int rows, const REAL *restrict a, int ai,
                        int ak, REAL *restrict to)
{
    for (int i = 0; i < rows; i += MR, to += depth * MR)
        if (i + MR <= rows)
            for (int k = 0; k < depth; k++)
                for (int r = 0; r < MR; r++)
                    to[k * MR + r] = a[(i + r) * ai + k * ak];
        else
            for (int k = 0; k < depth; k++)
                for (int r = i; r < i + MR; r++)
                    to[k * MR + r - i] =
                        a[(r < rows ? r : rows - 1) * ai + k * ak];
}
#endif
