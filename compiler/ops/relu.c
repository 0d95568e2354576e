/* relu: 0 where x < 0, else x. A NaN stays; the derivative at 0 is 0: Note
 * [relu at zero] in passes/grad.c.
 * Nair, Hinton, "Rectified linear units improve restricted Boltzmann machines",
 * 2010.
 */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    const Scalar *x = scalar_arg(a, 0), *zero = scalar_const(a, 0);
    return scalar_new(a, SC_SELECT, scalar_new(a, SC_LT, x, zero, NULL), zero,
                      x);
}

const OpDef op_relu = {
    .sig = "relu(x: [...]) -> [...]",
    .doc = "0 where x < 0, else x.",
    .example = "%y = relu %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
