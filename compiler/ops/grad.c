/* grad: the derivative of the scalar e with respect to any value x.
 *
 * Pass `grad` replaces it by the nodes that compute it (reverse accumulation:
 * Linnainmaa, 1970); nothing evaluates it as it stands.
 */
#include "op.h"
#include "op_list.h"

static const char *shape(Arena *a, Node *n)
{
    (void)a;
    n->type = n->in[1]->type;
    return NULL;
}

const OpDef op_grad = {
    .sig = "grad(e: [], x: [...]) -> [...]",
    .doc = "The derivative of the scalar e with respect to x.",
    .example = "%e = sum %x {axes = (0)} : f32\n"
               "%y = grad %e, %x : f32[4]  // %x: f32[4]",
    .shape = shape,
};
