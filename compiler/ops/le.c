/* le: whether x <= y. x >= y is le y, x. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_LE, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_le = {
    .sig = "le(x: any[...], y: any[...]) -> bool[...]",
    .doc = "true where x <= y.",
    .example = "%z = le %x, %y : bool[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
