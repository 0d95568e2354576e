/* Rows of a table: y[i, :] = table[index[i], :]. */
static void KERNEL(N_PARAM const REAL *restrict table,
                   const int32_t *restrict index, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < ROWS; i++) {
        const REAL *row = table + index[i] * COLS;
        for (int j = 0; j < COLS; j++)
            y[i * COLS + j] = EPILOGUE(row[j], i, j);
    }
}
