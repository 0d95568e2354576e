/* block: strided reads, whole blocks written one after the other. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "block");
    lowering_blocks(k, e, n, &n->in[0]->type, &n->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    int axis = (int)attr_int(n, "axis");
    int groups[] = {axis, 1, n->type.rank - axis - 2, 1};
    kernel_groups(k, 4, groups);
    kernel_emit(k);
}

static Split split(const Node *n, const Target *t)
{
    return split_blocks(n, &n->type, t);
}

const Impl impl_block = {
    .name = "loop",
    .doc = "a loop over blocks",
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
