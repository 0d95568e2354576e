/* Weights of conv_fft.c: for each output and channel the conjugate of the
 * kernel's transform over N x N places, over N * N.
 *
 * w(o, c) is KH x KW, WO and WC elements from one output or channel to the
 * next; h [N / 2 + 1, N, OB, CB * V, re im, V], channels before the output's
 * lane; 0 for outputs from O on and for channels from C on. The other
 * frequencies are the conjugates of these. Rows, then columns, of which f and
 * N - f share their products; LANES outputs of a block are done side by side, few
 * enough for a small stack. In double precision: the error of h would be part of
 * every result. ROOTS: cos and -sin of 2 pi k / N, k < N.
 * Contract: h overlaps nothing.
 */
static void KERNEL(N_PARAM const REAL *restrict w, OUT *restrict h EXTRA_PARAMS)
{
    static const double roots[2 * N] = {ROOTS};
    enum { MOST = KH < 8 ? 8 : KH < 16 ? 4 : KH < 32 ? 2 : 1 };
    enum { LANES = V < MOST ? V : MOST };
    enum { APART = OB * CB * V * 2 * V };
    for (int t = FROM(SPLIT_BATCH, OB * (N / 2 + 1), 1);
         t < TO(SPLIT_BATCH, OB * (N / 2 + 1), 1); t++)
        for (int s = 0; s < CB * V * (V / LANES); s++) {
            int ob = t / (N / 2 + 1), g = t % (N / 2 + 1);
            int c = s / (V / LANES), l0 = s % (V / LANES) * LANES;
            double re[KH * LANES], im[KH * LANES];
            const REAL *from[LANES];
            int some[LANES];
            for (int l = 0; l < LANES; l++) {
                int o = ob * V + l0 + l;
                some[l] = o < O && c < C;
                from[l] = w + (some[l] ? o * WO + c * WC : 0);
            }
            for (int i = 0; i < KH; i++) {
                double a[LANES], b[LANES];
                for (int l = 0; l < LANES; l++)
                    a[l] = b[l] = 0;
                for (int j = 0; j < KW; j++) {
                    const double *r = roots + g * j % N * 2;
                    INDEPENDENT
                    for (int l = 0; l < LANES; l++) {
                        double v = (double)from[l][i * KW + j];
                        a[l] += v * r[0];
                        b[l] -= v * r[1];
                    }
                }
                for (int l = 0; l < LANES; l++) {
                    re[i * LANES + l] = some[l] ? a[l] : 0;
                    im[i * LANES + l] = some[l] ? b[l] : 0;
                }
            }
            OUT *to = h + ((g * N * OB + ob) * (CB * V) + c) * (2 * V) + l0;
            for (int f = 0; f <= N / 2; f++) {
                double a[LANES], b[LANES], p[LANES], q[LANES];
                for (int l = 0; l < LANES; l++)
                    a[l] = b[l] = p[l] = q[l] = 0;
                for (int i = 0; i < KH; i++) {
                    const double *r = roots + f * i % N * 2;
                    INDEPENDENT
                    for (int l = 0; l < LANES; l++) {
                        a[l] += re[i * LANES + l] * r[0];
                        b[l] += im[i * LANES + l] * r[1];
                        p[l] += im[i * LANES + l] * r[0];
                        q[l] += re[i * LANES + l] * r[1];
                    }
                }
                OUT *other = to + (N - f) % N * APART, *one = to + f * APART;
                INDEPENDENT
                for (int l = 0; l < LANES; l++) {
                    other[l] = (OUT)((a[l] - b[l]) / (N * N));
                    other[V + l] = (OUT)((p[l] + q[l]) / (N * N));
                }
                INDEPENDENT
                for (int l = 0; l < LANES; l++) {
                    one[l] = (OUT)((a[l] + b[l]) / (N * N));
                    one[V + l] = (OUT)((p[l] - q[l]) / (N * N));
                }
            }
        }
}
