/* matmul_blocked: a matrix product in register tiles. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    MatMul m = lowering_matmul(n);
    Kernel *k = kernel_new(e, n, "matmul");
    lowering_matmul_sizes(k, e, n);
    kernel_dim(k, "AI", m.ta ? dim_const(1) : m.k);
    kernel_dim(k, "AK", m.ta ? m.m : dim_const(1));
    kernel_dim(k, "BK", m.tb ? dim_const(1) : m.n);
    kernel_dim(k, "BJ", m.tb ? m.k : dim_const(1));
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    int axes[] = {n->type.rank - 2, 1, 1};
    kernel_groups(k, 3, axes);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    return lowering_cost(n, t, lowering_matmul_flops(n), 0.7, 0);
}

const Impl impl_matmul_blocked = {
    .name = "blocked",
    .doc = "register tiles",
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
