/* scan: a body repeated along axes of sequences, with values it carries.
 *
 * Inputs are the first carries, then the sequences; `along` is the axis of each
 * sequence that is cut, `count` the turns, `emits` the axis on which each value
 * the body emits is stacked. With order = backward the turns run from the last
 * to the first; cuts, stacks and the turn's number stay where they are. It has
 * no value of its own: `result` takes the last carries and the stacks. The
 * interpreter runs the region.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "shape.h"
#include <inttypes.h>
#include <string.h>

static const char *shape(Arena *a, Node *n)
{
    int64_t carries = attr_int(n, "carries");
    const char *order = attr_sym(n, "order");
    int sequences = attr_len(n, "along");
    Dim count = shape_size(n, "count");
    if (carries < 0 || carries + sequences != n->nin)
        return arena_printf(a,
                            "%d inputs for %" PRId64 " carries and %d "
                            "sequences",
                            n->nin, carries, sequences);
    if (strcmp(order, "forward") != 0 && strcmp(order, "backward") != 0)
        return arena_printf(a, "order is forward or backward, not '%s'", order);
    for (int i = 0; i < sequences; i++) {
        const Type *t = &n->in[carries + i]->type;
        int64_t axis = attr_list(n, "along", i);
        if (axis < 0 || axis >= t->rank)
            return arena_printf(a, "there is no axis %d in %s", (int)axis,
                                type_text(a, t, "N"));
        if (!dim_equal(t->dim[axis], count))
            return arena_printf(a, "%s turns along an axis of size %s",
                                dim_text(a, count, "N"),
                                dim_text(a, t->dim[axis], "N"));
    }
    n->type.rank = -1;
    return NULL;
}

const OpDef op_scan = {
    .sig = "scan(xs...: any[...], carries = 0, along = none, count: ?, "
           "emits = none, order = forward) -> none",
    .doc = "A body repeated along sequences, with values it carries.",
    .example = "%s = scan %h0, %x {carries = 1, along = (0), count = 3, "
               "emits = (0)} (%h: f32[4], %xt: f32[4], %t: i32) {\n"
               "  %h1 = add %h, %xt : f32[4]\n"
               "  yield %h1, %h1\n"
               "} : none\n"
               "%y = result %s {index = 1} : f32[3,4]  "
               "// %h0: f32[4], %x: f32[3,4]",
    .shape = shape,
    .impl = {&impl_scan},
};
