/* Sum of each window; cells of the border are 0.
 *
 * x is [OUTER, H, W, INNER], PART of its inner elements at a time. The lines of
 * a window are added up on their own: a chain of all its cells would wait for
 * every single addition.
 */
#include "vector.c"
#if BORDER
#include "window_range.c"
#endif

static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++)
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++) {
                int p = oh * OW + ow, ih = oh * SH - LH, iw = ow * SW - LW;
#if BORDER
                int h0, h1 = KERNEL_range(ih, KH, DH, H, &h0);
                int w0, w1 = KERNEL_range(iw, KW, DW, W, &w0);
#else
                enum { h0 = 0, h1 = KH, w0 = 0, w1 = KW };
#endif
                const REAL *cells = x + ((o * H + ih) * W + iw) * INNER;
                for (int i0 = 0; i0 < INNER; i0 += PART) {
                    REAL sums[PART];
                    UNROLL
                    for (int v = 0; v < PART; v += LANES) {
                        const REAL *from = cells + i0 + v;
                        KERNEL_vec sum = zero;
                        for (int kh = h0; kh < h1; kh++) {
                            KERNEL_vec line = zero;
                            for (int kw = w0; kw < w1; kw++)
                                line += *(const KERNEL_mem *)(
                                    from + (kh * DH * W + kw * DW) * INNER);
                            sum += line;
                        }
                        *(KERNEL_mem *)(sums + v) = sum;
                    }
                    OUT *to = y + (o * (OH * OW) + p) * INNER + i0;
                    INDEPENDENT
                    for (int i = 0; i < PART; i++)
                        to[i] = EPILOGUE(sums[i], o, p, i0 + i);
                }
            }
}
