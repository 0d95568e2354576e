/* arg: an argument of a region: a carry, a slice or the turn of a scan. */
#include "op.h"
#include "op_list.h"

/* The type is given where the node is made. */
static const char *shape(Arena *a, Node *n)
{
    (void)a;
    (void)n;
    return NULL;
}

const OpDef op_arg = {
    .sig = "arg() -> any[...]",
    .doc = "An argument of a scan's body.",
    .example = "%s = scan %h0 {carries = 1, count = 3} "
               "(%h: f32[4], %t: i32) {\n"
               "  %h1 = neg %h : f32[4]\n"
               "  yield %h1\n"
               "} : none\n"
               "%y = result %s {index = 0} : f32[4]  // %h0: f32[4]",
    .traits = OP_LEAF,
    .shape = shape,
};
