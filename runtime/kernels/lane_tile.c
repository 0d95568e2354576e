/* The register tile of a product whose two sides are blocked: c[v, i] = sum
 * over channels k of a[k / V, i, k % V] * b[v, k], MR tiles by NV blocks of V
 * outputs.
 *
 * a is [CG, TB, V], b [NV blocks apart, CG * V, V], c [NV, TB, V]. MR * NV * V
 * sums stay in registers; ROOMY when there are more of these. With CHUNK < CG
 * only CHUNK blocks of channels, from block c0 on, are added to those before. With
 * AHEAD that many lines of each block of the weights at `next` are asked for
 * with every V channels.
 */
INLINE static void KERNEL_lane_tile(int mr, const REAL *restrict a,
                                    const REAL *restrict b,
#if CHUNK < CG
                                    int c0,
#endif
#if AHEAD
                                    const REAL *next,
#endif
                                    REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), PARTS = V / LANES };
    enum { APART = Q * Q * CG * V * V };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV * PARTS];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV * PARTS; v++)
            acc[i][v] = zero;
    }
#if CHUNK < CG
    if (c0 > 0) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV * PARTS; v++)
                acc[i][v] = *(const KERNEL_mem *)(c + (v / PARTS * TB + i) * V +
                                                  v % PARTS * LANES);
        }
    }
    for (int k = c0 * V; k < C && k < (c0 + CHUNK) * V; k += V) {
#else
    for (int k = 0; k < C; k += V) {
#endif
#if C % V == 0
        enum { lanes = V };
#else
        int lanes = C - k >= V ? V : C - k;
#endif
#if ROOMY
        UNROLL_8
#else
#pragma GCC unroll 1 /* gcc's unrolled form loads each weight MR times */
#endif
        for (int l = 0; l < lanes; l++) {
            const REAL *ap = a + l;
            KERNEL_vec wv[NV * PARTS];
            UNROLL
            for (int v = 0; v < NV * PARTS; v++)
                wv[v] = *(const KERNEL_mem *)(b + v / PARTS * APART +
                                              v % PARTS * LANES);
            b += V;
            UNROLL
            for (int i = 0; i < mr; i++) {
                UNROLL
                for (int v = 0; v < NV * PARTS; v++)
                    acc[i][v] += ap[i * V] * wv[v];
            }
        }
#if AHEAD
        for (int v = 0; v < NV * AHEAD; v++)
            PREFETCH_L2(next + v / AHEAD * APART + v % AHEAD * LINE);
        next += V * V;
#endif
        a += TB * V;
#if C % V
        b += (V - lanes) * V;
#endif
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV * PARTS; v++)
            *(KERNEL_mem *)(c + (v / PARTS * TB + i) * V + v % PARTS * LANES) =
                acc[i][v];
    }
}
