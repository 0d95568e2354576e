/* log of the sum of exp(x), row by row, shifted by the row's maximum. */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < ROWS; i++) {
        const REAL *row = x + i * COLS;
        REAL top = row[0];
        for (int j = 1; j < COLS; j++)
            if (GREATER(row[j], top))
                top = row[j];
        REAL sum = 0;
        for (int j = 0; j < COLS; j++)
            sum += EXP(row[j] - top);
        y[i] = EPILOGUE(LOG(sum) + top, i);
    }
}
