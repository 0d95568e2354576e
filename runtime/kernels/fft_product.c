/* The products of conv_fft.c at frequency f and its opposite: for MP pairs of
 * tiles, sums over channels of x times h at f, of x times h's conjugate at -f.
 *
 * xa and xb are the first pair's numbers at f and at -f, the next pair's lie CB
 * * TILE elements after, the next block's TILE; h is [CB * V, re im, V]; ya and
 * yb likewise, pairs OB * TILE apart. 4 * MP sums stay in registers.
 */
static void KERNEL_fft_product(const REAL *restrict xa, const REAL *restrict xb,
                               const REAL *restrict h, REAL *restrict ya,
                               REAL *restrict yb)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    for (int v = 0; v < V; v += LANES) {
        KERNEL_vec ar[MP], ai[MP], br[MP], bi[MP];
        UNROLL
        for (int p = 0; p < MP; p++)
            ar[p] = ai[p] = br[p] = bi[p] = zero;
        const REAL *hp = h + v;
        for (int c = 0; c < CB; c++)
            for (int l = 0; l < V; l++) {
                const REAL *ap = xa + c * TILE + l, *bp = xb + c * TILE + l;
                KERNEL_vec hr = *(const KERNEL_mem *)hp;
                KERNEL_vec hi = *(const KERNEL_mem *)(hp + V);
                hp += 2 * V;
                UNROLL
                for (int p = 0; p < MP; p++) {
                    REAL xr = ap[p * (CB * TILE)], xi = ap[p * (CB * TILE) + V];
                    REAL zr = bp[p * (CB * TILE)], zi = bp[p * (CB * TILE) + V];
                    ar[p] += xr * hr;
                    ai[p] += xr * hi;
                    ar[p] -= xi * hi;
                    ai[p] += xi * hr;
                    br[p] += zr * hr;
                    bi[p] -= zr * hi;
                    br[p] += zi * hi;
                    bi[p] += zi * hr;
                }
            }
        UNROLL
        for (int p = 0; p < MP; p++) {
            *(KERNEL_mem *)(ya + p * (OB * TILE) + v) = ar[p];
            *(KERNEL_mem *)(ya + p * (OB * TILE) + V + v) = ai[p];
            *(KERNEL_mem *)(yb + p * (OB * TILE) + v) = br[p];
            *(KERNEL_mem *)(yb + p * (OB * TILE) + V + v) = bi[p];
        }
    }
}
