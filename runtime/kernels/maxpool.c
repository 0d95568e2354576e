/* Largest cell of each window; cells of the border are never taken.
 *
 * x is [OUTER, H, W, INNER], PART of its inner elements at a time; a window
 * without any cell gives minus infinity, a NaN in a window gives NaN (as in
 * PyTorch).
 */
#if BORDER
#include "window_range.c"
#endif

static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
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
                    REAL best[PART];
                    INDEPENDENT
                    for (int i = 0; i < PART; i++)
                        best[i] = LOWEST;
                    for (int kh = h0; kh < h1; kh++)
                        for (int kw = w0; kw < w1; kw++) {
                            const REAL *v =
                                cells + (kh * DH * W + kw * DW) * INNER + i0;
                            INDEPENDENT
                            for (int i = 0; i < PART; i++) {
                                REAL larger =
                                    GREATER(v[i], best[i]) ? v[i] : best[i];
                                best[i] = v[i] != v[i] ? v[i] : larger;
                            }
                        }
                    OUT *to = y + (o * (OH * OW) + p) * INNER + i0;
                    INDEPENDENT
                    for (int i = 0; i < PART; i++)
                        to[i] = EPILOGUE(best[i], o, p, i0 + i);
                }
            }
}
