/* matmul_panels: the product with a matrix stored in panels of columns, as pass
 * panels makes it.
 *
 * w is [P, K, R]: column j of the matrix is w[j / R, :, j % R], which is
 * operator block on axis 0 of the transposed matrix. The result has `columns`
 * columns.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *w = &n->in[1]->type;
    int64_t columns = attr_int(n, "columns");
    for (int i = 0; i < 3; i++)
        if (!dim_is_const(w->dim[i]))
            return "panels have no run-time size";
    int64_t panels = w->dim[0].c, width = w->dim[2].c;
    if (columns < 1 || (columns + width - 1) / width != panels)
        return arena_printf(
            a, "%" PRId64 " columns do not fill %" PRId64 " panels of %" PRId64,
            columns, panels, width);
    Type t = *x;
    t.bound = 0;
    t.dim[1] = dim_const(columns);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0], *w = c->in[1];
    int64_t depth = x->dim[1], width = w->dim[2];
    for (int64_t i = 0; i < c->out->dim[0]; i++)
        for (int64_t j = 0; j < c->out->dim[1]; j++) {
            const double *panel = w->data + j / width * depth * width;
            double sum = 0;
            for (int64_t k = 0; k < depth; k++)
                sum += x->data[i * depth + k] * panel[k * width + j % width];
            c->out->data[i * c->out->dim[1] + j] = sum;
        }
}

const OpDef op_matmul_panels = {
    .sig = "matmul_panels(x: [M,K], w: [P,K,R], columns: ?) -> [M,N]",
    .doc = "Product with a matrix stored in panels of R columns.",
    .example = "%y = matmul_panels %x, %w {columns = 5} : f32[2,5]  "
               "// %x: f32[2,3], %w: f32[2,3,4]",
    .traits = OP_LINEAR | OP_LATE,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_matmul_panels, &impl_matmul_bf16x6, &impl_matmul_bf16x3},
};
