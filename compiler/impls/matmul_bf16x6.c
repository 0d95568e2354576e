/* matmul_bf16x6: a product with panels by tiles, six products of bf16 parts, as
 * accurate as float. */
#include "../lowering.h"
#include "impl_list.h"

static Cost cost(const Node *n, const Target *t)
{
    return matmul_bf16_cost(n, t, 3);
}

static void lower(Emit *e, const Node *n)
{
    matmul_bf16_lower(e, n, 3);
}

static Split split(const Node *n, const Target *t)
{
    return impl_matmul_panels.split(n, t);
}

const Impl impl_matmul_bf16x6 = {
    .name = "bf16x6",
    .doc =
        "AMX tiles on panels, six products of bf16 parts, as accurate as float",
    .applies = matmul_bf16_applies,
    .cost = cost,
    .lower = lower,
    .split = split,
    .tiles = true,
    .takes_epilogue = true,
};
