/* pick: reads one element of each row. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "pick");
    lowering_rows(k, e, &n->in[0]->type);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    kernel_groups(k, 1, &n->type.rank);
    kernel_emit(k);
}

const Impl impl_pick = {
    .name = "loop",
    .doc = "one element of each row",
    .lower = lower,
    .takes_epilogue = true,
};
