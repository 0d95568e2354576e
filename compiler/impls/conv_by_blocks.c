/* conv_by_blocks: a convolution as conv_blocked, in channel-blocked form.
 *
 * The weights are blocked over their input and then their output channels. An
 * input that is not in blocks is read as it is, one channel a block, when there
 * are few channels; otherwise it is cut into blocks first.
 */
#include "../by_blocks.h"
#include "../lowering.h"

static Blocked sizes(const Node *n, const Target *t, int64_t xv)
{
    Conv c = lowering_conv(n);
    int64_t v = blocks_size(t, n->type.elem);
    Blocked b = {.groups = c.groups,
                 .cb = (c.channels.c + xv - 1) / xv,
                 .xv = xv,
                 .spare = (xv - c.channels.c % xv) % xv,
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

static Cost cost(const Node *n, const Target *t)
{
    return cost_of(n, t, input_block(n, t));
}

static Node *expand(Blocks *k, Node *n)
{
    return by_blocks_expand(k, n, input_block(n, k->target), 1);
}

const Impl impl_conv_by_blocks = {
    .name = "blocked",
    .doc = "sums over the window, on blocks of channels",
    .applies = by_blocks_applies,
    .cost = cost,
    .expand = expand,
};
