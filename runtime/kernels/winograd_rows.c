/* The t rows of `count` cells of a plane x [height, width, V] from (row, column)
 * on: row i has its cells at from[i], beginning with cell *begin; how many are
 * there is the result. The others of a row of lines, which lie outside of the
 * plane, become 0, and so does line t, which stands for rows outside. Tiles of
 * all sizes share this.
 */
static int KERNEL_winograd_rows(const REAL *restrict x, int height, int width,
                                int row, int column, int t, int count,
                                const REAL **from, int *begin,
                                REAL *restrict lines, int line)
{
    int first = column < 0 ? -column : 0;
    int end = width - column < count ? width - column : count;
    if (end < first)
        first = end = count;
    for (int i = 0; i < t; i++) {
        int h = row + i, inside = h >= 0 && h < height && first < end;
        from[i] = inside ? x + (h * width + column + first) * V
                         : lines + t * line;
        for (int k = 0; k < first * V; k++)
            lines[i * line + k] = 0;
        for (int k = end * V; k < count * V; k++)
            lines[i * line + k] = 0;
    }
    for (int k = 0; k < count * V && (row < 0 || row + t > height); k++)
        lines[t * line + k] = 0;
    *begin = first;
    return end - first;
}
