/* gather: rows of a table chosen by an index of any shape (embedding). */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"
#include <string.h>

static const char *shape(Arena *a, Node *n)
{
    const Type *table = &n->in[0]->type, *index = &n->in[1]->type;
    Dim rows = table->dim[0], d[2 * MAX_RANK];
    int rank = 0;
    if (dim_is_const(rows) && index->bound > rows.c)
        return arena_printf(a,
                            "an index below %d does not fit a table of %d "
                            "rows",
                            (int)index->bound, (int)rows.c);
    for (int i = 0; i < index->rank; i++)
        d[rank++] = index->dim[i];
    for (int i = 1; i < table->rank; i++)
        d[rank++] = table->dim[i];
    if (rank > MAX_RANK)
        return arena_printf(a, "the result would have %d axes", rank);
    Type t = type_of(table->elem, rank, d);
    t.bound = table->bound;
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *table = c->in[0], *index = c->in[1];
    int64_t row = tensor_span(table, 1, table->rank);
    for (int64_t i = 0; i < index->count; i++) {
        int64_t k = tensor_row(index, i, table->dim[0], c->node);
        memcpy(c->out->data + i * row, table->data + k * row,
               sizeof(double) * (size_t)row);
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Node *in[2] = {n->in[1], dy};
    Attrs at = attrs_new(b->module->arena);
    shape_set_size(&at, "rows", n->in[0]->type.dim[0]);
    if (need[0])
        dx[0] = node_new(b, &op_scatter_add, in, 2, &at);
}

const OpDef op_gather = {
    .sig = "gather(table: any[V,...], index: int[...]) -> any[...]",
    .doc = "Rows of a table: table[index[i..], ...].",
    .example = "%y = gather %table, %i : f32[4,2]  "
               "// %table: f32[10,2], %i: i32<10>[4]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_gather},
};
