/* Runs the candidates of tune_table in turns and prints `NAME NANOSECONDS` for
 * each that this machine has the instructions for: of the averages of its
 * turns the median.
 *
 * A turn is as many runs as take a few milliseconds, behind one that brings
 * its data back into the caches. With one thread the time is the processor's,
 * which other programs on the machine do not count in.
 */
#include "tune.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TURNS = 9, MOST = 16 };
static const double turn_ns = 3e6, longest_ns = 2e9;

static uint32_t next_number(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state;
}

static double number(void)
{
    double x = 0.1 + 0.9 * (next_number() >> 8) / 16777216.0;
    return next_number() >> 31 ? x : -x;
}

void tune_fill_float(float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)number();
}

void tune_fill_double(double *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        x[i] = number();
}

static double now(void)
{
    struct timespec t;
    clock_gettime(tune_threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID,
                  &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double run(const TuneCandidate *c, int count)
{
    double start = now();
    for (int i = 0; i < count; i++)
        if (c->call() != 0) {
            fprintf(stderr, "dlc tune: %s failed\n", c->name);
            exit(1);
        }
    return (now() - start) / count;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    double times[MOST][TURNS];
    const TuneCandidate *table[MOST];
    int runs[MOST], turns = TURNS, count = 0;
    tune_ask();
    for (int i = 0; i < tune_count; i++)
        if (tune_amx || !tune_table[i].tiles)
            table[count++] = &tune_table[i];
    for (int i = 0; i < count; i++) {
        table[i]->fill();
        run(table[i], 1);
        double one = run(table[i], 1);
        runs[i] = one < turn_ns ? (int)(turn_ns / (one + 1)) + 1 : 1;
        if (one * TURNS > longest_ns)
            turns = 1;
    }
    for (int k = 0; k < turns; k++)
        for (int i = 0; i < count; i++) {
            run(table[i], 1);
            times[i][k] = run(table[i], runs[i]);
        }
    for (int i = 0; i < count; i++) {
        qsort(times[i], (size_t)turns, sizeof times[i][0], by_value);
        printf("%s %.0f\n", table[i]->name, times[i][turns / 2]);
    }
    return 0;
}
