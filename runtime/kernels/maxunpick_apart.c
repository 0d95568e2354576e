/* The adjoint of maxpick for windows that have every cell once: each window
 * writes its element of g to the first of its largest cells of x, and 0 to the
 * others.
 *
 * x and y are [OUTER, H, W, INNER], g is [OUTER, OH, OW, INNER], OH * KH = H and
 * OW * KW = W. Nothing depends on a condition, so that rows of windows are
 * vector code. A NaN counts as largest.
 */
static void KERNEL(N_PARAM const REAL *restrict g, const REAL *restrict x,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++)
        for (int oh = 0; oh < OH; oh++)
#if INNER == 1
            INDEPENDENT_LANES
#endif
            for (int ow = 0; ow < OW; ow++)
                for (int i = 0; i < INNER; i++) {
                    int first = oh * KH * W + ow * KW;
                    REAL best = LOWEST;
                    UNROLL
                    for (int kh = 0; kh < KH; kh++)
                        UNROLL
                        for (int kw = 0; kw < KW; kw++) {
                            int p = first + kh * W + kw;
                            REAL v = x[(o * (H * W) + p) * INNER + i];
                            best = GREATER(v, best) || v != v ? v : best;
                        }
                    REAL left = g[((o * OH + oh) * OW + ow) * INNER + i];
                    UNROLL
                    for (int kh = 0; kh < KH; kh++)
                        UNROLL
                        for (int kw = 0; kw < KW; kw++) {
                            int p = first + kh * W + kw;
                            REAL v = x[(o * (H * W) + p) * INNER + i], d = 0;
                            if (v == best || v != v) {
                                d = left;
                                left = 0;
                            }
                            y[(o * (H * W) + p) * INNER + i] =
                                EPILOGUE(d, o, p, i);
                        }
                }
}
