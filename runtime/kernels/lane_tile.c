/* Products whose two sides are blocked: c[v, i] = sum over channels k of
 * a[k / V, i, k % V] * b[v, k], tiles of MR rows by NV blocks of V outputs. Only
 * these sizes are literals: layers share the text, and what is inlined gets the
 * others as literals, too.
 *
 * a is [.., tb, V], b [NV blocks `apart` elements apart, .., V], c [NV, tb, V].
 * MR * NV * V sums stay in registers. With CUT the last block of channels is not
 * full.
 *
 * KERNEL_lane_tile: adds channels from .. to to what the channels before gave;
 * a and b begin at channel `from`. `ahead` lines, of `line` elements, of each
 * block of the weights at `next` are asked for with every V channels.
 */
INLINE static void KERNEL_lane_tile(int mr, int tb, int apart, int from, int to,
                                    const REAL *restrict a,
                                    const REAL *restrict b, const REAL *next,
                                    int ahead, int line, REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), PARTS = V / LANES };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV * PARTS];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV * PARTS; v++)
            acc[i][v] = zero;
    }
    if (from > 0) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV * PARTS; v++)
                acc[i][v] = *(const KERNEL_mem *)(c + (v / PARTS * tb + i) * V +
                                                  v % PARTS * LANES);
        }
    }
    for (int k = from; k < to; k += V) {
#if CUT
        int lanes = to - k >= V ? V : to - k;
#else
        enum { lanes = V };
#endif
        UNROLL_8
        for (int l = 0; l < lanes; l++) {
            const REAL *ap = a + l;
            KERNEL_vec wv[NV * PARTS];
            UNROLL
            for (int v = 0; v < NV * PARTS; v++) {
                wv[v] = *(const KERNEL_mem *)(b + v / PARTS * apart +
                                              v % PARTS * LANES);
                IN_REGISTER(wv[v]);
            }
            b += V;
            UNROLL
            for (int i = 0; i < mr; i++) {
                KERNEL_vec cell = ap[i * V] - zero;
                UNROLL
                for (int v = 0; v < NV * PARTS; v++)
                    acc[i][v] += cell * wv[v];
#if NV > 1 || VB < 64
                UNTIL_HERE(cell);
#endif
            }
            UNROLL
            for (int v = 0; v < NV * PARTS; v++)
                UNTIL_HERE(wv[v]);
        }
        for (int v = 0; v < NV * ahead; v++)
            PREFETCH_L2(next + v / ahead * apart + v % ahead * line);
        next += V * V;
        a += tb * V;
#if CUT
        b += (V - lanes) * V;
#endif
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV * PARTS; v++)
            *(KERNEL_mem *)(c + (v / PARTS * tb + i) * V + v % PARTS * LANES) =
                acc[i][v];
    }
}

/* `rows` rows, from `many` on in tiles of MR - 1 rows; `chunk` channels at a
 * time. Each tile asks for the next of the `lines` lines that V channels of the
 * weights at `next` have. */
INLINE static void KERNEL_lane_tiles(int rows, int many, int tb, int apart,
                                     int channels, int chunk,
                                     const REAL *restrict a,
                                     const REAL *restrict b, const REAL *next,
                                     int ahead, int lines, int line,
                                     REAL *restrict c)
{
    for (int k = 0; k < channels; k += chunk) {
        int to = k + chunk < channels ? k + chunk : channels, i = 0;
        for (; i < rows && i < many; i += MR)
            KERNEL_lane_tile(MR, tb, apart, k, to, a + k * tb + i * V,
                             b + k * V,
                             next + k * V + i / MR * ahead % lines * line,
                             ahead, line, c + i * V);
#if FEW
        for (; i < rows; i += MR - 1)
            KERNEL_lane_tile(
                MR - 1, tb, apart, k, to, a + k * tb + i * V, b + k * V,
                next + k * V + (i + MR - 1) / MR * ahead % lines * line, ahead,
                line, c + i * V);
#endif
    }
}
