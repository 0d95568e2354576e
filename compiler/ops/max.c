/* max: the larger of two, element by element; a NaN on either side wins.
 * At a tie the gradient goes to x.
 */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_MAX, scalar_arg(a, 0), scalar_arg(a, 1), NULL);
}

const OpDef op_max = {
    .sig = "max(x: any[...], y: any[...]) -> any[...]",
    .doc = "The larger of x and y, element by element.",
    .example = "%z = max %x, %y : f32[2,3]  // %x: f32[2,3], %y: f32[3]",
    .expr = expr,
};
