/* Winograd's transform of cells, with lines of winograd_lines.c.
 *
 * KERNEL_winograd_cells: `run` tiles from tile (ty, tx) on of one plane x [H,
 * W, V]: first down the T rows of cells, whose columns neighbouring tiles
 * share, then across. to is [T * T planes `apart` elements apart, run, V];
 * `nothing` is V zeros.
 */
static void KERNEL_winograd_cells(const REAL *restrict x, int ty, int tx,
                                  int run, const REAL *nothing,
                                  REAL *restrict lines, int line,
                                  REAL *restrict to, int apart)
{
    const REAL *from[T];
    int step[T], first = tx * M - LW, count = run * M + T - M;
    int begin = first < 0 ? -first : 0;
    int end = W - first < count ? W - first : count;
    if (end < begin)
        begin = end = count;
    for (int i = 0; i < T; i++) {
        int h = ty * M - LH + i, inside = h >= 0 && h < H && begin < end;
        from[i] = inside ? x + (h * W + first + begin) * V : nothing;
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
            step[k] = M * V;
        }
        KERNEL_winograd_forward(from, step, run, to + i * T * apart, apart);
    }
}
