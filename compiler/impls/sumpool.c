/* sumpool: adds the cells of each window. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "sumpool");
    lowering_window(k, e, n, &n->in[0]->type);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    lowering_window_groups(k, n);
    kernel_emit(k);
}

const Impl impl_sumpool = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
    .split = split_outer,
    .takes_epilogue = true,
};
