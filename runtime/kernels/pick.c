/* One element of each row: y[i] = x[i, index[i]]. */
static void KERNEL(N_PARAM const REAL *restrict x,
                   const int32_t *restrict index, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < ROWS; i++) {
        REAL v = x[i * COLS + index[i]];
        y[i] = EPILOGUE(v, i);
    }
}
