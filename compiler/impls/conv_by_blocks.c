/* conv_by_blocks: a convolution as conv_blocked, in channel-blocked form.
 *
 * The weights are blocked over their input and then their output channels. An
 * input that is not in blocks is read as it is, one channel a block, when there
 * are few channels; otherwise it is cut into blocks first.
 */
#include "../layout.h"
#include "../lowering.h"
#include "op_list.h"

static Blocked sizes(const Node *n, const Target *t, int64_t xv)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(t, n->type.elem);
    Blocked b = {.groups = c.groups,
                 .cb = (c.channels.c + xv - 1) / xv,
                 .xv = xv,
                 .ob = (c.group_outputs.c + v - 1) / v,
                 .v = v,
                 .h = c.window.ax[0],
                 .w = c.window.ax[1]};
    blocked_plan(&b, n->type.elem, t);
    return b;
}

static Cost cost_of(const Node *n, const Target *t, int64_t xv)
{
    Blocked b = sizes(n, t, xv);
    double images = (double)dim_at(n->type.dim[0], LOWERING_N);
    Cost c = lowering_cost(n, t, lowering_conv_flops(n), b.cycles * images,
                           blocked_scratch(&b, n->type.elem));
    if (xv > 1)
        c.seconds += blocks_enter_seconds(n->in[0], t);
    return c;
}

/* Channels in a block of the input: 1 when it is read in plain form, which can
 * be faster than changing it first. */
static int64_t input_block(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(t, n->type.elem);
    if (c.groups > 1 && c.channels.c % v != 0)
        return 1;
    if (blocks_are(n->in[0]))
        return v;
    return cost_of(n, t, v).seconds < cost_of(n, t, 1).seconds ? v : 1;
}

static bool applies(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    if (n->type.elem == ELEM_C128 || c.x_cn || c.y_cn ||
        c.window.ax[0].spread > 1 || c.window.ax[1].spread > 1 ||
        !dim_is_const(c.channels) || !dim_is_const(c.outputs))
        return false;
    int64_t v = blocks_size(t, n->type.elem);
    return v > 0 && (c.groups == 1 || c.group_outputs.c % v == 0);
}

static Cost cost(const Node *n, const Target *t)
{
    return cost_of(n, t, input_block(n, t));
}

static Node *expand(Blocks *k, Node *n)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(k->target, n->type.elem);
    int64_t xv = input_block(n, k->target);
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
    static const char *const names[] = {"stride", "low", "high", "dilate",
                                        "groups"};
    Attrs at = blocks_attrs(k->b->module->arena, n, names,
                            sizeof names / sizeof *names);
    Node *y = node_new(k->b, &op_conv_blocked, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, 1, c.outputs.c);
}

const Impl impl_conv_by_blocks = {
    .name = "blocked",
    .doc = "sums over the window, on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
