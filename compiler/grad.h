/* One sweep of reverse mode: what pass grad and its part for scans share.
 *
 * Every value computed before gets a number; contributions to its gradient
 * are collected under that number until the sweep reaches it.
 */
#ifndef DLC_GRAD_H
#define DLC_GRAD_H

#include "rewrite.h"

typedef struct Sweep {
    Builder *b;
    Arena *arena;
    NodeArray order;    /* what was computed before, operands first */
    Map *params;        /* one node for each global */
    bool *need;         /* depends on some x; indexed by number */
    bool *inner;        /* belongs to the region of a scan that has ended */
    NodeArray *adjoint; /* contributions so far; indexed by number */
} Sweep;

/* n's number, 0 for what is not known to the sweep. */
int grad_index(Sweep *s, Node *n);
/* Does n depend on some x? */
bool grad_needs(Sweep *s, Node *n);
/* Does a gradient of n's value reach some operand that needs one? */
bool grad_passes(Sweep *s, const Node *n);
/* g is a part of the gradient of n. */
void grad_contribute(Sweep *s, Node *n, Node *g);
/* The sum of n's contributions, NULL when there is none. */
Node *grad_total(Sweep *s, Node *n);
/* Zeros of x's shape. */
Node *grad_zero(Builder *b, const Node *x);
/* Handles the nodes of a body from the last to the first. */
void grad_body(Sweep *s, const NodeArray *body);
/* "W1" or "h.relu". */
const char *grad_name(const Node *n);

/* ---- scan_grad.c ---- */

/* Sets need for what is inside the scan's region. */
void scan_grad_needs(Sweep *s, Node *scan);
/* Builds the scan that computes the gradients through this one. */
void scan_grad(Sweep *s, Node *scan);

#endif
