/* exp(x - max) / sum, row by row: the shift keeps exp from overflowing. */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y)
{
    for (int i = 0; i < ROWS; i++) {
        const REAL *row = x + i * COLS;
        OUT *out = y + i * COLS;
        REAL top = row[0];
        for (int j = 1; j < COLS; j++)
            if (GREATER(row[j], top))
                top = row[j];
        REAL sum = 0;
        for (int j = 0; j < COLS; j++) {
            out[j] = EXP(row[j] - top);
            sum += out[j];
        }
        for (int j = 0; j < COLS; j++)
            out[j] /= sum;
    }
}
