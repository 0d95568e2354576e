/* The product with panels is within the error bound at every number of rows and
 * with a last panel that is not full, with vectors of 16 and 32 bytes. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -DVB=16 %sanitize %s -lm -o %t && %t
#include "check.h"
#define REAL float
#define OUT float
#define M n
#define N 37
#define K 43
#define MR 3
#define NR (2 * (VB / (int)sizeof(REAL)))
#define MB 6
#define N_TAIL 1
#define STEPS 4
#define FEW 1
#define SPLIT_ROWS 0
#define CASE 1
#define AHEAD 2
#define LINE 16
#define EXTRAS 1
#define PREFETCH_EXTRAS(i, j) PREFETCH(e1 + (j) + 0 * (i))
#define EPILOGUE(v, i, j) ((v) * e1[j])
#define KERNEL_panel_row NAME(panel_row_)
#define KERNEL_panel_tile NAME(panel_tile_)
#include "../../runtime/kernels/matmul_panels.c"

int main(void)
{
    enum { PANELS = (N + NR - 1) / NR };
    for (int n = 1; n <= 14; n++) {
        size_t count = (size_t)(n * N);
        float *x = numbers_f32((size_t)(n * K));
        float *w = numbers_f32((size_t)(PANELS * K * NR));
        float *e1 = numbers_f32(N), *y = numbers_f32(count + 1);
        float last = y[count];
        KERNEL(n, x, w, y, e1);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < N; j++) {
                double sum = 0, magnitude = 0;
                for (int k = 0; k < K; k++) {
                    double term = (double)x[i * K + k] *
                                  (double)w[(j / NR * K + k) * NR + j % NR];
                    sum += term;
                    magnitude += fabs(term);
                }
                sum *= (double)e1[j];
                magnitude *= fabs((double)e1[j]);
                double got = (double)y[i * N + j];
                if (!near(got, sum, magnitude, K, 0x1p-24))
                    fail("product", n, got, sum);
            }
        if (y[count] != last)
            fail("written behind the result", n, (double)y[count],
                 (double)last);
        free(x);
        free(w);
        free(e1);
        free(y);
    }
    return failures != 0;
}
