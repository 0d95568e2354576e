/* Values that are made where a concat puts them: its inputs become parts of its
 * place, and nothing is copied.
 *
 * A part is contiguous when only sizes 1 come before the axis. The group of the
 * input must be its own to give (no result, no global, no input of the entry)
 * and dead behind the concat, or a value made in the input's place later on
 * would destroy the result. The place of all is in use from the first part on.
 * A part begins at a multiple of PLAN_ALIGN, as every place; other inputs are
 * copied by the concat as before. Concats of concats nest.
 */
#include "plan.h"
#include "op_list.h"

static int64_t bytes_of(const Node *x)
{
    return type_count_at(&x->type, 1) * elem_bytes(x->type.elem);
}

bool plan_has_parts(const Node *n)
{
    for (int i = 0; i < n->type.rank; i++)
        if (!dim_is_const(n->type.dim[i]))
            return false;
    return n->op == &op_concat &&
           plan_cut_is_view(&n->type, attr_int(n, "axis"));
}

int64_t plan_part_at(const Node *n, int i)
{
    int64_t at = 0;
    for (int k = 0; k < i; k++)
        at += bytes_of(n->in[k]);
    return at;
}

/* Is the group's place one of its own in the workspace, and x all of it? */
static bool may_move(const Value *v, const Node *x)
{
    return v->part_of < 0 && v->output < 0 && v->store < 0 && !v->outside &&
           !v->is_turn && v->bytes > 0 && v->bytes == bytes_of(x) &&
           !op_has(v->node->op, OP_LEAF) && v->node->op != &op_result;
}

static void place_parts(Plan *p, const Node *n)
{
    Value *all = plan_group(p, n);
    if (all->node != n || all->output >= 0 || all->store >= 0)
        return;
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        Value *v = node_is_inline(x) ? NULL : plan_group(p, x);
        int64_t at = plan_part_at(n, i);
        if (!v || v == all || at % PLAN_ALIGN != 0 || !may_move(v, x) ||
            v->alive.last != p->values.data[n->mark].at.first)
            continue;
        v->part_of = n->mark;
        v->part_at = at;
        if (v->alive.first < all->alive.first)
            all->alive.first = v->alive.first;
    }
}

void plan_parts(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        if (n->region)
            plan_parts(p, &n->region->nodes);
        else if (plan_has_parts(n))
            place_parts(p, n);
    }
}

bool plan_is_whole(const Node *n)
{
    for (int i = 0; i < n->nin; i++)
        if (!plan_is_part(n, i))
            return false;
    return n->op == &op_concat;
}

bool plan_is_part(const Node *n, int i)
{
    const Place *whole = &n->place, *part = &n->in[i]->place;
    return !node_is_inline(n->in[i]) && plan_has_parts(n) &&
           whole->kind == PLACE_WORKSPACE && part->kind == PLACE_WORKSPACE &&
           part->offset == whole->offset + plan_part_at(n, i);
}
