/* Blocks 2 cb and 2 cb + 1 of 16 input channels, at one place of the window, of
 * two blocks of output channels as words of bf16 parts; where there is no
 * second input block it is 0.
 */
INLINE static void KERNEL_weights(const float *restrict w,
                                  const float *restrict w16, int cb, int place,
                                  uint32_t *restrict to)
{
#if XB % 2
    static const float zeros[16] = {0};
    const int some = 2 * cb + 1 < XB;
#endif
    for (int p = 0; p < 16; p++) {
        int lo = (2 * cb * (KH * KW) + place) * 256 + p * 16;
        int hi = lo + KH * KW * 256;
#if XB % 2
        const float *w_hi = some ? w + hi : zeros;
        const float *w16_hi = some ? w16 + hi : zeros;
#else
        const float *w_hi = w + hi, *w16_hi = w16 + hi;
#endif
        KERNEL_split_words(0, w + lo, w_hi, to + p * 16, 512);
        KERNEL_split_words(0, w16 + lo, w16_hi, to + 256 + p * 16, 512);
    }
}
