/* Winograd's transforms of whole lines; V lanes, T cells for M results.
 *
 * KERNEL_winograd_columns and KERNEL_winograd_row go back: sums [T * T planes,
 * run, V] to [M, run, T, V], and a row of that to M results a tile. Nothing
 * here depends on the sizes of a layer, so all layers share it.
 */
INLINE static void KERNEL_winograd_forward(const REAL *const *from, int step,
                                           int count, REAL *restrict to,
                                           int apart)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    for (int j = 0; j < count; j++)
        for (int l = 0; l < V; l += LANES) {
            int i = j * step + l;
            KERNEL_vec d0 = *(const KERNEL_mem *)(from[0] + i);
            KERNEL_vec d1 = *(const KERNEL_mem *)(from[1] + i);
            KERNEL_vec d2 = *(const KERNEL_mem *)(from[2] + i);
            KERNEL_vec d3 = *(const KERNEL_mem *)(from[3] + i);
            REAL *at = to + j * V + l;
#if T == 5
            KERNEL_vec d4 = *(const KERNEL_mem *)(from[4] + i);
            *(KERNEL_mem *)at = d0 - d2;
            *(KERNEL_mem *)(at + apart) = d2;
            *(KERNEL_mem *)(at + 2 * apart) = d4 - d2;
            *(KERNEL_mem *)(at + 3 * apart) = d1;
            *(KERNEL_mem *)(at + 4 * apart) = d3;
#elif T == 4
            *(KERNEL_mem *)at = d2 - d0;
            *(KERNEL_mem *)(at + apart) = d1 + d2;
            *(KERNEL_mem *)(at + 2 * apart) = d2 - d1;
            *(KERNEL_mem *)(at + 3 * apart) = d3 - d1;
#elif T == 6
            const REAL r = (REAL)0.70710678118654752440, s = r + r;
            KERNEL_vec d4 = *(const KERNEL_mem *)(from[4] + i);
            KERNEL_vec d5 = *(const KERNEL_mem *)(from[5] + i);
            KERNEL_vec e = d4 - 2 * d2, o = d3 - 2 * d1;
            KERNEL_vec f = d4 - (REAL)0.5 * d2, g = d3 - (REAL)0.5 * d1;
            *(KERNEL_mem *)at = d0 + (d4 - (REAL)2.5 * d2);
            *(KERNEL_mem *)(at + apart) = e + r * o;
            *(KERNEL_mem *)(at + 2 * apart) = e - r * o;
            *(KERNEL_mem *)(at + 3 * apart) = f + s * g;
            *(KERNEL_mem *)(at + 4 * apart) = f - s * g;
            *(KERNEL_mem *)(at + 5 * apart) = d1 + (d5 - (REAL)2.5 * d3);
#else
            KERNEL_vec d4 = *(const KERNEL_mem *)(from[4] + i);
            KERNEL_vec d5 = *(const KERNEL_mem *)(from[5] + i);
            KERNEL_vec d6 = *(const KERNEL_mem *)(from[6] + i);
            KERNEL_vec d7 = *(const KERNEL_mem *)(from[7] + i);
            *(KERNEL_mem *)at = d6 - d0 + (REAL)5.25 * (d2 - d4);
            *(KERNEL_mem *)(at + 7 * apart) = d7 - d1 + (REAL)5.25 * (d3 - d5);
            KERNEL_vec e = d2 + d6 - (REAL)4.25 * d4;
            KERNEL_vec o = d1 + d5 - (REAL)4.25 * d3;
            *(KERNEL_mem *)(at + 3 * apart) = e + o;
            *(KERNEL_mem *)(at + 4 * apart) = e - o;
            KERNEL_vec f = d6 - 5 * d4 + 4 * d2;
            KERNEL_vec g = d5 - 5 * d3 + 4 * d1;
            *(KERNEL_mem *)(at + apart) = f + (REAL)0.5 * g;
            *(KERNEL_mem *)(at + 2 * apart) = f - (REAL)0.5 * g;
            KERNEL_vec p = d6 - (REAL)1.25 * d4 + (REAL)0.25 * d2;
            KERNEL_vec q = d5 - (REAL)1.25 * d3 + (REAL)0.25 * d1;
            *(KERNEL_mem *)(at + 5 * apart) = p + 2 * q;
            *(KERNEL_mem *)(at + 6 * apart) = p - 2 * q;
#endif
        }
}

static void KERNEL_winograd_back(const REAL *restrict from, int gap, int step,
                                 int count, REAL *restrict to, int apart,
                                 int next)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    for (int j = 0; j < count; j++)
        for (int l = 0; l < V; l += LANES) {
            const REAL *m = from + j * step + l;
            REAL *at = to + j * next + l;
            KERNEL_vec y[M], last = *(const KERNEL_mem *)(m + (T - 1) * gap);
            KERNEL_vec m0 = *(const KERNEL_mem *)m;
            KERNEL_vec m1 = *(const KERNEL_mem *)(m + gap);
            KERNEL_vec m2 = *(const KERNEL_mem *)(m + 2 * gap);
#if T == 5
            KERNEL_vec m3 = *(const KERNEL_mem *)(m + 3 * gap);
            y[0] = m0 + m1 + m3;
            y[1] = m1 + m2;
#else
            KERNEL_vec s1 = m1 + m2, d1 = m1 - m2;
#if T == 4
            y[0] = m0 + s1;
            y[1] = d1;
#if M > 2
            y[2] = s1;
#endif
#else
            KERNEL_vec m3 = *(const KERNEL_mem *)(m + 3 * gap);
            KERNEL_vec m4 = *(const KERNEL_mem *)(m + 4 * gap);
            KERNEL_vec s2 = m3 + m4, d2 = m3 - m4;
#if T == 6
            const REAL r = (REAL)0.70710678118654752440, s = r + r;
            y[0] = m0 + (s1 + s2);
            y[1] = r * d1 + s * d2;
#if M > 2
            y[2] = (REAL)0.5 * s1 + 2 * s2;
#endif
#if M > 3
            y[3] = (REAL)0.5 * r * d1 + 2 * s * d2;
#endif
#if M > 4
            y[4] = (REAL)0.25 * s1 + 4 * s2;
#endif
#else
            KERNEL_vec m5 = *(const KERNEL_mem *)(m + 5 * gap);
            KERNEL_vec m6 = *(const KERNEL_mem *)(m + 6 * gap);
            KERNEL_vec s3 = m5 + m6, d3 = m5 - m6;
            y[0] = m0 + s1 + (s2 + s3);
            y[1] = (REAL)0.5 * d1 + (d2 + 2 * d3);
            y[2] = (REAL)0.25 * s1 + (s2 + 4 * s3);
            y[3] = (REAL)0.125 * d1 + (d2 + 8 * d3);
#if M > 4
            y[4] = (REAL)0.0625 * s1 + (s2 + 16 * s3);
#endif
#endif
#endif
#endif
            y[M - 1] += last;
            UNROLL
            for (int k = 0; k < M; k++)
                *(KERNEL_mem *)(at + k * apart) = y[k];
        }
}

static void KERNEL_winograd_columns(const REAL *restrict sums, int apart,
                                    int run, REAL *restrict to)
{
    for (int j = 0; j < T; j++)
        KERNEL_winograd_back(sums + j * apart, T * apart, V, run, to + j * V,
                             run * T * V, T * V);
}

static void KERNEL_winograd_row(const REAL *restrict from, int run,
                                REAL *restrict to)
{
    KERNEL_winograd_back(from, V, T * V, run, to, V, M * V);
}
