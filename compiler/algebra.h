/* Algebraic identities on typed nodes, for pass fold. */
#ifndef DLC_ALGEBRA_H
#define DLC_ALGEBRA_H

#include "rewrite.h"

/* Something equal to n and simpler, built through r; n itself when no rule
 * applies. mark holds the uses of each node (0: made since they were
 * counted); a rule that changed n's operands in place sets r->changed. */
Node *algebra_scalar(Rewriter *r, Node *n); /* element-wise operators */
Node *algebra_tensor(Rewriter *r, Node *n); /* the others */

Node *algebra_join(Rewriter *r, Node *n);   /* a sum of padded pieces */

/* A scalar constant, or one repeated to any shape. */
bool algebra_uniform(const Node *n, double *value);

#endif
