/* and: whether both are true. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_AND, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_and = {
    .sig = "and(x: bool[...], y: bool[...]) -> bool[...]",
    .doc = "true where both are true.",
    .example = "%z = and %x, %y : bool[2,3]  // %x: bool[2,3], %y: bool[3]",
    .expr = expr,
};
