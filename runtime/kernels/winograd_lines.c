/* Winograd's transforms of whole lines; V lanes, T = M + 2.
 *
 * KERNEL_winograd_columns and KERNEL_winograd_row go back: sums [T * T planes,
 * run, V] to [M, run, T, V], and a row of that to M results a tile. Nothing
 * here depends on the sizes of a layer, so all layers share it.
 */
static void KERNEL_winograd_forward(const REAL *const *from, const int *step,
                                    int count, REAL *restrict to, int apart)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    for (int j = 0; j < count; j++)
        for (int l = 0; l < V; l += LANES) {
            KERNEL_vec d0 = *(const KERNEL_mem *)(from[0] + j * step[0] + l);
            KERNEL_vec d1 = *(const KERNEL_mem *)(from[1] + j * step[1] + l);
            KERNEL_vec d2 = *(const KERNEL_mem *)(from[2] + j * step[2] + l);
            KERNEL_vec d3 = *(const KERNEL_mem *)(from[3] + j * step[3] + l);
            REAL *at = to + j * V + l;
#if M == 2
            *(KERNEL_mem *)at = d2 - d0;
            *(KERNEL_mem *)(at + apart) = d1 + d2;
            *(KERNEL_mem *)(at + 2 * apart) = d2 - d1;
            *(KERNEL_mem *)(at + 3 * apart) = d3 - d1;
#else
            const REAL r = (REAL)0.70710678118654752440, s = r + r;
            KERNEL_vec d4 = *(const KERNEL_mem *)(from[4] + j * step[4] + l);
            KERNEL_vec d5 = *(const KERNEL_mem *)(from[5] + j * step[5] + l);
            KERNEL_vec e = d4 - 2 * d2, o = d3 - 2 * d1;
            KERNEL_vec f = d4 - (REAL)0.5 * d2, g = d3 - (REAL)0.5 * d1;
            *(KERNEL_mem *)at = d0 + (d4 - (REAL)2.5 * d2);
            *(KERNEL_mem *)(at + apart) = e + r * o;
            *(KERNEL_mem *)(at + 2 * apart) = e - r * o;
            *(KERNEL_mem *)(at + 3 * apart) = f + s * g;
            *(KERNEL_mem *)(at + 4 * apart) = f - s * g;
            *(KERNEL_mem *)(at + 5 * apart) = d1 + (d5 - (REAL)2.5 * d3);
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
            KERNEL_vec m0 = *(const KERNEL_mem *)m;
            KERNEL_vec m1 = *(const KERNEL_mem *)(m + gap);
            KERNEL_vec m2 = *(const KERNEL_mem *)(m + 2 * gap);
            KERNEL_vec m3 = *(const KERNEL_mem *)(m + 3 * gap);
            KERNEL_vec s1 = m1 + m2, d1 = m1 - m2;
#if M == 2
            *(KERNEL_mem *)at = m0 + s1;
            *(KERNEL_mem *)(at + apart) = d1 + m3;
#else
            const REAL r = (REAL)0.70710678118654752440, s = r + r;
            const REAL r3 = (REAL)0.5 * r, s3 = 2 * s;
            KERNEL_vec m4 = *(const KERNEL_mem *)(m + 4 * gap);
            KERNEL_vec m5 = *(const KERNEL_mem *)(m + 5 * gap);
            KERNEL_vec s2 = m3 + m4, d2 = m3 - m4;
            *(KERNEL_mem *)at = m0 + (s1 + s2);
            *(KERNEL_mem *)(at + apart) = r * d1 + s * d2;
            *(KERNEL_mem *)(at + 2 * apart) = (REAL)0.5 * s1 + 2 * s2;
            *(KERNEL_mem *)(at + 3 * apart) = r3 * d1 + (s3 * d2 + m5);
#endif
        }
}

static void KERNEL_winograd_columns(const REAL *restrict sums, int apart,
                                    int run, REAL *restrict to)
{
    enum { T = M + 2 };
    for (int j = 0; j < T; j++)
        KERNEL_winograd_back(sums + j * apart, T * apart, V, run, to + j * V,
                             run * T * V, T * V);
}

static void KERNEL_winograd_row(const REAL *restrict from, int run,
                                REAL *restrict to)
{
    KERNEL_winograd_back(from, V, (M + 2) * V, run, to, V, M * V);
}
