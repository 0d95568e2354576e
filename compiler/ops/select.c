/* select: x where c is true, else y. Both are computed: the one not taken may
 * be NaN or infinite without harm, in the gradient too.
 */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_SELECT, scalar_arg(a, 0), scalar_arg(a, 1),
                      scalar_arg(a, 2));
}

const OpDef op_select = {
    .sig = "select(c: bool[...], x: any[...], y: any[...]) -> any[...]",
    .doc = "x where c is true, else y.",
    .example = "%z = select %c, %x, %y : f32[4]  // %c: bool[4], %x: f32[4], "
               "%y: f32[4]",
    .expr = expr,
};
