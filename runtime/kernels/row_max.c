/* The largest of a row, in LANES lanes; not unrolled, they become vectors with
 * gcc. */
static REAL KERNEL_row_max(const REAL *restrict x, int count)
{
    REAL lane[LANES], top = x[0];
    int i = 0;
    for (int k = 0; k < LANES; k++)
        lane[k] = top;
    for (; i + LANES <= count; i += LANES)
#pragma GCC unroll 1
        for (int k = 0; k < LANES; k++)
            lane[k] = GREATER(x[i + k], lane[k]) ? x[i + k] : lane[k];
    for (; i < count; i++)
        top = GREATER(x[i], top) ? x[i] : top;
    for (int k = 0; k < LANES; k++)
        top = GREATER(lane[k], top) ? lane[k] : top;
    return top;
}
