/* log of the sum of exp(x), row by row, shifted by the row's maximum. As in
 * softmax.c, maximum and sum run in LANES lanes.
 */
#if LANES > 1
#include "lane_sum.c"
#endif
#include "row_max.c"
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < ROWS; i++) {
        const REAL *row = x + i * COLS;
        const REAL top = KERNEL_row_max(row, COLS);
#if LANES > 1
        REAL lane[LANES] = {0};
        int j = 0;
        ROLLED
        for (; j + LANES <= COLS; j += LANES)
            for (int k = 0; k < LANES; k++)
                lane[k] += EXP_DOWN(row[j + k] - top);
        for (int k = 0; j + k < COLS; k++)
            lane[k] += EXP_DOWN(row[j + k] - top);
        const REAL sum = KERNEL_lane_sum(lane);
#else
        REAL sum = 0;
        for (int j = 0; j < COLS; j++)
            sum += EXP_DOWN(row[j] - top);
#endif
        y[i] = EPILOGUE(LOG(sum) + top, i);
    }
}
