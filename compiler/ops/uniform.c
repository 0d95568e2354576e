/* uniform: draws from [0, 1), 24 bits each (Philox4x32-10: Salmon and others,
 * "Parallel random numbers: as easy as 1, 2, 3", 2011).
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"

static const char *shape(Arena *a, Node *n)
{
    int rank = attr_len(n, "shape");
    Dim d[MAX_RANK];
    if (rank > MAX_RANK)
        return arena_printf(a, "a shape has at most %d axes", MAX_RANK);
    for (int i = 0; i < rank; i++)
        d[i] = attr_dim(n, "shape", i);
    n->type = type_of(n->type.elem, rank, d);
    return NULL;
}

static void eval(const EvalCall *c)
{
    uint32_t stream = (uint32_t)hash_string(attr_sym(c->node, "key")), w[4];
    for (int64_t e = 0; e < c->out->count; e++) {
        interp_philox(c->seed, stream, c->step, c->turn, (uint32_t)(e / 4), w);
        c->out->data[e] = (double)(w[e % 4] >> 8) * 0x1p-24;
    }
}

const OpDef op_uniform = {
    .sig = "uniform(shape: ?, key: ?) -> [...]",
    .doc = "Draws from [0, 1).",
    .example = "%y = uniform {shape = (4), key = \"drop\"} : f32[4]",
    .traits = OP_RANDOM,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_uniform},
};
