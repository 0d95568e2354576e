/* The adjoint of sumpool: each element of g is added to every cell of its
 * window. y is [OUTER, H, W, INNER], g is [OUTER, OH, OW, INNER].
 */
static void KERNEL(N_PARAM const REAL *restrict g, OUT *restrict y)
{
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++) {
        for (int i = 0; i < H * W * INNER; i++)
            y[o * (H * W * INNER) + i] = 0;
        for (int oh = 0; oh < OH; oh++)
            for (int ow = 0; ow < OW; ow++)
                for (int kh = 0; kh < KH; kh++)
                    for (int kw = 0; kw < KW; kw++) {
                        int ih = oh * SH + kh * DH - LH;
                        int iw = ow * SW + kw * DW - LW;
#if BORDER
                        if (ih < 0 || ih >= H || iw < 0 || iw >= W)
                            continue;
#endif
                        const REAL *from = g + ((o * OH + oh) * OW + ow) * INNER;
                        OUT *to = y + ((o * H + ih) * W + iw) * INNER;
                        for (int i = 0; i < INNER; i++)
                            to[i] += from[i];
                    }
    }
}
