/* The adjoint of unfold: every element of every window is added to its cell.
 *
 * y is [OUTER, H, W, INNER], g is [OUTER, OH, OW, INNER, KH*KW]; cells of the
 * border are dropped.
 */
static void KERNEL(N_PARAM const REAL *restrict g, OUT *restrict y)
{
    for (int i = 0; i < OUTER * (H * W * INNER); i++)
        y[i] = 0;
    for (int o = 0; o < OUTER; o++)
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++)
                for (int i = 0; i < INNER; i++)
                    for (int kh = 0; kh < KH; kh++)
                        for (int kw = 0; kw < KW; kw++) {
                            int ih = oh * SH + kh * DH - LH;
                            int iw = ow * SW + kw * DW - LW;
                            REAL v = *g++;
#if BORDER
                            if (ih < 0 || ih >= H || iw < 0 || iw >= W)
                                continue;
#endif
                            y[((o * H + ih) * W + iw) * INNER + i] += v;
                        }
}
