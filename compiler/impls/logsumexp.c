/* logsumexp: two sweeps over each row: maximum, sum of exponentials. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "logsumexp");
    lowering_rows(k, e, &n->in[0]->type);
    lowering_row_lanes(k, n->in[0]->type.dim[n->in[0]->type.rank - 1]);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_groups(k, 1, &n->type.rank);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double elements = lowering_elements(&n->in[0]->type);
    return lowering_cost(n, t, 20 * elements, 20 * elements, 0);
}

const Impl impl_logsumexp = {
    .name = "loop",
    .doc = "two sweeps over each row",
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
