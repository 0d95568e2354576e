/* A gradient check: y = op(..) is weighted to a number e1; e2 is a weighted sum
 * of e1's gradients, e3 of e2's. The derivatives of each must agree with fourth
 * order central differences of the interpreter.
 */
#ifndef GRADIENT_H
#define GRADIENT_H

#include "op.h"

enum { MOST = 8, LEVELS = 3 };

/* One check under construction. The run-time size, written 0 in a list of
 * sizes, is 3. */
typedef struct Check {
    const char *title;
    Builder b;
    Arena *arena;
    Diag diag;
    uint64_t seed;
    int levels;      /* how often to differentiate */
    bool positive;   /* values in 0.3..2, else of either sign */
    bool has_zeros;  /* some values are exactly 0 */
    Node *var[MOST]; /* the inputs that are varied */
    int place[MOST]; /* their places among the inputs */
    int vars;
    Tensor *data[256]; /* of all inputs */
} Check;

Check *check_new(const char *title);
/* A real input that is varied, of sizes a, b, .. up to -1. */
Node *check_var(Check *c, const int *sizes);
/* An input of integers 0..bound-1. */
Node *check_index(Check *c, const int *sizes, int64_t bound);
/* Differentiates, compares, frees c. Exits with 1 and the module's text when a
 * derivative is wrong. */
void check_run(Check *c, Node *y);

/* Checks done, and the largest relative difference seen. */
extern int checks_done;
extern double checks_worst;

#define SIZES(...) ((const int[]){__VA_ARGS__, -1})

#endif
