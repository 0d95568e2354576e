/* Block cb of 32 rows of a panel of 32 columns as words of bf16 parts; rows
 * behind the last are 0. w16 is column 16 of the panel.
 */
INLINE static void KERNEL_weights(const float *restrict w,
                                  const float *restrict w16, int cb, int place,
                                  uint32_t *restrict to)
{
#if K % 32
    static const float zeros[16] = {0};
#endif
    (void)place;
    for (int p = 0; p < 16; p++) {
        int lo = (cb * 32 + p) * 32, hi = lo + 16 * 32;
#if K % 32
        int low = lo < K * 32, high = hi < K * 32;
        const float *w_lo = low ? w + lo : zeros;
        const float *w_hi = high ? w + hi : zeros;
        const float *w16_lo = low ? w16 + lo : zeros;
        const float *w16_hi = high ? w16 + hi : zeros;
#else
        const float *w_lo = w + lo, *w_hi = w + hi;
        const float *w16_lo = w16 + lo, *w16_hi = w16 + hi;
#endif
        KERNEL_split_words(0, w_lo, w_hi, to + p * 16, 512);
        KERNEL_split_words(0, w16_lo, w16_hi, to + 256 + p * 16, 512);
    }
}
