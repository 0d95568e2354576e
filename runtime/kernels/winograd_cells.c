/* Winograd's transform of cells, with lines of winograd_lines.c.
 *
 * KERNEL_winograd_cells: `run` tiles of one plane x [height, width, V], the
 * first of them at (row, column), the others beside it: first down the T rows
 * of cells, whose columns neighbouring tiles share, then across. to is [T * T
 * planes `apart` elements apart, run, V]. Nothing here depends on the sizes of
 * a layer, so all layers share it.
 */
static void KERNEL_winograd_cells(const REAL *restrict x, int height, int width,
                                  int row, int column, int run,
                                  REAL *restrict lines, int line,
                                  REAL *restrict to, int apart)
{
    static const REAL nothing[V] = {0};
    const REAL *from[T];
    int step[T], count = (run - 1) * (M * S) + T;
    int begin = column < 0 ? -column : 0;
    int end = width - column < count ? width - column : count;
    if (end < begin)
        begin = end = count;
    for (int i = 0; i < T; i++) {
        int h = row + i, inside = h >= 0 && h < height && begin < end;
        from[i] = inside ? x + (h * width + column + begin) * V : nothing;
        step[i] = inside ? V : 0;
        for (int k = 0; k < begin * V; k++)
            lines[i * line + k] = 0;
        for (int k = end * V; k < count * V; k++)
            lines[i * line + k] = 0;
    }
    KERNEL_winograd_forward(from, step, end - begin, lines + begin * V, line);
    for (int i = 0; i < T; i++) {
        for (int k = 0; k < T; k++) {
            from[k] = lines + i * line + k * V;
            step[k] = M * S * V;
        }
        KERNEL_winograd_forward(from, step, run, to + i * T * apart, apart);
    }
}
