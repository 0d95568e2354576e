/* The windows of NR places of a result as columns: to[k][s] is what place
 * first + s sees at place k of its window, depth of them.
 *
 * Place (oh, ow) of the result sees at k the cell oh * wp + ow + at[k]. Runs of
 * places that lie side by side are copied NR cells at a time, and the next run
 * overwrites what was too much.
 */
static void KERNEL_windows(int depth, const REAL *restrict cells,
                           const int *restrict at, int wp, int ow, int first,
                           REAL *restrict to)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    for (int k = 0; k < depth; k++, to += NR) {
        int i = first / ow, j = first % ow;
        for (int s = 0; s < NR; s += ow - j, j = 0, i++) {
            const REAL *from = cells + at[k] + i * wp + j;
#pragma GCC unroll 8
            for (int v = 0; v < NR; v += LANES)
                *(KERNEL_mem *)(to + s + v) = *(const KERNEL_mem *)(from + v);
        }
    }
}
