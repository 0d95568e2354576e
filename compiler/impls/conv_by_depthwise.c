/* conv_by_depthwise: a convolution of each channel alone as conv_depthwise. */
#include "../layout.h"
#include "../lowering.h"
#include "impl_list.h"
#include "op_list.h"

static const char *const names[] = {"stride", "low", "high", "dilate"};
enum { NAMES = sizeof names / sizeof *names };

static bool applies(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    return n->type.elem != ELEM_C128 && !c.x_cn && !c.y_cn && !c.w_io &&
           c.window.ax[0].spread == 1 && c.window.ax[1].spread == 1 &&
           dim_equal(c.channels, dim_const(1)) &&
           dim_equal(c.outputs, dim_const(c.groups)) &&
           blocks_size(t, n->type.elem) > 0;
}

static Cost cost(const Node *n, const Target *t)
{
    Arena *a = arena_new();
    int64_t v = blocks_size(t, n->type.elem);
    int64_t cb = (attr_int(n, "groups") + v - 1) / v;
    Type x = n->in[0]->type, w = n->in[1]->type;
    x.dim[1] = dim_const(cb);
    x.dim[x.rank++] = dim_const(v);
    w.dim[0] = dim_const(cb);
    for (int i = 1; i < w.rank - 1; i++)
        w.dim[i] = w.dim[i + 1];
    w.dim[w.rank - 1] = dim_const(v);
    Attrs at = blocks_attrs(a, n, names, NAMES);
    Node *p = blocks_pretend(a, &op_conv_depthwise, &x, &w, &at);
    Cost c = impl_conv_depthwise.cost(p, t);
    c.seconds += blocks_enter_seconds(n->in[0], t);
    /* Blocks that are not full change their form element by element. */
    if (attr_int(n, "groups") % v != 0 && !blocks_are(n->in[0]))
        c.seconds += 3 * blocks_change_seconds(
                             lowering_elements(&n->in[0]->type) +
                                 lowering_elements(&n->type),
                             t);
    arena_free(a);
    return c;
}

static Node *expand(Blocks *k, Node *n)
{
    int64_t v = blocks_size(k->target, n->type.elem);
    Node *plain, *s = blocks_factors(n->in[1], 0, &plain), *w = plain;
    Dim d[MAX_RANK];
    Node *in[2];
    if (s)
        s = blocks_enter(k, s, 0, v);
    for (int i = 0; i < w->type.rank - 1; i++)
        d[i] = w->type.dim[i ? i + 1 : 0];
    w = blocks_enter(k, build_reshape(k->b, w, w->type.rank - 1, d), 0, v);
    in[0] = blocks_enter(k, n->in[0], 1, v);
    in[1] = s ? blocks_times(k, w, s, 0) : w;
    blocks_name(k, in[1], plain);
    Attrs at = blocks_attrs(k->b->module->arena, n, names, NAMES);
    Node *y = node_new(k->b, &op_conv_depthwise, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, 1, attr_int(n, "groups"));
}

const Impl impl_conv_by_depthwise = {
    .name = "depthwise",
    .doc = "one channel at a time, on blocks of channels",
    .applies = applies,
    .cost = cost,
    .expand = expand,
};
