/* pad: the result is filled with the value, then x is copied into it.
 *
 * A negative low or high crops: the box then starts inside x.
 */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    const Type *x = &n->in[0]->type;
    Box b = box_new(x, x, &n->type);
    for (int i = 0; i < x->rank; i++) {
        int64_t low = attr_list(n, "low", i), high = attr_list(n, "high", i);
        if (low < 0)
            box_skip_x(&b, i, dim_const(-low));
        else
            box_skip_y(&b, i, dim_const(low));
        int64_t cropped = (low < 0 ? low : 0) + (high < 0 ? high : 0);
        b.size[i] = dim_add(b.size[i], dim_const(cropped));
    }
    double value = attr_real(n, "value");
    lowering_copy(e, n, n->in[0], b, &value);
}

const Impl impl_pad = {
    .name = "loop",
    .doc = "a fill and a strided copy",
    .lower = lower,
};
