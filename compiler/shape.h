/* What the shape functions and gradients of several operators share. */
#ifndef DLC_SHAPE_H
#define DLC_SHAPE_H

#include "op.h"

/* How many inputs are the operator's own (the others belong to Fused). */
int shape_own(const Node *n);

/* A size attribute, written `rows = 10` or `rows = (N)`, and how to write
 * it. */
Dim shape_size(const Node *n, const char *name);
void shape_set_size(Attrs *at, const char *name, Dim d);

/* The set of axes in list attribute `axes`; NULL, or the message when one of
 * them is not an axis of x or is there twice. */
const char *shape_axes(Arena *a, const Node *n, const Type *x, uint32_t *mask);
/* The same of a typed node. */
uint32_t shape_mask(const Node *n);

/* The .shape of a reduction: n's type is its input's without `axes`. */
const char *shape_reduce(Arena *a, Node *n);
/* dy of a reduction, repeated along the axes that went away. */
Node *shape_repeat(Builder *b, const Node *n, Node *dy);

/* x with the axes of mask as one last axis: [kept.., R]; and back. */
Node *shape_to_last(Builder *b, Node *x, uint32_t mask);
Node *shape_from_last(Builder *b, Node *y, const Type *x, uint32_t mask);

/* The gradient of max_of and min_of: dy at the first place where `key`
 * (x itself or -x) is largest. */
Node *shape_grad_extreme(Builder *b, Node *n, Node *key, Node *dy);

/* y, a value for each index but those of the last axis, along that axis of
 * type `to`. */
Node *shape_along_last(Builder *b, Node *y, const Type *to);

#endif
