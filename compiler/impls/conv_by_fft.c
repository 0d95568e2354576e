/* conv_by_fft: a convolution of stride 1 by Fourier transforms, on blocks of
 * channels; the size of the transforms is the one that takes the least time.
 */
#include "../layout.h"
#include "../lowering.h"
#include "impl_list.h"
#include "op_list.h"

enum { LARGEST = 64 };

static bool applies(const Node *n, const Target *t)
{
    if (n->type.elem == ELEM_C128 || n->type.rank != 4)
        return false;
    Conv c = lowering_conv(n);
    if (c.groups != 1 || c.x_cn || c.y_cn || !dim_is_const(c.channels) ||
        !dim_is_const(c.outputs) || blocks_size(t, n->type.elem) == 0)
        return false;
    for (int i = 0; i < 2; i++) {
        const WindowAxis *a = &c.window.ax[i];
        if (a->stride != 1 || a->dilate != 1 || a->spread != 1 ||
            a->size >= LARGEST)
            return false;
    }
    return true;
}

static Attrs attributes(Arena *a, const Node *n)
{
    Conv c = lowering_conv(n);
    const WindowAxis *ax = c.window.ax;
    int64_t size[] = {ax[0].size, ax[1].size}, low[] = {ax[0].low, ax[1].low};
    int64_t high[] = {ax[0].high, ax[1].high};
    Attrs at = attrs_new(a);
    attrs_list(&at, "size", size, 2);
    attrs_list(&at, "low", low, 2);
    attrs_list(&at, "high", high, 2);
    return at;
}

/* The time with transforms of `size`, and of the weights' own. */
static Cost cost_with(Arena *a, const Node *n, const Target *t, int64_t size)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(t, n->type.elem);
    int64_t cb = (c.channels.c + v - 1) / v, ob = (c.outputs.c + v - 1) / v;
    Type x = n->in[0]->type, h = n->in[1]->type;
    Dim d[] = {dim_const(size / 2 + 1), dim_const(size), dim_const(ob),
               dim_const(cb * v), dim_const(2 * v)};
    x.dim[1] = dim_const(cb);
    x.dim[x.rank++] = dim_const(v);
    h = type_of(h.elem, 5, d);
    Attrs at = attributes(a, n);
    Node *p = blocks_pretend(a, &op_conv_fft, &x, &h, &at);
    Cost cost = impl_conv_fft.cost(p, t);
    cost.seconds += blocks_enter_seconds(n->in[0], t);
    const WindowAxis *ax = c.window.ax;
    double kernels = (double)(ob * v * cb * v), half = (double)(size / 2 + 1);
    double turns = kernels * half *
                   (2 * (double)(ax[0].size * ax[1].size) +
                    4 * half * (double)ax[0].size);
    double bytes = 2 * kernels * half * (double)size * elem_bytes(h.elem);
    cost.pack = turns / (t->gflops / 8 * 1e9) + bytes / (t->memory_gbs / 4 * 1e9);
    return cost;
}

/* The least time; *size is what it takes. */
static Cost best(const Node *n, const Target *t, int64_t *size)
{
    Arena *a = arena_new();
    Conv c = lowering_conv(n);
    const WindowAxis *ax = c.window.ax;
    Cost least = {0};
    *size = 0;
    static const int64_t sizes[] = {8, 12, 16, 20, 24, 32, 40, 48, LARGEST};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int64_t s = sizes[i];
        if (s < ax[0].size || s < ax[1].size)
            continue;
        Cost cost = cost_with(a, n, t, s);
        if (*size && cost.seconds >= least.seconds)
            continue;
        least = cost;
        *size = s;
    }
    arena_free(a);
    return least;
}

static Cost cost(const Node *n, const Target *t)
{
    int64_t size;
    return best(n, t, &size);
}

static Node *expand(Blocks *k, Node *n)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(k->target, n->type.elem), size;
    best(n, k->target, &size);
    Attrs pack = attrs_new(k->b->module->arena);
    attrs_int(&pack, "n", size);
    attrs_int(&pack, "v", v);
    if (c.w_io)
        attrs_sym(&pack, "w", "io");
    Node *in[] = {blocks_enter(k, n->in[0], 1, v),
                  node_new(k->b, &op_pack_fft, &n->in[1], 1, &pack)};
    Attrs at = attributes(k->b->module->arena, n);
    Node *y = node_new(k->b, &op_conv_fft, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, 1, c.outputs.c);
}

const Impl impl_conv_by_fft = {
    .name = "fft",
    .doc = "Fourier transforms around products over the channels, on blocks",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
