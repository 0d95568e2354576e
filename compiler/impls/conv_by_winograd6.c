/* conv_by_winograd6: Winograd's F(4x4, 5x5) or (5x5, 4x4) on blocks of
 * channels, tiles of 8 x 8 cells.
 */
#include "../by_winograd.h"

enum { CELLS = 8 };

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

const Impl impl_conv_by_winograd6 = {
    .name = "winograd6",
    .doc = "Winograd's F(4x4, 5x5) or (5x5, 4x4), on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
