/* transpose: axis i of the result is axis perm[i] of x. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    Type t = *x;
    uint32_t seen = 0;
    if (attr_len(n, "perm") != x->rank)
        return arena_printf(a, "perm has %d entries for %d axes",
                            attr_len(n, "perm"), x->rank);
    for (int i = 0; i < x->rank; i++) {
        int64_t axis = attr_list(n, "perm", i);
        if (axis < 0 || axis >= x->rank || (seen >> axis & 1))
            return arena_printf(a, "perm is not an order of %d axes", x->rank);
        seen |= 1u << axis;
        t.dim[i] = x->dim[axis];
    }
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t to[MAX_RANK], from[MAX_RANK], perm[MAX_RANK];
    for (int i = 0; i < x->rank; i++)
        perm[i] = attr_list(c->node, "perm", i);
    for (int64_t e = 0; e < c->out->count; e++) {
        tensor_index(c->out, e, to);
        for (int i = 0; i < x->rank; i++)
            from[perm[i]] = to[i];
        c->out->data[e] = x->data[tensor_place(x, from)];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    int64_t inverse[MAX_RANK];
    for (int i = 0; i < n->type.rank; i++)
        inverse[attr_list(n, "perm", i)] = i;
    if (need[0])
        dx[0] = build_transpose(b, dy, inverse);
}

const OpDef op_transpose = {
    .sig = "transpose(x: any[...], perm: ?) -> any[...]",
    .doc = "x with its axes in another order: axis i is axis perm[i] of x.",
    .example = "%y = transpose %x {perm = (1, 0)} : f32[3,2]  "
               "// %x: f32[2,3]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_transpose},
};
