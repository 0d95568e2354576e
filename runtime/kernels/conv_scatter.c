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
 * cells [CG, H, CW] and NR, offsets and, with PACK_W, weights.
 */
#include "vector.c"
#include "tile.c"
#include "border.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    REAL *sums = (REAL *)scratch;
    REAL *cells = sums + OG * AH * AW + SLACK;
#if PACK_W
    REAL *weights = cells + CG * H * CW + NR; /* [CG, O, KH, KW] */
    int *at = (int *)(weights + O * CG * KH * KW);
    for (int o = 0; o < O; o++)
        for (int c = 0; c < CG; c++)
            for (int k = 0; k < KH * KW; k++)
                weights[(c * O + o) * (KH * KW) + k] = w[o * WO + c * WC + k];
#else
    const REAL *weights = w;
    int *at = (int *)(cells + CG * H * CW + NR);
#endif
#if APART
    int *to = at + OG * KH * KW;
    for (int i = 0; i < H; i++)
        for (int j = 0; j < W; j++)
            to[i * W + j] = i * PH * AW + j * PW;
#endif
    for (int o = 0; o < OG; o++)
        for (int kh = 0; kh < KH; kh++)
            for (int kw = 0; kw < KW; kw++)
                at[(o * KH + kh) * KW + kw] =
                    (o * AH + (KH - 1 - kh) * DH) * AW + (KW - 1 - kw) * DW;
    for (int i = 0; i < NR; i++)
        cells[CG * H * CW + i] = 0;
    for (int b = 0; b < B; b++)
        for (int g = 0; g < O / OG; g++) {
            KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, 0, H, 0, CW,
                          cells);
            for (int i = 0; i < OG * AH * AW; i++)
                sums[i] = 0;
            for (int q = 0; q < H * CW; q += NR) {
                int count = H * CW - q < NR ? H * CW - q : NR;
                for (int m1 = 0; m1 < OG * KH * KW; m1 += MR) {
                    int m = m1 < OG * KH * KW - MR ? m1 : OG * KH * KW - MR;
                    REAL c[MR * NR];
                    KERNEL_tile(CG, weights + g * (OG * KH * KW) + m, 1,
                                O * KH * KW, cells + q, H * CW, c, NR);
                    for (int r = m1 - m; r < MR; r++)
                        for (int s = 0; s < count; s++)
#if APART
                            sums[at[m + r] + to[q + s]] += c[r * NR + s];
#else
                            sums[at[m + r] + q + s] += c[r * NR + s];
#endif
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
