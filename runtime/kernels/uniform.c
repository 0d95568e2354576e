/* A count of uniform draws from [0, 1): the upper 24 bits of a random word. */
#include "philox.c"

static void KERNEL(N_PARAM uint64_t seed, uint64_t step, uint32_t turn,
                   uint32_t stream, int count, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        KERNEL_philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream,
                      word);
        for (int j = i; j < i + 4 && j < count; j++) {
            REAL v = (REAL)(word[j - i] >> 8) * (REAL)5.9604644775390625e-08;
            y[j] = EPILOGUE(v, j);
        }
    }
}
