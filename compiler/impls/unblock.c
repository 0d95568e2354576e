/* unblock: squares of elements turned in registers. */
#include "../lowering.h"

/* Places and elements of a square, 0 where none fits. */
static int square(const Node *n, const Target *t)
{
    const Type *x = &n->in[0]->type;
    int64_t size = x->dim[x->rank - 1].c, inner = 1;
    int bytes = elem_bytes(x->elem), lanes = t->vector_bytes / bytes;
    int side = lanes >= 8 ? 8 : 4;
    for (int i = (int)attr_int(n, "axis") + 1; i < n->type.rank; i++)
        inner *= n->type.dim[i].c;
    bool real = x->elem == ELEM_F32 || x->elem == ELEM_F64;
    return real && lanes >= side && size % side == 0 && inner >= side ? side
                                                                      : 0;
}

static void lower(Emit *e, const Node *n)
{
    Kernel *k = kernel_new(e, n, "unblock");
    lowering_blocks(k, e, n, &n->type, &n->in[0]->type);
    kernel_int(k, "TURN", square(n, emit_options(e)->target));
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

static Split split(const Node *n, const Target *t)
{
    return split_blocks(n, &n->in[0]->type, t);
}

const Impl impl_unblock = {
    .name = "loop",
    .doc = "a loop over blocks, in squares",
    .lower = lower,
    .split = split,
};
