/* conv_by_winograd6: Winograd's F(4x4, 5x5) or (5x5, 4x4) on blocks of
 * channels, tiles of 8 x 8 cells.
 */
#include "../by_winograd.h"

BY_WINOGRAD(8)

const Impl impl_conv_by_winograd6 = {
    .name = "winograd6",
    .doc = "Winograd's F(4x4, 5x5) or (5x5, 4x4), on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
