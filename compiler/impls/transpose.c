/* transpose: a copy with the strides of x in the result's order. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    const Type *x = &n->in[0]->type;
    Box b = box_new(&n->type, x, &n->type);
    for (int i = 0; i < n->type.rank; i++)
        b.xs[i] = lowering_stride(x, (int)attr_list(n, "perm", i));
    lowering_copy(e, n, n->in[0], b, NULL);
}

const Impl impl_transpose = {
    .name = "loop",
    .doc = "a strided copy",
    .lower = lower,
    .split = split_outer,
};
