/* iter: the steps of the train block so far. */
#include "../cgen_impl.h"

static void lower(Emit *e, const Node *n)
{
    emit_scalar(e, n, n->type.elem == ELEM_F32 ? "(float)iter"
                                               : "(double)iter");
}

const Impl impl_iter = {
    .name = "direct",
    .doc = "the counter in the block's state",
    .lower = lower,
};
