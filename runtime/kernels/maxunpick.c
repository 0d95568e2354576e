/* The adjoint of maxpick: each element of g is added at the place of the
 * first largest cell of its window of x.
 *
 * x and y are [OUTER, H, W, INNER], g is [OUTER, OH, OW, INNER].
 */
static void KERNEL(N_PARAM const REAL *restrict g, const REAL *restrict x,
                   OUT *restrict y)
{
    for (int i = 0; i < OUTER * (H * W * INNER); i++)
        y[i] = 0;
    for (int o = 0; o < OUTER; o++)
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++)
                for (int i = 0; i < INNER; i++) {
                    REAL best = 0;
                    int place = -1;
                    for (int kh = 0; kh < KH; kh++)
                        for (int kw = 0; kw < KW; kw++) {
                            int ih = oh * SH + kh * DH - LH;
                            int iw = ow * SW + kw * DW - LW;
#if BORDER
                            if (ih < 0 || ih >= H || iw < 0 || iw >= W)
                                continue;
#endif
                            int at = ((o * H + ih) * W + iw) * INNER + i;
                            REAL v = x[at];
                            if (place < 0 || GREATER(v, best) ||
                                (v != v && best == best)) {
                                best = v;
                                place = at;
                            }
                        }
                    if (place >= 0)
                        y[place] += g[((o * OH + oh) * OW + ow) * INNER + i];
                }
}
