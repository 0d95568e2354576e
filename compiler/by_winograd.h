/* What the sizes of Winograd's convolution share: cells x cells a tile. */
#ifndef DLC_BY_WINOGRAD_H
#define DLC_BY_WINOGRAD_H

#include "layout.h"

bool by_winograd_applies(const Node *n, const Target *t, int cells);
Cost by_winograd_cost(const Node *n, const Target *t, int cells);
Node *by_winograd_expand(Blocks *k, Node *n, int cells);

/* The functions of an implementation with such tiles. */
#define BY_WINOGRAD(CELLS)                              \
    static bool applies(const Node *n, const Target *t) \
    {                                                   \
        return by_winograd_applies(n, t, CELLS);        \
    }                                                   \
                                                        \
    static Cost cost(const Node *n, const Target *t)    \
    {                                                   \
        return by_winograd_cost(n, t, CELLS);           \
    }                                                   \
                                                        \
    static Node *expand(Blocks *k, Node *n)             \
    {                                                   \
        return by_winograd_expand(k, n, CELLS);         \
    }

#endif
