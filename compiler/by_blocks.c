/* A convolution as conv_blocked: the weights are blocked over their input and
 * then their output channels. */
#include "by_blocks.h"
#include "impl_list.h"
#include "lowering.h"
#include "op_list.h"

bool by_blocks_applies(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    if (n->type.elem == ELEM_C128 || c.x_cn || c.y_cn ||
        c.window.ax[0].spread > 1 || c.window.ax[1].spread > 1 ||
        !dim_is_const(c.channels) || !dim_is_const(c.outputs))
        return false;
    int64_t v = blocks_size(t, n->type.elem);
    return v > 0 && (c.groups == 1 || c.group_outputs.c % v == 0);
}

static Attrs attrs_of(Arena *a, const Node *n, int products)
{
    static const char *const names[] = {"stride", "low", "high", "dilate",
                                        "groups"};
    Attrs at = blocks_attrs(a, n, names, sizeof names / sizeof *names);
    if (products > 1)
        attrs_int(&at, "products", products);
    return at;
}

Node *by_blocks_expand(Blocks *k, Node *n, int64_t xv, int products)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(k->target, n->type.elem);
    Node *x = n->in[0], *w = n->in[1];
    if (xv == 1) {
        Dim d[MAX_RANK];
        for (int i = 0; i < x->type.rank; i++)
            d[i] = x->type.dim[i];
        d[x->type.rank] = dim_const(1);
        x = build_reshape(k->b, x, x->type.rank + 1, d);
    } else {
        x = blocks_enter(k, x, 1, xv);
    }
    Attrs pack = attrs_new(k->b->module->arena);
    attrs_int(&pack, "xv", xv);
    attrs_int(&pack, "v", v);
    if (c.w_io)
        attrs_sym(&pack, "order", "io");
    w = blocks_pack(k, &op_pack_blocked, w, c.w_io ? 1 : 0, 0, v, &pack);
    Node *in[] = {x, w};
    Attrs at = attrs_of(k->b->module->arena, n, products);
    if (products == 1 && c.channels.c % xv != 0)
        attrs_int(&at, "spare", xv - c.channels.c % xv);
    Node *y = node_new(k->b, &op_conv_blocked, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, 1, c.outputs.c);
}

bool by_blocks_tiled_applies(const Node *n, const Target *t)
{
    if (!bf16_applies(n, t) || n->type.elem != ELEM_F32 ||
        !by_blocks_applies(n, t) ||
        blocks_size(t, ELEM_F32) != TILE_CHANNELS)
        return false;
    Conv c = lowering_conv(n);
    return c.groups == 1 || c.channels.c % TILE_CHANNELS == 0;
}

Cost by_blocks_tiled_cost(const Node *n, const Target *t, int products)
{
    const int v = TILE_CHANNELS;
    Arena *a = arena_new();
    Conv c = lowering_conv(n);
    Type x = n->in[0]->type, w = n->in[1]->type;
    int64_t blocks = (c.channels.c + v - 1) / v;
    x.dim[1] = dim_const(blocks * c.groups);
    x.dim[x.rank++] = dim_const(v);
    w.dim[0] = dim_const((c.outputs.c + v - 1) / v);
    w.dim[1] = dim_const(blocks);
    w.dim[w.rank++] = dim_const(v);
    w.dim[w.rank++] = dim_const(v);
    Attrs at = attrs_of(a, n, products);
    Node *p = blocks_pretend(a, &op_conv_blocked, &x, &w, &at);
    Cost cost = conv_bf16_cost(p, t, products == 6 ? 3 : 2);
    cost.seconds += blocks_enter_seconds(n->in[0], t);
    arena_free(a);
    return cost;
}
