/* sumpool: adds the cells of each window. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "sumpool");
    const Type *x = &n->in[0]->type;
    Window w = window_pool(n);
    int64_t part = lowering_part(x, w.axis + w.axes);
    lowering_window(k, e, n, x);
    int vb = x->elem == ELEM_C128
                 ? 0
                 : blocked_vector_bytes(part, elem_bytes(x->elem),
                                        emit_options(e)->target);
    kernel_int(k, "VB", vb);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    lowering_window_groups(k, n);
    kernel_emit(k);
}

const Impl impl_sumpool = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
    .split = split_outer,
    .takes_epilogue = true,
};
