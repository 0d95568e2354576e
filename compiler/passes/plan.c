/* plan: every value gets its place in memory.
 *
 *     before  %h = relu %x {impl = loop} : f32[8]
 *     after   %h = relu %x {impl = loop} : f32[8] @ ws+0
 * The method is in compiler/plan.c.
 * Needs: select, fuse.  Keeps: nodes, names, order.
 */
#include "cgen.h"

static void run(Module *m, const Options *o)
{
    for (int i = 0; i < m->funcs.len; i++)
        plan_func_for(m->funcs.data[i], o->target,
                      func_is_checked(m->funcs.data[i], o));
    m->stage = STAGE_PLANNED;
}

const Pass pass_plan = {
    .name = "plan",
    .doc = "give every value its place in memory",
    .from = STAGE_CHOSEN,
    .to = STAGE_PLANNED,
    .run = run,
};
