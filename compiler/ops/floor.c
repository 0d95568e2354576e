/* floor: the largest integer not above x, still a real. Derivative 0. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_FLOOR, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_floor = {
    .sig = "floor(x: [...]) -> [...]",
    .doc = "The largest integer not above x, as a real.",
    .example = "%y = floor %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
