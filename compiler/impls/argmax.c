/* argmax: one sweep over each row. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "argmax");
    lowering_rows(k, e, &n->in[0]->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_argmax = {
    .name = "loop",
    .doc = "one sweep over each row",
    .lower = lower,
};
