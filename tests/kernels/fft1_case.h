/* One case of the kernels of convolution along one axis by Fourier transforms:
 * CASE is
 *   number, images, groups, channels, outputs, T, K, low, high, N1, N2
 * channels and outputs are those of a group. */
#define B P1(CASE)
#define G P2(CASE)
#define CG P3(CASE)
#define OG P4(CASE)
#define T P5(CASE)
#define K P6(CASE)
#define LOW P7(CASE)
#define OT (T + LOW + P8(CASE) - K + 1)
#define N1 P9(CASE)
#define N2 P10(CASE)
#define N (N1 * N2)
#define S (N - K + 1)
#define TILES ((OT + S - 1) / S)
#define SLOTS (2 * V)
#define ROW (N2 * 2 * V + 16)
#define LINE (N + 16)
#define O (G * OG)
#define C CG
#define WO (CG * K)
#define WC K
#if N1 * N2 == 64
#define POWERS POWERS_64
#else
#define POWERS POWERS_128
#endif
#define EPILOGUE(v, b, o, p) ((v) + e1[((b) * O + (o)) * OT + (p)])

#undef KERNEL
#define KERNEL NAME(fft1_)
#include "../../runtime/kernels/conv_fft1.c"
#undef KERNEL
#define KERNEL NAME(weights_)
#include "../../runtime/kernels/fft1_weights.c"

static void NAME(check_)(void)
{
    const Plain plain = {CG, O, G, 1, T, 1, K, 1, 1, 0, LOW, 1};
    size_t count = (size_t)(B * O * OT);
    REAL *x = blocked(B, G * CG, 1, T, 1), *y = NUMBERS(count + GUARD);
    REAL *w = NUMBERS((size_t)(O * CG * K)), *e1 = NUMBERS(count);
    REAL *h = NUMBERS((size_t)(2 * N * (1 + O * CG)));
    REAL *scratch = spoilt((size_t)((CG + 1) * N1 * ROW + 2 * V * LINE));
    double *room = numbers_f64((size_t)(4 * N));
    REAL last = y[count];
    NAME(weights_)(0, w, room, h, NULL);
    NAME(fft1_)(0, x, h, scratch, y, e1);
    /* Two tiles share a transform, and its error. */
    double most = 0, size;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < B * O * OT; i++) {
            int b = i / (O * OT), o = i / OT % O, p = i % OT;
            double sum = plain_sum(&plain, x, w, b, o, 0, p, &size);
            size += fabs((double)e1[i]);
            if (pass == 0)
                most = size > most ? size : most;
            else if (!near((double)y[i], sum + (double)e1[i], most, CG * K, UNIT))
                fail("fft1", P0(CASE), (double)y[i], sum + (double)e1[i]);
        }
    if (y[count] != last)
        fail("written behind the result", P0(CASE), (double)y[count],
             (double)last);
    free(x);
    free(w);
    free(h);
    free(e1);
    free(y);
    free(scratch);
    free(room);
}

#undef B
#undef G
#undef CG
#undef OG
#undef T
#undef K
#undef LOW
#undef OT
#undef N1
#undef N2
#undef N
#undef S
#undef TILES
#undef SLOTS
#undef ROW
#undef LINE
#undef O
#undef C
#undef WO
#undef WC
#undef POWERS
#undef EPILOGUE
#undef CASE
