/* slice: elements start up to, not including, stop of every axis. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"

static Dim minus(Dim a, Dim b)
{
    return dim_add(a, (Dim){-b.k, -b.c});
}

/* a >= 0 for every run-time size, which is at least 1. */
static bool is_natural(Dim a)
{
    return a.k >= 0 && a.k + a.c >= 0;
}

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    Type t = *x;
    if (attr_len(n, "start") != x->rank || attr_len(n, "stop") != x->rank)
        return arena_printf(a, "start and stop need %d entries", x->rank);
    for (int i = 0; i < x->rank; i++) {
        Dim from = attr_dim(n, "start", i), to = attr_dim(n, "stop", i);
        Dim size = minus(to, from), rest = minus(x->dim[i], to);
        if (!is_natural(from) || !is_natural(size) || !is_natural(rest))
            return arena_printf(a,
                                "%s..%s is not within the size %s of axis "
                                "%d",
                                dim_text(a, from, "N"), dim_text(a, to, "N"),
                                dim_text(a, x->dim[i], "N"), i);
        if (dim_equal(size, dim_const(0)))
            return arena_printf(a, "%s..%s of axis %d is empty",
                                dim_text(a, from, "N"), dim_text(a, to, "N"),
                                i);
        t.dim[i] = size;
    }
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t index[MAX_RANK], start[MAX_RANK];
    for (int i = 0; i < x->rank; i++)
        start[i] = dim_at(attr_dim(c->node, "start", i), c->n);
    for (int64_t e = 0; e < c->out->count; e++) {
        tensor_index(c->out, e, index);
        for (int i = 0; i < x->rank; i++)
            index[i] += start[i];
        c->out->data[e] = x->data[tensor_place(x, index)];
    }
}

/* Zeros of the type of y but `size` along axis. */
static Node *zeros(Builder *b, const Type *y, int axis, Dim size)
{
    Type t = *y;
    t.dim[axis] = size;
    int64_t none = 0;
    return build_broadcast(b, node_const(b, y->elem, 0), &t, &none);
}

/* dy between what was cut off along axis, when a size is not constant: pad
 * takes numbers only. */
static Node *extend(Builder *b, Node *dy, int axis, Dim low, Dim high)
{
    const Type y = dy->type;
    const Dim none = dim_const(0);
    Node *parts[3];
    int count = 0;
    if (!dim_equal(low, none))
        parts[count++] = zeros(b, &y, axis, low);
    parts[count++] = dy;
    if (!dim_equal(high, none))
        parts[count++] = zeros(b, &y, axis, high);
    Attrs at = attrs_new(b->module->arena);
    attrs_int(&at, "axis", axis);
    return node_new(b, &op_concat, parts, count, &at);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    const Type *x = &n->in[0]->type;
    int64_t low[MAX_RANK] = {0}, high[MAX_RANK] = {0};
    bool padded = false;
    if (!need[0])
        return;
    for (int i = 0; i < x->rank; i++) {
        Dim from = attr_dim(n, "start", i);
        Dim rest = minus(x->dim[i], attr_dim(n, "stop", i));
        if (!dim_is_const(from) || !dim_is_const(rest)) {
            dy = extend(b, dy, i, from, rest);
            continue;
        }
        low[i] = from.c;
        high[i] = rest.c;
        padded = padded || low[i] || high[i];
    }
    Attrs at = attrs_new(b->module->arena);
    attrs_list(&at, "low", low, x->rank);
    attrs_list(&at, "high", high, x->rank);
    dx[0] = padded ? node_new(b, &op_pad, &dy, 1, &at) : dy;
}

const OpDef op_slice = {
    .sig = "slice(x: any[...], start: ?, stop: ?) -> any[...]",
    .doc = "Elements start up to, not including, stop of every axis.",
    .example = "%y = slice %x {start = (1, 0), stop = (3, 2)} : f32[2,2]  "
               "// %x: f32[4,2]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_slice},
};
