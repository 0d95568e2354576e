/* const: a table of numbers. A scalar constant is an operand, not a node. */
#include "op.h"
#include "op_list.h"
#include <inttypes.h>

static const char *shape(Arena *a, Node *n)
{
    const Attr *values = node_attr(n, "values");
    int rank = attr_len(n, "shape");
    int64_t count = 1;
    Dim d[MAX_RANK];
    if (rank > MAX_RANK)
        return arena_printf(a, "a table has at most %d axes", MAX_RANK);
    for (int i = 0; i < rank; i++) {
        d[i] = attr_dim(n, "shape", i);
        if (!dim_is_const(d[i]) || d[i].c < 1 || d[i].c > INT32_MAX / count)
            return arena_printf(a, "a table cannot have size %s",
                                dim_text(a, d[i], "N"));
        count *= d[i].c;
    }
    if (values && values->len != count)
        return arena_printf(a, "the table has %d values for %" PRId64 " cells",
                            values->len, count);
    Type t = type_of(n->type.elem, rank, d);
    t.bound = n->type.bound;
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Attr *values = node_attr(c->node, "values");
    double value = values ? 0 : attr_real(c->node, "value");
    for (int64_t i = 0; i < c->out->count; i++)
        if (!values)
            c->out->data[i] = value;
        else if (values->kind == ATTR_VALUES)
            c->out->data[i] = values->values[i];
        else
            c->out->data[i] = (double)attr_list(c->node, "values", (int)i);
}

const OpDef op_const = {
    .sig = "const(value = 0.0, shape = none, values = none) -> any[...]",
    .doc = "A table of numbers.",
    .example = "%y = const {shape = (2), values = (0.5, 1.0)} : f32[2]",
    .traits = OP_LEAF,
    .shape = shape,
    .eval = eval,
};
