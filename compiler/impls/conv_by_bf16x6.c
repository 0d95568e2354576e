/* conv_by_bf16x6: a convolution as conv_blocked by tiles, 6 products. */
#include "../by_blocks.h"

static Cost cost(const Node *n, const Target *t)
{
    return by_blocks_tiled_cost(n, t, 6);
}

static Node *expand(Blocks *k, Node *n)
{
    return by_blocks_expand(k, n, TILE_CHANNELS, 6);
}

const Impl impl_conv_by_bf16x6 = {
    .name = "bf16x6",
    .doc = "AMX tiles on blocks of channels, six products of bf16 parts, as "
           "accurate as float",
    .applies = by_blocks_tiled_applies,
    .cost = cost,
    .expand = expand,
    .tiles = true,
};
