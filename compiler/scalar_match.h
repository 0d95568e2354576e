/* Shapes of scalar trees that derivative and C text treat as one function. */
#ifndef DLC_SCALAR_MATCH_H
#define DLC_SCALAR_MATCH_H

#include "scalar.h"

bool scalar_is_const(const Scalar *s, double value);
/* The type, or -1 when only constants decide. */
int scalar_type_or_any(const Scalar *s, const ElemType *args, ElemType real);

/* 1 / (exp(u) + 1): returns u, NULL when s is something else. */
const Scalar *scalar_match_sigmoid(const Scalar *s);
/* max(x, 0) + log1p(exp(-abs(x))): returns x. */
const Scalar *scalar_match_softplus(const Scalar *s);
/* select(x < 0, 0, x): returns x. */
const Scalar *scalar_match_relu(const Scalar *s);
const Scalar *scalar_sigmoid(Arena *a, const Scalar *x);

#endif
