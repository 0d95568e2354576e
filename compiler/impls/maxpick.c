/* maxpick: finds the largest cell of each window again, then reads h there. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "maxpick");
    lowering_window(k, e, n, &n->in[1]->type);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    lowering_window_groups(k, n);
    kernel_emit(k);
}

const Impl impl_maxpick = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
    .split = split_outer,
    .takes_epilogue = true,
};
