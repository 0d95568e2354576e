/* The products of conv_fft.c at one frequency: y[r] = sum over channels of x[r]
 * times h for MR tiles r.
 *
 * x is [MR, 3, CB * V], real parts, imaginary parts and their sums; h is [CB *
 * V, re im, V]; y [MR, OB * 2 * V] gets real and imaginary parts. Three
 * products make a complex one: (a + b i)(c + d i) has the real part a c - b d,
 * and (a + b)(c + d) - a c - b d is the imaginary one. The 3 * MR sums stay in
 * registers.
 */
static void KERNEL_fft_product(const REAL *restrict x, const REAL *restrict h,
                               REAL *restrict y)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), DEPTH = CB * V };
    const KERNEL_vec zero = {0};
    for (int v = 0; v < V; v += LANES) {
        KERNEL_vec re[MR], im[MR], both[MR];
        UNROLL
        for (int r = 0; r < MR; r++)
            re[r] = im[r] = both[r] = zero;
        const REAL *hp = h + v;
        for (int c = 0; c < DEPTH; c++, hp += 2 * V) {
            KERNEL_vec hr = *(const KERNEL_mem *)hp;
            KERNEL_vec hi = *(const KERNEL_mem *)(hp + V);
            KERNEL_vec hs = hr + hi;
            UNROLL
            for (int r = 0; r < MR; r++) {
                re[r] += x[(3 * r) * DEPTH + c] * hr;
                im[r] += x[(3 * r + 1) * DEPTH + c] * hi;
                both[r] += x[(3 * r + 2) * DEPTH + c] * hs;
            }
        }
        UNROLL
        for (int r = 0; r < MR; r++) {
            REAL *to = y + r * (OB * 2 * V) + v;
            *(KERNEL_mem *)to = re[r] - im[r];
            *(KERNEL_mem *)(to + V) = both[r] - re[r] - im[r];
        }
    }
}
