/* Sums over samples and places: y[c, v] is the sum over o and i of x[o, c, i, v],
 * x [OUTER, C, INNER, V]; with MEAN, over how many there are.
 *
 * The part of a sample lies in one piece: WIDTH running sums of it keep vectors
 * busy and the error of many places small, then samples are added in order.
 * Contract: y overlaps nothing.
 */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    enum { WIDTH = V == 1 ? 16 : 4 * V };
    for (int c = FROM(SPLIT_ROWS, C, 1); c < TO(SPLIT_ROWS, C, 1); c++) {
        REAL all[V] = {0};
        for (int o = 0; o < OUTER; o++) {
            const REAL *from = x + (o * C + c) * (INNER * V);
            REAL sum[WIDTH] = {0};
            int i = 0;
            for (; i + WIDTH <= INNER * V; i += WIDTH)
                for (int l = 0; l < WIDTH; l++)
                    sum[l] += from[i + l];
            for (int l = 0; i + l < INNER * V; l++)
                sum[l] += from[i + l];
            for (int half = WIDTH / 2; half >= V; half /= 2)
                for (int l = 0; l < half; l++)
                    sum[l] += sum[l + half];
            for (int l = 0; l < V; l++)
                all[l] += sum[l];
        }
        for (int l = 0; l < V; l++) {
#if MEAN
            REAL v = all[l] / (REAL)(OUTER * INNER);
#else
            REAL v = all[l];
#endif
#if V > 1
            y[c * V + l] = EPILOGUE(v, c, l);
#else
            y[c] = EPILOGUE(v, c);
#endif
        }
    }
}
