/* Complex Fourier transforms of n = `points` vectors of V lanes, in place; n is a
 * power of two from 4 on, or three times one when N is.
 *
 * Element i lies at z + i * step, its real parts `re` after that, its imaginary
 * parts `im`. KERNEL_fft_forward goes from natural order to the order of
 * KERNEL_fft_place by decimation in frequency, KERNEL_fft_back from there to
 * natural order by decimation in time, in passes of radix 4, at most one of
 * radix 2 and one of radix 3; with re and im swapped a transform is the inverse
 * one times n. roots are cos and -sin of 2 pi k / n, k < n, at every `apart`-th
 * place. Cooley, Tukey, "An algorithm for the machine calculation of complex
 * Fourier series", 1965.
 */
static int KERNEL_fft_place(int points, int frequency)
{
    int place = 0, len = points;
#if N % 3 == 0
    len /= 3;
    place = frequency % 3 * len;
    frequency /= 3;
#endif
    for (; len >= 4; frequency /= 4) {
        len /= 4;
        place += frequency % 4 * len;
    }
    return len == 2 ? place + frequency % 2 : place;
}

INLINE static void KERNEL_fft_pass(const REAL *restrict roots, int apart,
                                   REAL *restrict z, int points, int step, int re,
                                   int im, int len, int time)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    int m = len / 4 * step;
    for (int j = 0; j < len / 4; j++) {
        const REAL *w = roots + 2 * (j * (points / len) * apart);
        REAL c1 = w[0], s1 = w[1];
        const REAL *w2 = roots + 4 * (j * (points / len) * apart);
        REAL c2 = w2[0], s2 = w2[1];
        const REAL *w3 = roots + 6 * (j * (points / len) * apart);
        REAL c3 = w3[0], s3 = w3[1];
        for (int b = j; b < points; b += len)
            for (int l = 0; l < V; l += LANES) {
                REAL *zr = z + b * step + re + l, *zi = z + b * step + im + l;
                KERNEL_vec r0 = *(const KERNEL_mem *)zr;
                KERNEL_vec i0 = *(const KERNEL_mem *)zi;
                KERNEL_vec r1 = *(const KERNEL_mem *)(zr + m);
                KERNEL_vec i1 = *(const KERNEL_mem *)(zi + m);
                KERNEL_vec r2 = *(const KERNEL_mem *)(zr + 2 * m);
                KERNEL_vec i2 = *(const KERNEL_mem *)(zi + 2 * m);
                KERNEL_vec r3 = *(const KERNEL_mem *)(zr + 3 * m);
                KERNEL_vec i3 = *(const KERNEL_mem *)(zi + 3 * m);
                KERNEL_vec t;
                if (time && j) {
                    t = r1 * c1 - i1 * s1;
                    i1 = r1 * s1 + i1 * c1;
                    r1 = t;
                    t = r2 * c2 - i2 * s2;
                    i2 = r2 * s2 + i2 * c2;
                    r2 = t;
                    t = r3 * c3 - i3 * s3;
                    i3 = r3 * s3 + i3 * c3;
                    r3 = t;
                }
                KERNEL_vec ar = r0 + r2, ai = i0 + i2;
                KERNEL_vec br = r0 - r2, bi = i0 - i2;
                KERNEL_vec cr = r1 + r3, ci = i1 + i3;
                KERNEL_vec dr = i1 - i3, di = r3 - r1;
                r0 = ar + cr;
                i0 = ai + ci;
                r1 = br + dr;
                i1 = bi + di;
                r2 = ar - cr;
                i2 = ai - ci;
                r3 = br - dr;
                i3 = bi - di;
                if (!time && j) {
                    t = r1 * c1 - i1 * s1;
                    i1 = r1 * s1 + i1 * c1;
                    r1 = t;
                    t = r2 * c2 - i2 * s2;
                    i2 = r2 * s2 + i2 * c2;
                    r2 = t;
                    t = r3 * c3 - i3 * s3;
                    i3 = r3 * s3 + i3 * c3;
                    r3 = t;
                }
                *(KERNEL_mem *)zr = r0;
                *(KERNEL_mem *)zi = i0;
                *(KERNEL_mem *)(zr + m) = r1;
                *(KERNEL_mem *)(zi + m) = i1;
                *(KERNEL_mem *)(zr + 2 * m) = r2;
                *(KERNEL_mem *)(zi + 2 * m) = i2;
                *(KERNEL_mem *)(zr + 3 * m) = r3;
                *(KERNEL_mem *)(zi + 3 * m) = i3;
            }
    }
}

#if N % 3 == 0
/* The pass of radix 3: the first one forward, the last one back (`time`). */
INLINE static void KERNEL_fft_thirds(const REAL *restrict roots, int apart,
                                     REAL *restrict z, int points, int step,
                                     int re, int im, int time)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const REAL half = (REAL)0.5, side = (REAL)0.86602540378443864676;
    int m = points / 3 * step;
    for (int j = 0; j < points / 3; j++) {
        REAL c1 = roots[2 * j * apart], s1 = roots[2 * j * apart + 1];
        REAL c2 = roots[4 * j * apart], s2 = roots[4 * j * apart + 1];
        for (int l = 0; l < V; l += LANES) {
            REAL *zr = z + j * step + re + l, *zi = z + j * step + im + l;
            KERNEL_vec r0 = *(const KERNEL_mem *)zr;
            KERNEL_vec i0 = *(const KERNEL_mem *)zi;
            KERNEL_vec r1 = *(const KERNEL_mem *)(zr + m);
            KERNEL_vec i1 = *(const KERNEL_mem *)(zi + m);
            KERNEL_vec r2 = *(const KERNEL_mem *)(zr + 2 * m);
            KERNEL_vec i2 = *(const KERNEL_mem *)(zi + 2 * m);
            KERNEL_vec t;
            if (time && j) {
                t = r1 * c1 - i1 * s1;
                i1 = r1 * s1 + i1 * c1;
                r1 = t;
                t = r2 * c2 - i2 * s2;
                i2 = r2 * s2 + i2 * c2;
                r2 = t;
            }
            KERNEL_vec ar = r1 + r2, ai = i1 + i2;
            KERNEL_vec dr = (r1 - r2) * side, di = (i1 - i2) * side;
            KERNEL_vec ur = r0 - ar * half, ui = i0 - ai * half;
            r0 += ar;
            i0 += ai;
            r1 = ur + di;
            i1 = ui - dr;
            r2 = ur - di;
            i2 = ui + dr;
            if (!time && j) {
                t = r1 * c1 - i1 * s1;
                i1 = r1 * s1 + i1 * c1;
                r1 = t;
                t = r2 * c2 - i2 * s2;
                i2 = r2 * s2 + i2 * c2;
                r2 = t;
            }
            *(KERNEL_mem *)zr = r0;
            *(KERNEL_mem *)zi = i0;
            *(KERNEL_mem *)(zr + m) = r1;
            *(KERNEL_mem *)(zi + m) = i1;
            *(KERNEL_mem *)(zr + 2 * m) = r2;
            *(KERNEL_mem *)(zi + 2 * m) = i2;
        }
    }
}
#endif

/* The pass of radix 2, on neighbours: re and im need not be told apart. */
INLINE static void KERNEL_fft_halves(REAL *restrict z, int points, int step)
{
    for (int b = 0; b < points; b += 2)
        for (int l = 0; l < 2 * V; l++) {
            REAL *at = z + b * step + l, x = at[0], y = at[step];
            at[0] = x + y;
            at[step] = x - y;
        }
}

INLINE static void KERNEL_fft_forward(const REAL *restrict roots, int apart,
                                      REAL *restrict z, int points, int step)
{
    int len = points;
#if N % 3 == 0
    KERNEL_fft_thirds(roots, apart, z, points, step, 0, V, 0);
    len /= 3;
#endif
    for (; len >= 4; len /= 4)
        KERNEL_fft_pass(roots, apart, z, points, step, 0, V, len, 0);
    if (len == 2)
        KERNEL_fft_halves(z, points, step);
}

INLINE static void KERNEL_fft_back(const REAL *restrict roots, int apart,
                                   REAL *restrict z, int points, int step)
{
    enum { NOT_OF_FOUR = 2 + 8 + 32 + 128 }; /* powers of two */
    int len = 4, whole = N % 3 ? points : points / 3;
    if (whole & NOT_OF_FOUR) {
        KERNEL_fft_halves(z, points, step);
        len = 8;
    }
    for (; len <= whole; len *= 4)
        KERNEL_fft_pass(roots, apart, z, points, step, V, 0, len, 1);
#if N % 3 == 0
    KERNEL_fft_thirds(roots, apart, z, points, step, V, 0, 1);
#endif
}
