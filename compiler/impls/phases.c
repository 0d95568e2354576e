/* phases: row by row, lanes of neighbouring cells together. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    const Type *x = &n->in[0]->type;
    Kernel *k = kernel_new(e, n, "phases");
    kernel_dim(k, "B", n->type.dim[0]);
    kernel_int(k, "C", x->dim[1].c);
    kernel_int(k, "H", x->dim[2].c);
    kernel_int(k, "W", x->dim[3].c);
    int64_t s = attr_int(n, "stride"), size = n->type.dim[4].c;
    kernel_int(k, "S", s);
    kernel_int(k, "JOIN", size % s == 0 ? s : 1);
    kernel_int(k, "LH", attr_list(n, "low", 0));
    kernel_int(k, "LW", attr_list(n, "low", 1));
    kernel_int(k, "BLOCKS", n->type.dim[1].c);
    kernel_int(k, "OH", n->type.dim[2].c);
    kernel_int(k, "OW", n->type.dim[3].c);
    kernel_int(k, "SIZE", size);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double elements = lowering_elements(&n->type);
    return lowering_cost(n, t, 0, 1.2 * elements, 0);
}

const Impl impl_phases = {
    .name = "loop",
    .doc = "a loop over rows and lanes, neighbours together",
    .cost = cost,
    .lower = lower,
    .split = split_rows,
};
