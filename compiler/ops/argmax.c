/* argmax: the place of the largest element of the last axis, the first of
 * equal ones (of NaNs, if there are any).
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    Type t = n->in[0]->type;
    (void)a;
    Dim last = t.dim[--t.rank];
    t.elem = ELEM_I32;
    t.bound = dim_is_const(last) ? last.c : 0;
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    int64_t last = x->dim[x->rank - 1];
    for (int64_t i = 0; i < c->out->count; i++) {
        int64_t best = 0;
        for (int64_t k = 1; k < last; k++)
            if (tensor_above(x->data[i * last + k], x->data[i * last + best]))
                best = k;
        c->out->data[i] = (double)best;
    }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    (void)b;
    (void)n;
    (void)dy;
    (void)need;
    (void)dx;
}

const OpDef op_argmax = {
    .sig = "argmax(x: [...,C]) -> int[...]",
    .doc = "The place of the largest element of the last axis.",
    .example = "%y = argmax %x : i32<3>[2]  // %x: f32[2,3]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_argmax},
};
