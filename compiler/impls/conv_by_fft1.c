/* conv_by_fft1: a convolution of stride 1 along one axis by Fourier transforms;
 * their size is the one that takes the least time.
 */
#include "../fourier.h"
#include "../layout.h"
#include "../lowering.h"
#include "impl_list.h"
#include "op_list.h"

static bool applies(const Node *n, const Target *t)
{
    if ((n->type.elem != ELEM_F32 && n->type.elem != ELEM_F64) ||
        n->type.rank != 3)
        return false;
    Conv c = lowering_conv(n);
    const WindowAxis *a = &c.window.ax[1];
    return !c.x_cn && !c.y_cn && (!c.w_io || c.groups == 1) &&
           dim_is_const(c.channels) && dim_is_const(c.outputs) &&
           a->stride == 1 && a->dilate == 1 && a->spread == 1 &&
           a->size <= FOURIER_MOST / 2 && blocks_size(t, n->type.elem) > 0;
}

static Attrs attributes(Arena *a, const Node *n)
{
    Conv c = lowering_conv(n);
    Attrs at = attrs_new(a);
    attrs_int(&at, "size", c.window.ax[1].size);
    attrs_int(&at, "low", c.window.ax[1].low);
    attrs_int(&at, "high", c.window.ax[1].high);
    attrs_int(&at, "groups", c.groups);
    return at;
}

static Cost cost_with(Arena *a, const Node *n, const Target *t, int64_t size)
{
    Conv c = lowering_conv(n);
    int64_t pairs = c.outputs.c * c.channels.c;
    Dim d[] = {dim_const(1 + pairs), dim_const(size), dim_const(2)};
    Type h = type_of(n->type.elem, 3, d);
    Attrs at = attributes(a, n);
    Node *p = blocks_pretend(a, &op_conv_fft1, &n->in[0]->type, &h, &at);
    Cost cost = impl_conv_fft1.cost(p, t);
    double rows = (double)fourier_rows(size);
    double steps = (double)(pairs * size) * (rows + (double)size / rows);
    cost.pack = 4 * steps / (t->gflops / t->vector_bytes * 1e9);
    return cost;
}

/* The least time; *size is what it takes. */
static Cost best(const Node *n, const Target *t, int64_t *size)
{
    Arena *a = arena_new();
    Conv c = lowering_conv(n);
    Cost least = {0};
    *size = 0;
    for (int64_t s = FOURIER_FEWEST; s <= FOURIER_MOST; s *= 2) {
        if (s < c.window.ax[1].size)
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
    int64_t size;
    best(n, k->target, &size);
    Attrs pack = attrs_new(k->b->module->arena);
    attrs_int(&pack, "n", size);
    if (c.w_io)
        attrs_sym(&pack, "w", "io");
    Node *in[] = {n->in[0],
                  node_new(k->b, &op_pack_fft1, &n->in[1], 1, &pack)};
    Attrs at = attributes(k->b->module->arena, n);
    Node *y = node_new(k->b, &op_conv_fft1, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return y;
}

const Impl impl_conv_by_fft1 = {
    .name = "fft1",
    .doc = "Fourier transforms along one axis, on plain arrays",
    .applies = applies,
    .cost = cost,
    .expand = expand,
    .plain = true,
};
