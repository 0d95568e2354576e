/* Convolution over images, the gradient of a convolution by its weights:
 * x = cn, w = io, y = cn; vectors along the outputs.
 *
 * Here the window has the size of the other gradient, so it is large and the
 * result small: O * B * OH * OW sums. Image by image (c), the cells of x are
 * copied with their border, the image of w is transposed to [KH * KW, outputs]
 * in panels of NR, and each tile adds its KH * KW products to its sums: TB
 * channels or TH rows, and TW columns of the result, TR = TB * TH. An element
 * is summed in the order of images. Other symbols as in conv.c.
 * Contract: y overlaps nothing. Scratch: sums [BP, OHP, OWP, OP], cells
 * [BP, RP, WP] and SLACK, a panel [KH * KW, NR], KH * KW offsets; BP, OHP, OWP
 * and OP are B, OH, OW and OG rounded up to what the tile takes.
 */
#include "vector.c"
#include "tile_places.c"
#include "border.c"
#include "pack.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    REAL *sums = (REAL *)scratch;
    REAL *cells = sums + BP * OHP * OWP * OP;
    REAL *panel = cells + BP * RP * WP + SLACK;
    int *at = (int *)(panel + KH * KW * NR);
    for (int kh = 0; kh < KH; kh++)
        for (int kw = 0; kw < KW; kw++)
            at[kh * KW + kw] = kh * DH * WP + kw * DW;
    for (int g = 0; g < O / OG; g++) {
        for (int i = 0; i < BP * OHP * OWP * OP; i++)
            sums[i] = 0;
        for (int i = 0; i < BP * RP * WP + SLACK; i++)
            cells[i] = 0;
        for (int c = 0; c < CG; c++) {
            KERNEL_border(x + c * XC + g * XG, B, XB, H, W, -LH, RP, LW, WP,
                          cells);
            for (int o = 0; o < OG; o += NR) {
                KERNEL_columns(KH * KW, OG - o < NR ? OG - o : NR,
                               w + c * WC + (g * OG + o) * WO, 1, WO, panel);
                for (int b = 0; b < B; b += TB)
                    for (int i = 0; i < OH; i += TH)
                        for (int j = 0; j < OW; j += TW) {
                            int cell = (b * RP + i * SH) * WP + j * SW;
                            int sum = ((b * OHP + i) * OWP + j) * OP + o;
#if TB > 1
                            KERNEL_places(KH * KW, cells + cell, RP * WP, SW,
                                          at, panel, sums + sum,
                                          OHP * OWP * OP, OP);
#else
                            KERNEL_places(KH * KW, cells + cell, SH * WP, SW,
                                          at, panel, sums + sum, OWP * OP, OP);
#endif
                        }
            }
        }
        for (int o = 0; o < OG; o++)
            for (int b = 0; b < B; b++)
                for (int i = 0; i < OH; i++)
                    for (int j = 0; j < OW; j++) {
                        REAL v = sums[((b * OHP + i) * OWP + j) * OP + o];
                        int r = g * OG + o, p = i * OW + j;
                        y[r * YO + b * YB + p] = EPILOGUE(v, r, b, p);
                    }
    }
}
