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
        int some = lo < K * 32, all = hi < K * 32;
        KERNEL_words(0, some ? w + lo : zeros, all ? w + hi : zeros,
                     to + p * 16, 512);
        KERNEL_words(0, some ? w16 + lo : zeros, all ? w16 + hi : zeros,
                     to + 256 + p * 16, 512);
#else
        KERNEL_words(0, w + lo, w + hi, to + p * 16, 512);
        KERNEL_words(0, w16 + lo, w16 + hi, to + 256 + p * 16, 512);
#endif
    }
}
