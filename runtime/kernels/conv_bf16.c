/* Convolution on arrays in blocks of 16 channels, by tiles of bf16 parts.
 *
 * Numbers are split into PARTS parts; with three, six products of parts are as
 * accurate as float, with two there are three products. The cells that ROWS
 * result rows see are split into planes of words with zeros around them, whose
 * cells lie so that a row of tiles is 16 cells side by side: places run on from
 * one result row to the next, and the sums between the rows are left. Two
 * blocks of output channels are split at the first 32 places and kept for the
 * others, or just the KEPT = 1 last step where there are no others.
 * x is [B, G * XB, H, W, 16], w is [G * OB, XB, KH, KW, 16, 16], y is [B, G *
 * OB, OH, OW, 16].
 * Contract: y overlaps nothing; scratch for 1024 + PARTS * (512 * KEPT + 16 *
 * CB * PLANE) + 512 words of 4 bytes; TILES: see amx.c.
 */
#include "bf16_split.c"
#include "bf16_blocked.c"
#include "bf16_cells.c"
#include "bf16_block.c"

AMX_CODE static void KERNEL(N_PARAM const REAL *restrict x,
                            const REAL *restrict w, void *restrict scratch,
                            OUT *restrict y EXTRA_PARAMS)
{
    enum { FILTER = XB * KH * KW * 256 };
    float *c = (float *)scratch; /* [32, 32] */
    uint32_t *panel = (uint32_t *)(c + 1024);
    uint32_t *cells = panel + KEPT * (PARTS * 512);
    TILES_BEGIN;
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int g = FROM(SPLIT_GROUPS, G, 1); g < TO(SPLIT_GROUPS, G, 1); g++)
            for (int h0 = FROM(SPLIT_ROWS, OH, 1); h0 < TO(SPLIT_ROWS, OH, 1);
                 h0 += ROWS) {
                const REAL *image = x + (b * G + g) * (XB * H * W * 16);
                int rest = TO(SPLIT_ROWS, OH, 1) - h0;
                int places = ((rest < ROWS ? rest : ROWS) - 1) * WP + OW;
                KERNEL_split_cells(image, h0 * SH - LH, cells);
                for (int o0 = FROM(SPLIT_COLUMNS, OB, 2);
                     o0 < TO(SPLIT_COLUMNS, OB, 2); o0 += 2) {
                    const int o = g * OB + o0;
                    const float *wo = w + o * FILTER;
#if OB % 2
                    const int two = o0 + 1 < OB;
#else
                    const int two = 1;
#endif
                    for (int p0 = 0; p0 < places; p0 += 32) {
                        int end = places - p0 < 32 ? places - p0 : 32;
                        KERNEL_block_product(cells + p0 * 16, panel,
                                             p0 ? NULL : wo, wo + two * FILTER,
                                             c);
                        for (int r = 0; r < end; r++) {
                            int h = h0 + (p0 + r) / WP, j = (p0 + r) % WP;
                            for (int t = 0; t <= two && j < OW; t++) {
                                const float *from = c + r * 32 + t * 16;
                                const int p = h * OW + j;
                                const int block = b * (G * OB) + o + t;
                                OUT *to = y + (block * (OH * OW) + p) * 16;
                                INDEPENDENT
                                for (int l = 0; l < 16; l++)
                                    to[l] = EPILOGUE(from[l], b, o + t, p, l);
                            }
                        }
                    }
                }
            }
    TILES_END;
}
