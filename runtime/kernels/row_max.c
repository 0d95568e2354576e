/* The largest of a row, in LANES lanes that are then compared by halves. */
static REAL KERNEL_row_max(const REAL *restrict x, int count)
{
    REAL top = x[0];
    int i = 0;
#if LANES > 1
    REAL lane[LANES];
    for (int k = 0; k < LANES; k++)
        lane[k] = top;
    for (; i + LANES <= count; i += LANES)
        INDEPENDENT
        for (int k = 0; k < LANES; k++)
            lane[k] = GREATER(x[i + k], lane[k]) ? x[i + k] : lane[k];
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int k = 0; k < half; k++)
            if (GREATER(lane[k + half], lane[k]))
                lane[k] = lane[k + half];
    top = lane[0];
#endif
    for (; i < count; i++)
        top = GREATER(x[i], top) ? x[i] : top;
    return top;
}
