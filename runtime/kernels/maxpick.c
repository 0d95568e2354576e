/* h at the place of the first largest cell of each window of x.
 *
 * Both are [OUTER, H, W, INNER]. Border cells are never taken; a window
 * without any cell gives 0, a NaN counts as largest.
 */
static void KERNEL(N_PARAM const REAL *restrict h, const REAL *restrict x,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++)
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
                    REAL v = 0;
                    if (place >= 0)
                        v = h[place];
                    int p = oh * OW + ow;
                    y[(o * (OH * OW) + p) * INNER + i] = EPILOGUE(v, o, p, i);
                }
}
