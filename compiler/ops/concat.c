/* concat: arrays one after the other along an axis. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"

static const char *fits(Arena *a, const Type *x, const Type *y, int axis)
{
    bool same = x->elem == y->elem && x->rank == y->rank;
    for (int i = 0; same && i < x->rank; i++)
        same = i == axis || dim_equal(x->dim[i], y->dim[i]);
    if (same)
        return NULL;
    return arena_printf(a, "%s cannot follow %s along axis %d",
                        type_text(a, y, "N"), type_text(a, x, "N"), axis);
}

static const char *shape(Arena *a, Node *n)
{
    Type t = n->in[0]->type;
    int axis = (int)attr_int(n, "axis");
    if (axis < 0 || axis >= t.rank)
        return arena_printf(a, "there is no axis %d in %s", axis,
                            type_text(a, &t, "N"));
    for (int i = 1; i < shape_own(n); i++) {
        const Type *y = &n->in[i]->type;
        const char *error = fits(a, &n->in[0]->type, y, axis);
        if (error)
            return error;
        t.dim[axis] = dim_add(t.dim[axis], y->dim[axis]);
        if (y->bound > t.bound || y->bound == 0)
            t.bound = t.bound ? y->bound : 0;
    }
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    int64_t at = 0, index[MAX_RANK];
    int axis = (int)attr_int(c->node, "axis");
    for (int k = 0; k < shape_own(c->node); k++) {
        const Tensor *x = c->in[k];
        for (int64_t e = 0; e < x->count; e++) {
            tensor_index(x, e, index);
            index[axis] += at;
            c->out->data[tensor_place(c->out, index)] = x->data[e];
        }
        at += x->dim[axis];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    int axis = (int)attr_int(n, "axis"), rank = n->type.rank;
    Dim start[MAX_RANK], stop[MAX_RANK], at = dim_const(0);
    for (int i = 0; i < rank; i++) {
        start[i] = dim_const(0);
        stop[i] = n->type.dim[i];
    }
    for (int k = 0; k < n->nin; k++) {
        start[axis] = at;
        at = stop[axis] = dim_add(at, n->in[k]->type.dim[axis]);
        if (!need[k])
            continue;
        Attrs cut = attrs_new(b->module->arena);
        attrs_dims(&cut, "start", start, rank);
        attrs_dims(&cut, "stop", stop, rank);
        dx[k] = node_new(b, &op_slice, &dy, 1, &cut);
    }
}

const OpDef op_concat = {
    .sig = "concat(xs...: any[...], axis: ?) -> any[...]",
    .doc = "Arrays one after the other along an axis.",
    .example = "%z = concat %x, %y {axis = 1} : f32[2,5]  "
               "// %x: f32[2,3], %y: f32[2,2]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_concat},
};
