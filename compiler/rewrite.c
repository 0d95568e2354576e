/* Shared machinery of the passes: see rewrite.h. */
#include "rewrite.h"
#include <string.h>

/* ---- one sweep over all bodies ---- */

Node *rewrite_final(Node *n)
{
    while (n->repl)
        n = n->repl;
    return n;
}

static void update_operands(Node *n)
{
    for (int i = 0; i < n->nin; i++)
        n->in[i] = rewrite_final(n->in[i]);
}

static void clear_repl(Node *n, void *ctx)
{
    (void)ctx;
    n->repl = NULL;
    for (int i = 0; i < n->nin; i++)
        n->in[i]->repl = NULL;
}

static void rewrite_body(Rewriter *r, NodeArray *body)
{
    NodeArray old = *body;
    NodeArray *outer = r->b.body;
    *body = (NodeArray){0};
    r->b.body = body;
    for (int i = 0; i < old.len; i++) {
        Node *n = old.data[i];
        update_operands(n);
        r->b.hint = n->name;
        r->b.loc = n->loc;
        Node *with = r->visit(r, n);
        if (with == n)
            array_push(r->b.module->arena, body, n);
        else
            r->changed = true;
        if (with != n && with)
            n->repl = rewrite_final(with);
        if (with == n && n->region) {
            if (r->open)
                r->open(r, n);
            rewrite_body(r, &n->region->nodes);
            for (int k = 0; k < n->region->results.len; k++) {
                Node **result = &n->region->results.data[k];
                *result = rewrite_final(*result);
            }
            if (r->close)
                r->close(r, n);
        }
    }
    r->b.body = outer;
}

void rewrite_func(Rewriter *r, Func *f)
{
    r->b = builder_new(f);
    func_walk(f, clear_repl, NULL);
    rewrite_body(r, &f->nodes);
    for (int i = 0; i < f->results.len; i++)
        f->results.data[i].value = rewrite_final(f->results.data[i].value);
    for (int i = 0; i < f->stores.len; i++)
        f->stores.data[i].value = rewrite_final(f->stores.data[i].value);
}

void rewrite_free_name(Func *f, const Node *n)
{
    map_set(f->names, n->name, NULL);
}

void rewrite_take_name(Func *f, Node *fresh, const Node *n)
{
    rewrite_free_name(f, fresh);
    fresh->name = n->name;
}

static bool is_view_of_global(const Node *n)
{
    return op_has(n->op, OP_VIEW) && n->nin == 1 && node_is_inline(n->in[0]);
}

void rewrite_views_first(Func *f)
{
    NodeArray old = f->nodes;
    f->nodes = (NodeArray){0};
    for (int first = 1; first >= 0; first--)
        for (int i = 0; i < old.len; i++)
            if (is_view_of_global(old.data[i]) == (bool)first)
                array_push(f->module->arena, &f->nodes, old.data[i]);
}

/* ---- numbers for nodes ---- */

typedef struct Slot {
    const Node *node;
    int value;
} Slot;

struct NodeMap {
    Arena *arena;
    Slot *slots;
    size_t cap, len; /* cap is a power of two */
};

NodeMap *nodemap_new(Arena *a)
{
    NodeMap *m = ARENA_NEW(a, NodeMap);
    m->arena = a;
    m->cap = 64;
    m->slots = ARENA_ARRAY(a, Slot, m->cap);
    return m;
}

static Slot *find_slot(const NodeMap *m, const Node *n)
{
    size_t i = (size_t)(((uintptr_t)n >> 4) * 0x9e3779b97f4a7c15u >> 20);
    while (m->slots[i & (m->cap - 1)].node &&
           m->slots[i & (m->cap - 1)].node != n)
        i++;
    return &m->slots[i & (m->cap - 1)];
}

int nodemap_get(const NodeMap *m, const Node *n)
{
    return find_slot(m, n)->value;
}

void nodemap_set(NodeMap *m, const Node *n, int value)
{
    if (2 * (m->len + 1) > m->cap) {
        NodeMap old = *m;
        m->cap *= 2;
        m->slots = ARENA_ARRAY(m->arena, Slot, m->cap);
        for (size_t i = 0; i < old.cap; i++) {
            if (old.slots[i].node)
                *find_slot(m, old.slots[i].node) = old.slots[i];
        }
    }
    Slot *s = find_slot(m, n);
    m->len += s->node == NULL;
    *s = (Slot){n, value};
}

/* ---- values that only parameters decide ---- */

typedef struct Fixed {
    NodeMap *map;
} Fixed;

static bool is_fixed_read(const Global *g)
{
    return g->kind == GLOBAL_PARAM || g->kind == GLOBAL_STATE;
}

static bool is_fixed(Fixed *f, const Node *x)
{
    if (node_is_inline(x) && (!x->global || is_fixed_read(x->global)))
        nodemap_set(f->map, x, 1);
    return nodemap_get(f->map, x) == 1;
}

static void find_fixed(Node *n, void *ctx)
{
    Fixed *f = ctx;
    bool fixed = !n->region && n->type.rank >= 0 && !op_has(n->op, OP_RANDOM) &&
                 (n->nin > 0 || op_has(n->op, OP_LEAF));
    for (int i = 0; i < n->type.rank; i++)
        fixed &= dim_is_const(n->type.dim[i]);
    for (int i = 0; i < n->nin; i++)
        fixed &= is_fixed(f, n->in[i]);
    for (int i = 0; n->region && i < n->region->results.len; i++)
        (void)is_fixed(f, n->region->results.data[i]);
    if (fixed)
        nodemap_set(f->map, n, 1);
}

NodeMap *rewrite_fixed_values(Func *f)
{
    Fixed fixed = {nodemap_new(f->module->arena)};
    func_walk(f, find_fixed, &fixed);
    for (int i = 0; i < f->results.len; i++)
        (void)is_fixed(&fixed, f->results.data[i].value);
    for (int i = 0; i < f->stores.len; i++)
        (void)is_fixed(&fixed, f->stores.data[i].value);
    return fixed.map;
}

/* ---- equal values ---- */

typedef struct Entry {
    Node *node;
    uint64_t hash;
    int next; /* in its bucket, -1 at the end */
} Entry;

enum { BUCKETS = 4096 };

struct ValueTable {
    Arena *arena;
    ARRAY_OF(Entry) entries;
    int bucket[BUCKETS];
};

ValueTable *values_new(Arena *a)
{
    ValueTable *t = ARENA_NEW(a, ValueTable);
    t->arena = a;
    for (int i = 0; i < BUCKETS; i++)
        t->bucket[i] = -1;
    return t;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 1099511628211u;
}

static uint64_t hash_operand(const Node *n)
{
    double v;
    if (node_is_const(n, &v))
        return hash_bytes(&v, sizeof v);
    if (n->global)
        return hash_string(n->global->name);
    return hash_string(n->name ? n->name : "");
}

static uint64_t hash_node(const Node *n)
{
    uint64_t h = hash_string(op_name(n->op));
    for (int i = 0; i < n->nin; i++)
        h = mix(h, hash_operand(n->in[i]));
    return mix(h, (uint64_t)n->nattr);
}

static bool same_attr(const Attr *a, const Attr *b)
{
    if (strcmp(a->name, b->name) != 0 || a->kind != b->kind || a->len != b->len)
        return false;
    switch (a->kind) {
    case ATTR_INT:
        return a->i == b->i;
    case ATTR_REAL:
        return memcmp(&a->r, &b->r, sizeof a->r) == 0;
    case ATTR_SYM:
        return strcmp(a->sym, b->sym) == 0;
    case ATTR_LIST:
        return memcmp(a->list, b->list, sizeof *a->list * (size_t)a->len) == 0;
    case ATTR_VALUES:
        return memcmp(a->values, b->values,
                      sizeof *a->values * (size_t)a->len) == 0;
    case ATTR_DIMS:
        for (int i = 0; i < a->len; i++) {
            if (!dim_equal(a->dims[i], b->dims[i]))
                return false;
        }
        return true;
    }
    return false;
}

static bool same_attrs(const Node *a, const Node *b)
{
    if (a->nattr != b->nattr)
        return false;
    for (int i = 0; i < a->nattr; i++) {
        const Attr *other = node_attr(b, a->attrs[i].name);
        if (!other || !same_attr(&a->attrs[i], other))
            return false;
    }
    return true;
}

bool values_same(const Node *a, const Node *b)
{
    double x, y;
    if (a == b)
        return true;
    if (!node_is_inline(a) || !node_is_inline(b) || a->op != b->op ||
        !type_equal(&a->type, &b->type))
        return false;
    if (node_is_const(a, &x) && node_is_const(b, &y))
        return memcmp(&x, &y, sizeof x) == 0;
    return a->global && a->global == b->global;
}

static bool same_node(const Node *a, const Node *b)
{
    if (a->op != b->op || a->nin != b->nin || a->global != b->global ||
        !type_equal(&a->type, &b->type) || a->region || b->region ||
        !same_attrs(a, b))
        return false;
    for (int i = 0; i < a->nin; i++) {
        if (!values_same(a->in[i], b->in[i]))
            return false;
    }
    return true;
}

Node *values_find(const ValueTable *t, const Node *n)
{
    uint64_t h = hash_node(n);
    int i = t->bucket[h % BUCKETS];
    for (; i >= 0; i = t->entries.data[i].next) {
        const Entry *e = &t->entries.data[i];
        if (e->hash == h && same_node(e->node, n))
            return e->node;
    }
    return NULL;
}

void values_add(ValueTable *t, Node *n)
{
    uint64_t h = hash_node(n);
    Entry e = {.node = n, .hash = h, .next = t->bucket[h % BUCKETS]};
    t->bucket[h % BUCKETS] = t->entries.len;
    array_push(t->arena, &t->entries, e);
}

int values_len(const ValueTable *t)
{
    return t->entries.len;
}

void values_cut(ValueTable *t, int len)
{
    while (t->entries.len > len) {
        const Entry *e = &t->entries.data[--t->entries.len];
        t->bucket[e->hash % BUCKETS] = e->next;
    }
}
