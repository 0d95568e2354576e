/* An axis of COUNT places cut into BLOCKS blocks of SIZE: x is [OUTER, COUNT,
 * INNER], y is [OUTER, BLOCKS, INNER, SIZE], zero beyond COUNT.
 */
static void KERNEL(N_PARAM const OUT *restrict x, OUT *restrict y)
{
    for (int o = 0; o < OUTER; o++)
        for (int b = 0; b < BLOCKS; b++) {
            const OUT *from = x + (o * COUNT + b * SIZE) * INNER;
            OUT *to = y + (o * BLOCKS + b) * (INNER * SIZE);
#if COUNT % SIZE
            int places = b < BLOCKS - 1 ? SIZE : COUNT % SIZE;
            for (int i = 0; i < INNER; i++)
                for (int s = 0; s < SIZE; s++)
                    to[i * SIZE + s] = s < places ? from[s * INNER + i] : 0;
#else
            for (int i = 0; i < INNER; i++)
                for (int s = 0; s < SIZE; s++)
                    to[i * SIZE + s] = from[s * INNER + i];
#endif
        }
}
