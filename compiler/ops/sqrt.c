/* sqrt: the square root, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_SQRT, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_sqrt = {
    .sig = "sqrt(x: [...]) -> [...]",
    .doc = "The square root, element by element.",
    .example = "%y = sqrt %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
