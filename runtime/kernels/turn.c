/* Copies a box of RANK axes with the last two exchanged: neighbours along the
 * last axis lie far apart in x, those along the one before side by side.
 *
 * In squares of SIDE x SIDE elements, so that a line of the cache that was read
 * for one element is still there for the next. Other symbols as in copy.c; the
 * last axes are p, of DP places, and q, of DQ.
 */
static void KERNEL(N_PARAM const OUT *restrict x, OUT *restrict y)
{
    enum { SIDE = 16 };
#if RANK > 2
    for (int i0 = FROM(SPLIT_BATCH, D0, 1); i0 < TO(SPLIT_BATCH, D0, 1); i0++)
#endif
#if RANK > 3
        for (int i1 = 0; i1 < D1; i1++)
#endif
#if RANK > 4
            for (int i2 = 0; i2 < D2; i2++)
#endif
#if RANK > 2
                for (int p0 = 0; p0 < DP; p0 += SIDE)
#else
    for (int p0 = FROM(SPLIT_BATCH, DP, 16); p0 < TO(SPLIT_BATCH, DP, 16);
         p0 += SIDE)
#endif
                    for (int q0 = 0; q0 < DQ; q0 += SIDE) {
                        int p1 = DP - p0 < SIDE ? DP : p0 + SIDE;
                        int q1 = DQ - q0 < SIDE ? DQ : q0 + SIDE;
                        for (int p = p0; p < p1; p++)
                            for (int q = q0; q < q1; q++)
                                y[YINDEX] = x[XINDEX];
                    }
}
