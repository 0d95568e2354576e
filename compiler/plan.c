/* The memory plan: every value's place, buffers reused and in place.
 *
 * Positions count the nodes in order of execution; a value is alive from its
 * own to its last use. Values that share a place form a group around a root:
 * views (reshape, a scan's slice, its result) always, the result of a map
 * with an input that dies there when both have the same elements. A group
 * lives in the caller's memory when it is an output or a parameter's new
 * value, otherwise in the workspace, where plan_pack.c places it.
 * See Note [Scans] and Note [Stores].
 */
#include "plan.h"
#include "cgen.h"
#include "plan_impl.h"

#include <string.h>

/* ---- places that need no plan ---- */

static void layout(Module *m, GlobalKind kind, GlobalKind second,
                   const char *owner)
{
    int64_t at = 0;
    for (int i = 0; i < m->globals.len; i++) {
        Global *g = m->globals.data[i];
        if (g->kind != kind && g->kind != second)
            continue;
        if (owner && (!g->owner || strcmp(owner, g->owner) != 0))
            continue;
        int64_t size = elem_bytes(g->type.elem);
        int64_t align = size < 8 ? size : 8;
        at = (at + align - 1) / align * align;
        g->offset = at;
        at += size * type_count_at(&g->type, m->bound ? m->bound : 1);
    }
}

/* Offsets of globals in their structs, as a C compiler lays them out. */
static void layout_globals(Module *m)
{
    layout(m, GLOBAL_PARAM, GLOBAL_STATE, NULL);
    layout(m, GLOBAL_WEIGHT, GLOBAL_WEIGHT, NULL);
    for (int i = 0; i < m->globals.len; i++)
        if (m->globals.data[i]->kind == GLOBAL_OPTIM)
            layout(m, GLOBAL_OPTIM, GLOBAL_OPTIM, m->globals.data[i]->owner);
}

static int count_tables(const Func *f)
{
    int count = 0;
    for (int i = 0; i < f->nodes.len; i++)
        count += f->nodes.data[i]->place.kind == PLACE_DATA;
    return count;
}

/* The number of the function's first table in the file. */
static int first_table(const Func *f)
{
    int count = 0;
    for (int i = 0; i < f->module->funcs.len; i++) {
        if (f->module->funcs.data[i] == f)
            break;
        count += count_tables(f->module->funcs.data[i]);
    }
    return count;
}

/* ---- copies ---- */

static Node *copy_of(Plan *p, Node *x, const char *suffix)
{
    Arena *a = p->arena;
    Node *n = ARENA_NEW(a, Node);
    n->op = op_find("map");
    n->name = func_name(p->func, arena_printf(a, "%s.%s", node_is_inline(x)
                                                  ? x->global ? x->global->name
                                                              : "const"
                                                  : x->name, suffix));
    n->type = n->raw = x->type;
    n->in = ARENA_ARRAY(a, Node *, 1);
    n->in[0] = x;
    n->nin = 1;
    n->impl = n->op->impl[0];
    n->scratch = -1;
    n->loc = x->loc;
    n->fused.expr = scalar_arg(a, 1);
    n->fused.masks = ARENA_ARRAY(a, uint32_t, 1);
    n->fused.masks[0] = (1u << (x->type.rank < 0 ? 0 : x->type.rank)) - 1;
    array_push(a, &p->func->nodes, n);
    return n;
}

/* The value whose elements n has, through reshapes. */
static Node *behind_views(Node *n)
{
    while (op_has(n->op, OP_VIEW))
        n = n->in[0];
    return n;
}

static bool is_output(const Func *f, const Result *r)
{
    return r->kind == RESULT_OUTPUT || r->kind == RESULT_GRADIENT ||
           f->kind == FUNC_PLAIN;
}

static bool has_own_memory(const Node *n)
{
    return !node_is_inline(n) && !op_has(n->op, OP_LEAF);
}

/* An output that is an input, a constant, a parameter or another output is a
 * copy of it. */
static void copy_outputs(Plan *p)
{
    Func *f = p->func;
    for (int i = 0; i < f->results.len; i++) {
        Result *r = &f->results.data[i];
        if (!is_output(f, r))
            continue;
        Node *source = behind_views(r->value);
        bool taken = !has_own_memory(source);
        for (int k = 0; k < i && !taken; k++)
            taken = is_output(f, &f->results.data[k]) &&
                    behind_views(f->results.data[k].value) == source;
        if (taken)
            r->value = copy_of(p, r->value, "copy");
    }
}

static bool is_stored_to(const Func *f, const Global *g)
{
    for (int i = 0; i < f->stores.len; i++)
        if (f->stores.data[i].global == g)
            return true;
    return false;
}

/* `store @A, @B` with a store to @B as well: the old value is set aside. */
static void copy_swaps(Plan *p)
{
    for (int i = 0; i < p->func->stores.len; i++) {
        Store *s = &p->func->stores.data[i];
        Node *source = behind_views(s->value);
        if (source->global && source->global != s->global &&
            is_stored_to(p->func, source->global))
            s->value = copy_of(p, s->value, "old");
    }
}

/* ---- positions and uses ---- */

static void add_value(Plan *p, Node *n, int position)
{
    Value v = {.node = n, .first = position, .last = position,
               .root = p->values.len, .output = -1, .store = -1};
    v.bytes = n->type.rank < 0
                  ? 0
                  : type_count_at(&n->type, p->bound) * elem_bytes(n->type.elem);
    n->mark = p->values.len;
    array_push(p->arena, &p->values, v);
}

/* A use at the present position; inside a scan that does not make the value
 * it lasts to the end of the scan, since the next turn uses it again. */
static void use(Plan *p, const Node *n, int position)
{
    if (node_is_inline(n)) {
        if (n->global)
            array_push(p->arena, &p->reads,
                       ((GlobalRead){n->global, position}));
        return;
    }
    Value *v = &p->values.data[n->mark];
    for (int i = 0; i < p->scans.len; i++)
        if (p->scans.data[i].first > v->first) {
            position = p->scans.data[i].last;
            break;
        }
    if (position > v->last)
        v->last = position;
}

static void number(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        add_value(p, n, ++p->position);
        if (!n->region)
            continue;
        for (int k = 0; k < n->region->args.len; k++)
            add_value(p, n->region->args.data[k], p->position);
        number(p, &n->region->nodes);
        p->values.data[n->mark].last = ++p->position;
    }
}

static void use_all(Plan *p, const NodeArray *body);

static void use_scan(Plan *p, Node *n)
{
    int64_t carries = attr_int(n, "carries");
    Span span = {p->values.data[n->mark].first, p->values.data[n->mark].last};
    for (int i = 0; i < n->nin; i++)
        use(p, n->in[i], i < carries ? span.first : span.last);
    array_push(p->arena, &p->scans, span);
    use_all(p, &n->region->nodes);
    for (int i = 0; i < n->region->results.len; i++)
        use(p, n->region->results.data[i], span.last);
    for (int i = 0; i < n->region->args.len; i++)
        p->values.data[n->region->args.data[i]->mark].last = span.last;
    p->scans.len--;
}

static void use_all(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->region) {
            use_scan(p, n);
            continue;
        }
        for (int k = 0; k < n->nin; k++)
            use(p, n->in[k], p->values.data[n->mark].first);
    }
}

static void find_lives(Plan *p)
{
    Func *f = p->func;
    for (int i = 0; i < f->inputs.len; i++)
        add_value(p, f->inputs.data[i], 0);
    number(p, &f->nodes);
    p->end = p->position + 1;
    use_all(p, &f->nodes);
    for (int i = 0; i < f->results.len; i++)
        use(p, f->results.data[i].value, p->end);
    for (int i = 0; i < f->stores.len; i++)
        use(p, f->stores.data[i].value, p->end);
}

/* ---- groups ---- */

static int root_of(const Plan *p, int i)
{
    while (p->values.data[i].root != i)
        i = p->values.data[i].root;
    return i;
}

static Value *group(Plan *p, const Node *n)
{
    return &p->values.data[root_of(p, n->mark)];
}

/* n joins the group of x: it is a view of it. */
static void join(Plan *p, Node *n, Node *x)
{
    Value *a = group(p, n), *b = group(p, x);
    n->place.view_of = x;
    a->root = root_of(p, x->mark);
    if (a->first < b->first)
        b->first = a->first;
    if (a->last > b->last)
        b->last = a->last;
    if (a->output >= 0)
        b->output = a->output;
    if (a->store >= 0)
        b->store = a->store;
}

static Node *scan_of(Node *result)
{
    return result->in[0];
}

/* See Note [Scans]. */
static void join_result(Plan *p, Node *n, const NodeArray *body)
{
    int64_t index = attr_int(n, "index");
    Node *scan = scan_of(n);
    if (index < attr_int(scan, "carries")) {
        join(p, n, scan->region->args.data[index]);
        return;
    }
    for (int i = 0; i < body->len && body->data[i] != n; i++) {
        Node *other = body->data[i];
        if (other->op == n->op && scan_of(other) == scan &&
            attr_int(other, "index") == index) {
            join(p, n, other);
            return;
        }
    }
    p->values.data[n->mark].first = p->values.data[scan->mark].first;
}

/* A cut along an axis with nothing but sizes 1 before it is contiguous. */
bool plan_slice_is_view(const Node *sequence, int64_t along)
{
    for (int64_t i = 0; i < along; i++)
        if (!dim_is_const(sequence->type.dim[i]) ||
            sequence->type.dim[i].c != 1)
            return false;
    return true;
}

static void join_views(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (op_has(n->op, OP_VIEW) && !node_is_inline(n->in[0]))
            join(p, n, n->in[0]);
        else if (strcmp(op_name(n->op), "result") == 0)
            join_result(p, n, body);
        if (!n->region)
            continue;
        int carries = (int)attr_int(n, "carries");
        for (int k = carries; k < n->nin; k++)
            if (!node_is_inline(n->in[k]) &&
                plan_slice_is_view(n->in[k],
                                   attr_list(n, "along", k - carries)))
                join(p, n->region->args.data[k], n->in[k]);
        join_views(p, &n->region->nodes);
    }
}

/* ---- the caller's memory ---- */

static bool is_free(const Value *v)
{
    return v->output < 0 && v->store < 0 &&
           !op_has(v->node->op, OP_LEAF);
}

static bool is_carry(const Plan *p, const Value *v)
{
    (void)p;
    return strcmp(op_name(v->node->op), "arg") == 0;
}

static void pin_outputs(Plan *p)
{
    Func *f = p->func;
    for (int i = 0; i < f->results.len; i++) {
        const Result *r = &f->results.data[i];
        if (!is_output(f, r))
            continue;
        Value *v = group(p, r->value);
        if (is_free(v) || (is_carry(p, v) && v->output < 0 && v->store < 0))
            v->output = i;
        else
            internal_error("@%s: output %s has no place of its own", f->name,
                           r->name);
    }
}

/* The last position at which the global's old value is read; -1: never. */
static int last_read(const Plan *p, const Global *g)
{
    int last = -1;
    for (int i = 0; i < p->reads.len; i++)
        if (p->reads.data[i].global == g && p->reads.data[i].position > last)
            last = p->reads.data[i].position;
    return last;
}

/* Does node n read global g only element by element, the same element that
 * it then writes? */
static bool reads_in_step(Plan *p, const Node *n, const Global *g)
{
    if (strcmp(op_name(n->op), "map") != 0)
        return false;
    uint32_t all = (1u << n->type.rank) - 1;
    for (int i = 0; i < n->nin; i++)
        if (node_is_inline(n->in[i]) && n->in[i]->global == g &&
            (n->fused.masks[i] & all) != all)
            return false;
    (void)p;
    return n->type.elem == g->type.elem;
}

/* See Note [Stores]. */
static bool may_write_early(Plan *p, const Value *v, const Global *g)
{
    int read = last_read(p, g);
    if (read < v->first)
        return true;
    return read == v->first && reads_in_step(p, v->node, g);
}

static void pin_stores(Plan *p)
{
    for (int i = 0; i < p->func->stores.len; i++) {
        const Store *s = &p->func->stores.data[i];
        Node *source = behind_views(s->value);
        if (node_is_inline(source))
            continue;
        Value *v = group(p, source);
        if (is_free(v) && may_write_early(p, v, s->global))
            v->store = i;
    }
}

/* ---- in place ---- */

/* May the result of map n take the place of its input i? */
static bool may_overwrite(Plan *p, Node *n, int i)
{
    Node *x = n->in[i];
    uint32_t all = (1u << n->type.rank) - 1;
    if (node_is_inline(x) || n->fused.masks[i] != all ||
        elem_bytes(x->type.elem) != elem_bytes(n->type.elem))
        return false;
    Value *from = group(p, x), *to = group(p, n);
    int now = p->values.data[n->mark].first;
    if (!is_free(from) || from->last != now || from == to ||
        to->node != n)
        return false;
    for (int k = 0; k < n->nin; k++)
        if (!node_is_inline(n->in[k]) && group(p, n->in[k]) == from &&
            n->fused.masks[k] != all)
            return false;
    return to->store < 0 ||
           last_read(p, p->func->stores.data[to->store].global) < from->first;
}

static void overwrite(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->region)
            overwrite(p, &n->region->nodes);
        if (strcmp(op_name(n->op), "map") != 0)
            continue;
        for (int k = 0; k < n->nin; k++)
            if (may_overwrite(p, n, k)) {
                join(p, n, n->in[k]);
                break;
            }
    }
}

/* ---- the rest ---- */

/* Values stored that are elsewhere are copied at the end. */
static void copy_stores(Plan *p)
{
    for (int i = 0; i < p->func->stores.len; i++) {
        Store *s = &p->func->stores.data[i];
        if (!node_is_inline(s->value) && group(p, s->value)->store == i)
            continue;
        Node *source = behind_views(s->value);
        if (source->global == s->global && node_is_inline(source))
            continue; /* store @W, @W */
        s->value = copy_of(p, s->value, "store");
        add_value(p, s->value, p->end);
        p->values.data[s->value->mark].store = i;
    }
}

static int64_t scratch_of(const Plan *p, const Node *n)
{
    if (n->region)
        return plan_scan_scratch(n, p->bound);
    if (!n->impl || !n->impl->cost || !p->target)
        return 0;
    return n->impl->cost(n, p->target).scratch;
}

static void place_root(Plan *p, Value *v, int64_t offset)
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
    } else {
        at->kind = PLACE_WORKSPACE;
        at->offset = offset;
    }
}

static void place_leaf(Plan *p, Node *n)
{
    n->place.bytes = p->values.data[n->mark].bytes;
    if (strcmp(op_name(n->op), "input") == 0) {
        n->place.kind = PLACE_INPUT;
    } else {
        n->place.kind = PLACE_DATA;
        n->place.index = p->tables++;
    }
}

/* Is the value a buffer of the workspace? */
static bool needs_buffer(const Plan *p, int i)
{
    const Value *v = &p->values.data[i];
    if (v->root != i || v->bytes == 0 || v->output >= 0 || v->store >= 0)
        return false;
    if (is_carry(p, v))
        return v->node->type.rank > 0 || !p->is_turn[i];
    return !op_has(v->node->op, OP_LEAF);
}

static void find_turns(Plan *p)
{
    p->is_turn = ARENA_ARRAY(p->arena, bool, p->values.len);
    for (int i = 0; i < p->values.len; i++) {
        const Node *n = p->values.data[i].node;
        if (n->region)
            p->is_turn[n->region->args.data[n->region->args.len - 1]->mark] =
                true;
    }
}

static void pack(Plan *p)
{
    PlanBuffer *buffers = ARENA_ARRAY(p->arena, PlanBuffer, 2 * p->values.len);
    int *owner = ARENA_ARRAY(p->arena, int, 2 * p->values.len);
    int count = 0;
    for (int i = 0; i < p->values.len; i++) {
        const Value *v = &p->values.data[i];
        if (needs_buffer(p, i)) {
            owner[count] = i;
            buffers[count++] = (PlanBuffer){v->bytes, v->first, v->last, 0};
        }
        int64_t scratch = scratch_of(p, v->node);
        if (scratch > 0) {
            const Value *end = v->node->region ? v : NULL;
            int at = p->values.data[v->node->mark].first;
            owner[count] = -1 - i;
            buffers[count++] = (PlanBuffer){scratch, v->own_first ? v->own_first
                                                                  : at,
                                            end ? end->last : at, 0};
        }
    }
    p->func->workspace_bytes = plan_pack(p->arena, buffers, count);
    p->func->lower_bound = plan_lower_bound(p->arena, buffers, count);
    int64_t *offset = ARENA_ARRAY(p->arena, int64_t, p->values.len);
    for (int k = 0; k < count; k++) {
        if (owner[k] >= 0)
            offset[owner[k]] = buffers[k].offset;
        else
            p->values.data[-1 - owner[k]].node->scratch = buffers[k].offset;
    }
    for (int i = 0; i < p->values.len; i++) {
        Value *v = &p->values.data[i];
        if (v->root != i || v->node->type.rank < 0)
            continue;
        if (op_has(v->node->op, OP_LEAF) && !is_carry(p, v))
            place_leaf(p, v->node);
        else if (!p->is_turn[i])
            place_root(p, v, offset[i]);
    }
}

/* A view's place is its root's. */
static void place_views(Plan *p)
{
    for (int i = 0; i < p->values.len; i++) {
        Node *n = p->values.data[i].node;
        Node *view = n->place.view_of;
        if (!view)
            continue;
        n->place = p->values.data[root_of(p, i)].node->place;
        n->place.view_of = view;
    }
}
