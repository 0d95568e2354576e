/* Weights of conv_winograd.c: u = G w G' for each output and channel.
 *
 * w(o, c) is R x R, R = T - M + 1, WO and WC elements from one output or channel
 * to the next; u [OB, T * T, CG * V, V], channels c before the output's lane; 0
 * for outputs from O on and for channels from C on. G evaluates a polynomial of
 * R coefficients at each point, over the product of its distances from the
 * others; SIDE outputs of a block are done together, few enough for a small
 * stack. In double precision: the error of u would be part of every result.
 * Contract: u overlaps nothing.
 */
static void KERNEL_points(const double *restrict g, int step,
                          double *restrict to, int apart)
{
    enum { R = T - M + 1 };
#if T == 4
    static const double points[] = {0, 1, -1}, over[] = {-1, 0.5, 0.5};
#elif T == 6
    static const double points[] = {0, 0.70710678118654752440,
                                    -0.70710678118654752440,
                                    1.41421356237309504880,
                                    -1.41421356237309504880};
    static const double over[] = {1, -2.0 / 3, -2.0 / 3, 1.0 / 6, 1.0 / 6};
#else
    static const double points[] = {0, 0.5, -0.5, 1, -1, 2, -2};
    static const double over[] = {-1,       32.0 / 45, 32.0 / 45, -2.0 / 9,
                                  -2.0 / 9, 1.0 / 90,  1.0 / 90};
#endif
    for (int i = 0; i < T - 1; i++) {
        INDEPENDENT
        for (int l = 0; l < SIDE; l++) {
            double sum = g[(R - 1) * step * SIDE + l];
            for (int k = R - 2; k >= 0; k--)
                sum = sum * points[i] + g[k * step * SIDE + l];
            to[i * apart * SIDE + l] = sum * over[i];
        }
    }
    for (int l = 0; l < SIDE; l++)
        to[(T - 1) * apart * SIDE + l] = g[(R - 1) * step * SIDE + l];
}

static void KERNEL(N_PARAM const REAL *restrict w, OUT *restrict u EXTRA_PARAMS)
{
    enum { R = T - M + 1 };
    for (int ob = FROM(SPLIT_BATCH, OB, 1); ob < TO(SPLIT_BATCH, OB, 1); ob++)
        for (int c = 0; c < CG * V; c++)
            for (int l0 = 0; l0 < V; l0 += SIDE) {
                double g[R * R * SIDE], half[T * R * SIDE], row[T * SIDE];
                for (int l = 0; l < SIDE; l++)
                    for (int k = 0; k < R * R; k++) {
                        int o = ob * V + l0 + l;
                        g[k * SIDE + l] = o < O && c < C ?
                            (double)w[o * WO + c * WC + k] : 0;
                    }
                for (int j = 0; j < R; j++)
                    KERNEL_points(g + j * SIDE, R, half + j * SIDE, R);
                for (int i = 0; i < T; i++) {
                    KERNEL_points(half + i * R * SIDE, 1, row, 1);
                    for (int j = 0; j < T; j++) {
                        int p = i * T + j;
                        int to = ((ob * (T * T) + p) * (CG * V) + c) * V + l0;
                        INDEPENDENT
                        for (int l = 0; l < SIDE; l++)
                            u[to + l] = (OUT)(EPILOGUE(row[j * SIDE + l], ob,
                                                       p, c, l0 + l));
                    }
                }
            }
}
