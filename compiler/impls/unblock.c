/* unblock: strided reads, the places of an axis written one after the other. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "unblock");
    lowering_blocks(k, e, n, &n->type, &n->in[0]->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_unblock = {
    .name = "loop",
    .doc = "a loop over blocks",
    .lower = lower,
};
