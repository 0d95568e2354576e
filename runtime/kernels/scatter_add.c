/* The adjoint of gather: zeros, plus row i of u at row index[i]. */
static void KERNEL(N_PARAM const int32_t *restrict index, const OUT *restrict u,
                   OUT *restrict y)
{
    for (int i = 0; i < TABLE_ROWS * COLS; i++)
        y[i] = 0;
    for (int i = 0; i < ROWS; i++) {
        OUT *row = y + index[i] * COLS;
        for (int j = 0; j < COLS; j++)
            row[j] += u[i * COLS + j];
    }
}
