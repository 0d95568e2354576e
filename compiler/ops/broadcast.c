/* broadcast: axis i of x becomes axis axes[i] of the result, the others
 * repeat.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    int rank = attr_len(n, "shape");
    Dim d[MAX_RANK];
    if (rank > MAX_RANK)
        return arena_printf(a, "a shape has at most %d axes", MAX_RANK);
    if (attr_len(n, "axes") != x->rank)
        return arena_printf(a, "axes has %d entries for %d axes",
                            attr_len(n, "axes"), x->rank);
    for (int i = 0; i < rank; i++)
        d[i] = attr_dim(n, "shape", i);
    for (int i = 0, last = -1; i < x->rank; i++) {
        int64_t axis = attr_list(n, "axes", i);
        if (axis <= last || axis >= rank)
            return arena_printf(a, "axes must increase and stay below %d",
                                rank);
        if (!dim_equal(x->dim[i], d[axis]))
            return arena_printf(a, "size %s does not repeat to size %s",
                                dim_text(a, x->dim[i], "N"),
                                dim_text(a, d[axis], "N"));
        last = (int)axis;
    }
    Type t = type_of(x->elem, rank, d);
    t.bound = x->bound;
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t to[MAX_RANK], from[MAX_RANK], axes[MAX_RANK];
    for (int i = 0; i < x->rank; i++)
        axes[i] = attr_list(c->node, "axes", i);
    for (int64_t e = 0; e < c->out->count; e++) {
        tensor_index(c->out, e, to);
        for (int i = 0; i < x->rank; i++)
            from[i] = to[axes[i]];
        c->out->data[e] = x->data[tensor_place(x, from)];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    int rank = n->in[0]->type.rank, count = 0, k = 0;
    int64_t repeated[MAX_RANK];
    for (int i = 0; i < n->type.rank; i++)
        if (k < rank && attr_list(n, "axes", k) == i)
            k++;
        else
            repeated[count++] = i;
    if (need[0])
        dx[0] = count ? build_sum(b, dy, repeated, count) : dy;
}

const OpDef op_broadcast = {
    .sig = "broadcast(x: any[...], shape: ?, axes: ?) -> any[...]",
    .doc = "x repeated: axis i becomes axis axes[i] of the given shape.",
    .example = "%y = broadcast %x {shape = (3, 2), axes = (0)} : f32[3,2]  "
               "// %x: f32[3]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_map},
};
