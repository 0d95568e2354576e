/* conv_blocked: sums over the window in register tiles of whole channel
 * blocks.
 */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    Blocked b = blocked_of(n, emit_options(e)->target);
    Kernel *k = kernel_new(e, n, b.walk ? "conv_walk" : "conv_blocked");
    int64_t plane = b.border || b.pick ? b.rp : b.h.in;
    int64_t row = (b.border ? b.wp : b.w.in) * b.xv * b.copies;
    struct {
        const char *hole;
        int64_t value;
    } sizes[] = {
        {"G", b.groups},      {"CB", b.cb},
        {"XV", b.xv},         {"OB", b.ob},
        {"V", b.v},           {"H", b.h.in},
        {"W", b.w.in},        {"OH", b.h.out},
        {"OW", b.w.out},      {"KH", b.h.size},
        {"KW", b.w.size},     {"SH", b.h.stride},
        {"SW", b.w.stride},   {"DH", b.h.dilate},
        {"DW", b.w.dilate},   {"LH", b.h.low},
        {"LW", b.w.low},      {"MR", b.mr},
        {"NB", b.nb},         {"MANY", b.many},
        {"FEW", b.few},       {"ROWS", b.rows},
        {"BORDER", b.border}, {"XROW", row},
        {"VB", b.vb},         {"XPLANE", row * plane},
        {"PICK", b.pick},     {"CHUNK", b.chunk},
        {"COPIES", b.copies}, {"EDGES", b.edges},
        {"SPARE", b.spare},
    };
    kernel_int(k, "CELLS", b.pick ? b.ph.in * b.pw.in : b.h.in * b.w.in);
    kernel_dim(k, "B", n->type.dim[0]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        kernel_int(k, sizes[i].hole, sizes[i].value);
    kernel_int(k, "AHEAD", b.ahead);
    if (b.ahead) {
        int bytes = elem_bytes(n->in[0]->type.elem);
        kernel_int(k, "LINES", b.lines);
        kernel_int(k, "LINE", BLOCKED_LINE_BYTES / bytes);
    }
    if (b.border || b.pick)
        kernel_int(k, "RP", b.rp);
    if (b.border) {
        kernel_int(k, "WP", b.wp);
        kernel_int(k, "STRIDED", 0);
    }
    if (b.pick) {
        kernel_int(k, "PH", b.ph.in);
        kernel_int(k, "PW", b.pw.in);
        kernel_int(k, "PSH", b.ph.stride);
        kernel_int(k, "PSW", b.pw.stride);
        kernel_int(k, "PER", b.w.in / b.pw.out);
    }
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    if (b.border || b.pick)
        kernel_scratch(k);
    kernel_out(k);
    int axes[] = {1, 1, n->type.rank - 3, 1};
    kernel_groups(k, 4, axes);
    kernel_relu(k);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    Blocked b = blocked_of(n, t);
    double sums =
        (double)((b.cb * b.xv - b.spare) * b.h.size * b.w.size);
    double images = (double)dim_at(n->type.dim[0], LOWERING_N);
    return lowering_cost(n, t, 2 * lowering_elements(&n->type) * sums,
                         b.cycles * images,
                         blocked_scratch(&b, n->in[0]->type.elem));
}

static Split split(const Node *n, const Target *t)
{
    Blocked b = blocked_of(n, t);
    double images = (double)dim_at(n->type.dim[0], LOWERING_N);
    SplitSizes s = {
        .batch = n->type.dim[0],
        .columns = dim_const(b.ob),
        .column_step = b.nb,
        .rows = b.h.out,
        .groups = b.groups,
        .weights = lowering_elements(&n->in[1]->type),
        .cells = lowering_elements(&n->in[0]->type) / images,
    };
    return split_conv(&s, t);
}

const Impl impl_conv_blocked = {
    .name = "direct",
    .doc = "sums over the window, blocks of channels in register tiles",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
