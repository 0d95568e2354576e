/* conv_by_winograd2: Winograd's F(2x2, 3x3) on blocks of channels. */
#include "../by_winograd.h"

static Cost cost(const Node *n, const Target *t)
{
    return by_winograd_cost(n, t, 2);
}

static Node *expand(Blocks *k, Node *n)
{
    return by_winograd_expand(k, n, 2);
}

const Impl impl_conv_by_winograd2 = {
    .name = "winograd2",
    .doc = "Winograd's F(2x2, 3x3), on blocks of channels",
    .applies = by_winograd_applies,
    .cost = cost,
    .expand = expand,
};
