/* What the ways to compute a convolution as conv_blocked share. */
#ifndef DLC_BY_BLOCKS_H
#define DLC_BY_BLOCKS_H

#include "layout.h"

/* Tiles take blocks of that many channels. */
enum { TILE_CHANNELS = 16 };

bool by_blocks_applies(const Node *n, const Target *t);
/* The input in blocks of xv channels, 1: as it is. */
Node *by_blocks_expand(Blocks *k, Node *n, int64_t xv, int products);
bool by_blocks_tiled_applies(const Node *n, const Target *t);
Cost by_blocks_tiled_cost(const Node *n, const Target *t, int products);

#endif
