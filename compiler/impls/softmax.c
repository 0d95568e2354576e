/* softmax: three sweeps over each row: maximum, exponentials, division. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "softmax");
    lowering_rows(k, e, &n->type);
    lowering_row_lanes(k, n->type.dim[n->type.rank - 1]);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double elements = lowering_elements(&n->in[0]->type);
    return lowering_cost(n, t, 20 * elements, 20 * elements, 0);
}

const Impl impl_softmax = {
    .name = "loop",
    .doc = "three sweeps over each row",
    .cost = cost,
    .lower = lower,
    .split = split_rows,
};
