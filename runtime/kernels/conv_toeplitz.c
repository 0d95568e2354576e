/* Convolution as a matrix product: weights [O, CG * KH * KW] times the
 * input's windows, one column for each place of the result.
 *
 * Blocks of ROWS result rows; the input cells they need are first copied with
 * their border into the scratch, as rows of WP cells. Then the windows of NR
 * places at a time become the columns of a panel, and the tile does MR outputs
 * of them. Other symbols as in conv.c.
 * Contract: y overlaps nothing; OG >= MR; scratch for CG * RP * WP + SLACK
 * cells, CG * KH * KW * NR + NR columns and, with PACK_W, the weights.
 */
#include "vector.c"
#include "tile.c"
#include "border.c"
#include "windows.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    REAL *cells = (REAL *)scratch;                /* [CG, RP, WP] */
    REAL *columns = cells + CG * RP * WP + SLACK; /* [CG, KH, KW, NR] */
#if PACK_W
    REAL *weights = columns + (CG * KH * KW + 1) * NR; /* [O, CG, KH, KW] */
    for (int o = 0; o < O; o++)
        for (int c = 0; c < CG; c++)
            for (int k = 0; k < KH * KW; k++)
                weights[(o * CG + c) * (KH * KW) + k] = w[o * WO + c * WC + k];
#else
    const REAL *weights = w;
#endif
    for (int i = 0; i < SLACK; i++)
        cells[CG * RP * WP + i] = 0;
    for (int b = 0; b < B; b++)
        for (int g = 0; g < O / OG; g++)
            for (int h = 0; h < OH; h += ROWS) {
                int places = (OH - h < ROWS ? OH - h : ROWS) * OW;
#if SPREAD
                KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, PH, PW,
                              h * SH - LH, RP, LW, WP, cells);
#else
                KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, h * SH - LH,
                              RP, LW, WP, cells);
#endif
                for (int p1 = 0; p1 < places; p1 += NR) {
                    int count = places - p1 < NR ? places - p1 : NR;
                    KERNEL_windows(cells, p1, columns);
                    for (int o1 = 0; o1 < OG; o1 += MR) {
                        int o = g * OG + (o1 < OG - MR ? o1 : OG - MR);
                        REAL c[MR * NR];
                        KERNEL_tile(CG * KH * KW, weights + o * (CG * KH * KW),
                                    CG * KH * KW, 1, columns, NR, c, NR);
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
