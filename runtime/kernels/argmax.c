/* Place of the largest element of each row, the first of ties.
 *
 * A NaN counts as larger than any number, as in PyTorch.
 */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y)
{
    for (int i = 0; i < ROWS; i++) {
        const REAL *row = x + i * COLS;
        REAL best = row[0];
        int place = 0;
        for (int j = 1; j < COLS; j++)
            if (GREATER(row[j], best) || (row[j] != row[j] && best == best)) {
                best = row[j];
                place = j;
            }
        y[i] = place;
    }
}
