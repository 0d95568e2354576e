/* A convolution of a small square window as conv_winograd, on blocks of
 * channels, in tiles of t x t cells.
 */
#include "by_winograd.h"
#include "impl_list.h"
#include "lowering.h"
#include "op_list.h"
#include "winograd.h"

/* The results of a tile; tiles of 4 cells are for stride 2, too. */
static int64_t results(const WindowAxis *a, int cells)
{
    return a->stride == 2 && cells == 4 ? 2 : cells - a->size + 1;
}

static int side(const WindowAxis *a, int cells)
{
    return winograd_side(results(a, cells), a->size, a->stride);
}

static bool fits(const WindowAxis *a, int cells)
{
    return a->dilate == 1 && a->spread == 1 && side(a, cells) > 0;
}

bool by_winograd_applies(const Node *n, const Target *t, int cells)
{
    Conv c = lowering_conv(n);
    if (n->type.elem == ELEM_C128 || c.x_cn || c.y_cn || n->type.rank != 4 ||
        !dim_is_const(c.channels) || !dim_is_const(c.outputs) ||
        c.window.ax[0].size != c.window.ax[1].size ||
        c.window.ax[0].stride != c.window.ax[1].stride ||
        !fits(&c.window.ax[0], cells) || !fits(&c.window.ax[1], cells))
        return false;
    int64_t v = blocks_size(t, n->type.elem);
    return v > 0 && (c.groups == 1 ||
                     (c.group_outputs.c % v == 0 && c.channels.c % v == 0));
}

static Attrs attrs_of(Arena *a, const Node *n, int cells, int64_t v)
{
    static const char *const names[] = {"low", "high", "groups"};
    Attrs at = blocks_attrs(a, n, names, sizeof names / sizeof *names);
    Conv c = lowering_conv(n);
    const WindowAxis *axis = &c.window.ax[0];
    attrs_int(&at, "m", results(axis, cells));
    if (axis->size != 3)
        attrs_int(&at, "size", axis->size);
    if (axis->stride != 1)
        attrs_int(&at, "stride", axis->stride);
    if (c.channels.c % v != 0)
        attrs_int(&at, "spare", v - c.channels.c % v);
    return at;
}

Cost by_winograd_cost(const Node *n, const Target *t, int cells)
{
    Arena *a = arena_new();
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(t, n->type.elem);
    int64_t cb = (c.channels.c + v - 1) / v, ob = (c.outputs.c + v - 1) / v;
    Dim x[] = {n->in[0]->type.dim[0], dim_const(cb * c.groups),
               n->in[0]->type.dim[2], n->in[0]->type.dim[3], dim_const(v)};
    int q = winograd_weights_side(side(&c.window.ax[0], cells));
    Dim u[] = {dim_const(ob), dim_const(q * q), dim_const(cb * v),
               dim_const(v)};
    Type xt = type_of(n->type.elem, 5, x), ut = type_of(n->type.elem, 4, u);
    Attrs at = attrs_of(a, n, cells, v);
    Node *p = blocks_pretend(a, &op_conv_winograd, &xt, &ut, &at);
    Cost cost = impl_conv_winograd.cost(p, t);
    cost.seconds += blocks_enter_seconds(n->in[0], t);
    arena_free(a);
    return cost;
}

Node *by_winograd_expand(Blocks *k, Node *n, int cells)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(k->target, n->type.elem);
    Attrs pack = attrs_new(k->b->module->arena);
    attrs_int(&pack, "m", results(&c.window.ax[0], cells));
    attrs_int(&pack, "v", v);
    if (c.window.ax[0].stride != 1)
        attrs_int(&pack, "stride", c.window.ax[0].stride);
    if (c.w_io)
        attrs_sym(&pack, "w", "io");
    Node *in[2];
    in[0] = blocks_enter(k, n->in[0], 1, v);
    in[1] = blocks_pack(k, &op_pack_winograd, n->in[1], c.w_io ? 1 : 0, 0, v,
                        &pack);
    Attrs at = attrs_of(k->b->module->arena, n, cells, v);
    Node *y = node_new(k->b, &op_conv_winograd, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, 1, c.outputs.c);
}
