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
    int tiles;          /* does it need AMX? */
} TuneCandidate;

extern const TuneCandidate tune_table[];
extern const int tune_count, tune_threads;
/* May tiles be used? tune_ask finds out. */
extern int tune_amx;
void tune_ask(void);

/* Numbers within -1..1, none near 0: a product of them is not denormal. */
void tune_fill_float(float *x, size_t count);
void tune_fill_double(double *x, size_t count);

#endif
