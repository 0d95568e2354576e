/* sumunpool: adds each element to all cells of its window. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "sumunpool");
    lowering_window(k, e, n, &n->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_sumunpool = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
    .split = split_outer,
};
