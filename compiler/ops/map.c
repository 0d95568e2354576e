/* map: one loop nest over any element-wise work; argument $k of the tree in
 * node->fused is input k-1. The interpreter applies the tree: there is nothing
 * else to do. Its type is given where it is made.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    (void)n;
    return NULL;
}

static void eval(const EvalCall *c)
{
    (void)c;
}

const OpDef op_map = {
    .sig = "map(xs...: any[...]) -> any[...]",
    .doc = "Element-wise work in one loop nest.",
    .example = "%y = map %x {fused = \"max($1, 0)\", own = 0, masks = (1)} : "
               "f32[4]  // %x: f32[4]",
    .traits = OP_CHOSEN_ONLY,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_map},
};
