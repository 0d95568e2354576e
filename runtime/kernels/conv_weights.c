/* Convolution over images, the gradient of a convolution by its weights:
 * x = cn, w = io, y = cn; vectors along the outputs.
 *
 * Here the window has the size of the other gradient, so it is large and the
 * result small: O * B * OH * OW sums. Image by image (c), the cells of x are
 * copied with their border, the image of w is transposed to [KH * KW, outputs]
 * in panels of NR, and each tile adds its KH * KW products to its sums: TB
 * channels or TH rows, and TW columns of the result, TR = TB * TH. There are
 * TILES of them, which threads share: each copies the cells for itself. An
 * element is summed in the order of images. Other symbols as in conv.c.
 * Contract: y overlaps nothing. Scratch: sums [OP / NR, BP, OHP, OWP, NR], which
 * tiles go through in order; cells [BP, RP, WP] and SLACK, a panel [KH * KW,
 * NR], KH * KW offsets; BP, OHP, OWP and OP are B, OH, OW and OG rounded up to
 * what the tile takes.
 */
#include "vector.c"
#include "tile_places.c"
#include "border.c"
#include "pack.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { PLANES = BP * OHP * OWP };
    REAL *sums = (REAL *)scratch;
    REAL *cells = sums + PLANES * OP;
    REAL *panel = cells + BP * RP * WP + SLACK;
    int *at = (int *)(panel + KH * KW * NR);
    for (int kh = 0; kh < KH; kh++)
        for (int kw = 0; kw < KW; kw++)
            at[kh * KW + kw] = kh * DH * WP + kw * DW;
    enum { TILES_B = BP / TB, TILES_H = OHP / TH, TILES_W = OWP / TW };
    enum { OF_PANEL = TILES_B * TILES_H * TILES_W };
    const int first = FROM(SPLIT_COLUMNS, TILES, 1);
    const int last = TO(SPLIT_COLUMNS, TILES, 1);
    for (int g = 0; g < O / OG; g++) {
        for (int i = 0; i < PLANES * OP; i++)
            sums[i] = 0;
        for (int i = 0; i < BP * RP * WP + SLACK; i++)
            cells[i] = 0;
        for (int c = 0; c < CG; c++) {
            KERNEL_border(x + c * XC + g * XG, B, XB, H, W, -LH, RP, LW, WP,
                          cells);
            for (int t = first, have = -1; t < last; t++) {
                int o = t / OF_PANEL * NR, b = t / (TILES_H * TILES_W) % TILES_B;
                int i = t / TILES_W % TILES_H * TH, j = t % TILES_W * TW;
                int cell = (b * TB * RP + i * SH) * WP + j * SW;
                REAL *sum = sums + o * PLANES +
                            ((b * TB * OHP + i) * OWP + j) * NR;
                if (o != have)
                    KERNEL_columns(KH * KW, OG - o < NR ? OG - o : NR,
                                   w + c * WC + (g * OG + o) * WO, 1, WO,
                                   panel);
                have = o;
#if TB > 1
                KERNEL_places(KH * KW, cells + cell, RP * WP, SW, at, panel,
                              sum, OHP * OWP * NR, NR);
#else
                KERNEL_places(KH * KW, cells + cell, SH * WP, SW, at, panel,
                              sum, OWP * NR, NR);
#endif
            }
        }
        for (int t = first; t < last; t++) {
            int o0 = t / OF_PANEL * NR, i0 = t / TILES_W % TILES_H * TH;
            int b0 = t / (TILES_H * TILES_W) % TILES_B * TB;
            int j0 = t % TILES_W * TW;
            for (int o = o0; o < OG && o < o0 + NR; o++)
                for (int b = b0; b < B && b < b0 + TB; b++)
                    for (int i = i0; i < OH && i < i0 + TH; i++)
                        for (int j = j0; j < OW && j < j0 + TW; j++) {
                            int place = (b * OHP + i) * OWP + j;
                            REAL v = sums[o0 * PLANES + place * NR + o - o0];
                            int r = g * OG + o, p = i * OW + j;
                            y[r * YO + b * YB + p] = EPILOGUE(v, r, b, p);
                        }
        }
    }
}
