/* Between the two files of the verifier. */
#ifndef DLC_VERIFY_H
#define DLC_VERIFY_H

#include "op.h"

typedef struct Verifier {
    const Module *module;
    Arena *arena; /* for the time of the check */
    const char *broken;
    const Node *where;
    Map *globals; /* name -> Global * */
    Func *func;
    Map *values; /* name -> what verify.c knows of it */
} Verifier;

/* Notes what is broken, the first time only; always false. */
bool verify_fail(Verifier *v, const Node *n, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
bool verify_plan(Verifier *v); /* v->func at stage planned */

#endif
