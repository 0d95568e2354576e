/* What the program of `dlc tune` consists of: the candidates of one choice,
 * and the clock that runs them in turns.
 */
#ifndef TUNE_H
#define TUNE_H

#include <stddef.h>
#include <stdint.h>

typedef struct TuneCandidate {
    const char *name;
    void (*fill)(void); /* the inputs */
    int (*call)(void);  /* 0 when it worked */
} TuneCandidate;

extern const TuneCandidate tune_table[];
extern const int tune_count, tune_threads;

/* Numbers within -1..1, none near 0: a product of them is not denormal. */
void tune_fill_float(float *x, size_t count);
void tune_fill_double(double *x, size_t count);

#endif
