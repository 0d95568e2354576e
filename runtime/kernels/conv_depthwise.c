/* Depthwise convolution on channel-blocked arrays: each channel has a kernel of
 * its own.
 *
 * x is [B, CB, H, W, V], w [CB, KH, KW, V], y [B, CB, OH, OW, V]; a vector is V
 * channels of one place. Rows of windows that leave the input are skipped, so
 * nothing is copied: in a row, the places LEFT .. OW - RIGHT whose windows are
 * inside go in MANY tiles of MR places and FEW of MR - 1, the others one by
 * one. Contract: y overlaps nothing; MANY * MR + FEW * (MR - 1) + LEFT + RIGHT
 * = OW.
 */
#include "vector.c"

/* mr places from place (oh, ow) on; window rows k0 .. k1 are inside, columns
 * c0 .. c1. */
INLINE static void KERNEL_places(int mr, const REAL *restrict x,
                                 const REAL *restrict w, int b, int cb, int oh,
                                 int ow, int k0, int k1, int c0, int c1,
                                 OUT *restrict y EXTRA_PARAMS)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    REAL c[MR * V];
    for (int l = 0; l < V; l += LANES) {
        KERNEL_vec acc[MR];
        UNROLL
        for (int i = 0; i < mr; i++)
            acc[i] = zero;
        for (int kh = k0; kh < k1; kh++) {
            const REAL *xr = x +
                             (((b * CB + cb) * H + oh * SH + kh * DH - LH) * W +
                              ow * SW - LW) *
                                 V +
                             l;
            const REAL *wr = w + (cb * KH + kh) * (KW * V) + l;
            UNROLL_8
            for (int kw = c0; kw < c1; kw++) {
                KERNEL_vec wv = *(const KERNEL_mem *)(wr + kw * V);
                UNROLL
                for (int i = 0; i < mr; i++)
                    acc[i] +=
                        wv * *(const KERNEL_mem *)(xr + (i * SW + kw * DW) * V);
            }
        }
        UNROLL
        for (int i = 0; i < mr; i++)
            *(KERNEL_mem *)(c + i * V + l) = acc[i];
    }
    for (int i = 0; i < mr; i++) {
        int p = oh * OW + ow + i;
        const REAL *from = c + i * V;
        OUT *to = y + ((b * CB + cb) * (OH * OW) + p) * V;
        for (int l = 0; l < V; l++)
            to[l] = EPILOGUE(from[l], b, cb, p, l);
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int cb = FROM(SPLIT_COLUMNS, CB, 1); cb < TO(SPLIT_COLUMNS, CB, 1);
             cb++)
            for (int oh = FROM(SPLIT_ROWS, OH, 1); oh < TO(SPLIT_ROWS, OH, 1);
                 oh++) {
                int above = LH - oh * SH, below = H + LH - oh * SH;
                int k0 = above > 0 ? (above + DH - 1) / DH : 0;
                int k1 = below > 0 ? (below + DH - 1) / DH : 0;
                k1 = k1 < KH ? k1 : KH;
#if LEFT + RIGHT > 0
                for (int i = 0; i < LEFT + RIGHT; i++) {
                    int ow = i < LEFT ? i : OW - LEFT - RIGHT + i;
                    int left = LW - ow * SW, right = W + LW - ow * SW;
                    int c0 = left > 0 ? (left + DW - 1) / DW : 0;
                    int c1 = right > 0 ? (right + DW - 1) / DW : 0;
                    KERNEL_places(1, x, w, b, cb, oh, ow, k0, k1, c0,
                                  c1 < KW ? c1 : KW, y EXTRA_ARGS);
                }
#endif
#if MANY + FEW
                int ow = LEFT;
#endif
#if MANY
                for (int t = 0; t < MANY; t++, ow += MR)
                    KERNEL_places(MR, x, w, b, cb, oh, ow, k0, k1, 0, KW,
                                  y EXTRA_ARGS);
#endif
#if FEW
                for (int t = 0; t < FEW; t++, ow += MR - 1)
                    KERNEL_places(MR - 1, x, w, b, cb, oh, ow, k0, k1, 0, KW,
                                  y EXTRA_ARGS);
#endif
            }
}
