/* mul: x * y, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_MUL, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_mul = {
    .sig = "mul(x: any[...], y: any[...]) -> any[...]",
    .doc = "x * y, element by element.",
    .example = "%z = mul %x, %y : f32[2,3]  // %x: f32[2,3], %y: f32[3]",
    .traits = OP_LINEAR,
    .expr = expr,
};
