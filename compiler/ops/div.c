/* div: x / y, element by element, of reals only. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_DIV, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_div = {
    .sig = "div(x: [...], y: [...]) -> [...]",
    .doc = "x / y, element by element.",
    .example = "%z = div %x, %y : f32[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
