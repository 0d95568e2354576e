/* Convolution with stride 1 as the transposed matrix product: weights
 * [OG * KH * KW, CG] times the cells, each product added to the one place of
 * the result that sees its cell at its place of the window.
 *
 * The gradient by the data of a convolution: where that one had a stride, the
 * cells here are spread (PH, PW; APART), and the zeros between them cost
 * nothing. NR cells at a time; the sums are [OG, AH, AW], of all places that
 * see any cell. Cells that are not spread are copied in rows of CW = AW, zeros
 * behind, so that NR cells go to NR places side by side. With OUTSIDE, some
 * results see no cell at all. Other symbols as in conv.c.
 * Contract: y overlaps nothing; OG * KH * KW >= MR. Scratch: sums and SLACK,
 * cells [CG, H, CW] and NR, the weights in the order in which tiles read them
 * (TILES of MR rows for each group, outputs first: rows of one tile are added
 * to different planes), offsets.
 */
#include "vector.c"
#include "tile.c"
#include "border.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { ROWS = OG * KH * KW, SUMS = OG * AH * AW, CELLS = CG * H * CW };
    REAL *sums = (REAL *)scratch;
    REAL *cells = sums + SUMS + SLACK;
    REAL *weights = cells + CELLS + NR; /* [groups, TILES, CG, MR] */
    int *at = (int *)(weights + O / OG * TILES * (CG * MR));
    for (int t = 0; t < O / OG * TILES; t++) {
        int first = t % TILES * MR < ROWS - MR ? t % TILES * MR : ROWS - MR;
        for (int c = 0; c < CG; c++)
            for (int r = 0; r < MR; r++) {
                int o = t / TILES * OG + (first + r) % OG;
                weights[(t * CG + c) * MR + r] =
                    w[o * WO + c * WC + (first + r) / OG];
            }
    }
#if APART
    int *to = at + ROWS;
    for (int i = 0; i < H; i++)
        for (int j = 0; j < W; j++)
            to[i * W + j] = i * PH * AW + j * PW;
#endif
    for (int kh = 0; kh < KH; kh++)
        for (int kw = 0; kw < KW; kw++)
            for (int o = 0; o < OG; o++)
                at[(kh * KW + kw) * OG + o] =
                    (o * AH + (KH - 1 - kh) * DH) * AW + (KW - 1 - kw) * DW;
    for (int i = 0; i < NR; i++)
        cells[CELLS + i] = 0;
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int g = 0; g < O / OG; g++) {
            KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, 0, H, 0, CW,
                          cells);
            for (int i = 0; i < SUMS; i++)
                sums[i] = 0;
            for (int q = 0; q < H * CW; q += NR) {
                int count = H * CW - q < NR ? H * CW - q : NR;
                for (int t = 0; t < TILES; t++) {
                    int m = t * MR < ROWS - MR ? t * MR : ROWS - MR;
                    REAL c[MR * NR];
                    KERNEL_tile(CG, weights + (g * TILES + t) * (CG * MR), 1,
                                MR, cells + q, H * CW, c, NR);
                    for (int r = t * MR - m; r < MR; r++) {
#if APART
                        for (int s = 0; s < count; s++)
                            sums[at[m + r] + to[q + s]] += c[r * NR + s];
#else
                        REAL *to = sums + at[m + r] + q;
                        for (int s = count; s < NR; s++)
                            c[r * NR + s] = 0;
                        for (int s = 0; s < NR; s++)
                            to[s] += c[r * NR + s];
#endif
                    }
                }
            }
            for (int r = 0; r < OG; r++)
                for (int i = 0; i < OH; i++)
                    for (int j = 0; j < OW; j++) {
                        int h = i - LH + (KH - 1) * DH;
                        int v = j - LW + (KW - 1) * DW;
                        REAL sum = 0;
#if OUTSIDE
                        if (h >= 0 && h < AH && v >= 0 && v < AW)
#endif
                            sum = sums[(r * AH + h) * AW + v];
                        int o = g * OG + r, p = i * OW + j;
#if Y_CN
                        y[b * YB + o * YO + p] = EPILOGUE(sum, o, b, p);
#else
                        y[b * YB + o * YO + p] = EPILOGUE(sum, b, o, p);
#endif
                    }
        }
}
