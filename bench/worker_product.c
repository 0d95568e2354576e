/* A product of matrices, [ROWS,DEPTH] x [DEPTH,COLUMNS]: worker_product A B,
 * both raw.
 *
 * -DROWS= -DCOLUMNS= -DDEPTH=. With -DHEADER='"product.h"' that of generated C,
 * a model `product` with inputs a and b; otherwise that of the BLAS it is
 * linked with.
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
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, ROWS, COLUMNS, DEPTH,
                1, a, DEPTH, b, COLUMNS, 0, y, COLUMNS);
}
#endif

void worker_setup(int argc, char **argv)
{
    worker_check(argc == 3, "usage: worker_product A B");
    a = worker_read(argv[1], (size_t)ROWS * DEPTH * sizeof *a);
    b = worker_read(argv[2], (size_t)DEPTH * COLUMNS * sizeof *b);
    y = worker_alloc((size_t)ROWS * COLUMNS * sizeof *y);
    setup();
}

const void *worker_result(size_t *bytes)
{
    *bytes = (size_t)ROWS * COLUMNS * sizeof *y;
    return y;
}
