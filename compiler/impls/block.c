/* block: strided reads, whole blocks written one after the other. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "block");
    lowering_blocks(k, e, n, &n->in[0]->type, &n->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_block = {
    .name = "loop",
    .doc = "a loop over blocks",
    .lower = lower,
};
