/* input: an argument of the function; func_input gives its type. */
#include "op.h"
#include "op_list.h"

/* The type is given where the node is made. */
static const char *shape(Arena *a, Node *n)
{
    (void)a;
    (void)n;
    return NULL;
}

const OpDef op_input = {
    .sig = "input() -> any[...]",
    .doc = "An argument of the function.",
    .example = "%y = neg %x : f32[4]  // %x: f32[4]",
    .traits = OP_LEAF,
    .shape = shape,
};
