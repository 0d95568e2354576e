/* The sum of LANES running sums, by halves. */
static REAL KERNEL_lane_sum(REAL *lane)
{
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int k = 0; k < half; k++)
            lane[k] += lane[k + half];
    return lane[0];
}
