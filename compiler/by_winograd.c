/* A convolution of a small square window as conv_winograd, on blocks of
 * channels, in tiles of cells x cells. One of stride s is one of stride 1 on
 * the s*s phases of its input (operator phases), its window as many times
 * smaller.
 */
#include "by_winograd.h"
#include "impl_list.h"
#include "lowering.h"
#include "op_list.h"
#include "winograd.h"

/* The convolution that is computed: of the phases of the input, when these are
 * more than one a side; in tiles of m x m results from side x side cells, side
 * 0 when there are none. */
typedef struct Inner {
    int64_t phases, stride, size, channels, m;
    int side;
} Inner;

/* Tiles of 4 cells are for stride 2, too. */
static Inner inner_of(const Conv *c, int cells)
{
    enum { FEWEST = 3 }; /* smaller windows of phases gain little */
    const WindowAxis *a = &c->window.ax[0];
    Inner i = {.phases = 1,
               .stride = a->stride,
               .size = a->size,
               .channels = c->channels.c};
    i.m = i.stride == 2 && cells == 4 ? 2 : cells - i.size + 1;
    i.side = winograd_side(i.m, i.size, i.stride);
    int64_t size = ceil_div(a->size, a->stride);
    if (i.side > 0 || i.stride == 1 || size < FEWEST || c->groups > 1)
        return i;
    i.phases = i.stride;
    i.stride = 1;
    i.size = size;
    i.channels *= i.phases * i.phases;
    i.m = cells - i.size + 1;
    i.side = winograd_side(i.m, i.size, i.stride);
    return i;
}

static bool fits(const Conv *c, int cells)
{
    const WindowAxis *h = &c->window.ax[0], *w = &c->window.ax[1];
    return h->size == w->size && h->stride == w->stride && h->dilate == 1 &&
           w->dilate == 1 && h->spread == 1 && w->spread == 1 &&
           inner_of(c, cells).side > 0;
}

bool by_winograd_applies(const Node *n, const Target *t, int cells)
{
    Conv c = lowering_conv(n);
    if (n->type.elem == ELEM_C128 || c.x_cn || c.y_cn || n->type.rank != 4 ||
        !dim_is_const(c.channels) || !dim_is_const(c.outputs) ||
        !fits(&c, cells))
        return false;
    int64_t v = blocks_size(t, n->type.elem);
    return v > 0 && (c.groups == 1 ||
                     (c.group_outputs.c % v == 0 && c.channels.c % v == 0));
}

static Attrs attrs_of(Arena *a, const Node *n, const Inner *i, int64_t v)
{
    static const char *const names[] = {"low", "high", "groups"};
    enum { NAMES = sizeof names / sizeof *names };
    Attrs at = i->phases > 1 ? attrs_new(a) : blocks_attrs(a, n, names, NAMES);
    attrs_int(&at, "m", i->m);
    if (i->size != 3)
        attrs_int(&at, "size", i->size);
    if (i->stride != 1)
        attrs_int(&at, "stride", i->stride);
    if (i->channels % v != 0)
        attrs_int(&at, "spare", v - i->channels % v);
    return at;
}

/* ---- phases ---- */

static Attrs phases_attrs(Arena *a, const Conv *c, const Inner *i, int64_t v)
{
    const WindowAxis *ax = c->window.ax;
    int64_t low[] = {ax[0].low, ax[1].low};
    const Dim shape[] = {dim_const(ax[0].out + i->size - 1),
                         dim_const(ax[1].out + i->size - 1)};
    Attrs at = attrs_new(a);
    attrs_int(&at, "stride", i->phases);
    attrs_list(&at, "low", low, 2);
    attrs_dims(&at, "shape", shape, 2);
    attrs_int(&at, "v", v);
    return at;
}

static Node *phases_of(Blocks *k, Node *x, const Conv *c, const Inner *i,
                       int64_t v)
{
    Attrs at = phases_attrs(k->b->module->arena, c, i, v);
    Node *y = node_new(k->b, &op_phases, &x, 1, &at);
    Node *known = values_find(k->made, y);
    if (!known)
        values_add(k->made, y);
    return known ? known : y;
}

/* w [O,C,K,K] as [O,C*s*s,R,R], K up to R*s with zeros; with w_io the first two
 * axes are the other way round. */
static Node *phases_of_weights(Blocks *k, Node *w, const Conv *c,
                               const Inner *i)
{
    static const int64_t oi[] = {0, 1, 3, 5, 2, 4}, io[] = {0, 3, 5, 1, 2, 4};
    int64_t more = i->size * i->phases - c->window.ax[0].size;
    if (more > 0) {
        const int64_t low[4] = {0}, high[] = {0, 0, more, more};
        Attrs pad = attrs_new(k->b->module->arena);
        attrs_list(&pad, "low", low, 4);
        attrs_list(&pad, "high", high, 4);
        w = node_new(k->b, &op_pad, &w, 1, &pad);
    }
    Dim s = dim_const(i->phases), r = dim_const(i->size);
    const Dim apart[] = {w->type.dim[0], w->type.dim[1], r, s, r, s};
    w = build_reshape(k->b, w, 6, apart);
    w = build_transpose(k->b, w, c->w_io ? io : oi);
    Dim d[] = {w->type.dim[0], w->type.dim[1], r, r};
    d[c->w_io ? 0 : 1] = dim_const(i->channels);
    if (c->w_io)
        d[1] = c->outputs;
    return build_reshape(k->b, w, 4, d);
}

/* A factor of each output channel ends the packing loop. */
static Node *pack_phases(Blocks *k, Node *w, const Conv *c, const Inner *i,
                         int64_t v, const Attrs *pack)
{
    Node *plain, *s = blocks_factors(w, c->w_io ? 1 : 0, &plain);
    if (s)
        s = blocks_enter(k, s, 0, v);
    Node *y = phases_of_weights(k, plain, c, i);
    y = node_new(k->b, &op_pack_winograd, &y, 1, pack);
    return blocks_name(k, s ? blocks_times(k, y, s, 0) : y, plain);
}

/* ---- costs and the rewriting ---- */

/* Of what goes before the convolution. */
static double enter_seconds(Arena *a, const Node *n, const Conv *c,
                            const Inner *i, const Target *t, int64_t v)
{
    Node *x = n->in[0];
    if (i->phases == 1)
        return blocks_enter_seconds(x, t);
    Attrs at = phases_attrs(a, c, i, v);
    Node *p = node_blank(a, &op_phases, &x, 1, &at);
    const char *error = op_infer(a, p);
    if (error)
        internal_error("phases: %s", error);
    double leave = 0;
    if (blocks_are(x))
        leave = blocks_change_seconds(lowering_elements(&x->type), t);
    return impl_phases.cost(p, t).seconds + leave;
}

Cost by_winograd_cost(const Node *n, const Target *t, int cells)
{
    Arena *a = arena_new();
    Conv c = lowering_conv(n);
    Inner i = inner_of(&c, cells);
    int64_t v = blocks_size(t, n->type.elem);
    int64_t cb = ceil_div(i.channels, v), ob = ceil_div(c.outputs.c, v);
    Dim x[] = {n->in[0]->type.dim[0], dim_const(cb * c.groups),
               n->in[0]->type.dim[2], n->in[0]->type.dim[3], dim_const(v)};
    for (int k = 0; k < 2 && i.phases > 1; k++)
        x[2 + k] = dim_const(c.window.ax[k].out + i.size - 1);
    int q = winograd_weights_side(i.side);
    Dim u[] = {dim_const(ob), dim_const(q * q), dim_const(cb * v),
               dim_const(v)};
    Type xt = type_of(n->type.elem, 5, x), ut = type_of(n->type.elem, 4, u);
    Attrs at = attrs_of(a, n, &i, v);
    Node *p = blocks_pretend(a, &op_conv_winograd, &xt, &ut, &at);
    Cost cost = impl_conv_winograd.cost(p, t);
    cost.seconds += enter_seconds(a, n, &c, &i, t, v);
    arena_free(a);
    return cost;
}

Node *by_winograd_expand(Blocks *k, Node *n, int cells)
{
    Conv c = lowering_conv(n);
    Inner i = inner_of(&c, cells);
    int64_t v = blocks_size(k->target, n->type.elem);
    Attrs pack = attrs_new(k->b->module->arena);
    attrs_int(&pack, "m", i.m);
    attrs_int(&pack, "v", v);
    if (i.stride != 1)
        attrs_int(&pack, "stride", i.stride);
    if (c.w_io)
        attrs_sym(&pack, "w", "io");
    Node *in[2];
    if (i.phases > 1) {
        in[0] = phases_of(k, n->in[0], &c, &i, v);
        in[1] = pack_phases(k, n->in[1], &c, &i, v, &pack);
    } else {
        in[0] = blocks_enter(k, n->in[0], 1, v);
        in[1] = blocks_pack(k, &op_pack_winograd, n->in[1], c.w_io ? 1 : 0, 0,
                            v, &pack);
    }
    Attrs at = attrs_of(k->b->module->arena, n, &i, v);
    Node *y = node_new(k->b, &op_conv_winograd, in, 2, &at);
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, 1, c.outputs.c);
}
