/* conv_by_winograd4: Winograd's F(4x4, 3x3), (3x3, 4x4) or (2x2, 5x5) on blocks
 * of channels, tiles of 6 x 6 cells.
 */
#include "../by_winograd.h"

BY_WINOGRAD(6)

const Impl impl_conv_by_winograd4 = {
    .name = "winograd4",
    .doc = "Winograd's F(4x4, 3x3) or (2x2, 5x5), on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
