/* iter: how many steps of this train block were made before, as a real. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    n->type = type_scalar(n->type.elem);
    return NULL;
}

static void eval(const EvalCall *c)
{
    c->out->data[0] = c->iter;
}

const OpDef op_iter = {
    .sig = "iter() -> []",
    .doc = "Steps of this train block so far, as a real; 0 in the first.",
    .example = "%y = iter : f32",
    .shape = shape,
    .eval = eval,
    .impl = {&impl_iter},
};
