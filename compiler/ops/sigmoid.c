/* sigmoid: the logistic function 1 / (1 + exp(-x)), element by element.
 *
 * scalar_diff knows this tree: the chain rule on it would give inf/inf far
 * below 0.
 */
#include "op.h"
#include "op_list.h"
#include "scalar_match.h"

static const Scalar *expr(Arena *a)
{
    return scalar_sigmoid(a, scalar_arg(a, 0));
}

const OpDef op_sigmoid = {
    .sig = "sigmoid(x: [...]) -> [...]",
    .doc = "1 / (1 + exp(-x)), element by element.",
    .example = "%y = sigmoid %x : f32[4]  // %x: f32[4]",
    .expr = expr,
};
