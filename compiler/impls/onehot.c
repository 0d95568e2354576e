/* onehot: writes zeros and ones, row by row. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "onehot");
    lowering_count(k, e, "ROWS", n->type.dim, n->type.rank - 1);
    kernel_dim(k, "CLASSES", n->type.dim[n->type.rank - 1]);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_onehot = {
    .name = "loop",
    .doc = "zeros and ones, row by row",
    .lower = lower,
};
