/* log1p: log(1 + x), exact near 0. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_LOG1P, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_log1p = {
    .sig = "log1p(x: [...]) -> [...]",
    .doc = "log(1 + x), exact also where x is near 0.",
    .example = "%y = log1p %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
