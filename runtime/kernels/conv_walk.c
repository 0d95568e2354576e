/* Convolution of plain channels into channel blocks, cell by cell.
 *
 * x is [B, G * CB, H, W]; w is [G * OB, CB, KH, KW, V] and y
 * [B, G * OB, OH, OW, V]. A tile is MR places of a row by NB output blocks.
 * Neighbouring windows share cells: the tile walks along a line of cells, and
 * each is broadcast once for all windows that see it, while the weights of the
 * line stay in registers. The order of a sum is that of channels and window
 * places. Nothing is copied: windows leave out what is outside the input. With
 * EDGES that is known when the first and the last tile are compiled. A row has
 * MANY tiles of MR places, then FEW of MR - 1.
 * Contract: y overlaps nothing; OB >= NB; MANY * MR + FEW * (MR - 1) = OW and
 * MANY > 0; windows that leave the row are all in the first or the last tile;
 * no dilation; MR + (KW - 1) / SW and KW are at most 16.
 */
#include "vector.c"

/* mr places from place p on, whose window lines k0 .. k1 are inside; x is the
 * first cell of the first window. */
INLINE static void KERNEL_tile(int mr, int first, int last,
                               const REAL *restrict x, const REAL *restrict w,
                               int k0, int k1, int b, int o, int p,
                               OUT *restrict y EXTRA_PARAMS)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), PARTS = V / LANES };
    enum { NV = NB * PARTS, WBLOCK = CB * KH * KW * V, PAST = (KW - 1) / SW };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV];
    REAL c[MR * NB * V];
#if RELU
    REAL least = 0;
    HIDE(least);
#endif
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            acc[i][j] = zero;
    }
    for (int cb = 0; cb < CB; cb++)
        for (int kh = k0; kh < k1; kh++) {
            const REAL *xr = x + (cb * H + kh) * W;
            const REAL *wr = w + (cb * KH + kh) * (KW * V);
            KERNEL_vec wv[KW][NV];
            UNROLL
            for (int k = 0; k < KW; k++) {
                UNROLL
                for (int j = 0; j < NV; j++)
                    wv[k][j] =
                        *(const KERNEL_mem *)(wr + k * V + j / PARTS * WBLOCK +
                                              j % PARTS * LANES);
            }
            UNROLL
            for (int i = 0; i < mr + PAST; i++) {
                UNROLL
                for (int s = 0; s < SW; s++) {
                    UNROLL
                    for (int q = 0; q <= PAST; q++) {
                        int k = s + q * SW, cell = i * SW + s;
                        if (k >= KW || i < q || i - q >= mr ||
                            (first && cell < LW) ||
                            (last && (OW - mr) * SW + cell >= LW + W))
                            continue;
                        UNROLL
                        for (int j = 0; j < NV; j++)
                            acc[i - q][j] += xr[cell] * wv[k][j];
                    }
                }
            }
        }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            *(KERNEL_mem *)(c + (i * NV + j) * LANES) = acc[i][j];
    }
    UNROLL
    for (int j = 0; j < NB; j++) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            const REAL *from = c + (i * NB + j) * V;
            OUT *to = y + ((b * (G * OB) + o + j) * (OH * OW) + p + i) * V;
            INDEPENDENT
            for (int l = 0; l < V; l++)
                to[l] = EPILOGUE(from[l], b, o + j, p + i, l);
        }
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int g = FROM(SPLIT_GROUPS, G, 1); g < TO(SPLIT_GROUPS, G, 1); g++)
            for (int h = FROM(SPLIT_ROWS, OH, 1); h < TO(SPLIT_ROWS, OH, 1);
                 h++) {
                int above = LH - h * SH, below = H + LH - h * SH;
                int k0 = above > 0 ? above : 0;
                int k1 = below < KH ? below : KH;
                for (int o0 = FROM(SPLIT_COLUMNS, OB, NB);
                     o0 < TO(SPLIT_COLUMNS, OB, NB); o0 += NB) {
                    int o = g * OB + (o0 < OB - NB ? o0 : OB - NB);
                    const REAL *wo = w + o * (CB * KH * KW * V);
                    const REAL *xr =
                        x + ((b * G + g) * (CB * H) + h * SH - LH) * W - LW;
                    int p = h * OW;
#if EDGES
                    KERNEL_tile(MR, 1, MANY + FEW == 1, xr, wo, k0, k1, b, o,
                                p, y EXTRA_ARGS);
                    xr += MR * SW;
                    p += MR;
#endif
                    for (int t = EDGES; t < MANY - (EDGES && FEW == 0); t++) {
                        KERNEL_tile(MR, 0, 0, xr, wo, k0, k1, b, o, p,
                                    y EXTRA_ARGS);
                        xr += MR * SW;
                        p += MR;
                    }
#if FEW
                    for (int t = 0; t < FEW - EDGES; t++) {
                        KERNEL_tile(MR - 1, 0, 0, xr, wo, k0, k1, b, o, p,
                                    y EXTRA_ARGS);
                        xr += (MR - 1) * SW;
                        p += MR - 1;
                    }
#endif
#if EDGES && MANY + FEW > 1
                    KERNEL_tile(MR - (FEW > 0), 0, 1, xr, wo, k0, k1, b, o, p,
                                y EXTRA_ARGS);
#endif
                }
            }
}
