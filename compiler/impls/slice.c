/* slice: a copy of a box of x. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Box b = box_new(&n->type, &n->in[0]->type, &n->type);
    for (int i = 0; i < n->type.rank; i++)
        box_skip_x(&b, i, attr_dim(n, "start", i));
    lowering_copy(e, n, n->in[0], b, NULL);
}

const Impl impl_slice = {
    .name = "loop",
    .doc = "a strided copy",
    .lower = lower,
    .split = split_outer,
};
