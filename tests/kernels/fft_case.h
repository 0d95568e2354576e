/* One case of the FFT convolution kernels: CASE is
 *   number, images, channels, outputs, H, W, KH, KW, low (h, w), high (h, w),
 *   N, MR, PAIRS; PAIRS * 2 / MR products share a weight that is fetched ahead */
#define B P1(CASE)
#define C P2(CASE)
#define O P3(CASE)
#define H P4(CASE)
#define W P5(CASE)
#define KH P6(CASE)
#define KW P7(CASE)
#define LH P8(CASE)
#define LW P9(CASE)
#define OH (H + LH + P10(CASE) - KH + 1)
#define OW (W + LW + P11(CASE) - KW + 1)
#define N P12(CASE)
#define MR P13(CASE)
#define PAIRS P14(CASE)
#define TY ((OH + N - KH) / (N - KH + 1))
#define TX ((OW + N - KW) / (N - KW + 1))
#define CB ((C + V - 1) / V)
#define OB ((O + V - 1) / V)
#define WO (C * KH * KW)
#define WC (KH * KW)
#define SKEW 16
#define COLUMN (2 * N * V + SKEW)
#define TILE (N * COLUMN)
#define BLOCKS (CB > OB ? CB : OB)
#define XSTEP (2 * PAIRS * 3 * CB * V + SKEW)
#define YSTEP (2 * PAIRS * OB * 2 * V + SKEW)
#define AHEAD (PAIRS * 2 / MR - 1)
#define LINE 16
#define ROOTS PASTE(ROOTS_, N)
#define EPILOGUE(v, b, o, p, l)                                                \
    ((v) + e1[(((b) * OB + (o)) * (OH * OW) + (p)) * V + (l)])

#undef KERNEL
#define KERNEL NAME(fft_)
#define R(x) ((REAL)(x))
#include "../../runtime/kernels/conv_fft.c"
#undef KERNEL
#undef R
#define KERNEL NAME(weights_)
#define R(x) (x)
#include "../../runtime/kernels/fft_weights.c"
#undef R

/* Two tiles share a transform, and its error. */
static int NAME(pair_)(int b, int i, int j)
{
    return ((b * TY + i / (N - KH + 1)) * TX + j / (N - KW + 1)) / 2;
}

static void NAME(check_)(void)
{
    const Plain plain = {C, O, 1, H, W, KH, KW, 1, 1, LH, LW, V};
    size_t count = (size_t)(B * OB * OH * OW * V);
    REAL *x = blocked(B, C, H, W, V), *w = NUMBERS((size_t)(O * C * KH * KW));
    REAL *h = NUMBERS((size_t)((N / 2 + 1) * N * OB * CB * V * 2 * V));
    REAL *e1 = blocked(B, O, OH, OW, V), *y = NUMBERS(count + GUARD);
    REAL *scratch = spoilt(
        (size_t)(PAIRS * BLOCKS * TILE +
                 N * (XSTEP + YSTEP + 2 * V)));
    REAL last = y[count];
    NAME(weights_)(0, w, h, NULL);
    NAME(fft_)(0, x, h, scratch, y, e1);
    for (int o = 0; o < O; o++) {
        double largest[B * TY * TX] = {0}, size;
        for (int pass = 0; pass < 2; pass++)
            for (int p = 0; p < B * OH * OW; p++) {
                int b = p / (OH * OW), i = p / OW % OH, j = p % OW;
                double sum = plain_sum(&plain, x, w, b, o, i, j, &size);
                size_t at = cell_at(o, b, OB, OH, OW, i, j, V);
                double *most = &largest[NAME(pair_)(b, i, j)];
                size += fabs((double)e1[at]);
                if (pass == 0)
                    *most = size > *most ? size : *most;
                else if (!near((double)y[at], sum + (double)e1[at], *most,
                               C * KH * KW, UNIT))
                    fail("fft", P0(CASE), (double)y[at], sum + (double)e1[at]);
            }
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
}

#undef B
#undef C
#undef O
#undef H
#undef W
#undef KH
#undef KW
#undef LH
#undef LW
#undef OH
#undef OW
#undef N
#undef MR
#undef PAIRS
#undef TY
#undef TX
#undef CB
#undef OB
#undef WO
#undef WC
#undef SKEW
#undef COLUMN
#undef BLOCKS
#undef XSTEP
#undef YSTEP
#undef AHEAD
#undef LINE
#undef TILE
#undef EPILOGUE
#undef ROOTS
#undef CASE
