/* pad: cells of one value added before and after every axis. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    Type t = *x;
    if (attr_len(n, "low") != x->rank || attr_len(n, "high") != x->rank)
        return arena_printf(a, "low and high need %d entries", x->rank);
    for (int i = 0; i < x->rank; i++) {
        int64_t low = attr_list(n, "low", i), high = attr_list(n, "high", i);
        if (low < 0 || high < 0)
            return arena_printf(a, "padding %" PRId64 " is negative",
                                low < 0 ? low : high);
        t.dim[i] = dim_add(x->dim[i], dim_const(low + high));
    }
    t.bound = 0;
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t index[MAX_RANK], low[MAX_RANK];
    double value = attr_real(c->node, "value");
    for (int i = 0; i < x->rank; i++)
        low[i] = attr_list(c->node, "low", i);
    for (int64_t e = 0; e < c->out->count; e++)
        c->out->data[e] = value;
    for (int64_t e = 0; e < x->count; e++) {
        tensor_index(x, e, index);
        for (int i = 0; i < x->rank; i++)
            index[i] += low[i];
        c->out->data[tensor_place(c->out, index)] = x->data[e];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    const Type *x = &n->in[0]->type;
    Dim start[MAX_RANK], stop[MAX_RANK];
    for (int i = 0; i < x->rank; i++) {
        start[i] = dim_const(attr_list(n, "low", i));
        stop[i] = dim_add(start[i], x->dim[i]);
    }
    Attrs at = attrs_new(b->module->arena);
    attrs_dims(&at, "start", start, x->rank);
    attrs_dims(&at, "stop", stop, x->rank);
    if (need[0])
        dx[0] = node_new(b, &op_slice, &dy, 1, &at);
}

const OpDef op_pad = {
    .sig = "pad(x: any[...], low: ?, high: ?, value = 0.0) -> any[...]",
    .doc = "x with cells of one value added before and after every axis.",
    .example = "%y = pad %x {low = (1, 0), high = (1, 2)} : f32[4,4]  "
               "// %x: f32[2,2]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_pad},
};
