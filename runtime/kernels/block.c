/* An axis of COUNT places cut into BLOCKS blocks of SIZE: x is [OUTER, COUNT,
 * INNER], y is [OUTER, BLOCKS, INNER, SIZE], zero beyond COUNT.
 */
static void KERNEL(N_PARAM const REAL *restrict x, OUT *restrict y EXTRA_PARAMS)
{
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++)
        for (int b = FROM(SPLIT_COLUMNS, BLOCKS, 1);
             b < TO(SPLIT_COLUMNS, BLOCKS, 1); b++) {
            const REAL *from = x + (o * COUNT + b * SIZE) * INNER;
            OUT *to = y + (o * BLOCKS + b) * (INNER * SIZE);
            for (int i = 0; i < INNER; i++)
                for (int s = 0; s < SIZE; s++) {
#if COUNT % SIZE
                    int inside = b * SIZE + s < COUNT;
                    REAL v = inside ? from[s * INNER + i] : 0;
#else
                    REAL v = from[s * INNER + i];
#endif
                    to[i * SIZE + s] = EPILOGUE(v, o, b, i, s);
                }
        }
}
