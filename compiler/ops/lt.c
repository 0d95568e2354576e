/* lt: whether x < y. x > y is lt y, x. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_LT, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_lt = {
    .sig = "lt(x: any[...], y: any[...]) -> bool[...]",
    .doc = "true where x < y.",
    .example = "%z = lt %x, %y : bool[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
