/* fold: adds every element of every window to its cell. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "fold");
    lowering_window(k, e, n, &n->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_fold = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
};
