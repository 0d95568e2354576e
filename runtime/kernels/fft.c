/* Complex Fourier transforms of n = `points` vectors of V lanes; n is a power
 * of two from 4 on, or three or five times one when N is.
 *
 * Element i lies at i times a step, its real parts `re` after that, its
 * imaginary parts `im`; with these swapped a transform is the inverse one times
 * n. KERNEL_fft_forward goes from natural order to the order of
 * KERNEL_fft_place by decimation in frequency, KERNEL_fft_back from there to
 * natural order by decimation in time and writes the first `keep`: passes of
 * radix 4, at most one of radix 2 and one of radix 3 or 5. The first pass reads
 * x, the last one writes y, z holds what is between; these may be the same.
 * roots are cos and -sin of 2 pi k / n, k < n, at every `apart`-th place.
 * Cooley, Tukey, "An algorithm for the machine calculation of complex Fourier
 * series", 1965.
 */
static int KERNEL_fft_place(int points, int frequency)
{
    int place = 0, len = points;
#if N % 3 == 0
    len /= 3;
    place = frequency % 3 * len;
    frequency /= 3;
#endif
#if N % 5 == 0
    len /= 5;
    place = frequency % 5 * len;
    frequency /= 5;
#endif
    for (; len >= 4; frequency /= 4) {
        len /= 4;
        place += frequency % 4 * len;
    }
    return len == 2 ? place + frequency % 2 : place;
}

/* A vector of numbers times w. */
INLINE static void KERNEL_fft_times(KERNEL_vec *re, KERNEL_vec *im,
                                    const REAL *w)
{
    KERNEL_vec t = *re * w[0] - *im * w[1];
    *im = *re * w[1] + *im * w[0];
    *re = t;
}

INLINE static void KERNEL_fft_pass(const REAL *restrict roots, int apart,
                                   const REAL *x, int xs, REAL *y, int ys,
                                   int points, int re, int im, int len,
                                   int time, int keep)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    int m = len / 4, xm = m * xs, ym = m * ys;
    for (int j = 0; j < m; j++) {
        const REAL *w1 = roots + 2 * (j * (points / len) * apart);
        const REAL *w2 = roots + 4 * (j * (points / len) * apart);
        const REAL *w3 = roots + 6 * (j * (points / len) * apart);
        for (int b = j; b < points; b += len)
            for (int l = 0; l < V; l += LANES) {
                const REAL *from = x + b * xs + l;
                REAL *to = y + b * ys + l;
                KERNEL_vec r0 = *(const KERNEL_mem *)(from + re);
                KERNEL_vec i0 = *(const KERNEL_mem *)(from + im);
                KERNEL_vec r1 = *(const KERNEL_mem *)(from + xm + re);
                KERNEL_vec i1 = *(const KERNEL_mem *)(from + xm + im);
                KERNEL_vec r2 = *(const KERNEL_mem *)(from + 2 * xm + re);
                KERNEL_vec i2 = *(const KERNEL_mem *)(from + 2 * xm + im);
                KERNEL_vec r3 = *(const KERNEL_mem *)(from + 3 * xm + re);
                KERNEL_vec i3 = *(const KERNEL_mem *)(from + 3 * xm + im);
                if (time && m > 1) {
                    KERNEL_fft_times(&r1, &i1, w1);
                    KERNEL_fft_times(&r2, &i2, w2);
                    KERNEL_fft_times(&r3, &i3, w3);
                }
                KERNEL_vec ar = r0 + r2, ai = i0 + i2;
                KERNEL_vec br = r0 - r2, bi = i0 - i2;
                KERNEL_vec cr = r1 + r3, ci = i1 + i3;
                KERNEL_vec dr = i1 - i3, di = r3 - r1;
                r1 = br + dr;
                i1 = bi + di;
                r2 = ar - cr;
                i2 = ai - ci;
                r3 = br - dr;
                i3 = bi - di;
                if (!time && m > 1) {
                    KERNEL_fft_times(&r1, &i1, w1);
                    KERNEL_fft_times(&r2, &i2, w2);
                    KERNEL_fft_times(&r3, &i3, w3);
                }
                *(KERNEL_mem *)(to + re) = ar + cr;
                *(KERNEL_mem *)(to + im) = ai + ci;
                if (b + m < keep) {
                    *(KERNEL_mem *)(to + ym + re) = r1;
                    *(KERNEL_mem *)(to + ym + im) = i1;
                }
                if (b + 2 * m < keep) {
                    *(KERNEL_mem *)(to + 2 * ym + re) = r2;
                    *(KERNEL_mem *)(to + 2 * ym + im) = i2;
                }
                if (b + 3 * m < keep) {
                    *(KERNEL_mem *)(to + 3 * ym + re) = r3;
                    *(KERNEL_mem *)(to + 3 * ym + im) = i3;
                }
            }
    }
}

#if N % 3 == 0
/* The pass of radix 3: the first one forward, the last one back (`time`). */
INLINE static void KERNEL_fft_thirds(const REAL *restrict roots, int apart,
                                     const REAL *x, int xs, REAL *y, int ys,
                                     int points, int re, int im, int time,
                                     int keep)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const REAL half = (REAL)0.5, side = (REAL)0.86602540378443864676;
    int m = points / 3, xm = m * xs, ym = m * ys;
    for (int j = 0; j < m; j++)
        for (int l = 0; l < V; l += LANES) {
            const REAL *from = x + j * xs + l;
            REAL *to = y + j * ys + l;
            KERNEL_vec r0 = *(const KERNEL_mem *)(from + re);
            KERNEL_vec i0 = *(const KERNEL_mem *)(from + im);
            KERNEL_vec r1 = *(const KERNEL_mem *)(from + xm + re);
            KERNEL_vec i1 = *(const KERNEL_mem *)(from + xm + im);
            KERNEL_vec r2 = *(const KERNEL_mem *)(from + 2 * xm + re);
            KERNEL_vec i2 = *(const KERNEL_mem *)(from + 2 * xm + im);
            if (time) {
                KERNEL_fft_times(&r1, &i1, roots + 2 * j * apart);
                KERNEL_fft_times(&r2, &i2, roots + 4 * j * apart);
            }
            KERNEL_vec ar = r1 + r2, ai = i1 + i2;
            KERNEL_vec dr = (r1 - r2) * side, di = (i1 - i2) * side;
            KERNEL_vec ur = r0 - ar * half, ui = i0 - ai * half;
            r1 = ur + di;
            i1 = ui - dr;
            r2 = ur - di;
            i2 = ui + dr;
            if (!time) {
                KERNEL_fft_times(&r1, &i1, roots + 2 * j * apart);
                KERNEL_fft_times(&r2, &i2, roots + 4 * j * apart);
            }
            *(KERNEL_mem *)(to + re) = r0 + ar;
            *(KERNEL_mem *)(to + im) = i0 + ai;
            if (j + m < keep) {
                *(KERNEL_mem *)(to + ym + re) = r1;
                *(KERNEL_mem *)(to + ym + im) = i1;
            }
            if (j + 2 * m < keep) {
                *(KERNEL_mem *)(to + 2 * ym + re) = r2;
                *(KERNEL_mem *)(to + 2 * ym + im) = i2;
            }
        }
}
#endif

#if N % 5 == 0
/* The pass of radix 5: the first one forward, the last one back (`time`). */
INLINE static void KERNEL_fft_fifths(const REAL *restrict roots, int apart,
                                     const REAL *x, int xs, REAL *y, int ys,
                                     int points, int re, int im, int time,
                                     int keep)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    /* cos and sin of a fifth and of two fifths of a turn */
    const REAL c1 = (REAL)0.30901699437494742410;
    const REAL c2 = (REAL)-0.80901699437494742410;
    const REAL s1 = (REAL)0.95105651629515357212;
    const REAL s2 = (REAL)0.58778525229247312917;
    int m = points / 5;
    for (int j = 0; j < m; j++)
        for (int l = 0; l < V; l += LANES) {
            KERNEL_vec r[5], i[5];
            UNROLL
            for (int k = 0; k < 5; k++) {
                const REAL *from = x + (j + k * m) * xs + l;
                r[k] = *(const KERNEL_mem *)(from + re);
                i[k] = *(const KERNEL_mem *)(from + im);
                if (time && k > 0)
                    KERNEL_fft_times(r + k, i + k, roots + 2 * k * j * apart);
            }
            KERNEL_vec ar = r[1] + r[4], ai = i[1] + i[4];
            KERNEL_vec br = r[2] + r[3], bi = i[2] + i[3];
            KERNEL_vec cr = r[1] - r[4], ci = i[1] - i[4];
            KERNEL_vec dr = r[2] - r[3], di = i[2] - i[3];
            KERNEL_vec ur = r[0] + ar * c1 + br * c2;
            KERNEL_vec ui = i[0] + ai * c1 + bi * c2;
            KERNEL_vec vr = r[0] + ar * c2 + br * c1;
            KERNEL_vec vi = i[0] + ai * c2 + bi * c1;
            KERNEL_vec pr = cr * s1 + dr * s2, pi = ci * s1 + di * s2;
            KERNEL_vec qr = cr * s2 - dr * s1, qi = ci * s2 - di * s1;
            r[0] = r[0] + ar + br;
            i[0] = i[0] + ai + bi;
            r[1] = ur + pi;
            i[1] = ui - pr;
            r[2] = vr + qi;
            i[2] = vi - qr;
            r[3] = vr - qi;
            i[3] = vi + qr;
            r[4] = ur - pi;
            i[4] = ui + pr;
            UNROLL
            for (int k = 0; k < 5; k++) {
                if (!time && k > 0)
                    KERNEL_fft_times(r + k, i + k, roots + 2 * k * j * apart);
                if (j + k * m < keep) {
                    REAL *to = y + (j + k * m) * ys + l;
                    *(KERNEL_mem *)(to + re) = r[k];
                    *(KERNEL_mem *)(to + im) = i[k];
                }
            }
        }
}
#endif

/* The pass of radix 2, on neighbours: re and im need not be told apart. */
INLINE static void KERNEL_fft_halves(const REAL *x, int xs, REAL *y, int ys,
                                     int points)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    for (int b = 0; b < points; b += 2)
        for (int l = 0; l < 2 * V; l += LANES) {
            KERNEL_vec p = *(const KERNEL_mem *)(x + b * xs + l);
            KERNEL_vec q = *(const KERNEL_mem *)(x + (b + 1) * xs + l);
            *(KERNEL_mem *)(y + b * ys + l) = p + q;
            *(KERNEL_mem *)(y + (b + 1) * ys + l) = p - q;
        }
}

INLINE static void KERNEL_fft_forward(const REAL *restrict roots, int apart,
                                      const REAL *x, int xs, REAL *z, int zs,
                                      REAL *y, int ys, int points)
{
    int len = points;
#if N % 3 == 0
    KERNEL_fft_thirds(roots, apart, x, xs, z, zs, points, 0, V, 0, points);
    x = z;
    xs = zs;
    len /= 3;
#endif
#if N % 5 == 0
    KERNEL_fft_fifths(roots, apart, x, xs, z, zs, points, 0, V, 0, points);
    x = z;
    xs = zs;
    len /= 5;
#endif
    UNROLL
    for (; len >= 4; len /= 4) {
        if (len == 4)
            KERNEL_fft_pass(roots, apart, x, xs, y, ys, points, 0, V, len, 0,
                            points);
        else
            KERNEL_fft_pass(roots, apart, x, xs, z, zs, points, 0, V, len, 0,
                            points);
        x = z;
        xs = zs;
    }
    if (len == 2)
        KERNEL_fft_halves(x, xs, y, ys, points);
}

INLINE static void KERNEL_fft_back(const REAL *restrict roots, int apart,
                                   const REAL *x, int xs, REAL *z, int zs,
                                   REAL *y, int ys, int points, int keep)
{
    enum { NOT_OF_FOUR = 2 + 8 + 32 + 128 }; /* powers of two */
    int len = 4, whole = points;
#if N % 3 == 0
    whole = points / 3;
#endif
#if N % 5 == 0
    whole = points / 5;
#endif
    if (whole & NOT_OF_FOUR) {
        KERNEL_fft_halves(x, xs, z, zs, points);
        x = z;
        xs = zs;
        len = 8;
    }
    UNROLL
    for (; len <= whole; len *= 4) {
        if (len == points)
            KERNEL_fft_pass(roots, apart, x, xs, y, ys, points, V, 0, len, 1,
                            keep);
        else
            KERNEL_fft_pass(roots, apart, x, xs, z, zs, points, V, 0, len, 1,
                            points);
        x = z;
        xs = zs;
    }
#if N % 3 == 0
    KERNEL_fft_thirds(roots, apart, x, xs, y, ys, points, V, 0, 1, keep);
#endif
#if N % 5 == 0
    KERNEL_fft_fifths(roots, apart, x, xs, y, ys, points, V, 0, 1, keep);
#endif
}
