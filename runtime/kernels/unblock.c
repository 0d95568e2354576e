/* Blocks put together again: x is [OUTER, BLOCKS, INNER, SIZE], y is [OUTER,
 * COUNT, INNER]; places beyond COUNT are dropped.
 */
static void KERNEL(N_PARAM const OUT *restrict x, OUT *restrict y)
{
    for (int o = FROM(SPLIT_BATCH, OUTER, 1); o < TO(SPLIT_BATCH, OUTER, 1);
         o++)
        for (int b = FROM(SPLIT_COLUMNS, BLOCKS, 1);
             b < TO(SPLIT_COLUMNS, BLOCKS, 1); b++) {
            const OUT *from = x + (o * BLOCKS + b) * (INNER * SIZE);
            OUT *to = y + (o * COUNT + b * SIZE) * INNER;
#if COUNT % SIZE
            int places = b < BLOCKS - 1 ? SIZE : COUNT % SIZE;
#else
            int places = SIZE;
#endif
            for (int s = 0; s < places; s++)
                for (int i = 0; i < INNER; i++)
                    to[s * INNER + i] = from[i * SIZE + s];
        }
}
