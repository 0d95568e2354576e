/* Measured times of implementations: the plan file that `dlc tune` writes and
 * --plan reads.
 *
 *     dlc plan 1
 *     target x86-64-v3, threads 1
 *     compiler cc (Debian 12.2.0-14) 12.2.0 -O3 -march=native
 *
 *     conv f32[1,64,56,56] f32[64,64,3,3] {low = (1, 1), high = (1, 1)}
 *       direct 2643000 ns
 *       winograd4 912400 ns
 *
 * An entry is a choice: an operator with the types of its operands and its
 * attributes as IR text has them; `x in blocks` when its first operand comes
 * from channel-blocked form, `w packed` when the weights are packed before the
 * call, `N = 32` where the run-time size counts. What it takes to bring x from
 * that form to the one it is computed in is in a time; what it takes to bring
 * the result to plain form is not. `#` begins a comment.
 */
#ifndef DLC_TUNED_H
#define DLC_TUNED_H

#include "pass.h"

typedef struct TunedEntry {
    const char *key;
    const OpDef *op;
    double seconds[OP_IMPLS]; /* < 0: was not measured, is not chosen */
} TunedEntry;

typedef struct Tuned {
    Arena *arena;
    const char *compiler; /* what the entries were compiled with */
    Map *by_key;
    ARRAY_OF(TunedEntry *) entries;
    /* Measures n, of function f, when there is no entry for it; NULL: no
     * entry means that the estimates decide. */
    void (*measure)(TunedEntry *e, const Options *o, const Func *f,
                    const Node *n);
} Tuned;

Tuned *tuned_new(Arena *a);
/* Reads a plan for this target; errors go to d with their line. */
Tuned *tuned_read(Arena *a, Diag *d, const Source *s, const Target *t);
void tuned_print(Text *out, const Tuned *p, const Target *t);
/* The entry for n of f; NULL when nothing was measured. */
const TunedEntry *tuned_find(const Options *o, const Func *f, const Node *n);
/* Are the weights of f's convolutions packed before it is called? */
bool tuned_packs(const Func *f);
/* The bound of the run-time size that is measured. */
int64_t tuned_size(const Func *f);

#endif
