/* Weights of conv_winograd.c: u = G w G' for each output and channel.
 *
 * w(o, c) is 3 x 3, WO and WC elements from one output or channel to the next;
 * u [OB, T * T, CG * V, V], channels c before the output's lane; 0 for outputs
 * from O on and for channels from C on. G evaluates a polynomial of three
 * coefficients at each point, over the product of its distances from the
 * others. In double precision: the error of u would be part of every result.
 * Contract: u overlaps nothing.
 */
static void KERNEL_points(const double *restrict g, int step,
                          double *restrict to, int apart)
{
    double g0 = g[0], g1 = g[step], g2 = g[2 * step];
#if M == 2
    to[0] = -g0;
    to[apart] = 0.5 * (g0 + g1 + g2);
    to[2 * apart] = 0.5 * (g0 - g1 + g2);
    to[3 * apart] = g2;
#else
    const double r = 0.70710678118654752440, s = r + r;
    to[0] = g0;
    to[apart] = (g0 + r * g1 + 0.5 * g2) / -1.5;
    to[2 * apart] = (g0 - r * g1 + 0.5 * g2) / -1.5;
    to[3 * apart] = (g0 + s * g1 + 2 * g2) / 6;
    to[4 * apart] = (g0 - s * g1 + 2 * g2) / 6;
    to[5 * apart] = g2;
#endif
}

static void KERNEL(N_PARAM const REAL *restrict w, OUT *restrict u EXTRA_PARAMS)
{
    enum { T = M + 2 };
    for (int o = 0; o < OB * V; o++)
        for (int c = 0; c < CG * V; c++) {
            int ob = o / V, l = o % V;
            double g[9], half[T * 3], all[T * T];
            for (int k = 0; k < 9; k++)
                g[k] = o < O && c < C ? (double)w[o * WO + c * WC + k] : 0;
            for (int j = 0; j < 3; j++)
                KERNEL_points(g + j, 3, half + j, 3);
            for (int i = 0; i < T; i++)
                KERNEL_points(half + i * 3, 1, all + i * T, 1);
            for (int p = 0; p < T * T; p++)
                u[((ob * (T * T) + p) * (CG * V) + c) * V + l] =
                    (OUT)(EPILOGUE(all[p], ob, p, c, l));
        }
}
