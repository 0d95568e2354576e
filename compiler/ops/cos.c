/* cos: the cosine of x radians. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_COS, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_cos = {
    .sig = "cos(x: [...]) -> [...]",
    .doc = "The cosine of x radians, element by element.",
    .example = "%y = cos %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
