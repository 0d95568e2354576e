/* exp(x - max) / sum, row by row: the shift keeps exp from overflowing.
 *
 * In long rows maximum and sum run in LANES lanes, so that vectors are busy and
 * the error of the sum stays small; the last COLS % LANES elements join the
 * first lanes. clang would write all of a row out before it looks for vectors.
 */
#if LANES > 1
#include "lane_sum.c"
#endif
#include "row_max.c"
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y)
{
    for (int i = FROM(SPLIT_ROWS, ROWS, 1); i < TO(SPLIT_ROWS, ROWS, 1); i++) {
        const REAL *row = x + i * COLS;
        OUT *out = y + i * COLS;
        const REAL top = KERNEL_row_max(row, COLS);
#if LANES > 1
        REAL lane[LANES] = {0};
        int j = 0;
        ROLLED
        for (; j + LANES <= COLS; j += LANES)
            for (int k = 0; k < LANES; k++) {
                out[j + k] = EXP_DOWN(row[j + k] - top);
                lane[k] += out[j + k];
            }
        for (int k = 0; j + k < COLS; k++) {
            out[j + k] = EXP_DOWN(row[j + k] - top);
            lane[k] += out[j + k];
        }
        const REAL sum = KERNEL_lane_sum(lane);
#else
        REAL sum = 0;
        for (int j = 0; j < COLS; j++) {
            out[j] = EXP_DOWN(row[j] - top);
            sum += out[j];
        }
#endif
        for (int k = 0; k < COLS; k++)
            out[k] /= sum;
    }
}
