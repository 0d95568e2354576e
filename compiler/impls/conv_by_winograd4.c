/* conv_by_winograd4: Winograd's F(4x4, 3x3), (3x3, 4x4) or (2x2, 5x5) on blocks
 * of channels, tiles of 6 x 6 cells.
 */
#include "../by_winograd.h"

enum { CELLS = 6 };

static bool applies(const Node *n, const Target *t)
{
    return by_winograd_applies(n, t, CELLS);
}

static Cost cost(const Node *n, const Target *t)
{
    return by_winograd_cost(n, t, CELLS);
}

static Node *expand(Blocks *k, Node *n)
{
    return by_winograd_expand(k, n, CELLS);
}

const Impl impl_conv_by_winograd4 = {
    .name = "winograd4",
    .doc = "Winograd's F(4x4, 3x3) or (2x2, 5x5), on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
