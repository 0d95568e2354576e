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

const Impl impl_maxunpick = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
};
