/* The gradient of one scan under construction: see scan_grad.c. */
#ifndef DLC_SCAN_GRAD_H
#define DLC_SCAN_GRAD_H

#include "grad.h"

/* What a value belongs to; 0: neither loop. */
enum { HOME_FORWARD = 1, HOME_BACKWARD = 2 };

typedef struct ScanGrad {
    Sweep *s;
    Builder *b;
    Arena *arena;
    Node *scan;      /* the forward loop */
    NodeArray *body; /* where it stands */
    Region *region;  /* its region */
    int carries;     /* of the forward loop */
    Node **dy;       /* gradient of each of its results, NULL: none */
    bool *active;    /* carries whose gradient is carried backwards */
    NodeMap *home;
    /* the loop that runs backwards */
    Region carry, sequence; /* arguments */
    NodeArray first, wholes; /* their values outside */
    IntArray along;
    Node *turn;
    NodeArray nodes;   /* of its body */
    NodeArray next;    /* of its carries */
    NodeArray emitted; /* stacked along `emits` */
    IntArray emits;
    NodeMap *copied; /* index + 1 in `copies` of a forward value */
    NodeArray copies;
    NodeMap *price;  /* 1 + bytes to store for a forward value */
} ScanGrad;

/* An argument of the backward loop for the cuts of `whole`. */
Node *scan_grad_sequence(ScanGrad *g, Node *whole, int64_t along,
                         const char *name);
/* The backward loop stacks n along axis; the number of the stack. */
int scan_grad_emit(ScanGrad *g, Node *n, int64_t axis);
/* The forward loop's value n of all turns, stacked along axis. */
Node *scan_grad_stack(ScanGrad *g, Node *n, int64_t axis);
/* Operands of the backward loop's nodes that belong to the forward loop are
 * read from stacks or computed again. */
void scan_grad_import(ScanGrad *g);

/* ---- scan_grad_weights.c ---- */

/* Products over all turns that wait for the backward loop's stacks. */
typedef struct Pending {
    Node *of;        /* the value whose gradient this is a part of */
    Node *part;      /* the product, or the sum, in one turn */
    Node *whole[2];  /* stacked operands, NULL: stack number `stack` */
    int stack[2];
    int order;       /* 0: the turn before the inner axis, 1: behind it */
    bool is_product;
} Pending;
typedef ARRAY_OF(Pending) PendingArray;

/* Takes what one contraction behind the loop can do out of the contributions
 * to captured value v. */
void scan_grad_defer(ScanGrad *g, Node *v, NodeArray *parts,
                     PendingArray *pending);
/* The same for sums of what the loop stacks anyway: after all others. */
void scan_grad_defer_sums(ScanGrad *g, Node *v, NodeArray *parts,
                          PendingArray *pending);
/* The value of p, behind the backward loop. */
Node *scan_grad_contract(ScanGrad *g, const Pending *p, Node *backward);

#endif
