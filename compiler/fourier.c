/* The order of frequencies: see fourier.h. */
#include "fourier.h"

bool fourier_fits(int64_t n)
{
    return n >= FOURIER_FEWEST && n <= FOURIER_MOST && (n & (n - 1)) == 0;
}

int64_t fourier_rows(int64_t n)
{
    int64_t rows = 1;
    while (rows * rows < n)
        rows *= 2;
    return rows;
}

/* Where decimation in frequency leaves `frequency` of n points: in passes of
 * four parts, the last of two when n is no power of four. */
static int64_t place_of(int64_t n, int64_t frequency)
{
    int64_t place = 0;
    for (; n > 1; n /= 4) {
        int64_t parts = n >= 4 ? 4 : 2;
        place += frequency % parts * (n / parts);
        frequency /= parts;
    }
    return place;
}

static int64_t frequency_at(int64_t n, int64_t place)
{
    int64_t frequency = 0;
    while (place_of(n, frequency) != place)
        frequency++;
    return frequency;
}

int64_t fourier_frequency(int64_t n, int64_t place)
{
    int64_t rows = fourier_rows(n), columns = n / rows;
    return frequency_at(rows, place / columns) +
           rows * frequency_at(columns, place % columns);
}
