/* Largest cell of each window where windows overlap: first down the columns,
 * once for all windows of a row, then across.
 *
 * x is [OUTER, H, W, INNER], PART of its inner elements at a time. A row of
 * windows sees SEEN columns, from FIRST on; those of the border hold minus
 * infinity. A NaN in a window gives NaN (as in PyTorch). Scratch: SEEN * PART
 * elements.
 */
#if BORDER
#include "window_range.c"
#endif

static void KERNEL(N_PARAM const REAL *restrict x, void *restrict scratch,
                   OUT *restrict y EXTRA_PARAMS)
{
    enum { SEEN = (OW - 1) * SW + (KW - 1) * DW + 1, FIRST = -LW };
    enum { J0 = FIRST < 0 ? 0 : FIRST };
    enum { J1 = FIRST + SEEN < W ? FIRST + SEEN : W };
    REAL *columns = (REAL *)scratch;
    for (int i = 0; i < SEEN * PART; i++)
        columns[i] = LOWEST;
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++)
        for (int oh = 0; oh < OH; oh++)
            for (int i0 = 0; i0 < INNER; i0 += PART) {
                int ih = oh * SH - LH, at[KH];
#if BORDER
                int h0, h1 = KERNEL_range(ih, KH, DH, H, &h0);
                if (h0 >= h1)
                    h0 = h1 = 0;
#else
                enum { h0 = 0, h1 = KH };
#endif
                /* A row outside stands for one inside: it changes nothing. */
                for (int kh = 0; kh < KH; kh++) {
                    int r = kh < h0 ? h0 : kh < h1 ? kh : h1 - 1;
                    at[kh] = ((o * H + ih + r * DH) * W + J0) * INNER + i0;
                }
                UNROLL_AROUND
                for (int j = 0; j < J1 - J0; j++) {
                    PREFETCH(x + at[KH - 1] + (W + j * SH) * INNER);
                    REAL *to = columns + (J0 - FIRST + j) * PART;
#if BORDER
                    if (h0 == h1) {
                        INDEPENDENT_LANES
                        for (int i = 0; i < PART; i++)
                            to[i] = LOWEST;
                        continue;
                    }
#endif
                    INDEPENDENT_LANES
                    for (int i = 0; i < PART; i++) {
                        REAL best = x[at[0] + j * INNER + i];
                        UNROLL
                        for (int kh = 1; kh < KH; kh++) {
                            REAL c = x[at[kh] + j * INNER + i];
                            REAL larger = GREATER(c, best) ? c : best;
                            best = c != c ? c : larger;
                        }
                        to[i] = best;
                    }
                }
                UNROLL_AROUND
                for (int ow = 0; ow < OW; ow++) {
                    const REAL *v = columns + ow * SW * PART;
                    int p = oh * OW + ow;
                    OUT *to = y + (o * (OH * OW) + p) * INNER + i0;
                    INDEPENDENT_LANES
                    for (int i = 0; i < PART; i++) {
                        REAL best = v[i];
                        UNROLL
                        for (int kw = 1; kw < KW; kw++) {
                            REAL c = v[kw * DW * PART + i];
                            REAL larger = GREATER(c, best) ? c : best;
                            best = c != c ? c : larger;
                        }
                        to[i] = EPILOGUE(best, o, p, i0 + i);
                    }
                }
            }
}
