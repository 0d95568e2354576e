/* maxunpick_apart: where no cell lies in two windows and none outside of them,
 * as in most networks, each window writes its cells.
 */
#include "../lowering.h"

#include <math.h>

enum { MOST_CELLS = 16 }; /* of a window that is written out */

static bool applies(const Node *n, const Target *t)
{
    (void)t;
    Window w = window_pool(n);
    for (int i = 0; i < 2; i++) {
        const WindowAxis *a = &w.ax[i];
        if (a->low != 0 || (a->dilate > 1 && a->size > 1) ||
            (a->size != a->stride && a->out > 1) || a->out * a->size != a->in)
            return false;
    }
    return w.ax[0].size * w.ax[1].size <= MOST_CELLS;
}

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "maxunpick_apart");
    lowering_window(k, e, n, &n->type);
    kernel_real(k, "LOWEST", -INFINITY);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    lowering_window_groups(k, n);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double cells = lowering_elements(&n->type);
    return lowering_cost(n, t, 2 * cells, 0.5 * cells, 0);
}

const Impl impl_maxunpick_apart = {
    .name = "apart",
    .doc = "a loop over windows that have every cell once",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .split = split_outer,
    .takes_epilogue = true,
};
