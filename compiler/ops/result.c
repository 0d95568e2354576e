/* result: what a scan leaves: its last carries, then its stacked values. */
#include "op.h"
#include "op_list.h"
#include "shape.h"

static const char *shape(Arena *a, Node *n)
{
    const Node *scan = n->in[0];
    int64_t index = attr_int(n, "index"), carries;
    if (scan->op != &op_scan || !scan->region)
        return "its input is not a scan";
    carries = attr_int(scan, "carries");
    if (index < 0 || index >= scan->region->results.len ||
        index - carries >= attr_len(scan, "emits"))
        return arena_printf(a, "the scan has no result %d", (int)index);
    Type t = scan->region->results.data[index]->type;
    if (index >= carries) {
        int64_t axis = attr_list(scan, "emits", (int)(index - carries));
        if (t.rank == MAX_RANK || axis < 0 || axis > t.rank)
            return arena_printf(a, "%s cannot be stacked on axis %d",
                                type_text(a, &t, "N"), (int)axis);
        for (int i = t.rank++; i > axis; i--)
            t.dim[i] = t.dim[i - 1];
        t.dim[axis] = shape_size(scan, "count");
    }
    n->type = t;
    return NULL;
}

const OpDef op_result = {
    .sig = "result(scan: any[...], index: ?) -> any[...]",
    .doc = "The last carry or the stack number index of a scan.",
    .example = "%s = scan %h0 {carries = 1, count = 3} "
               "(%h: f32[4], %t: i32) {\n"
               "  %h1 = neg %h : f32[4]\n"
               "  yield %h1\n"
               "} : none\n"
               "%y = result %s {index = 0} : f32[4]  // %h0: f32[4]",
    .shape = shape,
};
