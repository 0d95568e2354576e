/* concat: each input that was not made in its part of the result is copied
 * there.
 */
#include "../lowering.h"
#include "../plan.h"

static void lower(Emit *e, const Node *n)
{
    int axis = (int)attr_int(n, "axis");
    Dim at = dim_const(0);
    for (int i = 0; i < n->nin; i++) {
        const Type *x = &n->in[i]->type;
        Box b = box_new(x, x, &n->type);
        box_skip_y(&b, axis, at);
        if (!plan_is_part(n, i))
            lowering_copy(e, n, n->in[i], b, NULL);
        at = dim_add(at, x->dim[axis]);
    }
}

const Impl impl_concat = {
    .name = "loop",
    .doc = "a copy for each input",
    .lower = lower,
};
