/* conv_by_winograd4: Winograd's F(4x4, 3x3) on blocks of channels. */
#include "../by_winograd.h"

static Cost cost(const Node *n, const Target *t)
{
    return by_winograd_cost(n, t, 4);
}

static Node *expand(Blocks *k, Node *n)
{
    return by_winograd_expand(k, n, 4);
}

const Impl impl_conv_by_winograd4 = {
    .name = "winograd4",
    .doc = "Winograd's F(4x4, 3x3), on blocks of channels",
    .applies = by_winograd_applies,
    .cost = cost,
    .expand = expand,
};
