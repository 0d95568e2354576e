/* param: a global's value when the function is entered. Stores of the function
 * do not change it.
 */
#include "op.h"
#include "op_list.h"

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    if (n->global)
        n->type = n->global->type;
    return NULL;
}

const OpDef op_param = {
    .sig = "param() -> any[...]",
    .doc = "The value of a parameter, state or weight at the function's entry.",
    .example = "%y = neg @W : f32[4]  // @W: f32[4]",
    .traits = OP_LEAF,
    .shape = shape,
};
