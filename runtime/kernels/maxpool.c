/* Largest cell of each window; cells of the border are never taken.
 *
 * x is [OUTER, H, W, INNER]; a window without any cell gives minus infinity,
 * a NaN in a window gives NaN (as in PyTorch).
 */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    for (int o = 0; o < OUTER; o++)
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++)
                for (int i = 0; i < INNER; i++) {
                    REAL best = LOWEST;
                    for (int kh = 0; kh < KH; kh++)
                        for (int kw = 0; kw < KW; kw++) {
                            int ih = oh * SH + kh * DH - LH;
                            int iw = ow * SW + kw * DW - LW;
#if BORDER
                            if (ih < 0 || ih >= H || iw < 0 || iw >= W)
                                continue;
#endif
                            REAL v = x[((o * H + ih) * W + iw) * INNER + i];
                            best = GREATER(v, best) || v != v ? v : best;
                        }
                    int p = oh * OW + ow;
                    y[(o * (OH * OW) + p) * INNER + i] =
                        EPILOGUE(best, o, p, i);
                }
}
