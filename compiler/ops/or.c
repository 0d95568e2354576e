/* or: whether one of the two is true. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_OR, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_or = {
    .sig = "or(x: bool[...], y: bool[...]) -> bool[...]",
    .doc = "true where one of the two is true.",
    .example = "%z = or %x, %y : bool[2,3]  // %x: bool[2,3], %y: bool[3]",
    .expr = expr,
};
