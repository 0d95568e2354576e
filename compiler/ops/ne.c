/* ne: whether x differs from y. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_NE, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_ne = {
    .sig = "ne(x: any[...], y: any[...]) -> bool[...]",
    .doc = "true where x differs from y.",
    .example = "%z = ne %x, %y : bool[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
