/* The memory plan: every value's place, buffers reused and in place.
 *
 * Values that share a place form a group around a root: views (reshape, a
 * scan's cut, its result) always; the result of a map with an input that dies
 * there when both have the same elements. What a concat puts together is made
 * in its place (plan_parts.c). A group lives in the caller's memory when it is
 * an output or a parameter's new value, otherwise in the workspace, where
 * plan_pack.c places it; where that cannot be, plan_copy.c adds a copy. See
 * Note [Stores].
 */
#include "plan.h"
#include "choice.h"
#include "impl_list.h"

#include <string.h>

/* ---- the caller's memory ---- */

bool plan_is_output(const Func *f, const Result *r)
{
    return r->kind == RESULT_OUTPUT || r->kind == RESULT_GRADIENT ||
           f->kind == FUNC_PLAIN;
}

/* Is the group's place still open? */
static bool is_open(const Value *v)
{
    return v->output < 0 && v->store < 0 && !v->outside &&
           (!op_has(v->node->op, OP_LEAF) || plan_is(v->node, "arg"));
}

static void pin_outputs(Plan *p)
{
    Func *f = p->func;
    for (int i = 0; i < f->results.len; i++) {
        const Result *r = &f->results.data[i];
        if (!plan_is_output(f, r))
            continue;
        Value *v = plan_group(p, r->value);
        if (!is_open(v))
            internal_error("@%s: output %s has no place of its own", f->name,
                           r->name);
        v->output = i;
    }
}

/* Does n read global g only at the element that it writes? */
static bool reads_in_step(const Plan *p, const Node *n, const Global *g)
{
    uint32_t all = (1u << n->type.rank) - 1;
    bool in_step = n->impl && n->impl->in_step && n->fused.expr &&
                   n->impl->in_step(n, p->target);
    if ((!plan_is(n, "map") && !in_step) || n->type.elem != g->type.elem)
        return false;
    for (int i = 0; i < n->nin; i++) {
        const Node *x = plan_behind(n->in[i]);
        if (x->global == g && node_is_inline(x) &&
            (i < n->fused.own || n->fused.masks[i - n->fused.own] != all))
            return false;
    }
    return true;
}

/* May the group be made in the memory of g? See Note [Stores]. */
static bool may_write(const Plan *p, const Value *v, const Global *g)
{
    int read = plan_last_read(p, g);
    return read < v->alive.first ||
           (read == v->alive.first && reads_in_step(p, v->node, g));
}

static void pin_stores(Plan *p)
{
    for (int i = 0; i < p->func->stores.len; i++) {
        const Store *s = &p->func->stores.data[i];
        if (node_is_inline(plan_behind(s->value)))
            continue;
        Value *v = plan_group(p, s->value);
        if (is_open(v) && !plan_is(v->node, "arg") &&
            may_write(p, v, s->global))
            v->store = i;
    }
}

/* ---- in place ---- */

/* May the result of map n take the place of its input i? */
static bool may_overwrite(Plan *p, Node *n, int i)
{
    Node *x = n->in[i];
    uint32_t all = (1u << n->type.rank) - 1;
    if (node_is_inline(x) || n->type.rank == 0 || n->fused.masks[i] != all ||
        x->type.elem != n->type.elem)
        return false;
    const Value *from = plan_group(p, x), *to = plan_group(p, n);
    if (!is_open(from) || plan_is(from->node, "arg") || from == to ||
        to->node != n || from->alive.last != p->values.data[n->mark].at.first)
        return false;
    for (int k = 0; k < n->nin; k++)
        if (!node_is_inline(n->in[k]) && plan_group(p, n->in[k]) == from &&
            n->fused.masks[k] != all)
            return false;
    return to->store < 0 ||
           may_write(p, from, p->func->stores.data[to->store].global);
}

static void overwrite(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->region)
            overwrite(p, &n->region->nodes);
        for (int k = 0; k < n->nin && plan_is(n, "map"); k++)
            if (may_overwrite(p, n, k)) {
                plan_join(p, n, n->in[k]);
                break;
            }
    }
}

/* ---- places ---- */

/* A scalar that its implementation can declare as a variable. */
static bool is_local(const Value *v)
{
    static const Impl *const impls[] = {&impl_map, &impl_reduce, &impl_extent,
                                        &impl_iter};
    bool declares = false;
    for (int i = 0; i < 4; i++)
        declares |= v->node->impl == impls[i];
    return declares && v->node->type.rank == 0 && !v->is_viewed && is_open(v);
}

static bool is_buffer(const Value *v, int i)
{
    return v->root == i && v->part_of < 0 && v->bytes > 0 && !v->is_turn &&
           !is_local(v) && is_open(v);
}

int64_t plan_part_bytes(const Node *n, const Target *t, bool together)
{
    int64_t bytes = n->impl->cost(n, t).scratch;
    if (choice_parts(n, t, together) > 1)
        bytes = (bytes + PLAN_ALIGN - 1) / PLAN_ALIGN * PLAN_ALIGN;
    return bytes;
}

static int64_t scratch_of(const Plan *p, const Value *v)
{
    const Node *n = v->node;
    int64_t bytes = 0;
    if (n->region)
        for (int i = 0; i < attr_int(n, "carries"); i++)
            bytes += plan_carry_needs_copy(n, i)
                         ? plan_carry_bytes(n, i, p->bound)
                         : 0;
    else if (n->impl && n->impl->cost)
        bytes = plan_part_bytes(n, p->target, p->together) *
                choice_parts(n, p->target, p->together);
    return bytes;
}

/* Offsets of the values' buffers and, behind them, of their scratch. */
static int64_t *pack(Plan *p)
{
    int values = p->values.len, count = 0;
    PlanBuffer *buffers = ARENA_ARRAY(p->arena, PlanBuffer, 2 * values);
    int *owner = ARENA_ARRAY(p->arena, int, 2 * values);
    for (int i = 0; i < values; i++) {
        const Value *v = &p->values.data[i];
        if (is_buffer(v, i)) {
            owner[count] = i;
            buffers[count++] =
                (PlanBuffer){v->bytes, v->alive.first, v->alive.last, 0};
        }
        int64_t scratch = scratch_of(p, v);
        if (scratch > 0) {
            owner[count] = values + i;
            buffers[count++] =
                (PlanBuffer){scratch, v->at.first, v->at.last, 0};
        }
    }
    p->func->workspace_bytes = plan_pack(p->arena, buffers, count);
    p->func->lower_bound = plan_lower_bound(p->arena, buffers, count);
    int64_t *offset = ARENA_ARRAY(p->arena, int64_t, 2 * values);
    for (int i = 0; i < 2 * values; i++)
        offset[i] = -1;
    for (int k = 0; k < count; k++)
        offset[owner[k]] = buffers[k].offset;
    return offset;
}

static void place_root(Plan *p, Value *v, int64_t offset, int *tables)
{
    Place *at = &v->node->place;
    at->bytes = v->bytes;
    if (v->output >= 0) {
        at->kind = PLACE_OUTPUT;
        at->index = v->output;
    } else if (v->store >= 0) {
        at->kind = PLACE_GLOBAL;
        at->index = v->store;
        v->node->global = p->func->stores.data[v->store].global;
    } else if (plan_is(v->node, "input")) {
        at->kind = PLACE_INPUT;
    } else if (plan_is(v->node, "const")) {
        at->kind = PLACE_DATA;
        at->index = (*tables)++;
    } else if (v->outside) {
        bool reads = plan_behind(v->node)->global != NULL;
        at->kind = reads ? PLACE_GLOBAL : PLACE_DATA;
    } else if (is_local(v)) {
        at->kind = PLACE_LOCAL;
    } else if (v->bytes > 0 && !v->is_turn) {
        at->kind = PLACE_WORKSPACE;
        at->offset = offset;
    }
}

/* Where root v begins in the workspace. */
static int64_t offset_of(const Plan *p, const int64_t *offset, const Value *v)
{
    int64_t at = 0;
    for (; v->part_of >= 0; v = &p->values.data[v->part_of])
        at += v->part_at;
    return at + offset[v->node->mark];
}

static void set_places(Plan *p, const int64_t *offset, int tables)
{
    int values = p->values.len;
    for (int i = 0; i < values; i++) {
        Value *v = &p->values.data[i];
        if (v->root == i)
            place_root(p, v, offset_of(p, offset, v), &tables);
        v->node->scratch = offset[values + i];
        v->node->scratch_bytes = scratch_of(p, v);
    }
    for (int i = 0; i < values; i++) {
        Node *n = p->values.data[i].node, *view = n->place.view_of;
        if (!view || p->values.data[i].root == i)
            continue;
        n->place = plan_group(p, n)->node->place;
        n->place.view_of = view;
    }
}

/* Tables of the functions before f: they are numbered through the file. */
static int first_table(const Func *f)
{
    int count = 0;
    for (int i = 0; f->module->funcs.data[i] != f; i++) {
        const Func *g = f->module->funcs.data[i];
        for (int k = 0; k < g->nodes.len; k++)
            count += g->nodes.data[k]->place.kind == PLACE_DATA &&
                     !g->nodes.data[k]->place.view_of;
    }
    return count;
}

/* ---- globals ---- */

/* Offsets in a struct, as a C compiler lays it out. */
static void layout(Module *m, bool (*belongs)(const Global *, const char *),
                   const char *owner)
{
    int64_t at = 0;
    for (int i = 0; i < m->globals.len; i++) {
        Global *g = m->globals.data[i];
        if (!belongs(g, owner))
            continue;
        int64_t size = elem_bytes(g->type.elem);
        int64_t align = size < 8 ? size : 8;
        at = (at + align - 1) / align * align;
        g->offset = at;
        at += size * type_count_at(&g->type, 1);
    }
}

static bool in_params(const Global *g, const char *owner)
{
    (void)owner;
    return g->kind == GLOBAL_PARAM || g->kind == GLOBAL_STATE;
}

static bool in_memory(const Global *g, const char *owner)
{
    (void)owner;
    return g->kind == GLOBAL_MEMORY;
}

static bool in_weights(const Global *g, const char *owner)
{
    (void)owner;
    return g->kind == GLOBAL_WEIGHT;
}

static bool in_optimiser(const Global *g, const char *owner)
{
    return g->kind == GLOBAL_OPTIM && g->owner && strcmp(g->owner, owner) == 0;
}

static void layout_globals(Module *m)
{
    layout(m, in_params, NULL);
    layout(m, in_memory, NULL);
    layout(m, in_weights, NULL);
    for (int i = 0; i < m->globals.len; i++)
        if (m->globals.data[i]->kind == GLOBAL_OPTIM &&
            m->globals.data[i]->owner)
            layout(m, in_optimiser, m->globals.data[i]->owner);
}

void plan_func(Func *f)
{
    plan_func_for(f, target_find("generic"), false);
}

static void decide(Plan *p, bool stores_last)
{
    p->values.len = p->reads.len = p->position = 0;
    plan_live(p);
    pin_outputs(p);
    if (!stores_last)
        pin_stores(p);
}

void plan_func_for(Func *f, const Target *target, bool stores_last)
{
    Module *m = f->module;
    Plan p = {.func = f,
              .arena = m->arena,
              .bound = m->bound ? m->bound : 1,
              .target = target,
              .together = !stores_last && choice_together(f, target)};
    layout_globals(m);
    plan_copy_outputs(&p);
    plan_copy_swaps(&p);
    decide(&p, stores_last);
    if (!stores_last && plan_copy_early(&p)) {
        for (int i = 0; i < p.values.len; i++)
            p.values.data[i].node->place = (Place){0};
        decide(&p, stores_last);
    }
    overwrite(&p, &f->nodes);
    plan_parts(&p, &f->nodes);
    plan_copy_stores(&p);
    set_places(&p, pack(&p), first_table(f));
}

/* Note [Stores]
 *
 * All stores happen at once, at the function's end. The new value of a
 * parameter may still be made in the parameter's own memory when nobody reads
 * the old value any more: its last read is before the new value's group begins,
 * or by the map, or the end of the product, that makes the new value element by
 * element. All other new values are copied by a map as soon as the old one was
 * read for the last time. `store @A, @B` with a store to @B first sets @B's old
 * value aside. With --check-finite all new values are copied behind everything
 * else: the check stands before the copies, and a function that fails it has
 * stored nothing.
 */
