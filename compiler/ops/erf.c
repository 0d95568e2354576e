/* erf: the error function, 2/sqrt(pi) times the integral of exp(-t^2) to x. */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    return scalar_new(a, SC_ERF, scalar_arg(a, 0), NULL, NULL);
}

const OpDef op_erf = {
    .sig = "erf(x: [...]) -> [...]",
    .doc = "The error function, element by element.",
    .example = "%y = erf %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
