/* conv_depthwise: places of a row side by side in registers. */
#include "../lowering.h"

typedef struct Plan {
    Window window;
    int64_t cb, v, left, right; /* places whose windows leave the row */
    int vb;
    int64_t mr, many, few;
    double cycles; /* for one image */
} Plan;

static Plan plan_of(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type;
    Plan p = {.window = window_depthwise(n), .cb = x->dim[1].c};
    const WindowAxis *h = &p.window.ax[0], *w = &p.window.ax[1];
    int64_t to;
    int bytes = elem_bytes(x->elem);
    p.v = x->dim[x->rank - 1].c;
    p.vb = blocked_vector_bytes(p.v, bytes, t);
    window_inner(w, &p.left, &to);
    p.right = w->out - to;
    /* Beside the sums: a weight, and with the fused work a little more. */
    int64_t inner = to - p.left, most = t->vector_registers - 4;
    p.mr = 1;
    if (inner > 0) {
        int64_t tiles = ceil_div(inner, most);
        p.mr = ceil_div(inner, tiles);
        p.few = tiles * p.mr - inner;
        p.many = tiles - p.few;
    }
    /* An edge place is one sum, whose additions wait for each other. */
    double parts = (double)(p.v * bytes) / (p.vb ? p.vb : bytes);
    double window = (double)(h->size * w->size);
    double row = (double)inner * (0.6 * window + 1.5) +
                 12 * (double)(p.many + p.few) +
                 (double)(p.left + p.right) * (1.5 * window + 10);
    p.cycles = row * parts * (double)(h->out * p.cb);
    return p;
}

static void lower(Emit *e, const Node *n)
{
    Plan p = plan_of(n, emit_options(e)->target);
    const WindowAxis *h = &p.window.ax[0], *w = &p.window.ax[1];
    Kernel *k = kernel_new(e, n, "conv_depthwise");
    struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"CB", p.cb},       {"V", p.v},        {"H", h->in},
        {"W", w->in},       {"OH", h->out},    {"OW", w->out},
        {"KH", h->size},    {"KW", w->size},   {"SH", h->stride},
        {"SW", w->stride},  {"DH", h->dilate}, {"DW", w->dilate},
        {"LH", h->low},     {"LW", w->low},    {"LEFT", p.left},
        {"RIGHT", p.right}, {"MR", p.mr},      {"MANY", p.many},
        {"FEW", p.few},     {"VB", p.vb},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    int axes[] = {1, 1, n->type.rank - 3, 1};
    kernel_groups(k, 4, axes);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    double window = (double)(p.window.ax[0].size * p.window.ax[1].size);
    return lowering_cost(n, t, 2 * lowering_elements(&n->type) * window,
                         p.cycles * (double)dim_at(n->type.dim[0], LOWERING_N),
                         0);
}

static Split split(const Node *n, const Target *t)
{
    Plan p = plan_of(n, t);
    SplitSizes s = {
        .batch = n->type.dim[0],
        .columns = dim_const(p.cb),
        .column_step = 1,
        .rows = p.window.ax[0].out,
        .groups = 1,
    };
    return split_conv(&s, t);
}

const Impl impl_conv_depthwise = {
    .name = "rows",
    .doc = "places of a row side by side in registers",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
