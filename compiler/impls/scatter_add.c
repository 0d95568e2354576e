/* scatter_add: clears the table, then adds one row for each index. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    const Type *index = &n->in[0]->type;
    Kernel *k = kernel_new(e, n, "scatter_add");
    lowering_count(k, e, "ROWS", index->dim, index->rank);
    kernel_dim(k, "TABLE_ROWS", n->type.dim[0]);
    lowering_count(k, e, "COLS", n->type.dim + 1, n->type.rank - 1);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_scatter_add = {
    .name = "loop",
    .doc = "one row for each index",
    .lower = lower,
};
