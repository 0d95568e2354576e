/* sub: x - y, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_SUB, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_sub = {
    .sig = "sub(x: any[...], y: any[...]) -> any[...]",
    .doc = "x - y, element by element.",
    .example = "%z = sub %x, %y : f32[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
