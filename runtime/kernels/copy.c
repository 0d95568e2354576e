/* Copies a box of RANK axes of sizes D0, D1, ... from one array into another.
 *
 * XINDEX and YINDEX say where element (i0, i1, ...) of the box lies, so that
 * transpose, slice, reverse, pad and concat are one text. With FILL, the
 * COUNT elements of y are first set to FILL_VALUE.
 */
static void KERNEL(N_PARAM const OUT *restrict x, OUT *restrict y)
{
#if FILL
    for (int i = 0; i < COUNT; i++)
        y[i] = FILL_VALUE;
#endif
    for (int i0 = FROM(SPLIT_BATCH, D0, 1); i0 < TO(SPLIT_BATCH, D0, 1); i0++)
#if RANK > 1
        for (int i1 = 0; i1 < D1; i1++)
#endif
#if RANK > 2
            for (int i2 = 0; i2 < D2; i2++)
#endif
#if RANK > 3
                for (int i3 = 0; i3 < D3; i3++)
#endif
#if RANK > 4
                    for (int i4 = 0; i4 < D4; i4++)
#endif
#if RANK > 5
                        for (int i5 = 0; i5 < D5; i5++)
#endif
#if RANK > 6
                            for (int i6 = 0; i6 < D6; i6++)
#endif
#if RANK > 7
                                for (int i7 = 0; i7 < D7; i7++)
#endif
                                    y[YINDEX] = x[XINDEX];
}
