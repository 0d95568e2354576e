/* A count of normal draws, in pairs by the method of Box and Muller.
 *
 * In double precision, then rounded, so that float and double programs draw
 * the same numbers.
 */
#include "philox.c"

static void KERNEL(N_PARAM uint64_t seed, uint64_t step, uint32_t turn,
                   uint32_t stream, int count, OUT *restrict y EXTRA_PARAMS)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        double draw[4];
        KERNEL_philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream,
                      word);
        for (int j = 0; j < 4; j += 2) {
            double u = ((word[j] >> 8) + 1) * 5.9604644775390625e-08;
            double v = (word[j + 1] >> 8) * 5.9604644775390625e-08;
            double r = sqrt(-2 * log(u));
            draw[j] = r * cos(6.283185307179586 * v);
            draw[j + 1] = r * sin(6.283185307179586 * v);
        }
        for (int j = i; j < i + 4 && j < count; j++) {
            REAL v = (REAL)draw[j - i];
            y[j] = EPILOGUE(v, j);
        }
    }
}
