/* Copies for the tile: what it reads lies in the order in which it is read.
 *
 * KERNEL_columns: `cols` columns of a matrix as panels of NR, each [depth, NR],
 * the last one filled up with zeros; b[k, j] lies k * bk + j * bj elements
 * after b. Where that is a transposition, TURN rows and columns at a time are
 * turned in registers.
 * KERNEL_rows: `rows` rows of a matrix, MR side by side, the last one repeated;
 * a[i, k] lies i * ai + k * ak elements after a.
 */
#if PACK_B
#if VB
#include "turn_square.c"
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
#if VB
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
        for (; bk == 1 && j1 + TURN <= width; j1 += TURN) {
            const REAL *from = b + (j0 + j1) * bj;
            int whole = depth / TURN * TURN;
            for (int k = 0; k < whole; k += TURN)
                KERNEL_turn(from + k, bj, panel + k * NR + j1, NR);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < TURN; j++)
                    panel[k * NR + j1 + j] = from[k + j * bj];
        }
#endif
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
