/* conv_blocked by tiles of bf16 parts: what six and three products share. */
#include "lowering.h"
#include "impl_list.h"

typedef struct Planes {
    Bf16 b;
    WindowAxis h, w;
    int64_t groups, xb, ob, rows, rp, wp, qh, qw;
} Planes;

static int64_t phases(const WindowAxis *a)
{
    int64_t span = window_span(a);
    return span < a->stride ? span : a->stride;
}

/* Words of the cells that so many result rows see. */
static void set_rows(Planes *p, int64_t rows)
{
    p->rows = rows;
    p->rp = rows + (window_span(&p->h) - 1) / p->h.stride;
    /* an odd number, so that the parts of a cell lie in different sets of L1 */
    p->b.plane = p->qh * p->qw * p->rp * p->wp;
    p->b.plane += p->b.plane % 2 == 0;
    p->b.chunks = ceil_div(p->h.out, rows);
    int64_t places = (rows - 1) * p->wp + p->w.out;
    p->b.blocks = ceil_div(places, 32) * p->b.chunks;
    p->b.kept = places > 32 ? p->b.steps : 1;
}

/* The most rows that leave half of L2 to the words. */
static Planes planes(const Node *n, const Target *t, int parts)
{
    const Type *w = &n->in[1]->type;
    Window window = window_blocked(n);
    Planes p = {.h = window.ax[0],
                .w = window.ax[1],
                .groups = attr_int(n, "groups"),
                .xb = w->dim[1].c};
    p.ob = w->dim[0].c / p.groups;
    p.qh = phases(&p.h);
    p.qw = phases(&p.w);
    p.wp = p.w.out + (window_span(&p.w) - 1) / p.w.stride;
    p.b = (Bf16){.parts = parts,
                 .depth = ceil_div(p.xb, 2),
                 .panels = ceil_div(p.ob, 2),
                 .rows = dim_const(1)};
    p.b.steps = p.b.depth * p.h.size * p.w.size;
    int64_t rows = p.h.out;
    set_rows(&p, rows);
    while (rows > 1 &&
           (double)(p.b.plane * p.b.depth * parts * 64) > t->l2_bytes / 2) {
        rows = (rows + 1) / 2;
        set_rows(&p, rows);
    }
    set_rows(&p, ceil_div(p.h.out, ceil_div(p.h.out, rows)));
    return p;
}

bool conv_bf16_applies(const Node *n, const Target *t, int products)
{
    return attr_int(n, "products") == products && bf16_applies(n, t);
}

void conv_bf16_lower(Emit *e, const Node *n, int parts)
{
    Planes p = planes(n, emit_options(e)->target, parts);
    Kernel *k = kernel_new(e, n, "conv_bf16");
    const struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"XB", p.xb},       {"OB", p.ob},       {"H", p.h.in},
        {"W", p.w.in},      {"OH", p.h.out},    {"OW", p.w.out},
        {"KH", p.h.size},   {"KW", p.w.size},   {"SH", p.h.stride},
        {"SW", p.w.stride}, {"DH", p.h.dilate}, {"DW", p.w.dilate},
        {"LH", p.h.low},    {"LW", p.w.low},    {"ROWS", p.rows},
        {"RP", p.rp},       {"WP", p.wp},       {"QH", p.qh},
        {"QW", p.qw},       {"PARTS", parts},   {"CUT", parts == 3},
        {"CB", p.b.depth},  {"KEPT", p.b.kept}, {"PLANE", p.b.plane},
    };
    kernel_dim(k, "B", n->type.dim[0]);
    kernel_int(k, "G", p.groups);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_scratch(k);
    kernel_out(k);
    int axes[] = {1, 1, n->type.rank - 3, 1};
    kernel_groups(k, 4, axes);
    bf16_lower(e, n, k, &p.b, &impl_conv_blocked);
}

Cost conv_bf16_cost(const Node *n, const Target *t, int parts)
{
    Planes p = planes(n, t, parts);
    double images = (double)(p.groups * dim_at(n->type.dim[0], LOWERING_N));
    int64_t scratch = bf16_scratch(&p.b);
    int64_t plain = impl_conv_blocked.cost(n, t).scratch;
    double sums = (double)(p.xb * 16 * p.h.size * p.w.size);
    Cost c = lowering_cost(n, t, 2 * lowering_elements(&n->type) * sums,
                           bf16_cycles(&p.b, t) * images, 0);
    c.scratch = scratch > plain ? scratch : plain; /* in L2: not moved */
    return c;
}
