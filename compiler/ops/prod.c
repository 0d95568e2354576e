/* prod: the product over some axes, which go away.
 *
 * The gradient of each element is the product of the others, made of products
 * of all before it and all after it, never by division: it is right when
 * elements are 0, and so is the gradient of the gradient. Both are running
 * products by doubling (Hillis, Steele, "Data parallel algorithms", 1986).
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    uint32_t mask = shape_mask(c->node);
    for (int64_t e = 0; e < c->out->count; e++)
        c->out->data[e] = 1;
    for (int64_t e = 0; e < x->count; e++)
        c->out->data[tensor_reduced(x, mask, e)] *= x->data[e];
}

/* x moved by `by` places along the last axis, ones moving in: place i holds
 * what place i - by held, or i + by when back. */
static Node *moved(Builder *b, Node *x, int64_t by, bool back)
{
    const Type t = x->type;
    int last = t.rank - 1;
    int64_t low[MAX_RANK] = {0}, high[MAX_RANK] = {0};
    Dim start[MAX_RANK], stop[MAX_RANK];
    for (int i = 0; i < t.rank; i++) {
        start[i] = dim_const(0);
        stop[i] = t.dim[i];
    }
    if (back) {
        start[last] = dim_const(by);
        stop[last] = dim_add(t.dim[last], start[last]);
    }
    (back ? high : low)[last] = by;
    Attrs grow = attrs_new(b->module->arena);
    Attrs cut = attrs_new(b->module->arena);
    attrs_list(&grow, "low", low, t.rank);
    attrs_list(&grow, "high", high, t.rank);
    attrs_real(&grow, "value", 1);
    attrs_dims(&cut, "start", start, t.rank);
    attrs_dims(&cut, "stop", stop, t.rank);
    x = node_new(b, &op_pad, &x, 1, &grow);
    return node_new(b, &op_slice, &x, 1, &cut);
}

/* For each place of the last axis, the product of all before it (after). */
static Node *before(Builder *b, Node *x, bool after)
{
    Dim size = x->type.dim[x->type.rank - 1];
    int64_t most = dim_at(size, b->module->bound);
    Node *p = moved(b, x, 1, after);
    for (int64_t width = 1; width < most - 1; width *= 2)
        p = build2(b, &op_mul, p, moved(b, p, width, after));
    return p;
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    uint32_t mask = shape_mask(n);
    if (!need[0])
        return;
    dx[0] = dy;
    if (mask == 0)
        return;
    Node *x = shape_to_last(b, n->in[0], mask);
    Node *others = build2(b, &op_mul, before(b, x, false), before(b, x, true));
    Node *g = build2(b, &op_mul, others, shape_along_last(b, dy, &x->type));
    dx[0] = shape_from_last(b, g, &n->in[0]->type, mask);
}

const OpDef op_prod = {
    .sig = "prod(x: [...], axes: ?) -> [...]",
    .doc = "The product over the axes, which go away.",
    .example = "%y = prod %x {axes = (1)} : f32[2]  // %x: f32[2,3]",
    .shape = shape_reduce,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_reduce},
};
