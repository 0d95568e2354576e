/* Winograd's transform of cells, with lines of winograd_lines.c.
 *
 * KERNEL_winograd_cells: `run` tiles of one plane x [height, width, V], the
 * first of them at (row, column), the others beside it: first down the T rows
 * of cells, whose columns neighbouring tiles share, then across. to is [T * T
 * planes `apart` elements apart, run, V]. Nothing here depends on the sizes of
 * a layer, so all layers share it.
 */
#include "winograd_rows.c"

static void KERNEL_winograd_cells(const REAL *restrict x, int height, int width,
                                  int row, int column, int run,
                                  REAL *restrict lines, int line,
                                  REAL *restrict to, int apart)
{
    const REAL *from[T];
    int begin;
    int count = KERNEL_winograd_rows(x, height, width, row, column, T,
                                     (run - 1) * (M * S) + T, from, &begin,
                                     lines, line);
    KERNEL_winograd_forward(from, V, count, lines + begin * V, line);
    for (int i = 0; i < T; i++) {
        for (int k = 0; k < T; k++)
            from[k] = lines + i * line + k * V;
        KERNEL_winograd_forward(from, M * S * V, run, to + i * T * apart, apart);
    }
}
