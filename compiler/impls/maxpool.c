/* maxpool: the largest cell of each window, window by window. */
#include "../lowering.h"

#include <math.h>

enum { MOST_CELLS = 4096, MOST_TURNS = 8 };

/* Whole windows side by side in rows of single cells, few enough for the stack.
 */
static bool is_flat(const Node *n)
{
    Window w = window_pool(n);
    const WindowAxis *h = &w.ax[0], *r = &w.ax[1];
    return w.axis + w.axes == n->type.rank && !lowering_has_border(&w) &&
           window_span(r) <= r->stride && r->out * r->stride <= r->in &&
           h->out * r->out * r->stride <= MOST_CELLS && h->size <= MOST_TURNS &&
           r->size <= MOST_TURNS;
}

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "maxpool");
    lowering_window(k, e, n, &n->in[0]->type);
    kernel_real(k, "LOWEST", -INFINITY);
    kernel_int(k, "FLAT", is_flat(n));
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    lowering_window_groups(k, n);
    kernel_emit(k);
}

const Impl impl_maxpool = {
    .name = "loop",
    .doc = "a loop over windows",
    .lower = lower,
    .split = split_outer,
    .takes_epilogue = true,
};
