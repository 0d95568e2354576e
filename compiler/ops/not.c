/* not: whether x is false. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_NOT, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_not = {
    .sig = "not(x: bool[...]) -> bool[...]",
    .doc = "true where x is false.",
    .example = "%y = not %x : bool[4]  // %x: bool[4]",
    .expr = expr,
};
