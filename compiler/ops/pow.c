/* pow: x to the power y, element by element, as pow of C. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_POW, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_pow = {
    .sig = "pow(x: [...], y: [...]) -> [...]",
    .doc = "x to the power y, element by element.",
    .example = "%z = pow %x, %y : f32[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
