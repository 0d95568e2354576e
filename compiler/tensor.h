/* What the loop nests of .eval share: places in an array of any rank. */
#ifndef DLC_TENSOR_H
#define DLC_TENSOR_H

#include "op.h"

/* index[i] of element e along each axis, and back. */
void tensor_index(const Tensor *t, int64_t e, int64_t *index);
int64_t tensor_place(const Tensor *t, const int64_t *index);

/* The element of y that element e of x falls on when the axes of `mask` go
 * away (bit 0 is axis 0). */
int64_t tensor_reduced(const Tensor *x, uint32_t mask, int64_t e);

/* The product of sizes [from, to). */
int64_t tensor_span(const Tensor *t, int from, int to);

/* The order of max_of, argmax and the pools: whether v is taken over best.
 * A tie keeps the first, a NaN is above all (and the first NaN stays). */
bool tensor_above(double v, double best);

/* y[i] = x[i], whatever the shapes. */
void tensor_copy(Tensor *y, const Tensor *x);

/* Element i of an index; internal_error unless it is in 0..rows-1. */
int64_t tensor_row(const Tensor *index, int64_t i, int64_t rows, const Node *n);

#endif
