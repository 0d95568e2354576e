/* Lifetimes and groups: when each value is in use, and which share a place.
 *
 * Positions count the nodes in order of execution, a scan twice (start and
 * end). What a scan's body takes from outside is in use to the scan's end,
 * since every turn reads it again. See Note [Scans].
 */
#include "plan.h"

#include <string.h>

bool plan_is(const Node *n, const char *op)
{
    return strcmp(op_name(n->op), op) == 0;
}

Node *plan_behind(const Node *n)
{
    while (op_has(n->op, OP_VIEW))
        n = n->in[0];
    return (Node *)n;
}

/* ---- positions ---- */

static void add_value(Plan *p, Node *n, int position)
{
    Value v = {.node = n,
               .at = {position, position},
               .alive = {position, position},
               .root = p->values.len,
               .output = -1,
               .store = -1,
               .part_of = -1};
    if (n->type.rank >= 0)
        v.bytes = type_count_at(&n->type, p->bound) * elem_bytes(n->type.elem);
    n->mark = p->values.len;
    array_push(p->arena, &p->values, v);
}

void plan_add(Plan *p, Node *n)
{
    add_value(p, n, p->end);
}

static void number(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        add_value(p, n, ++p->position);
        if (!n->region)
            continue;
        const NodeArray *args = &n->region->args;
        for (int k = 0; k < args->len; k++)
            add_value(p, args->data[k], p->position);
        p->values.data[args->data[args->len - 1]->mark].is_turn = true;
        number(p, &n->region->nodes);
        p->values.data[n->mark].at.last = ++p->position;
        p->values.data[n->mark].alive.last = p->position;
    }
}

/* ---- uses ---- */

/* Where a use at `position` of a value made at `made` counts: inside a scan
 * that does not make the value, at the end of the scan. */
static int use_position(const Plan *p, int made, int position)
{
    for (int i = 0; i < p->scans.len; i++)
        if (p->scans.data[i].first > made)
            return p->scans.data[i].last;
    return position;
}

static void use(Plan *p, const Node *n, int position)
{
    const Node *source = plan_behind(n);
    if (node_is_inline(source) && source->global) {
        GlobalRead read = {source->global, use_position(p, 0, position)};
        array_push(p->arena, &p->reads, read);
    }
    if (node_is_inline(n))
        return;
    Value *v = &p->values.data[n->mark];
    position = use_position(p, v->at.first, position);
    if (position > v->alive.last)
        v->alive.last = position;
}

static void use_all(Plan *p, const NodeArray *body);

static void use_scan(Plan *p, Node *n)
{
    int64_t carries = attr_int(n, "carries");
    Span at = p->values.data[n->mark].at;
    for (int i = 0; i < n->nin; i++)
        use(p, n->in[i], i < carries ? at.first : at.last);
    array_push(p->arena, &p->scans, at);
    use_all(p, &n->region->nodes);
    for (int i = 0; i < n->region->results.len; i++)
        use(p, n->region->results.data[i], at.last);
    for (int i = 0; i < n->region->args.len; i++)
        p->values.data[n->region->args.data[i]->mark].alive.last = at.last;
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
        for (int k = 0; k < n->nin && !plan_is(n, "result"); k++)
            use(p, n->in[k], p->values.data[n->mark].at.first);
    }
}

int plan_last_read(const Plan *p, const Global *g)
{
    int last = -1;
    for (int i = 0; i < p->reads.len; i++)
        if (p->reads.data[i].global == g && p->reads.data[i].position > last)
            last = p->reads.data[i].position;
    return last;
}

/* ---- groups ---- */

static int root_of(const Plan *p, int i)
{
    while (p->values.data[i].root != i)
        i = p->values.data[i].root;
    return i;
}

Value *plan_group(Plan *p, const Node *n)
{
    return &p->values.data[root_of(p, n->mark)];
}

void plan_join(Plan *p, Node *n, Node *x)
{
    Value *from = plan_group(p, n), *to = plan_group(p, x);
    if (from->node != n || from == to)
        internal_error("plan: %%%s cannot join %%%s", n->name, x->name);
    n->place.view_of = x;
    from->root = root_of(p, x->mark);
    to->is_viewed = true;
    if (from->alive.first < to->alive.first)
        to->alive.first = from->alive.first;
    if (from->alive.last > to->alive.last)
        to->alive.last = from->alive.last;
    if (from->output >= 0)
        to->output = from->output;
    if (from->store >= 0)
        to->store = from->store;
}

/* The scan's other `result` of the same index that comes before n. */
static Node *twin(const NodeArray *body, const Node *n)
{
    for (int i = 0; i < body->len && body->data[i] != n; i++) {
        Node *other = body->data[i];
        if (other->op == n->op && other->in[0] == n->in[0] &&
            attr_int(other, "index") == attr_int(n, "index"))
            return other;
    }
    return NULL;
}

static void group_result(Plan *p, Node *n, const NodeArray *body)
{
    Node *scan = n->in[0];
    int64_t index = attr_int(n, "index");
    if (index < attr_int(scan, "carries")) {
        plan_join(p, n, scan->region->args.data[index]);
        return;
    }
    Node *other = twin(body, n);
    if (other)
        plan_join(p, n, other);
    else
        p->values.data[n->mark].alive.first =
            p->values.data[scan->mark].at.first;
}

bool plan_cut_is_view(const Type *whole, int64_t along)
{
    for (int64_t i = 0; i < along; i++)
        if (!dim_equal(whole->dim[i], dim_const(1)))
            return false;
    return true;
}

static void group_views(Plan *p, const NodeArray *body);

static void group_scan(Plan *p, Node *n)
{
    int carries = (int)attr_int(n, "carries");
    for (int k = carries; k < n->nin; k++) {
        Node *whole = n->in[k], *cut = n->region->args.data[k];
        if (!node_is_inline(whole) && !p->values.data[whole->mark].outside &&
            plan_cut_is_view(&whole->type, attr_list(n, "along", k - carries)))
            plan_join(p, cut, whole);
    }
    group_views(p, &n->region->nodes);
}

static void group_views(Plan *p, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->region) {
            group_scan(p, n);
        } else if (plan_is(n, "result")) {
            group_result(p, n, body);
        } else if (op_has(n->op, OP_VIEW)) {
            if (node_is_inline(plan_behind(n))) {
                p->values.data[n->mark].outside = true;
                n->place.view_of = n->in[0];
            } else {
                plan_join(p, n, n->in[0]);
            }
        }
    }
}

void plan_live(Plan *p)
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
    group_views(p, &f->nodes);
}

/* ---- scans ---- */

bool plan_carry_needs_copy(const Node *scan, int i)
{
    const Node *next = scan->region->results.data[i];
    while (next->place.view_of)
        next = next->place.view_of;
    for (int k = 0; k < attr_int(scan, "carries"); k++)
        if (k != i && scan->region->args.data[k] == next)
            return true;
    return false;
}

int64_t plan_carry_bytes(const Node *scan, int i, int64_t bound)
{
    const Type *t = &scan->region->args.data[i]->type;
    int64_t bytes = type_count_at(t, bound) * elem_bytes(t->elem);
    return (bytes + PLAN_ALIGN - 1) / PLAN_ALIGN * PLAN_ALIGN;
}

/* Note [Scans]
 *
 * A carry has a buffer of its own from the scan's start (where the first value
 * is copied in) to its end or the last use of its `result`, which is a view of
 * it. At the end of each turn the next values are copied in, after all emitted
 * values were copied to their cut of the stack; a next value that is another
 * carry's present one is set aside in the scan's scratch first. The stack of
 * an emitted value is the place of its `result`. A cut of a sequence along its
 * first axis is a view, along another axis a copy made at the turn's start.
 * Buffers made in the body may share memory with others of the body as if it
 * ran once: nothing but the carries lives from one turn to the next.
 */
