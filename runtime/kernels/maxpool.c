/* Largest cell of each window; cells of the border are never taken.
 *
 * x is [OUTER, H, W, INNER], PART of its inner elements at a time; a window
 * without any cell gives minus infinity, a NaN in a window gives NaN (as in
 * PyTorch). With FLAT the windows of a row lie side by side, none leaves the
 * input and INNER is 1: first the columns of a plane's windows, then their rows,
 * so that both are loops over neighbours. Their first turns compare a cell with
 * itself, which costs nothing; loops from 1 on do not become vector code. With
 * WRITTEN, too, all windows are inside, and the loop is over neighbours.
 * Scratch with FLAT: OH * OW * SW elements.
 */
#if BORDER
#include "window_range.c"
#endif
#if FLAT || WRITTEN

static REAL KERNEL_larger(REAL v, REAL best)
{
    REAL larger = GREATER(v, best) ? v : best;
    return v != v ? v : larger;
}
#endif
#if FLAT

static void KERNEL(N_PARAM const REAL *restrict x, void *restrict scratch,
                   OUT *restrict y EXTRA_PARAMS)
{
    enum { PITCH = OW * SW };
    REAL *columns = (REAL *)scratch;
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++) {
        for (int oh = 0; oh < OH; oh++) {
            const REAL *cells = x + (o * H + oh * SH) * W;
            INDEPENDENT
            for (int j = 0; j < PITCH; j++) {
                REAL best = cells[j];
                UNROLL
                for (int kh = 0; kh < KH; kh++)
                    best = KERNEL_larger(cells[kh * DH * W + j], best);
                columns[oh * PITCH + j] = best;
            }
        }
        INDEPENDENT
        for (int p = 0; p < OH * OW; p++) {
            REAL best = columns[p * SW];
            UNROLL
            for (int kw = 0; kw < KW; kw++)
                best = KERNEL_larger(columns[p * SW + kw * DW], best);
            y[o * (OH * OW) + p] = EPILOGUE(best, o, p, 0);
        }
    }
}
#else

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
#elif !WRITTEN
                enum { h0 = 0, h1 = KH, w0 = 0, w1 = KW };
#endif
                const REAL *cells = x + ((o * H + ih) * W + iw) * INNER;
#if WRITTEN
                INDEPENDENT
                for (int i = 0; i < INNER; i++) {
                    REAL best = cells[i];
                    UNROLL
                    for (int kh = 0; kh < KH; kh++) {
                        UNROLL
                        for (int kw = 0; kw < KW; kw++)
                            best = KERNEL_larger(
                                cells[(kh * DH * W + kw * DW) * INNER + i],
                                best);
                    }
                    y[(o * (OH * OW) + p) * INNER + i] =
                        EPILOGUE(best, o, p, i);
                }
#else
                for (int i0 = 0; i0 < INNER; i0 += PART) {
                    REAL best[PART];
                    INDEPENDENT_LANES
                    for (int i = 0; i < PART; i++)
                        best[i] = LOWEST;
                    for (int kh = h0; kh < h1; kh++)
                        for (int kw = w0; kw < w1; kw++) {
                            const REAL *v =
                                cells + (kh * DH * W + kw * DW) * INNER + i0;
                            INDEPENDENT_LANES
                            for (int i = 0; i < PART; i++) {
                                REAL larger =
                                    GREATER(v[i], best[i]) ? v[i] : best[i];
                                best[i] = v[i] != v[i] ? v[i] : larger;
                            }
                        }
                    OUT *to = y + (o * (OH * OW) + p) * INNER + i0;
                    INDEPENDENT_LANES
                    for (int i = 0; i < PART; i++)
                        to[i] = EPILOGUE(best[i], o, p, i0 + i);
                }
#endif
            }
}
#endif
