/* sin: the sine of x radians. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_SIN, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_sin = {
    .sig = "sin(x: [...]) -> [...]",
    .doc = "The sine of x radians, element by element.",
    .example = "%y = sin %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
