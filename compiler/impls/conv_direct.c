/* conv_direct: a loop over the result, the sum in a register. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "conv");
    lowering_conv_sizes(k, n);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    lowering_conv_groups(k, n);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    return lowering_cost(n, t, lowering_conv_flops(n), 0.05, 0);
}

const Impl impl_conv_direct = {
    .name = "direct",
    .doc = "a loop over the result, the sum in a register",
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
