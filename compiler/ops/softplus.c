/* softplus: log(1 + exp(x)) as max(x, 0) + log1p(exp(-|x|)), which neither
 * overflows nor cancels.
 *
 * scalar_diff knows this tree: the chain rule on it would give 1 at 0, where
 * the derivative is 1/2.
 */
#include "op.h"
#include "op_list.h"

static const Scalar *expr(Arena *a)
{
    const Scalar *x = scalar_arg(a, 0);
    const Scalar *abs = scalar_new(a, SC_ABS, x, NULL, NULL);
    const Scalar *neg = scalar_new(a, SC_NEG, abs, NULL, NULL);
    const Scalar *e = scalar_new(a, SC_EXP, neg, NULL, NULL);
    return scalar_new(a, SC_ADD,
                      scalar_new(a, SC_MAX, x, scalar_const(a, 0), NULL),
                      scalar_new(a, SC_LOG1P, e, NULL, NULL), NULL);
}

const OpDef op_softplus = {
    .sig = "softplus(x: [...]) -> [...]",
    .doc = "log(1 + exp(x)), element by element.",
    .example = "%y = softplus %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
