/* R weights of winograd_weights.c at the points of Winograd's transform, for SIDE
 * outputs side by side: a polynomial of R coefficients at each point, over the
 * product of its distances from the others. With T = 5 the polynomial of the
 * outer two weights at 0, 1 and infinity, then the middle weight.
 *
 * KERNEL_winograd_half: the columns of w [outputs `apart` elements apart, R, R]
 * from element `first` on, 0 for lanes without an output, to half [Q, R, SIDE].
 */
static void KERNEL_winograd_points(const double *restrict g, int step,
                          double *restrict to, int apart)
{
#if T == 5
    INDEPENDENT
    for (int l = 0; l < SIDE; l++) {
        double g0 = g[l], g1 = g[step * SIDE + l], g2 = g[2 * step * SIDE + l];
        to[l] = g0;
        to[apart * SIDE + l] = g0 + g2;
        to[2 * apart * SIDE + l] = g2;
        to[3 * apart * SIDE + l] = g1;
    }
#else
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
#endif
}

static void KERNEL_winograd_half(const REAL *restrict w, int first, int apart,
                                 int outputs, double *restrict half)
{
    double g[R * R * SIDE];
    for (int l = 0; l < SIDE; l++)
        for (int k = 0; k < R * R; k++)
            g[k * SIDE + l] =
                l < outputs ? (double)w[first + l * apart + k] : 0;
    for (int j = 0; j < R; j++)
        KERNEL_winograd_points(g + j * SIDE, R, half + j * SIDE, R);
}
