/* Convolution, any form: one multiply-add a turn.
 *
 * y[b,o,p] = sum over c, k of X(b,g,c, p*stride + k*dilate - low) * W(o,c,k),
 * g the group of o; X is spread (spread-1 zeros between its cells) and 0
 * outside. B, O, CG, OG: images, results, channels and results of a group.
 * XB XG XC, WO WC, YB YO are the strides of those indices, so that
 * channels-first, images-first and swapped weights are one text.
 * Contract: y overlaps nothing.
 */
static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = 0; b < B; b++)
        for (int o = 0; o < O; o++)
            for (int oh = 0; oh < OH; oh++)
                for (int ow = 0; ow < OW; ow++) {
                    REAL acc = 0;
                    for (int c = 0; c < CG; c++)
                        for (int kh = 0; kh < KH; kh++) {
                            int ih = oh * SH + kh * DH - LH;
#if PH > 1
                            if (ih < 0 || ih % PH != 0 || ih / PH >= H)
                                continue;
                            ih /= PH;
#else
                            if (ih < 0 || ih >= H)
                                continue;
#endif
                            const REAL *xr =
                                x + b * XB + o / OG * XG + c * XC + ih * W;
                            const REAL *wr = w + o * WO + c * WC + kh * KW;
                            for (int kw = 0; kw < KW; kw++) {
                                int iw = ow * SW + kw * DW - LW;
#if PW > 1
                                if (iw < 0 || iw % PW != 0 || iw / PW >= W)
                                    continue;
                                iw /= PW;
#else
                                if (iw < 0 || iw >= W)
                                    continue;
#endif
                                acc += xr[iw] * wr[kw];
                            }
                        }
                    int p = oh * OW + ow;
#if Y_CN
                    y[b * YB + o * YO + p] = EPILOGUE(acc, o, b, p);
#else
                    y[b * YB + o * YO + p] = EPILOGUE(acc, b, o, p);
#endif
                }
}
