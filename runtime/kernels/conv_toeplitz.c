/* Convolution as a matrix product: weights [O, CG * KH * KW] times the
 * input's windows, one column for each place of the result.
 *
 * Blocks of ROWS result rows; the input cells they need are first copied with
 * their border into the scratch, as in conv_rows.c. Then the windows of NR
 * places at a time become the columns of a panel, and the tile does MR outputs
 * of them. Other symbols as in conv.c.
 * Contract: y overlaps nothing; OG >= MR; scratch for CG * QH * QW * RP * WP +
 * SLACK cells, CG * KH * KW * NR + NR columns, CG * KH * KW offsets and, with
 * PACK_W, the weights.
 */
#include "vector.c"
#include "tile.c"
#include "border.c"
#include "windows.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { DEPTH = CG * KH * KW, PLANE = RP * WP };
    enum { CELLS = CG * QH * QW * PLANE };
    REAL *cells = (REAL *)scratch;
    REAL *columns = cells + CELLS + SLACK; /* [DEPTH, NR] */
#if PACK_W
    REAL *weights = columns + (DEPTH + 1) * NR; /* [O, CG, KH, KW] */
    int *at = (int *)(weights + O * DEPTH);
    for (int o = 0; o < O; o++)
        for (int c = 0; c < CG; c++)
            for (int k = 0; k < KH * KW; k++)
                weights[(o * CG + c) * (KH * KW) + k] = w[o * WO + c * WC + k];
#else
    const REAL *weights = w;
    int *at = (int *)(columns + (DEPTH + 1) * NR);
#endif
    for (int c = 0; c < CG; c++)
        for (int kh = 0; kh < KH; kh++)
            for (int kw = 0; kw < KW; kw++)
                at[(c * KH + kh) * KW + kw] =
                    ((c * QH + kh * DH % SH) * QW + kw * DW % SW) * PLANE +
                    kh * DH / SH * WP + kw * DW / SW;
    for (int i = 0; i < SLACK; i++)
        cells[CELLS + i] = 0;
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int g = FROM(SPLIT_GROUPS, O / OG, 1);
             g < TO(SPLIT_GROUPS, O / OG, 1); g++)
            for (int h = FROM(SPLIT_ROWS, OH, 1); h < TO(SPLIT_ROWS, OH, 1);
                 h += ROWS) {
                int places = (TO(SPLIT_ROWS, OH, 1) - h < ROWS
                                  ? TO(SPLIT_ROWS, OH, 1) - h
                                  : ROWS) *
                             OW;
#if STRIDED
                KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, SH, SW, QH, QW,
                              h * SH - LH, RP, LW, WP, cells);
#else
                KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, h - LH, RP, LW,
                              WP, cells);
#endif
                for (int p1 = 0; p1 < places; p1 += NR) {
                    int count = places - p1 < NR ? places - p1 : NR;
                    KERNEL_windows(DEPTH, cells, at, WP, OW, p1, columns);
                    for (int o1 = FROM(SPLIT_COLUMNS, OG, MR);
                         o1 < TO(SPLIT_COLUMNS, OG, MR); o1 += MR) {
                        int o = g * OG + (o1 < OG - MR ? o1 : OG - MR);
                        REAL c[MR * NR];
                        KERNEL_tile(DEPTH, weights + o * DEPTH, DEPTH, 1,
                                    columns, NR, c, NR);
                        for (int r = o; r < o + MR; r++)
                            for (int s = 0; s < count; s++) {
                                REAL v = c[(r - o) * NR + s];
                                int p = h * OW + p1 + s;
#if Y_CN
                                y[b * YB + r * YO + p] = EPILOGUE(v, r, b, p);
#else
                                y[b * YB + r * YO + p] = EPILOGUE(v, b, r, p);
#endif
                            }
                    }
                }
            }
}
