/* matmul_bf16x3: a product with panels by tiles, three products of bf16 parts.
 */
#include "../lowering.h"
#include "impl_list.h"

static Cost cost(const Node *n, const Target *t)
{
    return matmul_bf16_cost(n, t, 2);
}

static void lower(Emit *e, const Node *n)
{
    matmul_bf16_lower(e, n, 2);
}

static Split split(const Node *n, const Target *t)
{
    return impl_matmul_panels.split(n, t);
}

const Impl impl_matmul_bf16x3 = {
    .name = "bf16x3",
    .doc = "AMX tiles on panels, three products of bf16 parts",
    .applies = matmul_bf16_applies,
    .cost = cost,
    .lower = lower,
    .split = split,
    .math = MATH_BF16X3,
    .tiles = true,
    .takes_epilogue = true,
};
