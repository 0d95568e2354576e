/* The adjoint of maxpick: each element of g is added at the place of the
 * first largest cell of its window of x.
 *
 * x and y are [OUTER, H, W, INNER], g is [OUTER, OH, OW, INNER]. Without a
 * border the search has no branch.
 */
static void KERNEL(N_PARAM const REAL *restrict g, const REAL *restrict x,
                   OUT *restrict y)
{
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++) {
        for (int i = 0; i < H * W * INNER; i++)
            y[o * (H * W * INNER) + i] = 0;
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++)
                for (int i = 0; i < INNER; i++) {
#if BORDER
                    int place = -1;
                    REAL best = 0;
                    for (int kh = 0; kh < KH; kh++)
                        for (int kw = 0; kw < KW; kw++) {
                            int ih = oh * SH + kh * DH - LH;
                            int iw = ow * SW + kw * DW - LW;
                            if (ih < 0 || ih >= H || iw < 0 || iw >= W)
                                continue;
                            int at = ((o * H + ih) * W + iw) * INNER + i;
                            if (place < 0 || GREATER(x[at], best)) {
                                best = x[at];
                                place = at;
                            }
                        }
                    if (place < 0)
                        continue;
#else
                    int first =
                        ((o * H + oh * SH - LH) * W + ow * SW - LW) * INNER + i;
                    int place = first;
                    REAL best = x[first];
#pragma GCC unroll 4
                    for (int kh = 0; kh < KH; kh++)
#pragma GCC unroll 4
                        for (int kw = 0; kw < KW; kw++) {
                            int at = first + (kh * DH * W + kw * DW) * INNER;
                            REAL v = x[at];
                            int more = -(GREATER(v, best)); /* all bits */
                            place ^= (place ^ at) & more;
                            best = GREATER(v, best) ? v : best;
                        }
#endif
                    y[place] += g[((o * OH + oh) * OW + ow) * INNER + i];
                }
    }
}
