/* Passes: one record each, one file each (passes/NAME.c defines pass_NAME).
 *
 * The name is the flag (--passes=fuse), the file and the test folder. The
 * verifier runs after every pass, always.
 */
#ifndef DLC_PASS_H
#define DLC_PASS_H

#include "op.h"

typedef struct Options {
    const Target *target;
    bool blas;            /* --blas=openblas */
    const char *conv;     /* --conv=ALGO, NULL: by cost */
    Math math;            /* --math */
    struct Tuned *tuned;  /* --plan: measured times, NULL: none */
    bool no_random;
    bool freestanding;    /* no <math.h> in what is generated */
    bool check_finite;    /* a NaN or an infinity is a status */
    int64_t max_ram;      /* 0: any */
} Options;

typedef struct Pass {
    const char *name;
    const char *doc;
    Stage from, to;
    void (*run)(Module *m, const Options *o);
    bool optional; /* --disable=NAME leaves it out */
} Pass;

/* In the order they run. */
extern const Pass *const pass_table[];
extern const int pass_count;
const Pass *pass_find(const char *name);
/* Runs p and the verifier; internal_error "after pass 'p': ..." with the
 * module printed when an invariant broke. */
void pass_run(const Pass *p, Module *m, const Options *o);
/* A line for the report and the output's header. */
void pass_remark(Module *m, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
