/* matmul_blas: cblas_sgemm or cblas_dgemm, one call for each matrix.
 *
 * Chosen only with --blas: the selection leaves it out otherwise.
 */
#include "../lowering.h"

static bool applies(const Node *n, const Target *t)
{
    (void)t;
    return n->type.elem == ELEM_F32 || n->type.elem == ELEM_F64;
}

static void lower(Emit *e, const Node *n)
{
    MatMul m = lowering_matmul(n);
    Kernel *k = kernel_new(e, n, "matmul_blas");
    lowering_matmul_sizes(k, e, n);
    kernel_text(k, "GEMM", "%s",
                n->type.elem == ELEM_F32 ? "cblas_sgemm" : "cblas_dgemm");
    kernel_text(k, "TRANS_A", m.ta ? "CblasTrans" : "CblasNoTrans");
    kernel_text(k, "TRANS_B", m.tb ? "CblasTrans" : "CblasNoTrans");
    kernel_dim(k, "LDA", m.ta ? m.m : m.k);
    kernel_dim(k, "LDB", m.tb ? m.k : m.n);
    kernel_arg(k, n->in[0]);
    kernel_arg(k, n->in[1]);
    kernel_out(k);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double flops = lowering_matmul_flops(n);
    return lowering_cost(n, t, flops, flops / t->vector_bytes * 1.2, 0);
}

const Impl impl_matmul_blas = {
    .name = "blas",
    .doc = "cblas_sgemm or cblas_dgemm",
    .applies = applies,
    .cost = cost,
    .lower = lower,
    .wins = true,
};
