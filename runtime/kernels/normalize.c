/* (x - mean) / sqrt(variance + EPS), row by row; the variance is made of
 * deviations from the mean, since squares of x would lose its digits.
 *
 * Sums run in LANES lanes, so that vectors are busy and the error of a long sum
 * stays small; the last COLS % LANES elements join the first lanes.
 */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < ROWS; i++) {
        const REAL *row = x + i * COLS;
        REAL lane[LANES] = {0}, square[LANES] = {0}, mean = 0, variance = 0;
        int j = 0;
        for (; j + LANES <= COLS; j += LANES)
            for (int k = 0; k < LANES; k++)
                lane[k] += row[j + k];
        for (int k = 0; j + k < COLS; k++)
            lane[k] += row[j + k];
        for (int k = 0; k < LANES; k++)
            mean += lane[k];
        mean /= (REAL)COLS;
        for (j = 0; j + LANES <= COLS; j += LANES)
            for (int k = 0; k < LANES; k++)
                square[k] += (row[j + k] - mean) * (row[j + k] - mean);
        for (int k = 0; j + k < COLS; k++)
            square[k] += (row[j + k] - mean) * (row[j + k] - mean);
        for (int k = 0; k < LANES; k++)
            variance += square[k];
        const REAL scale = 1 / SQRT(variance / (REAL)COLS + EPS);
        for (j = 0; j < COLS; j++) {
            REAL v = (row[j] - mean) * scale;
            y[i * COLS + j] = EPILOGUE(v, i, j);
        }
    }
}
