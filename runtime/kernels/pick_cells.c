/* Of [count, PH, PW, XV] every PSH-th row and PSW-th column, as [count, RP, W,
 * XV]: `rows` rows of W places from h0 on, PER that are picked in one of them.
 */
static void KERNEL_pick(const REAL *restrict x, int count, int h0, int rows,
                        REAL *restrict to)
{
    for (int c = 0; c < count; c++, to += (RP - rows) * W * XV)
        for (int i = h0 * PER; i < (h0 + rows) * PER; i++)
            for (int j = 0; j < PW; j += PSW, to += XV)
                for (int l = 0; l < XV; l++)
                    to[l] = x[((c * PH + i * PSH) * PW + j) * XV + l];
}
