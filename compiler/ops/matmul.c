/* matmul: the matrix product of the last two axes, each operand transposed
 * when its attribute says t; leading axes are equal.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include <string.h>

static bool is_turned(const Node *n, const char *operand)
{
    return strcmp(attr_sym(n, operand), "t") == 0;
}

static const char *check(Arena *a, const Node *n, const char *operand)
{
    const char *v = attr_sym(n, operand);
    if (strcmp(v, "t") == 0 || strcmp(v, "n") == 0)
        return NULL;
    return arena_printf(a, "%s is n or t, not '%s'", operand, v);
}

/* Axis 0 (rows) or 1 (columns) of an operand as it takes part. */
static Dim side(const Type *t, bool turned, int which)
{
    return t->dim[t->rank - 2 + (turned ? 1 - which : which)];
}

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type, *y = &n->in[1]->type;
    const char *error = check(a, n, "a");
    if (!error)
        error = check(a, n, "b");
    if (error)
        return error;
    bool fits = x->rank == y->rank;
    for (int i = 0; fits && i < x->rank - 2; i++)
        fits = dim_equal(x->dim[i], y->dim[i]);
    if (!fits)
        return arena_printf(a, "leading axes of %s and %s differ",
                            type_text(a, x, "N"), type_text(a, y, "N"));
    Dim left = side(x, is_turned(n, "a"), 1);
    Dim right = side(y, is_turned(n, "b"), 0);
    if (!dim_equal(left, right))
        return arena_printf(a, "%s columns times %s rows",
                            dim_text(a, left, "N"), dim_text(a, right, "N"));
    Type t = *x;
    t.dim[t.rank - 2] = side(x, is_turned(n, "a"), 0);
    t.dim[t.rank - 1] = side(y, is_turned(n, "b"), 1);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *a = c->in[0], *b = c->in[1];
    bool at = is_turned(c->node, "a"), bt = is_turned(c->node, "b");
    int r = a->rank;
    int64_t rows = c->out->dim[r - 2], columns = c->out->dim[r - 1];
    int64_t inner = a->dim[at ? r - 2 : r - 1];
    for (int64_t s = 0; s < tensor_span(a, 0, r - 2); s++)
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++) {
                const double *x = a->data + s * rows * inner;
                const double *y = b->data + s * inner * columns;
                double sum = 0;
                for (int64_t k = 0; k < inner; k++)
                    sum += x[at ? k * rows + i : i * inner + k] *
                           y[bt ? j * inner + k : k * columns + j];
                c->out->data[(s * rows + i) * columns + j] = sum;
            }
}

static Node *product(Builder *b, Node *x, bool xt, Node *y, bool yt)
{
    Node *in[2] = {x, y};
    Attrs at = attrs_new(b->module->arena);
    if (xt)
        attrs_sym(&at, "a", "t");
    if (yt)
        attrs_sym(&at, "b", "t");
    return node_new(b, &op_matmul, in, 2, &at);
}

/* y = A B:  dA = dy B',  dB = A' dy;  turned round where an operand is. */
static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    bool at = is_turned(n, "a"), bt = is_turned(n, "b");
    if (need[0])
        dx[0] = at ? product(b, n->in[1], bt, dy, true)
                   : product(b, dy, false, n->in[1], !bt);
    if (need[1])
        dx[1] = bt ? product(b, dy, true, n->in[0], at)
                   : product(b, n->in[0], !at, dy, false);
}

const OpDef op_matmul = {
    .sig = "matmul(a: [...,I,J], b: [...,K,L], a = n, b = n) -> [...,I,L]",
    .doc = "The matrix product of the last two axes.",
    .example = "%y = matmul %a, %b {b = t} : f32[2,4]  "
               "// %a: f32[2,3], %b: f32[4,3]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_matmul_blocked, &impl_matmul_blas},
};
