/* Measuring implementations on this machine: `dlc tune`. */
#ifndef DLC_TUNE_H
#define DLC_TUNE_H

#include "tuned.h"

/* Tuned.measure: compiles a program with every candidate for n, runs it, and
 * stores what it prints in e. A candidate that is estimated at more than ten
 * times the least is left out. Exits 1 when the C compiler fails. */
void tune_measure(TunedEntry *e, const Options *o, const Func *f,
                  const Node *n);

#endif
