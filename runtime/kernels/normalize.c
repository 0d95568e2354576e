/* (x - mean) / sqrt(variance + EPS), row by row; the variance is made of
 * deviations from the mean, since squares of x would lose its digits.
 *
 * Sums run in LANES lanes, so that vectors are busy and the error of a long sum
 * stays small; the last COLS % LANES elements join the first lanes.
 */
#include "lane_sum.c"
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = FROM(SPLIT_ROWS, ROWS, 1); i < TO(SPLIT_ROWS, ROWS, 1); i++) {
        const REAL *row = x + i * COLS;
        REAL lane[LANES] = {0}, square[LANES] = {0};
        int j = 0;
        for (; j + LANES <= COLS; j += LANES)
            INDEPENDENT
            for (int k = 0; k < LANES; k++)
                lane[k] += row[j + k];
        for (int k = 0; j + k < COLS; k++)
            lane[k] += row[j + k];
        const REAL mean = KERNEL_lane_sum(lane) / (REAL)COLS;
        for (j = 0; j + LANES <= COLS; j += LANES)
            INDEPENDENT
            for (int k = 0; k < LANES; k++)
                square[k] += (row[j + k] - mean) * (row[j + k] - mean);
        for (int k = 0; j + k < COLS; k++)
            square[k] += (row[j + k] - mean) * (row[j + k] - mean);
        const REAL variance = KERNEL_lane_sum(square) / (REAL)COLS;
        const REAL scale = 1 / SQRT(variance + EPS);
        for (j = 0; j < COLS; j++) {
            REAL v = (row[j] - mean) * scale;
            y[i * COLS + j] = EPILOGUE(v, i, j);
        }
    }
}
