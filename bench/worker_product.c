/* A product of matrices, [PRODUCT_M,PRODUCT_K] x [PRODUCT_K,PRODUCT_N]:
 * worker_product A B, both raw.
 *
 * -DPRODUCT_M= -DPRODUCT_N= -DPRODUCT_K=. With -DHEADER='"product.h"' that of
 * generated C, a model `product` with inputs a and b; otherwise that of the
 * BLAS it is linked with.
 */
#include "worker.h"

static const float *a, *b;
static float *y;

#ifdef HEADER
#include HEADER
static void *workspace;

static void setup(void)
{
    workspace = worker_alloc(PRODUCT_INFER_WORKSPACE_BYTES);
}

void worker_run(void)
{
    worker_check(product_infer(a, b, y, workspace) == 0, "infer failed");
}
#else
#include <cblas.h>
void openblas_set_num_threads(int threads);

static void setup(void)
{
    openblas_set_num_threads(1);
}

void worker_run(void)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, PRODUCT_M, PRODUCT_N,
                PRODUCT_K, 1, a, PRODUCT_K, b, PRODUCT_N, 0, y, PRODUCT_N);
}
#endif

void worker_setup(int argc, char **argv)
{
    worker_check(argc == 3, "usage: worker_product A B");
    a = worker_read(argv[1], (size_t)PRODUCT_M * PRODUCT_K * sizeof *a);
    b = worker_read(argv[2], (size_t)PRODUCT_K * PRODUCT_N * sizeof *b);
    y = worker_alloc((size_t)PRODUCT_M * PRODUCT_N * sizeof *y);
    setup();
}

const void *worker_result(size_t *bytes)
{
    *bytes = (size_t)PRODUCT_M * PRODUCT_N * sizeof *y;
    return y;
}
