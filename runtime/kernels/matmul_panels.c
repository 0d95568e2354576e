/* Matrix product with a matrix in panels of NR columns.
 *
 * y[i,j] = sum over k of x[i,k] * w[j / NR, k, j % NR]: x is [M, K], w is
 * [ceil(N / NR), K, NR]. MB rows of x stay in the second cache while the panels
 * pass, one after the other; a panel passes from there through the tile, MR
 * rows at a time. With FEW the rows end with tiles of MR - 1, as many as make
 * the number right; rows too few for that are done one by one. Each tile
 * asks for AHEAD lines, of LINE elements, of the next panel. N_TAIL: NR does not
 * divide N. MB is 0 where one block is enough.
 * Contract: y overlaps nothing; MR divides MB.
 */
#include "vector.c"
#include "panel_tile.c"
#include "panel_row.c"

/* count * mr rows from row i on. */
INLINE static void KERNEL_rows(int mr, int count, const REAL *restrict x,
                               const REAL *restrict panel, int i, int j,
                               OUT *restrict y EXTRA_PARAMS)
{
#if N_TAIL
    int cols = N - j < NR ? N - j : NR;
#else
    const int cols = NR;
#endif
    for (int t = 0; t < count; t++, i += mr) {
        REAL c[MR * NR];
#if EXTRAS
        for (int r = 0; r < mr; r++)
            PREFETCH_EXTRAS(i + r, j);
#endif
#if AHEAD
        const REAL *later = panel + K * NR + t * (AHEAD * LINE);
        for (int l = 0; l < AHEAD; l++)
            PREFETCH_L2(later + l * LINE);
#endif
        KERNEL_panel_tile(mr, x + i * K, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * N + j + s] = EPILOGUE(c[r * NR + s], i + r, j + s);
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
#if MB
    for (int i0 = FROM(SPLIT_ROWS, M, MR); i0 < TO(SPLIT_ROWS, M, MR);
         i0 += MB) {
        int rest = TO(SPLIT_ROWS, M, MR) - i0, rows = rest < MB ? rest : MB;
#else
    {
        const int i0 = FROM(SPLIT_ROWS, M, MR);
        const int rows = TO(SPLIT_ROWS, M, MR) - i0;
#endif
        const int missing = (MR - rows % MR) % MR;
        const int few = FEW && missing * (MR - 1) <= rows ? missing : 0;
        const int many = (rows - few * (MR - 1)) / MR;
        for (int j = FROM(SPLIT_COLUMNS, N, NR); j < TO(SPLIT_COLUMNS, N, NR);
             j += NR) {
            const REAL *panel = w + j * K;
            KERNEL_rows(MR, many, x, panel, i0, j, y EXTRA_ARGS);
#if FEW
            KERNEL_rows(MR - 1, few, x, panel, i0 + many * MR, j, y EXTRA_ARGS);
#endif
#if N_TAIL
            int cols = N - j < NR ? N - j : NR;
#else
            const int cols = NR;
#endif
            for (int i = i0 + many * MR + few * (MR - 1); i < i0 + rows; i++) {
                REAL c[NR];
                KERNEL_panel_row(K, x + i * K, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * N + j + s] = EPILOGUE(c[s], i, j + s);
            }
        }
    }
}
