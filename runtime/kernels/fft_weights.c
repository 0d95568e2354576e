/* Weights of conv_fft.c: for each output and channel the conjugate of the
 * kernel's transform over N x N places, over N * N.
 *
 * w(o, c) is KH x KW, WO and WC elements from one output or channel to the
 * next; h [N, N / 2 + 1, OB, CB * V, re im, V], channels before the output's
 * lane; 0 for outputs from O on and for channels from C on. The other
 * frequencies are the conjugates of these. In double precision: the error of h
 * would be part of every result. ROOTS: cos and -sin of 2 pi k / N, k < N.
 * Contract: h overlaps nothing.
 */
static void KERNEL(N_PARAM const REAL *restrict w, OUT *restrict h EXTRA_PARAMS)
{
    static const double roots[2 * N] = {ROOTS};
    for (int i = 0; i < N * (N / 2 + 1) * OB * CB * V * 2 * V; i++)
        h[i] = 0;
    for (int o = 0; o < O; o++)
        for (int c = 0; c < C; c++)
            for (int g = 0; g <= N / 2; g++) {
                double row[KH][2];
                for (int i = 0; i < KH; i++) {
                    row[i][0] = row[i][1] = 0;
                    for (int j = 0; j < KW; j++) {
                        double v = (double)w[o * WO + c * WC + i * KW + j];
                        row[i][0] += v * roots[g * j % N * 2];
                        row[i][1] -= v * roots[g * j % N * 2 + 1];
                    }
                }
                for (int f = 0; f < N; f++) {
                    double re = 0, im = 0;
                    for (int i = 0; i < KH; i++) {
                        const double *r = roots + f * i % N * 2;
                        re += row[i][0] * r[0] + row[i][1] * r[1];
                        im += row[i][1] * r[0] - row[i][0] * r[1];
                    }
                    OUT *to =
                        h +
                        (((f * (N / 2 + 1) + g) * OB + o / V) * (CB * V) + c) *
                            (2 * V) +
                        o % V;
                    to[0] = (OUT)(re / (N * N));
                    to[V] = (OUT)(im / (N * N));
                }
            }
}
