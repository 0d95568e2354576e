/* Weights of conv_fft1.c: the roots of 1, then for each output and channel the
 * conjugate of the kernel's transform over N places, over N.
 *
 * w(o, c) is K elements, WO and WC from one output or channel to the next; h [1
 * + O * C, N, re im]. N = N1 * N2: place p N2 + q has frequency f + N1 g, where f
 * and g are what decimation in frequency leaves at p of N1 and at q of N2.
 * Transforms of the N2 columns, turned, then of the rows. In double precision:
 * the error of h would be part of every result. POWERS: cos and -sin of 2 pi 2^j
 * / N, j < log2 N. Contract: h overlaps nothing; scratch for 4 * N doubles.
 */
static int KERNEL_place(int points, int frequency)
{
    int place = 0;
    for (; points > 1; points /= 4) {
        int parts = points >= 4 ? 4 : 2;
        place += frequency % parts * (points / parts);
        frequency /= parts;
    }
    return place;
}

/* One kernel: part [N1, N2, re im] is between the two steps. */
static void KERNEL_one(const REAL *restrict w, const double *restrict roots,
                       double *restrict part, OUT *restrict h)
{
    for (int q = 0; q < N2; q++)
        for (int f = 0; f < N1; f++) {
            double re = 0, im = 0;
            for (int p = 0; p * N2 + q < K; p++) {
                const double *r = roots + f * p % N1 * (2 * N2);
                re += (double)w[p * N2 + q] * r[0];
                im += (double)w[p * N2 + q] * r[1];
            }
            const double *turn = roots + 2 * (f * q);
            part[2 * (f * N2 + q)] = re * turn[0] - im * turn[1];
            part[2 * (f * N2 + q) + 1] = re * turn[1] + im * turn[0];
        }
    for (int f = 0; f < N1; f++)
        for (int g = 0; g < N2; g++) {
            double re = 0, im = 0;
            for (int q = 0; q < N2; q++) {
                const double *r = roots + g * q % N2 * (2 * N1);
                const double *at = part + 2 * (f * N2 + q);
                re += at[0] * r[0] - at[1] * r[1];
                im += at[0] * r[1] + at[1] * r[0];
            }
            OUT *to = h + 2 * (KERNEL_place(N1, f) * N2 + KERNEL_place(N2, g));
            to[0] = (OUT)(re / N);
            to[1] = (OUT)(-im / N);
        }
}

static void KERNEL(N_PARAM const REAL *restrict w, void *restrict scratch,
                   OUT *restrict h EXTRA_PARAMS)
{
    static const double powers[] = {POWERS};
    double *roots = (double *)scratch, *part = roots + 2 * N;
    roots[0] = 1;
    roots[1] = 0;
    for (int j = 0, known = 1; known < N; j++, known *= 2)
        for (int k = 0; k < known; k++) {
            double c = powers[2 * j], s = powers[2 * j + 1];
            const double *r = roots + 2 * k;
            roots[2 * (k + known)] = r[0] * c - r[1] * s;
            roots[2 * (k + known) + 1] = r[0] * s + r[1] * c;
        }
    for (int k = 0; k < 2 * N; k++)
        h[k] = (OUT)roots[k];
    for (int o = 0; o < O; o++)
        for (int c = 0; c < C; c++)
            KERNEL_one(w + o * WO + c * WC, roots, part,
                       h + 2 * N * (1 + o * C + c));
}
