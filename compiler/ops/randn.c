/* randn: draws from the normal distribution of mean 0 and deviation 1 (Box,
 * Muller, "A note on the generation of random normal deviates", 1958).
 *
 * Elements 2j and 2j+1 share a pair of words of one Philox block; computed in
 * double precision, then rounded to the element type.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include <math.h>

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
    const double turn = 6.283185307179586;
    uint32_t stream = (uint32_t)hash_string(attr_sym(c->node, "key")), w[4];
    for (int64_t e = 0; e < c->out->count; e++) {
        interp_philox(c->seed, stream, c->step, c->turn, (uint32_t)(e / 4), w);
        const uint32_t *pair = w + e % 4 / 2 * 2;
        double u = ((double)(pair[0] >> 8) + 1) * 0x1p-24;
        double v = (double)(pair[1] >> 8) * 0x1p-24;
        double r = sqrt(-2 * log(u));
        double x = r * (e % 2 ? sin(turn * v) : cos(turn * v));
        c->out->data[e] = c->out->elem == ELEM_F32 ? (double)(float)x : x;
    }
}

const OpDef op_randn = {
    .sig = "randn(shape: ?, key: ?) -> [...]",
    .doc = "Draws from the normal distribution of mean 0 and deviation 1.",
    .example = "%y = randn {shape = (4), key = \"noise\"} : f32[4]",
    .traits = OP_RANDOM,
    .shape = shape,
    .eval = eval,
    .impl = {&impl_randn},
};
