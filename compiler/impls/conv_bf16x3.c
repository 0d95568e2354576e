/* conv_bf16x3: a convolution on blocks by tiles, three products of bf16 parts.
 */
#include "../lowering.h"
#include "impl_list.h"

static bool applies(const Node *n, const Target *t)
{
    return conv_bf16_applies(n, t, 3);
}

static Cost cost(const Node *n, const Target *t)
{
    return conv_bf16_cost(n, t, 2);
}

static void lower(Emit *e, const Node *n)
{
    conv_bf16_lower(e, n, 2);
}

static Split split(const Node *n, const Target *t)
{
    return impl_conv_blocked.split(n, t);
}

const Impl impl_conv_bf16x3 = {
    .name = "bf16x3",
    .doc = "AMX tiles on blocks of channels, three products of bf16 parts",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .split = split,
    .math = MATH_BF16X3,
    .tiles = true,
    .wins = true,
    .takes_epilogue = true,
};
