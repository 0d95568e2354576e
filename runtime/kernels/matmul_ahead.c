/* Matrix product in register tiles, where the right side comes from far.
 *
 * y[b,i,j] = sum over k of x[b,i,k] * w[b,k,j]. The tiles of a panel of NR
 * columns of w run one after the other: the first reads the panel where it lies,
 * each row on a page of its own, and copies it into the scratch, row by row; the
 * others read it there. With every 8 terms a tile asks for AHEAD rows of the next
 * panel, LINES lines of LINE elements each, so that they come while tiles are
 * computed. Tiles at the ends overlap their neighbours. The order of a sum is that
 * of k.
 * Contract: y overlaps nothing; M >= MR; N >= NR; 8 divides K; scratch for K * NR
 * elements.
 */
#include "vector.c"

/* c[i][j] of MR rows of a and NR columns of b, whose rows lie bk apart; with
 * `copy` these are written to `panel`. */
INLINE static void KERNEL_tile(int copy, const REAL *restrict a,
                               const REAL *restrict b, int bk,
                               REAL *restrict panel, const REAL *next,
                               REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), NV = NR / LANES };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV];
    UNROLL
    for (int i = 0; i < MR; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    for (int k0 = 0; k0 < K; k0 += 8) {
        for (int r = 0; r < AHEAD; r++, next += N) {
            UNROLL
            for (int l = 1; l <= LINES; l++)
                PREFETCH_L2(next + l * LINE - 1);
        }
        UNROLL_8
        for (int k = 0; k < 8; k++, a++, b += bk) {
            KERNEL_vec bv[NV];
            UNROLL
            for (int v = 0; v < NV; v++) {
                bv[v] = *(const KERNEL_mem *)(b + v * LANES);
                IN_REGISTER(bv[v]);
                if (copy)
                    *(KERNEL_mem *)(panel + v * LANES) = bv[v];
            }
            if (copy)
                panel += NR;
            UNROLL
            for (int i = 0; i < MR; i++) {
                KERNEL_vec av = a[i * K] - zero;
                UNROLL
                for (int v = 0; v < NV; v++)
                    acc[i][v] += av * bv[v];
                UNTIL_HERE(av);
            }
            UNROLL
            for (int v = 0; v < NV; v++)
                UNTIL_HERE(bv[v]);
        }
    }
    UNROLL
    for (int i = 0; i < MR; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(KERNEL_mem *)(c + i * NR + v * LANES) = acc[i][v];
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { ROWS = K / 8 * AHEAD }; /* that a tile asks for */
    REAL *panel = (REAL *)scratch;
    for (int b = FROM(SPLIT_BATCH, BATCH, 1); b < TO(SPLIT_BATCH, BATCH, 1);
         b++)
        for (int j0 = FROM(SPLIT_COLUMNS, N, NR); j0 < TO(SPLIT_COLUMNS, N, NR);
             j0 += NR) {
            int j = j0 < N - NR ? j0 : N - NR;
            const REAL *columns = w + b * (K * N) + j;
            const REAL *next = columns + (N - NR - j < NR ? N - NR - j : NR);
            int first = FROM(SPLIT_ROWS, M, MR), row = 0;
            for (int i0 = first; i0 < TO(SPLIT_ROWS, M, MR); i0 += MR) {
                REAL c[MR * NR];
                int i = i0 < M - MR ? i0 : M - MR;
                const REAL *a = x + (b * M + i) * K, *rows = next + row * N;
                if (i0 == first)
                    KERNEL_tile(1, a, columns, N, panel, rows, c);
                else
                    KERNEL_tile(0, a, panel, NR, NULL, rows, c);
                row = row + 2 * ROWS < K ? row + ROWS : K - ROWS;
                for (int r = NEW(i0 - i); r < MR; r++)
                    INDEPENDENT_LANES
                    for (int s = NEW(j0 - j); s < NR; s++)
                        y[(b * M + i + r) * N + j + s] =
                            EPILOGUE(c[r * NR + s], b, i + r, j + s);
            }
        }
}
