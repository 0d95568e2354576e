/* maxpool: the largest cell of each window, window by window; where windows
 * overlap, down the columns first and then across.
 */
#include "../lowering.h"

#include <math.h>

enum { MOST_CELLS = 4096, MOST_TURNS = 8 };

/* Whole windows side by side in rows of single cells, few enough for the first
 * cache. */
static bool is_flat(const Node *n)
{
    Window w = window_pool(n);
    const WindowAxis *h = &w.ax[0], *r = &w.ax[1];
    return n->type.elem != ELEM_C128 && w.axis + w.axes == n->type.rank &&
           !lowering_has_border(&w) && window_span(r) <= r->stride &&
           r->out * r->stride <= r->in &&
           h->out * r->out * r->stride <= MOST_CELLS && h->size <= MOST_TURNS &&
           r->size <= MOST_TURNS;
}

/* Small windows inside the input, over several neighbouring elements. */
static bool is_written(const Node *n)
{
    Window w = window_pool(n);
    return n->type.elem != ELEM_C128 && w.axis + w.axes < n->type.rank &&
           !lowering_has_border(&w) && w.ax[0].size <= MOST_TURNS &&
           w.ax[1].size <= MOST_TURNS &&
           w.ax[0].size * w.ax[1].size <= 2 * MOST_TURNS;
}

/* In another order of cells; of equal ones the first counts for the imaginary
 * parts of complex numbers. */
static bool in_lines(const Node *n, const Window *w)
{
    return n->type.elem != ELEM_C128 && w->ax[0].size > 1 &&
           w->ax[1].size > w->ax[1].stride;
}

static void lower(Emit *e, const Node *n)
{
    Window w = window_pool(n);
    bool lines = in_lines(n, &w);
    Kernel *k = kernel_new(e, n, lines ? "maxpool_lines" : "maxpool");
    lowering_window(k, e, n, &n->in[0]->type);
    kernel_real(k, "LOWEST", -INFINITY);
    if (!lines) {
        kernel_int(k, "FLAT", is_flat(n));
        kernel_int(k, "WRITTEN", is_written(n));
    }
    kernel_arg(k, n->in[0]);
    if (lines || is_flat(n))
        kernel_scratch(k);
    kernel_out(k);
    lowering_window_groups(k, n);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Window w = window_pool(n);
    const WindowAxis *a = &w.ax[1];
    const Type *x = &n->in[0]->type;
    int64_t cells = 0;
    if (in_lines(n, &w))
        cells = ((a->out - 1) * a->stride + window_span(a)) *
                lowering_part(x, w.axis + w.axes);
    else if (is_flat(n))
        cells = w.ax[0].out * a->out * a->stride;
    double seen = lowering_elements(x), made = lowering_elements(&n->type);
    double cycles =
        (seen + made) / (double)(t->vector_bytes / elem_bytes(x->elem));
    return lowering_cost(n, t, made * (double)(w.ax[0].size * a->size),
                         2 * cycles, cells * elem_bytes(x->elem));
}

const Impl impl_maxpool = {
    .name = "loop",
    .doc = "a loop over windows",
    .cost = cost,
    .lower = lower,
    .split = split_outer,
    .takes_epilogue = true,
};
