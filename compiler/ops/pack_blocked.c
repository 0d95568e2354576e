/* pack_blocked: the weights of a convolution as conv_blocked reads them.
 *
 * w is [O,C,..] or, order = io, [C,O,..]; the result is [ceil(O/v), ceil(C/xv),
 * .., xv, v], both channel axes cut into blocks as by operator block: input
 * channels first, then output channels. Places beyond an axis are 0.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include <string.h>

static bool is_swapped(const Node *n)
{
    return strcmp(attr_sym(n, "order"), "io") == 0;
}

static Dim blocks(Dim channels, int64_t size)
{
    return dim_const((channels.c + size - 1) / size);
}

static const char *shape(Arena *a, Node *n)
{
    const Type *w = &n->in[0]->type;
    int64_t xv = attr_int(n, "xv"), v = attr_int(n, "v");
    bool io = is_swapped(n);
    if (w->rank < 2 || w->rank + 2 > MAX_RANK)
        return arena_printf(a, "weights of rank %d cannot be blocked",
                            w->rank);
    if (xv < 1 || v < 1)
        return "blocks have at least one channel";
    for (int i = 0; i < w->rank; i++)
        if (!dim_is_const(w->dim[i]))
            return "weights do not depend on the run-time size";
    Type t = *w;
    t.dim[0] = blocks(w->dim[io ? 1 : 0], v);
    t.dim[1] = blocks(w->dim[io ? 0 : 1], xv);
    t.dim[t.rank++] = dim_const(xv);
    t.dim[t.rank++] = dim_const(v);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *w = c->in[0];
    int64_t xv = attr_int(c->node, "xv"), v = attr_int(c->node, "v");
    int64_t to[MAX_RANK];
    bool io = is_swapped(c->node);
    for (int64_t e = 0; e < w->count; e++) {
        tensor_index(w, e, to);
        int64_t o = to[io ? 1 : 0], i = to[io ? 0 : 1];
        to[0] = o / v;
        to[1] = i / xv;
        to[w->rank] = i % xv;
        to[w->rank + 1] = o % v;
        c->out->data[tensor_place(c->out, to)] = w->data[e];
    }
}

const OpDef op_pack_blocked = {
    .sig = "pack_blocked(w: [...], xv: ?, v: ?, order = oi) -> [...]",
    .doc = "Weights of a convolution in blocks of channels.",
    .example = "%y = pack_blocked %w {xv = 1, v = 4} : f32[2,3,3,3,1,4]  "
               "// %w: f32[6,3,3,3]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_pack_blocked},
};
