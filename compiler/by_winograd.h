/* What the two sizes of Winograd's convolution share: m x m results a tile. */
#ifndef DLC_BY_WINOGRAD_H
#define DLC_BY_WINOGRAD_H

#include "layout.h"

bool by_winograd_applies(const Node *n, const Target *t);
Cost by_winograd_cost(const Node *n, const Target *t, int m);
Node *by_winograd_expand(Blocks *k, Node *n, int m);

#endif
