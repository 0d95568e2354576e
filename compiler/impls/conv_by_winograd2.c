/* conv_by_winograd2: Winograd's F(2x2, 3x3) on blocks of channels, tiles of 4 x
 * 4 cells; with stride 2 of 5 x 5.
 */
#include "../by_winograd.h"

BY_WINOGRAD(4)

const Impl impl_conv_by_winograd2 = {
    .name = "winograd2",
    .doc = "Winograd's F(2x2, 3x3), on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
