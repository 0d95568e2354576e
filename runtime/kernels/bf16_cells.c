/* The input cells that a block of result rows sees as words of bf16 parts,
 * zeros around them: [CB, PARTS, PLANE, 16] words, a plane is [QH, QW, RP, WP]
 * cells as in border.c. x are XB blocks [H, W, 16] of channels, `first` is the
 * input row of the block's first.
 */
static void KERNEL_split_cells(const float *restrict x, int first,
                               uint32_t *restrict to)
{
    enum { IMAGE = H * W * 16 };
    static const float zeros[16] = {0};
    for (int cb = 0; cb < CB; cb++, x += 2 * IMAGE) {
        uint32_t *cell = to + cb * (PARTS * PLANE) * 16;
        for (int q = 0; q < QH * QW; q++)
            for (int r = 0; r < RP; r++)
                for (int j = 0; j < WP; j++, cell += 16) {
#if QH * QW == 1
                    int ih = first + r * SH, iw = j * SW - LW;
#else
                    int ih = first + r * SH + q / QW;
                    int iw = j * SW + q % QW - LW;
#endif
                    int in = ih >= 0 && ih < H && iw >= 0 && iw < W;
                    const float *lo = in ? x + (ih * W + iw) * 16 : zeros;
                    const float *hi = in ? lo + IMAGE : zeros;
#if XB % 2
                    hi = 2 * cb + 1 < XB ? hi : zeros;
#endif
                    KERNEL_split_words(CUT, lo, hi, cell, PLANE * 16);
                }
    }
}
