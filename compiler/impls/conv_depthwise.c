/* conv_depthwise: places of a row side by side in registers. */
#include "../lowering.h"

enum { MOST_PLACES = 8, MOST_COLUMNS = 8, MOST_TURNS = 16 };

typedef struct Plan {
    Window window;
    int64_t cb, v;
    bool edges, lines;   /* as in the kernel */
    int64_t left, right; /* places whose windows leave the row */
    int64_t top, bottom; /* rows whose windows are inside, if lines */
    int vb;
    int64_t mr, many, few;
    double cycles; /* for one image */
} Plan;

static void cut(Plan *p, int64_t places, int64_t most)
{
    p->mr = 1;
    p->many = p->few = 0;
    if (places == 0)
        return;
    int64_t tiles = ceil_div(places, most);
    p->mr = ceil_div(places, tiles);
    p->few = tiles * p->mr - places;
    p->many = tiles - p->few;
}

/* Tiles that hold the whole row, when the windows that leave it are all in the
 * first and the last one. */
static bool cut_with_edges(Plan *p, int64_t left, int64_t right, int64_t most)
{
    const WindowAxis *w = &p->window.ax[1];
    cut(p, w->out, most);
    int64_t last = p->few > 0 ? p->mr - 1 : p->mr;
    return w->size <= MOST_COLUMNS &&
           (p->many + p->few == 1 || (left <= p->mr && right <= last));
}

static double cycles_of(const Plan *p)
{
    double taps = (double)(p->window.ax[0].size * p->window.ax[1].size);
    double inner = (double)(p->many * p->mr + p->few * (p->mr - 1));
    double tiles = (double)(p->many + p->few);
    double rows = (double)p->window.ax[0].out, row, extra = 0;
    if (p->lines) {
        row = inner * (0.52 * taps + 0.6) + 3 * tiles;
        extra = 8 * (rows - (double)(p->bottom - p->top));
    } else {
        row = inner * (0.5 * taps + 1.5) + 12 * tiles;
    }
    /* An edge place is one sum, whose additions wait for each other. */
    row += (double)(p->left + p->right) * (1.5 * taps + 10);
    return row * rows + extra;
}

static Plan plan_of(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type;
    Plan p = {.window = window_depthwise(n), .cb = x->dim[1].c};
    const WindowAxis *h = &p.window.ax[0], *w = &p.window.ax[1];
    int64_t to, left, right, taps = h->size * w->size;
    int bytes = elem_bytes(x->elem);
    p.v = x->dim[x->rank - 1].c;
    p.vb = blocked_vector_bytes(p.v, bytes, t);
    window_inner(w, &left, &to);
    right = w->out - to;
    /* Beside the sums: all weights; or a weight, and with the fused work a
     * little more. */
    int64_t past = (w->size - 1) * w->dilate / w->stride;
    p.lines = taps <= t->vector_registers - 7 && taps <= MOST_TURNS &&
              w->stride <= MOST_TURNS && past < MOST_TURNS / 2;
    int64_t most = t->vector_registers - 4;
    if (p.lines) {
        window_inner(h, &p.top, &p.bottom);
        most = t->vector_registers - 2 - taps;
        most = most < MOST_PLACES ? most : MOST_PLACES;
    }
    p.edges = cut_with_edges(&p, left, right, most);
    if (!p.edges) {
        p.left = left;
        p.right = right;
        cut(&p, to - left, most);
    }
    double parts = (double)(p.v * bytes) / (p.vb ? p.vb : bytes);
    p.cycles = cycles_of(&p) * parts * (double)p.cb;
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
        {"FEW", p.few},     {"VB", p.vb},      {"EDGES", p.edges},
        {"LINES", p.lines}, {"TOP", p.top},    {"BOTTOM", p.bottom},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    int axes[] = {1, 1, n->type.rank - 3, 1};
    kernel_groups(k, 4, axes);
    kernel_relu(k);
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
