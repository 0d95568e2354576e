/* The sum of a row, in 16 lanes: a running sum for every sixteenth element
 * keeps the error of a long row small, and vectors busy.
 */
static REAL KERNEL(const REAL *restrict x, int count)
{
    REAL lane[16] = {0};
    int i = 0;
    for (; i + 16 <= count; i += 16)
        for (int k = 0; k < 16; k++)
            lane[k] += x[i + k];
    for (int k = 0; i + k < count; k++)
        lane[k] += x[i + k];
    for (int half = 8; half > 0; half /= 2)
        for (int k = 0; k < half; k++)
            lane[k] += lane[k + half];
    return lane[0];
}
