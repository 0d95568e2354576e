/* How pack_fft1 and conv_fft1 order the frequencies of a transform of n points:
 * n = rows * columns, both powers of two from 8 on.
 */
#ifndef DLC_FOURIER_H
#define DLC_FOURIER_H

#include <stdbool.h>
#include <stdint.h>

enum { FOURIER_FEWEST = 64, FOURIER_MOST = 4096 };

/* Is n 64, 128, .. 4096? */
bool fourier_fits(int64_t n);
int64_t fourier_rows(int64_t n); /* as many as columns, or twice as many */
/* The frequency at a place, row by row. */
int64_t fourier_frequency(int64_t n, int64_t place);

#endif
