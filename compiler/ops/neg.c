/* neg: -x, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_NEG, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_neg = {
    .sig = "neg(x: any[...]) -> any[...]",
    .doc = "-x, element by element.",
    .example = "%y = neg %x : f32[4]  // %x: f32[4]",
    .traits = OP_LINEAR,
    .expr = expr,
};
