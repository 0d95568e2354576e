/* log: the natural logarithm, element by element. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_LOG, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_log = {
    .sig = "log(x: [...]) -> [...]",
    .doc = "The natural logarithm, element by element.",
    .example = "%y = log %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
