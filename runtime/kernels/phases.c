/* Phases of an image as channels in blocks: y is [B, BLOCKS, OH, OW, SIZE].
 *
 * x is [B, C, H, W]; place (p, q) of channel (c * S + i) * S + j is cell (S * p
 * + i - LH, S * q + j - LW) of x's channel c, 0 outside and beyond C. A row of y
 * stays in L1 while its lanes are filled one after the other.
 */
static void KERNEL(N_PARAM const REAL *restrict x, REAL *restrict y)
{
    for (int row = FROM(SPLIT_ROWS, B * (BLOCKS * OH), 1);
         row < TO(SPLIT_ROWS, B * (BLOCKS * OH), 1); row++)
        for (int l = 0; l < SIZE; l++) {
            int channel = row / OH % BLOCKS * SIZE + l, c = channel / (S * S);
            int h = row % OH * S + channel / S % S - LH;
            int w = channel % S - LW, begin = OW, end = OW;
            if (c < C && h >= 0 && h < H && w < W) {
                begin = w < 0 ? (S - 1 - w) / S : 0;
                end = (W - 1 - w) / S + 1;
                begin = begin < OW ? begin : OW;
                end = end < begin ? begin : end < OW ? end : OW;
            }
            int at = ((row / (BLOCKS * OH) * C + c) * H + h) * W + w;
            REAL *to = y + row * (OW * SIZE) + l;
            for (int q = 0; q < begin; q++)
                to[q * SIZE] = 0;
            for (int q = begin; q < end; q++)
                to[q * SIZE] = x[at + q * S];
            for (int q = end; q < OW; q++)
                to[q * SIZE] = 0;
        }
}
