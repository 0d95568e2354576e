/* withgrad: y, whose gradient with respect to x is declared to be d.
 *
 * What `derivative f(x) = ..` becomes. The declaration replaces what would flow
 * through y; d itself is a plain value in the gradient, and has none.
 */
#include "op.h"
#include "op_list.h"
#include "tensor.h"

static bool is_trailing(const Type *t, const Type *of)
{
    if (t->rank > of->rank)
        return false;
    for (int i = 1; i <= t->rank; i++)
        if (!dim_equal(t->dim[t->rank - i], of->dim[of->rank - i]))
            return false;
    return true;
}

static const char *shape(Arena *a, Node *n)
{
    const Type *y = &n->in[0]->type;
    for (int i = 1; i < 3; i++)
        if (!is_trailing(&n->in[i]->type, y))
            return arena_printf(a,
                                "a derivative of shape %s does not fit a "
                                "value of shape %s",
                                type_text(a, &n->in[i]->type, "N"),
                                type_text(a, y, "N"));
    n->type = *y;
    return NULL;
}

static void eval(const EvalCall *c)
{
    tensor_copy(c->out, c->in[0]);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    if (need[1])
        dx[1] =
            build_sum_to(b, build2(b, &op_mul, dy, n->in[2]), &n->in[1]->type);
}

const OpDef op_withgrad = {
    .sig = "withgrad(y: [...], x: [...], d: [...]) -> [...]",
    .doc = "y, whose gradient with respect to x is declared to be d.",
    .example = "%z = withgrad %y, %x, %d : f32[4]  "
               "// %y: f32[4], %x: f32[4], %d: f32[4]",
    .traits = OP_VIEW,
    .shape = shape,
    .eval = eval,
    .grad = grad,
};
