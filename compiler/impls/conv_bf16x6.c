/* conv_bf16x6: a convolution on blocks by tiles, six products of bf16 parts, as
 * accurate as float. */
#include "../lowering.h"
#include "impl_list.h"

static bool applies(const Node *n, const Target *t)
{
    return conv_bf16_applies(n, t, 6);
}

static Cost cost(const Node *n, const Target *t)
{
    return conv_bf16_cost(n, t, 3);
}

static void lower(Emit *e, const Node *n)
{
    conv_bf16_lower(e, n, 3);
}

static Split split(const Node *n, const Target *t)
{
    return impl_conv_blocked.split(n, t);
}

const Impl impl_conv_bf16x6 = {
    .name = "bf16x6",
    .doc = "AMX tiles on blocks of channels, six products of bf16 parts, as "
           "accurate as float",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .split = split,
    .tiles = true,
    .wins = true,
    .takes_epilogue = true,
};
