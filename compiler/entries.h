/* --entries: the entry points that are wanted, and what those need. */
#ifndef DLC_ENTRIES_H
#define DLC_ENTRIES_H

#include "ir.h"

/* Takes every entry out of `m` that `list` (names with commas between) does not
 * name, but for the first values (init, ..) of what the others use; then the
 * states of optimisers that are left without a step. NULL, or the first name
 * in the list that is no entry: `m` is as it was then. */
const char *entries_keep(Module *m, const char *list);

/* The names of all entries a list can have, with commas between. */
const char *entries_list(const Module *m);

/* What `fit` runs: everything but a step's two halves. */
const char *entries_of_fit(const Module *m);

#endif
