/* sign: 1, 0 or -1, element by element; a NaN stays. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_SIGN, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_sign = {
    .sig = "sign(x: any[...]) -> any[...]",
    .doc = "1 where x > 0, -1 where x < 0, else x.",
    .example = "%y = sign %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
