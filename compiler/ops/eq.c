/* eq: whether x equals y. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_EQ, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_eq = {
    .sig = "eq(x: any[...], y: any[...]) -> bool[...]",
    .doc = "true where x equals y.",
    .example = "%z = eq %x, %y : bool[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
