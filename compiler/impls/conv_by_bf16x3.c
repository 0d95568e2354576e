/* conv_by_bf16x3: a convolution as conv_blocked by tiles, 3 products. */
#include "../by_blocks.h"

static Cost cost(const Node *n, const Target *t)
{
    return by_blocks_tiled_cost(n, t, 3);
}

static Node *expand(Blocks *k, Node *n)
{
    return by_blocks_expand(k, n, TILE_CHANNELS, 3);
}

const Impl impl_conv_by_bf16x3 = {
    .name = "bf16x3",
    .doc = "AMX tiles on blocks of channels, three products of bf16 parts",
    .applies = by_blocks_tiled_applies,
    .cost = cost,
    .expand = expand,
    .math = MATH_BF16X3,
    .tiles = true,
};
