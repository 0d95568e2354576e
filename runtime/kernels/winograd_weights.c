/* Weights of conv_winograd.c: u = G w G' for each output and channel.
 *
 * w(o, c) is 3 x 3, WO and WC elements from one output or channel to the next;
 * u [OB, T * T, CG * V, V], channels c before the output's lane; 0 for outputs
 * from O on and for channels from C on. G evaluates a polynomial of three
 * coefficients at each point, over the product of its distances from the
 * others; LANES outputs of a block are done side by side, few enough for a small
 * stack. In double precision: the error of u would be part of every result.
 * Contract: u overlaps nothing.
 */
static void KERNEL_points(const double *restrict g, int step,
                          double *restrict to, int apart)
{
    enum { LANES = V < 4 ? V : 4 };
    INDEPENDENT
    for (int l = 0; l < LANES; l++) {
        double g0 = g[l], g1 = g[step * LANES + l], g2 = g[2 * step * LANES + l];
#if M == 2
        to[l] = -g0;
        to[apart * LANES + l] = 0.5 * (g0 + g1 + g2);
        to[2 * apart * LANES + l] = 0.5 * (g0 - g1 + g2);
        to[3 * apart * LANES + l] = g2;
#else
        const double r = 0.70710678118654752440, s = r + r;
        to[l] = g0;
        to[apart * LANES + l] = (g0 + r * g1 + 0.5 * g2) * (-2.0 / 3);
        to[2 * apart * LANES + l] = (g0 - r * g1 + 0.5 * g2) * (-2.0 / 3);
        to[3 * apart * LANES + l] = (g0 + s * g1 + 2 * g2) * (1.0 / 6);
        to[4 * apart * LANES + l] = (g0 - s * g1 + 2 * g2) * (1.0 / 6);
        to[5 * apart * LANES + l] = g2;
#endif
    }
}

static void KERNEL(N_PARAM const REAL *restrict w, OUT *restrict u EXTRA_PARAMS)
{
    enum { T = M + 2, LANES = V < 4 ? V : 4 };
    for (int ob = FROM(SPLIT_BATCH, OB, 1); ob < TO(SPLIT_BATCH, OB, 1); ob++)
        for (int c = 0; c < CG * V; c++)
            for (int l0 = 0; l0 < V; l0 += LANES) {
                double g[9 * LANES], half[T * 3 * LANES], row[T * LANES];
                for (int l = 0; l < LANES; l++)
                    for (int k = 0; k < 9; k++) {
                        int o = ob * V + l0 + l;
                        g[k * LANES + l] =
                            o < O && c < C ? (double)w[o * WO + c * WC + k] : 0;
                    }
                for (int j = 0; j < 3; j++)
                    KERNEL_points(g + j * LANES, 3, half + j * LANES, 3);
                for (int i = 0; i < T; i++) {
                    KERNEL_points(half + i * 3 * LANES, 1, row, 1);
                    for (int j = 0; j < T; j++) {
                        int p = i * T + j;
                        int to = ((ob * (T * T) + p) * (CG * V) + c) * V + l0;
                        INDEPENDENT
                        for (int l = 0; l < LANES; l++)
                            u[to + l] = (OUT)(EPILOGUE(row[j * LANES + l], ob,
                                                       p, c, l0 + l));
                    }
                }
            }
}
