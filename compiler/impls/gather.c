/* gather: copies one row of the table for each index. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    const Type *index = &n->in[1]->type;
    Kernel *k = kernel_new(e, n, "gather");
    lowering_count(k, e, "ROWS", index->dim, index->rank);
    lowering_count(k, e, "COLS", n->type.dim + index->rank,
                   n->type.rank - index->rank);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    int axes[] = {index->rank, n->type.rank - index->rank};
    kernel_groups(k, 2, axes);
    kernel_emit(k);
}

const Impl impl_gather = {
    .name = "loop",
    .doc = "one row for each index",
    .lower = lower,
    .takes_epilogue = true,
};
