/* The windows of NR places of a result as columns: to[c, kh, kw][s] is what
 * place first + s sees at (c, kh, kw) of its window.
 *
 * cells is [CG, RP, WP], rows of OW places. Runs of places that lie side by
 * side are copied NR cells at a time, and the next run overwrites what was too
 * much: so cells has SLACK more at its end, and `to` NR.
 */
static void KERNEL_windows(const REAL *restrict cells, int first,
                           REAL *restrict to)
{
    for (int c = 0; c < CG; c++)
        for (int kh = 0; kh < KH; kh++)
            for (int kw = 0; kw < KW; kw++, to += NR) {
                const REAL *from = cells + (c * RP + kh * DH) * WP + kw * DW;
                int oh = first / OW, ow = first % OW;
#if SW == 1
                for (int s = 0; s < NR; s += OW - ow, ow = 0, oh++)
                    for (int i = 0; i < NR; i++)
                        to[s + i] = from[oh * (SH * WP) + ow + i];
#else
                for (int s = 0; s < NR; s++) {
                    to[s] = from[oh * (SH * WP) + ow * SW];
                    if (++ow == OW) {
                        ow = 0;
                        oh++;
                    }
                }
#endif
            }
}
