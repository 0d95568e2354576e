/* An image with its border: to[c][r][j] is input cell (first + r, j - left) of
 * channel c, and zero outside.
 *
 * x is [.., h, w], its channels `step` elements apart. With SPREAD, ph - 1
 * zeros lie between its rows and pw - 1 between its columns.
 */
#if SPREAD
static void KERNEL_border(const REAL *restrict x, int channels, int step, int h,
                          int w, int ph, int pw, int first, int rows, int left,
                          int width, REAL *restrict to)
{
    for (int i = 0; i < channels * rows * width; i++)
        to[i] = 0;
    for (int c = 0; c < channels; c++)
        for (int ih = 0; ih < h; ih++) {
            int r = ih * ph - first;
            for (int iw = 0; iw < w && r >= 0 && r < rows; iw++) {
                int j = left + iw * pw;
                if (j >= 0 && j < width)
                    to[(c * rows + r) * width + j] = x[c * step + ih * w + iw];
            }
        }
}
#else
static void KERNEL_border(const REAL *restrict x, int channels, int step, int h,
                          int w, int first, int rows, int left, int width,
                          REAL *restrict to)
{
    for (int c = 0; c < channels; c++)
        for (int r = 0; r < rows; r++) {
            int ih = first + r, at = c * step + ih * w - left;
            int from = left > 0 ? left : 0;
            int end = left + w < width ? left + w : width;
            if (ih < 0 || ih >= h || end < from)
                from = end = width;
            for (int j = 0; j < from; j++)
                *to++ = 0;
            for (int j = from; j < end; j++)
                *to++ = x[at + j];
            for (int j = end; j < width; j++)
                *to++ = 0;
        }
}
#endif
