/* Phases of an image as channels in blocks: y is [B, BLOCKS, OH, OW, SIZE].
 *
 * x is [B, C, H, W]; place (p, q) of channel (c * S + i) * S + j is cell (S * p
 * + i - LH, S * q + j - LW) of x's channel c, 0 outside and beyond C. A row of y
 * stays in L1 while JOIN of its lanes are filled after the others: S, whose
 * cells are neighbours, or 1.
 */

/* Places q to end, of which some cells are outside; the first of JOIN lanes
 * takes cell w + S * q of the row at x, or 0 when there is none. */
static void KERNEL_edge(const REAL *restrict x, int at, int row, int w, int q,
                        int end, REAL *restrict to)
{
    for (; q < end; q++)
        for (int j = 0; j < JOIN; j++) {
            int k = w + q * S + j;
            to[q * SIZE + j] = row && k >= 0 && k < W ? x[at + k] : 0;
        }
}

static void KERNEL(N_PARAM const REAL *restrict x, REAL *restrict y)
{
    for (int o = FROM(SPLIT_ROWS, B * (BLOCKS * OH), 1);
         o < TO(SPLIT_ROWS, B * (BLOCKS * OH), 1); o++)
        for (int l = 0; l < SIZE; l += JOIN) {
            int channel = o / OH % BLOCKS * SIZE + l, c = channel / (S * S);
            int h = o % OH * S + channel / S % S - LH, w = channel % S - LW;
            int row = c < C && h >= 0 && h < H, begin = OW, end = OW;
            int at = row ? ((o / (BLOCKS * OH) * C + c) * H + h) * W : 0;
            if (row && W - JOIN >= w) {
                begin = w < 0 ? (S - 1 - w) / S : 0;
                end = (W - JOIN - w) / S + 1;
                begin = begin < OW ? begin : OW;
                end = end < begin ? begin : end < OW ? end : OW;
            }
            REAL *to = y + o * (OW * SIZE) + l;
            KERNEL_edge(x, at, row, w, 0, begin, to);
            for (int q = begin; q < end; q++)
                for (int j = 0; j < JOIN; j++)
                    to[q * SIZE + j] = x[at + w + q * S + j];
            KERNEL_edge(x, at, row, w, end, OW, to);
        }
}
