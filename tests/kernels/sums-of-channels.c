/* sum_channels.c adds what a channel holds, over samples and places: planes and
 * blocks of lanes, lengths that WIDTH does not divide, means, f32 and f64. */
// RUN: %cc -Wno-unused-parameter %level %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -g -fsanitize=address,undefined %s -lm -o %t && %t
#include "check.h"
#undef KERNEL
#undef EXTRA_PARAMS
#define EXTRA_PARAMS
#define OUT REAL

#define REAL float
#define KERNEL planes
#define OUTER 3
#define C 2
#define INNER 37
#define V 1
#define MEAN 0
#define EPILOGUE(v, c) ((v) + (REAL)(10 * (c)))
#include "../../runtime/kernels/sum_channels.c"
#undef KERNEL
#undef INNER
#undef V
#undef MEAN
#undef EPILOGUE

#define KERNEL blocks
#define INNER 7
#define V 8
#define MEAN 1
#define EPILOGUE(v, c, l) ((v) + (REAL)(10 * (c) + (l)))
#include "../../runtime/kernels/sum_channels.c"
#undef KERNEL
#undef V
#undef REAL

#define REAL double
#define KERNEL threes
#define V 3
#include "../../runtime/kernels/sum_channels.c"

enum { MOST = 3 * 2 * 56 };

/* Largest difference from sums in order, of x [3, 2, inner, v]. */
static void check(int number, const double *x, const double *y, int inner,
                  int v, int mean, double unit)
{
    for (int c = 0; c < 2; c++)
        for (int l = 0; l < v; l++) {
            double sum = 0, size = 0;
            for (int o = 0; o < 3; o++)
                for (int i = 0; i < inner; i++) {
                    double cell = x[((o * 2 + c) * inner + i) * v + l];
                    sum += cell;
                    size += fabs(cell);
                }
            double want = (mean ? sum / (3 * inner) : sum) + 10 * c +
                          (v > 1 ? l : 0);
            if (!(fabs(y[c * v + l] - want) <= 8 * unit * (size + 30)))
                fail("sum_channels", number, y[c * v + l], want);
        }
}

int main(void)
{
    float *x = numbers_f32(MOST), y[2][16];
    double wide[MOST], got[2][16], in_double[6];
    for (int i = 0; i < MOST; i++)
        wide[i] = (double)x[i];
    planes(0, x, y[0]);
    blocks(0, x, y[1]);
    threes(0, wide, in_double);
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < 16; i++)
            got[k][i] = i < 2 || k ? (double)y[k][i] : 0;
    check(1, wide, got[0], 37, 1, 0, 0x1p-24);
    check(2, wide, got[1], 7, 8, 1, 0x1p-24);
    check(3, wide, in_double, 7, 3, 1, 0x1p-53);
    free(x);
    return failures != 0;
}
