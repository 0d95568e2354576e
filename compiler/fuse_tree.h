/* Scalar expressions with the arrays they read, for pass fuse. */
#ifndef DLC_FUSE_TREE_H
#define DLC_FUSE_TREE_H

#include "rewrite.h"

enum { FUSE_OPERATIONS = 64, FUSE_LEAVES = 12, FUSE_ROOM = 40 };

/* Argument $k of expr is leaf k-1, which lies on the axes in its mask. While a
 * tree is put together it may have more leaves than FUSE_LEAVES. */
typedef struct FuseTree {
    const Scalar *expr;
    int count; /* leaves */
    Node *leaf[FUSE_ROOM];
    uint32_t mask[FUSE_ROOM];
} FuseTree;

/* The argument that reads x on those axes: an earlier one or a new leaf. */
const Scalar *fuse_leaf(Arena *a, FuseTree *t, Node *x, uint32_t mask);
/* Contains a division, a root or a function: not worth computing twice. */
bool fuse_is_heavy(const Scalar *s);
/* How many exponentials, logarithms and the like it computes. */
int fuse_functions(const Scalar *s);
bool fuse_is_too_large(const FuseTree *t);
/* The element type the tree makes; `real` is what constants are. */
ElemType fuse_type(Arena *a, const FuseTree *t, ElemType real);

#endif
