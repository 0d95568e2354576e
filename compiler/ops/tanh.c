/* tanh: the hyperbolic tangent, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_TANH, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_tanh = {
    .sig = "tanh(x: [...]) -> [...]",
    .doc = "The hyperbolic tangent, element by element.",
    .example = "%y = tanh %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
