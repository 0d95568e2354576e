/* normalize: three sweeps over each row: mean, variance, quotient. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    const Type *t = &n->type;
    int count = (int)attr_int(n, "axes"), kept = t->rank - count;
    Dim columns = lowering_product(t->dim + kept, count);
    int groups[] = {kept, count};
    Kernel *k = kernel_new(e, n, "normalize");
    lowering_count(k, e, "ROWS", t->dim, kept);
    kernel_dim(k, "COLS", columns);
    lowering_row_lanes(k, columns);
    kernel_real(k, "EPS", attr_real(n, "eps"));
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_groups(k, 2, groups);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double elements = lowering_elements(&n->type);
    return lowering_cost(n, t, 8 * elements, 3 * elements, 0);
}

const Impl impl_normalize = {
    .name = "loop",
    .doc = "three sweeps over each row",
    .cost = cost,
    .lower = lower,
    .split = split_rows,
    .takes_epilogue = true,
};
