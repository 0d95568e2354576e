/* Which implementations a node could have, and what each costs: what pass
 * select decides by and report.c shows. */
#ifndef DLC_CHOICE_H
#define DLC_CHOICE_H

#include "pass.h"

/* Whether impl can compute n of f under these options. */
bool choice_applies(const Impl *impl, const Func *f, const Node *n,
                    const Options *o);
/* The counted elements when the implementation has no cost of its own. */
Cost choice_cost(const Impl *impl, const Node *n, const Target *t);
/* Bytes above --max-ram that impl alone needs, whatever the plan of memory:
 * scratch, the result, and operands that were computed. */
double choice_excess(const Impl *impl, const Func *f, const Node *n,
                     const Options *o);
/* The cheapest that applies to n of f, measured times before estimates, of those
 * that fit into --max-ram before the others; NULL when the operator has none. */
const Impl *choice_best(const Func *f, const Node *n, const Options *o);
/* The operator's implementation of that name; NULL when there is none. */
const Impl *choice_find(const OpDef *op, const char *name);
/* Are the threads that share the steps of f started once for all of them? */
bool choice_together(const Func *f, const Target *t);
/* In how many parts threads do n, 1: in one; the loop they share is
 * n->impl->split. Scratch is planned for each of them. Threads that work
 * together share smaller steps than those that each step starts. */
int choice_parts(const Node *n, const Target *t, bool together);

#endif
