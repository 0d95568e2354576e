/* scatter_add: rows of u added up by an index: what gather's gradient is. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *index = &n->in[0]->type, *u = &n->in[1]->type;
    Dim d[MAX_RANK + 1], rows = shape_size(n, "rows");
    if (u->rank < index->rank)
        return arena_printf(a, "%d axes of rows for %d axes of index", u->rank,
                            index->rank);
    for (int i = 0; i < index->rank; i++)
        if (!dim_equal(index->dim[i], u->dim[i]))
            return arena_printf(a, "%s rows for %s indices along axis %d",
                                dim_text(a, u->dim[i], "N"),
                                dim_text(a, index->dim[i], "N"), i);
    if (u->rank - index->rank >= MAX_RANK)
        return "the result would have too many axes";
    if (rows.k < 0 || rows.k + rows.c < 1)
        return arena_printf(a, "rows = %s is not a size",
                            dim_text(a, rows, "N"));
    if (dim_is_const(rows) && index->bound > rows.c)
        return arena_printf(a, "an index below %d does not fit %d rows",
                            (int)index->bound, (int)rows.c);
    int rank = 0;
    d[rank++] = rows;
    for (int i = index->rank; i < u->rank; i++)
        d[rank++] = u->dim[i];
    n->type = type_of(u->elem, rank, d);
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *index = c->in[0], *u = c->in[1];
    int64_t row = tensor_span(u, index->rank, u->rank);
    for (int64_t i = 0; i < index->count; i++) {
        int64_t k = tensor_row(index, i, c->out->dim[0], c->node);
        for (int64_t j = 0; j < row; j++)
            c->out->data[k * row + j] += u->data[i * row + j];
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    if (need[1])
        dx[1] = build2(b, &op_gather, dy, n->in[0]);
}

const OpDef op_scatter_add = {
    .sig = "scatter_add(index: int[...], u: [...], rows: ?) -> [...]",
    .doc = "Zeros [rows, ...] plus each row of u at its index.",
    .example = "%y = scatter_add %i, %u {rows = 10} : f32[10,2]  "
               "// %i: i32<10>[4], %u: f32[4,2]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_scatter_add},
};
