/* unfold: copies every window into a row of the result. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "unfold");
    lowering_window(k, e, n, &n->in[0]->type);
    kernel_real(k, "BORDER_VALUE", attr_real(n, "value"));
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_unfold = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
};
