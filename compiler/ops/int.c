/* int: the integer part of x, toward zero; a NaN gives 0. Derivative 0. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_INT, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_int = {
    .sig = "int(x: any[...]) -> int[...]",
    .doc = "x without its fraction, as an integer.",
    .example = "%y = int %x : i32[4]  // %x: f32[4]",
    .expr = expr,
};
