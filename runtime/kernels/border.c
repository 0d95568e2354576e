/* An image with its border: to[c][r][j] is input cell (first + r, j - left) of
 * channel c, and zero outside.
 *
 * x is [.., h, w], its channels `step` elements apart. With STRIDED, cells that
 * are sh rows and sw columns apart lie side by side: to[c][qr][qc][r][j] is
 * cell (first + r * sh + qr, j * sw + qc - left), qr < qh and qc < qw.
 * Many cells are read before they are written: where `to` lies a little behind
 * x modulo 4096, a load that follows a store waits for it, 20 times as long.
 */
#if STRIDED
static void KERNEL_border(const REAL *restrict x, int channels, int step, int h,
                          int w, int sh, int sw, int qh, int qw, int first,
                          int rows, int left, int width, REAL *restrict to)
{
    for (int i = 0; i < channels * qh * qw; i++) {
        int c = i / (qh * qw), qr = i / qw % qh, shift = i % qw - left;
        int from = shift < 0 ? (-shift + sw - 1) / sw : 0;
        int end = w > shift ? (w - shift + sw - 1) / sw : 0;
        for (int r = 0; r < rows; r++) {
            int ih = first + r * sh + qr, at = c * step + ih * w + shift;
            int j0 = from < width ? from : width;
            int j1 = end < width ? end : width;
            if (ih < 0 || ih >= h || j1 < j0)
                j0 = j1 = width;
            for (int j = 0; j < j0; j++)
                *to++ = 0;
            for (int j = j0; j < j1; j++)
                *to++ = x[at + j * sw];
            for (int j = j1; j < width; j++)
                *to++ = 0;
        }
    }
}
#else
INLINE static void KERNEL_border(const REAL *restrict x, int channels, int step,
                                 int h, int w, int first, int rows, int left,
                                 int width, REAL *restrict to)
{
    const int from = left > 0 ? left : 0;
    const int end = left + w < width ? left + w : width;
    for (int c = 0; c < channels; c++)
        for (int r = 0; r < rows; r++) {
            int ih = first + r, at = c * step + ih * w - left;
            if (ih < 0 || ih >= h || end < from) {
                for (int j = 0; j < width; j++)
                    *to++ = 0;
                continue;
            }
            for (int j = 0; j < from; j++)
                *to++ = 0;
            int whole = from + (end - from) / 32 * 32;
            for (int j = from; j < whole; j += 32) {
                REAL part[32];
                for (int k = 0; k < 32; k++)
                    part[k] = x[at + j + k];
                for (int k = 0; k < 32; k++)
                    *to++ = part[k];
            }
            for (int j = whole; j < end; j++)
                *to++ = x[at + j];
            for (int j = end; j < width; j++)
                *to++ = 0;
        }
}
#endif
