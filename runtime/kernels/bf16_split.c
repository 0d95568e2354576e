/* Two rows of 16 numbers as words of bf16 parts. Word i of part q holds lo[i]
 * in its lower half and hi[i] in its upper, parts lie `step` words apart. A
 * number is the sum of its parts, of 8 bits each: all of it with three parts.
 *
 * Parts are rounded to the nearest, or cut off where `cut`. The largest numbers
 * are always cut off, not rounded to infinity.
 */
static uint32_t KERNEL_bf16_nearest(uint32_t bits)
{
    return bits + ((bits & 0x7fffffff) < 0x7f7f8000 ? 0x8000 : 0);
}

INLINE static void KERNEL_split_words(int cut, const float *restrict lo,
                                const float *restrict hi, uint32_t *restrict to,
                                int step)
{
    float x[16], y[16];
    memcpy(x, lo, sizeof x);
    memcpy(y, hi, sizeof y);
    UNROLL
    for (int q = 0; q < PARTS; q++) {
        INDEPENDENT
        for (int i = 0; i < 16; i++) {
            uint32_t u, v;
            float top;
            memcpy(&u, x + i, sizeof u);
            memcpy(&v, y + i, sizeof v);
            /* no more than 8 bits are left for a third part */
            if (!cut && q < 2) {
                u = q ? u + 0x8000 : KERNEL_bf16_nearest(u);
                v = q ? v + 0x8000 : KERNEL_bf16_nearest(v);
            }
            to[q * step + i] = u >> 16 | (v & 0xffff0000);
            u &= 0xffff0000;
            v &= 0xffff0000;
            memcpy(&top, &u, sizeof top);
            x[i] -= top;
            memcpy(&top, &v, sizeof top);
            y[i] -= top;
        }
    }
}
