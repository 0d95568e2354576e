/* unblock: the last axis goes back behind the blocks of `axis`, of which the
 * first `count` places are kept: [N,B,H,W,size] -> [N,count,H,W] for axis 1.
 * The inverse of block.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    int64_t axis = attr_int(n, "axis"), count = attr_int(n, "count");
    if (axis < 0 || axis >= x->rank - 1)
        return arena_printf(a, "axis %" PRId64 " of %s has no blocks", axis,
                            type_text(a, x, "N"));
    Dim blocks = x->dim[axis], size = x->dim[x->rank - 1];
    if (!dim_is_const(blocks) || !dim_is_const(size) || count < 1 ||
        (count + size.c - 1) / size.c != blocks.c)
        return arena_printf(a, "%" PRId64 " places are not %s blocks of %s",
                            count, dim_text(a, blocks, "N"),
                            dim_text(a, size, "N"));
    Type t = *x;
    t.bound = 0;
    t.rank--;
    t.dim[axis] = dim_const(count);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int axis = (int)attr_int(c->node, "axis");
    int64_t size = x->dim[x->rank - 1], from[MAX_RANK];
    for (int64_t e = 0; e < c->out->count; e++) {
        tensor_index(c->out, e, from);
        from[x->rank - 1] = from[axis] % size;
        from[axis] /= size;
        c->out->data[e] = x->data[tensor_place(x, from)];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    const Type *x = &n->in[0]->type;
    Attrs at = attrs_new(b->module->arena);
    attrs_int(&at, "axis", attr_int(n, "axis"));
    attrs_int(&at, "size", x->dim[x->rank - 1].c);
    if (need[0])
        dx[0] = node_new(b, &op_block, &dy, 1, &at);
}

const OpDef op_unblock = {
    .sig = "unblock(x: any[...], axis: ?, count: ?) -> any[...]",
    .doc = "x with its last axis put back behind the blocks of an axis.",
    .example = "%y = unblock %x {axis = 1, count = 6} : f32[2,6,3]  "
               "// %x: f32[2,2,3,4]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_unblock},
};
