/* abs: |x|, element by element. Its derivative is sign, so 0 at 0. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_ABS, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_abs = {
    .sig = "abs(x: any[...]) -> any[...]",
    .doc = "|x|, element by element.",
    .example = "%y = abs %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
