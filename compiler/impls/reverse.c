/* reverse: a copy with negative strides. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Box b = box_new(&n->type, &n->in[0]->type, &n->type);
    for (int i = 0; i < attr_len(n, "axes"); i++)
        box_reverse(&b, (int)attr_list(n, "axes", i));
    lowering_copy(e, n, n->in[0], b, NULL);
}

const Impl impl_reverse = {
    .name = "loop",
    .doc = "a strided copy",
    .lower = lower,
    .split = split_outer,
};
