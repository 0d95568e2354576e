/* maxunpick: finds the largest cell of each window again, then adds g there. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "maxunpick");
    lowering_window(k, e, n, &n->type);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double cells = lowering_elements(&n->type);
    return lowering_cost(n, t, 2 * cells, 3 * cells, 0);
}

const Impl impl_maxunpick = {
    .name = "loop",
    .doc = "a loop over windows",
    .cost = cost,
    .lower = lower,
    .split = split_outer,
};
