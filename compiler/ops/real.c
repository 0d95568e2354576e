/* real: an integer as a real, a truth value as 0 or 1. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_REAL, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_real = {
    .sig = "real(x: any[...]) -> [...]",
    .doc = "An integer or a truth value as a real.",
    .example = "%y = real %x : f32[4]  // %x: i32[4]",
    .expr = expr,
};
