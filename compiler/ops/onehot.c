/* onehot: 1 at the place an index names, 0 elsewhere, along a new last axis. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    Dim d[MAX_RANK], classes = shape_size(n, "classes");
    if (x->rank == MAX_RANK)
        return "the result would have too many axes";
    if (classes.k < 0 || classes.k + classes.c < 1)
        return arena_printf(a, "classes = %s is not a size",
                            dim_text(a, classes, "N"));
    for (int i = 0; i < x->rank; i++)
        d[i] = x->dim[i];
    d[x->rank] = classes;
    n->type = type_of(n->type.elem, x->rank + 1, d);
    return NULL;
}

static void eval(const EvalCall *c)
{
    int64_t classes = c->out->dim[c->out->rank - 1];
    for (int64_t i = 0; i < c->in[0]->count; i++)
        for (int64_t k = 0; k < classes; k++)
            c->out->data[i * classes + k] = c->in[0]->data[i] == (double)k;
}

const OpDef op_onehot = {
    .sig = "onehot(index: int[...], classes: ?) -> [...]",
    .doc = "1 at the place the index names, 0 elsewhere, on a new last axis.",
    .example = "%y = onehot %i {classes = 3} : f32[4,3]  // %i: i32<3>[4]",
    .shape = shape,
    .eval = eval,
    .impl = {&impl_onehot},
};
