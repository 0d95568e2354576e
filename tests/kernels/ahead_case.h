/* One case of matmul_ahead.c: CASE is number, M, N, K, MR, vectors, AHEAD. */
#define M P1(CASE)
#define N P2(CASE)
#define K P3(CASE)
#define BATCH 2
#define MR P4(CASE)
#define NR (P5(CASE) * (VB / (int)sizeof(REAL)))
#define LINES ((P5(CASE) * VB + 63) / 64)
#define AHEAD P6(CASE)
#include "../../runtime/kernels/matmul_ahead.c"

static void NAME(check_)(void)
{
    size_t count = (size_t)(BATCH * M * N);
    REAL *x = NUMBERS((size_t)(BATCH * M * K));
    REAL *w = NUMBERS((size_t)(BATCH * K * N));
    REAL *e1 = NUMBERS(N), *y = NUMBERS(count + GUARD);
    REAL *scratch = NUMBERS((size_t)(K * NR));
    REAL last = y[count];
    KERNEL(0, x, w, scratch, y, e1);
    for (int i = 0; i < BATCH * M; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0, magnitude = 0;
            for (int k = 0; k < K; k++) {
                double term = (double)x[i * K + k] *
                              (double)w[(i / M * K + k) * N + j];
                sum += term;
                magnitude += fabs(term);
            }
            double scale = (double)e1[j], got = (double)y[i * N + j];
            if (!near(got, sum * scale, magnitude * fabs(scale), K, UNIT))
                fail("product", P0(CASE), got, sum * scale);
        }
    if (y[count] != last)
        fail("written behind the result", P0(CASE), (double)y[count],
             (double)last);
    free(x);
    free(w);
    free(e1);
    free(y);
    free(scratch);
}
#undef M
#undef N
#undef K
#undef BATCH
#undef MR
#undef NR
#undef LINES
#undef AHEAD
#undef CASE
