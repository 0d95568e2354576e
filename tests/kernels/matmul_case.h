/* One case of matmul.c: CASE is
 *   number, m, N, K, form, MR, vectors, PACK_A, PACK_B, FEW_ROWS, KC, panels
 * form: 0 A B, 1 A' B, 2 A B', 3 A' B'. With FEW_ROWS = 1, M is the run-time
 * size and goes from 1 to m. KC is 0 for K; `panels` of NR columns are in a
 * block, 0: all. */
#if P9(CASE) == 1
#define M n
#else
#define M P1(CASE)
#endif
#define N P2(CASE)
#define K P3(CASE)
#define BATCH 2
#define MR P5(CASE)
#define NR (P6(CASE) * (VB / (int)sizeof(REAL)))
#define MB (2 * MR)
#if P10(CASE)
#define KC P10(CASE)
#else
#define KC K
#endif
#define SPLIT_K (KC < K)
#if P11(CASE)
#define NB (P11(CASE) * NR)
#else
#define NB (N + NR)
#endif
#define N_TAIL (N % 48 != 0) /* every NR of three vectors divides 48 */
#if VB == 32 && !defined(F64)
#define TURN 8
#else
#define TURN 4
#endif
#define PACK_A P7(CASE)
#define PACK_B P8(CASE)
#define FEW_ROWS P9(CASE)
#define ROW_DOTS (P4(CASE) == 2)
#if P4(CASE) == 2
#define ROW_NR (N < 8 ? N : 8)
#else
#define ROW_NR (VB / (int)sizeof(REAL))
#endif
#if P4(CASE) == 1 || P4(CASE) == 3
#define AI 1
#define AK M
#else
#define AI K
#define AK 1
#endif
#if P4(CASE) >= 2
#define BK 1
#define BJ K
#else
#define BK N
#define BJ 1
#endif
#define EPILOGUE(v, b, i, j) ((v) + e1[j])
#include "../../runtime/kernels/matmul.c"

static void NAME(check_)(int n)
{
    int m = M;
    size_t count = (size_t)(BATCH * m * N);
    REAL *x = NUMBERS((size_t)(BATCH * m * K));
    REAL *w = NUMBERS((size_t)(BATCH * N * K));
    REAL *e1 = NUMBERS(N), *y = NUMBERS(count + GUARD);
    REAL last = y[count];
#if PACK_A || PACK_B
    REAL *scratch = NUMBERS((size_t)(KC * (PACK_A * MB + PACK_B * NB)));
    KERNEL(n, x, w, scratch, y, e1);
    free(scratch);
#else
    KERNEL(n, x, w, y, e1);
#endif
    for (int b = 0; b < BATCH; b++)
        for (int i = 0; i < m; i++)
            for (int j = 0; j < N; j++) {
                double sum = e1[j], magnitude = fabs(sum);
                for (int k = 0; k < K; k++) {
                    double term = (double)x[b * m * K + i * AI + k * AK] *
                                  w[b * N * K + k * BK + j * BJ];
                    sum += term;
                    magnitude += fabs(term);
                }
                double got = y[(b * m + i) * N + j];
                if (!near(got, sum, magnitude, K, UNIT))
                    fail("product", P0(CASE), got, sum);
            }
    if (y[count] != last)
        fail("written behind the result", P0(CASE), y[count], last);
    free(x);
    free(w);
    free(e1);
    free(y);
}
#undef M
#undef N
#undef K
#undef BATCH
#undef MR
#undef NR
#undef MB
#undef KC
#undef SPLIT_K
#undef NB
#undef N_TAIL
#undef TURN
#undef PACK_A
#undef PACK_B
#undef FEW_ROWS
#undef ROW_DOTS
#undef ROW_NR
#undef AI
#undef AK
#undef BK
#undef BJ
#undef EPILOGUE
#undef CASE
