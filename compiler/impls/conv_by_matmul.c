/* conv_by_matmul: with windows of one place the convolution of one plain image
 * is a product, weights [O, C] times places [C, P].
 */
#include "../layout.h"
#include "../lowering.h"
#include "impl_list.h"
#include "op_list.h"

static bool is_one_place(const WindowAxis *a)
{
    return a->size == 1 && a->stride == 1 && a->spread == 1 && a->low == 0 &&
           a->in == a->out;
}

static bool applies(const Node *n, const Target *t)
{
    Conv c = lowering_conv(n);
    (void)t;
    return n->type.elem != ELEM_C128 && !c.x_cn && !c.y_cn && c.groups == 1 &&
           dim_equal(c.batch, dim_const(1)) && dim_is_const(c.channels) &&
           dim_is_const(c.outputs) && is_one_place(&c.window.ax[0]) &&
           is_one_place(&c.window.ax[1]);
}

/* The product's operands as they lie: two axes each. */
static void sizes(const Conv *c, Dim w[2], Dim x[2])
{
    Dim places = dim_const(c->window.ax[0].in * c->window.ax[1].in);
    w[c->w_io] = c->outputs;
    w[!c->w_io] = c->channels;
    x[0] = c->channels;
    x[1] = places;
}

static Attrs attributes(Arena *a, const Conv *c)
{
    Attrs at = attrs_new(a);
    if (c->w_io)
        attrs_sym(&at, "a", "t");
    return at;
}

static Cost cost(const Node *n, const Target *t)
{
    Arena *a = arena_new();
    Conv c = lowering_conv(n);
    Dim wd[2], xd[2];
    sizes(&c, wd, xd);
    Type w = type_of(n->type.elem, 2, wd), x = type_of(n->type.elem, 2, xd);
    Attrs at = attributes(a, &c);
    Node *p = blocks_pretend(a, &op_matmul, &w, &x, &at);
    Cost cost = impl_matmul_blocked.cost(p, t);
    /* Measured on 21 shapes: long sums go through many pages of x. */
    if (!matmul_ahead(p, t))
        cost.seconds *= c.channels.c > 400 ? 1.15 : 0.93;
    arena_free(a);
    return cost;
}

static Node *expand(Blocks *k, Node *n)
{
    Conv c = lowering_conv(n);
    Dim w[2], x[2];
    sizes(&c, w, x);
    Node *in[] = {build_reshape(k->b, n->in[1], 2, w),
                  build_reshape(k->b, n->in[0], 2, x)};
    Attrs at = attributes(k->b->module->arena, &c);
    Node *y = node_new(k->b, &op_matmul, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return build_reshape(k->b, y, n->type.rank, n->type.dim);
}

const Impl impl_conv_by_matmul = {
    .name = "matmul",
    .doc = "windows of one place: a matrix product, on plain arrays",
    .applies = applies,
    .cost = cost,
    .expand = expand,
    .plain = true,
};
