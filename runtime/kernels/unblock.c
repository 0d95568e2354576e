/* Blocks put together again: x is [OUTER, BLOCKS, INNER, SIZE], y is [OUTER,
 * COUNT, INNER]; places beyond COUNT are dropped. TURN places at a time are
 * turned in registers (0: none, else it divides SIZE): element by element
 * either reads or writes would go to a line of the cache each.
 */
#if TURN
#include "turn_square.c"

#endif
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
#if TURN
            int turned = 0; /* places */
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
            for (; turned + TURN <= places; turned += TURN)
                for (int i = 0; i + TURN <= INNER; i += TURN)
                    KERNEL_turn(from + i * SIZE + turned, SIZE,
                                to + turned * INNER + i, INNER);
#if COUNT % SIZE
            for (int i = 0; turned < places && i + TURN <= INNER; i += TURN) {
                OUT square[TURN * TURN];
                KERNEL_turn(from + i * SIZE + turned, SIZE, square, TURN);
                for (int s = turned; s < places; s++)
                    for (int k = 0; k < TURN; k++)
                        to[s * INNER + i + k] = square[(s - turned) * TURN + k];
            }
            turned = places;
#endif
#endif
            for (int s = 0; s < places; s++)
                for (int i = s < turned ? INNER / TURN * TURN : 0; i < INNER;
                     i++)
                    to[s * INNER + i] = from[i * SIZE + s];
#else
            for (int s = 0; s < places; s++)
                for (int i = 0; i < INNER; i++)
                    to[s * INNER + i] = from[i * SIZE + s];
#endif
        }
}
