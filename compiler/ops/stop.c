/* stop: x, without a gradient. */
#include "op.h"
#include "op_list.h"
#include "tensor.h"

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    n->type = n->in[0]->type;
    return NULL;
}

static void eval(const EvalCall *c)
{
    tensor_copy(c->out, c->in[0]);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    (void)b;
    (void)n;
    (void)dy;
    (void)need;
    (void)dx;
}

const OpDef op_stop = {
    .sig = "stop(x: [...]) -> [...]",
    .doc = "x, without a gradient.",
    .example = "%y = stop %x : f32[4]  // %x: f32[4]",
    .traits = OP_VIEW,
    .shape = shape,
    .eval = eval,
    .grad = grad,
};
