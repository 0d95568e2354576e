/* Copies that the plan adds where a value cannot be made in its last place.
 *
 * An output that something else names already, a new value that overwrites
 * what another store still reads, a new value that had to be made elsewhere
 * because the old one is read after it begins: each is copied by a map. See
 * Note [Stores] in plan.c.
 */
#include "plan.h"

/* A map that copies x, not in the body yet. */
static Node *new_copy(Plan *p, Node *x, const char *suffix)
{
    Arena *a = p->arena;
    Node *n = ARENA_NEW(a, Node);
    const char *name = !node_is_inline(x) ? x->name
                       : x->global        ? x->global->name
                                          : "const";
    n->op = op_find("map");
    n->name = func_name(p->func, arena_printf(a, "%s.%s", name, suffix));
    n->type = n->raw = x->type;
    n->in = ARENA_ARRAY(a, Node *, 1);
    n->in[0] = x;
    n->nin = 1;
    n->impl = n->op->impl[0];
    n->scratch = -1;
    n->loc = x->loc;
    n->fused.expr = scalar_arg(a, 1);
    n->fused.masks = ARENA_ARRAY(a, uint32_t, 1);
    n->fused.masks[0] = (1u << x->type.rank) - 1;
    return n;
}

/* The same at the function's end. */
static Node *copy_of(Plan *p, Node *x, const char *suffix)
{
    Node *n = new_copy(p, x, suffix);
    array_push(p->arena, &p->func->nodes, n);
    return n;
}

/* Do two values have one place from the start? */
static bool same_place(const Node *a, const Node *b)
{
    if (a == b)
        return true;
    return plan_is(a, "result") && a->op == b->op && a->in[0] == b->in[0] &&
           attr_int(a, "index") == attr_int(b, "index");
}

/* An output that is an input, a constant, a parameter or another output is a
 * copy of it. */
void plan_copy_outputs(Plan *p)
{
    Func *f = p->func;
    for (int i = 0; i < f->results.len; i++) {
        Result *r = &f->results.data[i];
        if (!plan_is_output(f, r))
            continue;
        const Node *source = plan_behind(r->value);
        bool taken = op_has(source->op, OP_LEAF);
        for (int k = 0; k < i && !taken; k++)
            taken = plan_is_output(f, &f->results.data[k]) &&
                    same_place(plan_behind(f->results.data[k].value), source);
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
void plan_copy_swaps(Plan *p)
{
    for (int i = 0; i < p->func->stores.len; i++) {
        Store *s = &p->func->stores.data[i];
        Node *source = plan_behind(s->value);
        if (source->global && source->global != s->global &&
            is_stored_to(p->func, source->global))
            s->value = copy_of(p, s->value, "old");
    }
}

static bool is_stored_already(Plan *p, int i)
{
    const Store *s = &p->func->stores.data[i];
    Node *source = plan_behind(s->value);
    return node_is_inline(source) ? source->global == s->global
                                  : plan_group(p, s->value)->store == i;
}

/* What is stored and lives elsewhere is copied at the end. */
void plan_copy_stores(Plan *p)
{
    for (int i = 0; i < p->func->stores.len; i++) {
        Store *s = &p->func->stores.data[i];
        if (is_stored_already(p, i))
            continue;
        s->value = copy_of(p, s->value, "store");
        plan_add(p, s->value);
        p->values.data[s->value->mark].store = i;
    }
}

/* The last node of the body that runs at that position or before; -1: none. */
static int node_at(const Plan *p, int position)
{
    const NodeArray *nodes = &p->func->nodes;
    int last = -1;
    while (last + 1 < nodes->len &&
           p->values.data[nodes->data[last + 1]->mark].at.first <= position)
        last++;
    return last;
}

static void replace_uses(NodeArray *body, int from, const Node *old, Node *new)
{
    for (int i = from; i < body->len; i++) {
        Node *n = body->data[i];
        for (int k = 0; k < n->nin; k++)
            if (n->in[k] == old)
                n->in[k] = new;
        if (!n->region)
            continue;
        replace_uses(&n->region->nodes, 0, old, new);
        for (int k = 0; k < n->region->results.len; k++)
            if (n->region->results.data[k] == old)
                n->region->results.data[k] = new;
    }
}

/* Copies to what is stored as soon as the old value was read for the last
 * time, so that the buffer with the new one is free again; what follows uses
 * the copy. True when the body changed. */
bool plan_copy_early(Plan *p)
{
    NodeArray *nodes = &p->func->nodes, out = {0};
    int stores = p->func->stores.len, made = 0;
    Node **copies = ARENA_ARRAY(p->arena, Node *, stores);
    int *after = ARENA_ARRAY(p->arena, int, stores);
    for (int i = 0; i < stores; i++) {
        Store *s = &p->func->stores.data[i];
        if (is_stored_already(p, i))
            continue;
        int read = plan_last_read(p, s->global), first = 0;
        if (!node_is_inline(s->value))
            first = p->values.data[s->value->mark].at.first;
        after[i] = node_at(p, read > first ? read : first);
        copies[i] = new_copy(p, s->value, "store");
        replace_uses(nodes, after[i] + 1, s->value, copies[i]);
        s->value = copies[i];
        made++;
    }
    for (int k = -1; k < nodes->len; k++) {
        if (k >= 0)
            array_push(p->arena, &out, nodes->data[k]);
        for (int i = 0; i < stores; i++)
            if (copies[i] && after[i] == k)
                array_push(p->arena, &out, copies[i]);
    }
    *nodes = out;
    return made > 0;
}
