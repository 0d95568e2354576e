/* Convolution of stride S and a small square window by Winograd's minimal
 * filtering, on channel-blocked tensors.
 *
 * x [B, CB, H, W, V], y [B, OB, OH, OW, V], lanes are channels; a tile of M x M
 * results is seen as T x T cells: the window is T - M + 1 wide. TB tiles at a
 * time: their cells are transformed (rows of cells once, then across), then for
 * NV blocks of outputs T * T small products over the channels, then back and the
 * fused work. All of this stays in L2 for a suitable TB. u [OB, Q * Q, CG * V,
 * V] are weights that winograd_weights.c transformed. Points: 0, +-1, inf for
 * T = 4; 0, +-1/sqrt 2, +-sqrt 2, inf for T = 6: a third of the error of 0, +-1,
 * +-2, inf, see Barabasz et al., "Error analysis and improving the accuracy of
 * Winograd convolution for deep neural networks", ACM TOMS 46(4), 2020;
 * 0, +-1/2, +-1, +-2, inf for T = 8, at four times the error of T = 6. T = 5 is
 * a window of 3 with S = 2: the outer weights filter cells 0, 2 and 4 with
 * points 0, 1, inf, the middle one takes cells 1 and 3, which makes Q = 4
 * weights of an axis; otherwise Q = T.
 *
 * C: channels of a group, in CG blocks; OG: blocks of outputs of a group. CHUNK
 * blocks of channels are added at a time. A product takes MR tiles at a time,
 * MANY times, then MR - 1. SKEW elements between planes keep them out of each
 * other's cache sets. AHEAD: each product fetches that many of the LINES lines,
 * of LINE elements, that V channels of the next product's weights have. WHOLE:
 * all blocks have TB tiles.
 * LESS: so many tiles, the last row of one image, lack their second row of
 * results, and the products that only these need.
 * Contract: y overlaps nothing; TB = MANY * MR + FEW * (MR - 1), NV <= OG; all
 * lanes of x finite; RUN the smaller of TB and the tiles of a row. Scratch, in
 * elements:
 * T * T * ((CB + NV) * TB * V + 2 * SKEW) + (T + 1) * ((RUN - 1) * M * S + T)
 * * V.
 */
#include "vector.c"
#include "lane_tile.c"
#include "winograd_lines.c"
#include "winograd_cells.c"

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict u,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { TY = (OH + M - 1) / M, TX = (OW + M - 1) / M };
    enum { XP = CB * TB * V + SKEW, YP = NV * TB * V + SKEW };
    enum { ROW = ((RUN - 1) * (M * S) + T) * V };
    REAL *cells = (REAL *)scratch;       /* [T * T, CB, TB, V] */
    REAL *sums = cells + T * T * XP;     /* [T * T, NV, TB, V] */
    REAL *lines = sums + T * T * YP;     /* cells: [T + 1, ROW]; sums: */
    REAL *row = lines + M * RUN * T * V; /* [M, RUN, T, V] and [RUN * M, V] */
    for (int t0 = FROM(SPLIT_ROWS, B * (TY * TX), 1);
         t0 < TO(SPLIT_ROWS, B * (TY * TX), 1); t0 += TB) {
#if WHOLE
        enum { tiles = TB, full = TB };
#else
        int tiles = TO(SPLIT_ROWS, B * (TY * TX), 1) - t0 < TB
                        ? TO(SPLIT_ROWS, B * (TY * TX), 1) - t0
                        : TB;
#endif
        for (int t = 0, run; t < tiles; t += run) {
            int i = (t0 + t) / TX, j = (t0 + t) % TX;
            run = TX - j < tiles - t ? TX - j : tiles - t;
            for (int c = 0; c < CB; c++)
                KERNEL_winograd_cells(x + (i / TY * CB + c) * (H * W * V), H, W,
                                      i % TY * (M * S) - LH, j * (M * S) - LW,
                                      run, lines, ROW,
                                      cells + (c * TB + t) * V, XP);
        }
#if WHOLE == 0
        int full = (tiles + MR - 1) / MR * MR; /* what products take */
#if FEW
        if (full > MANY * MR)
            full = MANY * MR +
                   (tiles - MANY * MR + MR - 2) / (MR - 1) * (MR - 1);
#endif
        for (int p = 0; p < T * T; p++)
            for (int c = 0; c < CB; c++)
                for (int t = tiles; t < full; t++)
                    for (int l = 0; l < V; l++)
                        cells[p * XP + (c * TB + t) * V + l] = 0;
#endif
        for (int g = 0; g < OB; g += OG)
            for (int o1 = FROM(SPLIT_COLUMNS, OG, NV);
                 o1 < TO(SPLIT_COLUMNS, OG, NV); o1 += NV) {
                int o = g + (o1 < OG - NV ? o1 : OG - NV);
                for (int p = 0; p < T * T; p++) {
#if Q < T
                    int i = p / T, j = p % T; /* cells 1 and 3 share a weight */
                    int q = (i < Q ? i : Q - 1) * Q + (j < Q ? j : Q - 1);
#else
                    int q = p;
#endif
                    int rows = full, many = MANY * MR;
#if LESS
                    if (p / T == T - 1 || (Q < T && p / T == 2))
                        rows = many = TB - LESS;
#endif
                    const REAL *up = u + (o * (Q * Q) + q) * (CG * V * V);
                    int next = q + 1 < Q * Q ? 1 : (NV - 1) * (Q * Q) + 1;
                    KERNEL_lane_tiles(
                        rows, many, TB, Q * Q * CG * V * V, C, CHUNK * V,
                        cells + p * XP + g / OG * (CG * TB * V), up,
                        up + next * (CG * V * V), AHEAD, LINES, LINE,
                        sums + p * YP);
                }
                for (int q = o1 - (o - g); q < NV; q++)
                    for (int t = 0, run; t < tiles; t += run) {
                        int i = (t0 + t) / TX, j = (t0 + t) % TX;
                        run = TX - j < tiles - t ? TX - j : tiles - t;
                        KERNEL_winograd_columns(sums + (q * TB + t) * V, YP,
                                                run, lines);
                        int b = i / TY, oh = i % TY * M, ow = j * M;
                        int cols = OW - ow < run * M ? OW - ow : run * M;
                        for (int r = 0; r < M && oh + r < OH; r++) {
                            KERNEL_winograd_row(lines + r * (run * T * V), run,
                                                row);
                            UNROLL_AROUND
                            for (int k = 0; k < cols; k++) {
                                INDEPENDENT_LANES
                                for (int l = 0; l < V; l++) {
                                    int p = (oh + r) * OW + ow + k;
                                    int at = (b * OB + o + q) * (OH * OW) + p;
                                    REAL v = row[k * V + l];
                                    y[at * V + l] = EPILOGUE(v, b, o + q, p, l);
                                }
                            }
                        }
                    }
            }
    }
}
