/* exp: e to the power x, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_EXP, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_exp = {
    .sig = "exp(x: [...]) -> [...]",
    .doc = "e to the power x, element by element.",
    .example = "%y = exp %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
