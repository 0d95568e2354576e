/* Convolution, vectors along the rows of the result.
 *
 * Blocks of ROWS result rows; the input cells they need are first copied with
 * their border into the scratch, as rows of WP cells; with a stride, cells that
 * are a stride apart lie side by side, in QH x QW planes. There the k-th place
 * of the window lies at[k] cells from its first for every result, also across
 * the ends of rows: a tile is MR outputs by NR consecutive cells, and the
 * WP - OW sums at the end of each row are dropped. With BY_ROW each row is for
 * itself and leaves out the rows of the window that see the border only; weights
 * and offsets are then [KH, CG, KW]. Other symbols as in conv.c.
 * Contract: y overlaps nothing; OG >= MR; with BY_ROW stride 1 and PACK_W; scratch
 * for CG * QH * QW * RP * WP + SLACK cells, MR * QP sums, CG * KH * KW offsets
 * and, with PACK_W, the weights.
 */
#include "vector.c"
#include "tile.c"
#include "border.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { DEPTH = CG * KH * KW, PLANE = RP * WP };
    enum { CELLS = CG * QH * QW * PLANE };
    REAL *cells = (REAL *)scratch;
    REAL *sums = cells + CELLS + SLACK; /* [MR, QP] */
#if PACK_W
    REAL *weights = sums + MR * QP; /* [O, CG, KH, KW] */
    int *at = (int *)(weights + O * DEPTH);
    for (int o = 0; o < O; o++)
        for (int c = 0; c < CG; c++)
            for (int k = 0; k < KH * KW; k++)
#if BY_ROW
                weights[((o * KH + k / KW) * CG + c) * KW + k % KW] =
                    w[o * WO + c * WC + k];
#else
                weights[(o * CG + c) * (KH * KW) + k] = w[o * WO + c * WC + k];
#endif
#else
    const REAL *weights = w;
    int *at = (int *)(sums + MR * QP);
#endif
    for (int c = 0; c < CG; c++)
        for (int kh = 0; kh < KH; kh++)
            for (int kw = 0; kw < KW; kw++)
#if BY_ROW
                at[(kh * CG + c) * KW + kw] =
                    c * PLANE + kh * DH * WP + kw * DW;
#else
                at[(c * KH + kh) * KW + kw] =
                    ((c * QH + kh * DH % SH) * QW + kw * DW % SW) * PLANE +
                    kh * DH / SH * WP + kw * DW / SW;
#endif
    for (int i = 0; i < SLACK; i++)
        cells[CELLS + i] = 0;
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int g = FROM(SPLIT_GROUPS, O / OG, 1);
             g < TO(SPLIT_GROUPS, O / OG, 1); g++)
            for (int h = FROM(SPLIT_ROWS, OH, 1); h < TO(SPLIT_ROWS, OH, 1);
                 h += ROWS) {
                int rows = TO(SPLIT_ROWS, OH, 1) - h < ROWS
                               ? TO(SPLIT_ROWS, OH, 1) - h
                               : ROWS;
#if STRIDED
                KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, SH, SW, QH, QW,
                              h * SH - LH, RP, LW, WP, cells);
#else
                KERNEL_border(x + b * XB + g * XG, CG, XC, H, W, h - LH, RP, LW,
                              WP, cells);
#endif
                for (int o1 = FROM(SPLIT_COLUMNS, OG, MR);
                     o1 < TO(SPLIT_COLUMNS, OG, MR); o1 += MR) {
                    int o = g * OG + (o1 < OG - MR ? o1 : OG - MR);
#if BY_ROW
                    for (int i = 0; i < rows; i++) {
                        int ih = h + i - LH, first = 0, last = KH;
                        while (first < last && ih + first * DH < 0)
                            first++;
                        while (first < last && ih + (last - 1) * DH >= H)
                            last--;
                        int k = first * (CG * KW);
                        for (int q = 0; q < OW; q += NR)
                            KERNEL_tile((last - first) * (CG * KW),
                                        weights + o * DEPTH + k, DEPTH, 1,
                                        cells + i * WP + q, at + k,
                                        sums + i * (QP / ROWS) + q, QP);
                    }
#else
                    for (int q = 0; q < rows * WP; q += NR)
                        KERNEL_tile(DEPTH, weights + o * DEPTH, DEPTH, 1,
                                    cells + q, at, sums + q, QP);
#endif
                    for (int r = o; r < o + MR; r++)
                        for (int i = 0; i < rows; i++)
                            for (int j = 0; j < OW; j++) {
#if BY_ROW
                                REAL v =
                                    sums[(r - o) * QP + i * (QP / ROWS) + j];
#else
                                REAL v = sums[(r - o) * QP + i * WP + j];
#endif
                                int p = (h + i) * OW + j;
#if Y_CN
                                y[b * YB + r * YO + p] = EPILOGUE(v, r, b, p);
#else
                                y[b * YB + r * YO + p] = EPILOGUE(v, b, r, p);
#endif
                            }
                }
            }
}
