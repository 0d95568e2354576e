/* Windows as a last axis: y is [OUTER, OH, OW, INNER, KH*KW].
 *
 * x is [OUTER, H, W, INNER]; cells of the border are BORDER_VALUE.
 */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y)
{
    for (int o = 0; o < OUTER; o++)
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++)
                for (int i = 0; i < INNER; i++)
                    for (int kh = 0; kh < KH; kh++)
                        for (int kw = 0; kw < KW; kw++) {
                            int ih = oh * SH + kh * DH - LH;
                            int iw = ow * SW + kw * DW - LW;
                            OUT v;
#if BORDER
                            if (ih < 0 || ih >= H || iw < 0 || iw >= W)
                                v = BORDER_VALUE;
                            else
#endif
                                v = x[((o * H + ih) * W + iw) * INNER + i];
                            *y++ = v;
                        }
}
