/* What must hold of the places of a planned function.
 *
 * Every value has a place; places in the workspace lie inside it; no two values
 * alive at once share bytes, scratch included, unless one is declared a view of
 * the other or a concat was made of the other where it lies; a value written
 * over another one comes after the last use of that, and a global's new value
 * is not made in its memory before its old one was read for the last time.
 *
 * Times are positions in the order of execution, regions inline. A value from
 * outside used in a region is alive until the region ends, since the next turn
 * reads it again; so are the region's arguments and results.
 */
#include "verify.h"
#include "op_list.h"
#include <inttypes.h>

typedef struct Life {
    const Node *node;
    Place place;     /* the node's, or its scratch */
    int first, last; /* its bytes are taken */
    int used;        /* last use of itself, not of its views */
    int root;        /* the value whose bytes it shares: index */
    bool writes;     /* makes its bytes, does not only read them otherwise */
} Life;

typedef struct ScanTime {
    const Node *scan;
    int start;
} ScanTime;

typedef struct Read {
    const Global *global;
    const Node *by;
    int when;
} Read;

typedef struct Lives {
    Verifier *v;
    ARRAY_OF(Life) all;
    ARRAY_OF(ScanTime) scans;
    ARRAY_OF(Read) reads;
    Map *index; /* name -> int *, into all */
    int now;
} Lives;

static Life *life_of(Lives *l, const Node *n)
{
    int *i = map_get(l->index, n->name);
    return i ? &l->all.data[*i] : NULL;
}

static bool is_view(const Node *n)
{
    return op_has(n->op, OP_VIEW) || n->op == &op_result || n->op == &op_arg;
}

static bool check_place(Lives *l, const Node *n)
{
    const Place *at = &n->place;
    const Func *f = l->v->func;
    if (at->kind == PLACE_NONE && !at->view_of)
        return verify_fail(l->v, n, "%%%s has no place", n->name);
    if (at->kind == PLACE_WORKSPACE &&
        (at->offset < 0 || at->bytes < 0 ||
         at->offset > f->workspace_bytes - at->bytes))
        return verify_fail(
            l->v, n, "%%%s lies outside of the workspace of %" PRId64 " bytes",
            n->name, f->workspace_bytes);
    if (at->kind == PLACE_OUTPUT &&
        (at->index < 0 || at->index >= f->results.len))
        return verify_fail(l->v, n, "%%%s: there is no result %d", n->name,
                           at->index);
    return true;
}

static void add(Lives *l, Life life)
{
    array_push(l->v->arena, &l->all, life);
}

/* Scratch is taken while the node runs. */
static bool add_scratch(Lives *l, const Node *n, int first, int last)
{
    const Func *f = l->v->func;
    int64_t bytes = 0;
    if (n->scratch < 0)
        return true;
    bytes = n->scratch_bytes; /* 0 when the plan was read from text */
    if (n->scratch > f->workspace_bytes - bytes)
        return verify_fail(l->v, n, "%%%s: scratch outside of the workspace",
                           n->name);
    Place at = {.kind = PLACE_WORKSPACE, .offset = n->scratch, .bytes = bytes};
    add(l, (Life){n, at, first, last, first, l->all.len, true});
    return true;
}

/* Inputs of a concat that were made where it puts them share its bytes, which
 * are taken from the first of them on. Only fixed sizes, with nothing but 1
 * before the axis, follow each other in memory. */
static void join_parts(Lives *l, const Node *n)
{
    int64_t at = n->place.offset, axis = attr_int(n, "axis");
    int all = l->all.len - 1;
    for (int i = 0; i < n->type.rank; i++)
        if (!dim_is_const(n->type.dim[i]) ||
            (i < axis && n->type.dim[i].c != 1))
            return;
    for (int k = 0; k < n->nin; k++) {
        const Node *x = n->in[k];
        const Life *part = node_is_inline(x) ? NULL : life_of(l, x);
        int root = part ? part->root : -1;
        if (part && part->place.kind == PLACE_WORKSPACE &&
            n->place.kind == PLACE_WORKSPACE && part->place.offset == at &&
            l->all.data[root].place.bytes == part->place.bytes &&
            l->all.data[root].place.offset == at)
            for (int i = 0; i < all; i++) {
                Life *other = &l->all.data[i];
                if (other->root != root)
                    continue;
                other->root = all;
                if (other->first < l->all.data[all].first)
                    l->all.data[all].first = other->first;
            }
        at += elem_bytes(x->type.elem) * type_count_at(&x->type, 1);
    }
}

static bool begin(Lives *l, const Node *n, int first)
{
    Life life = {n, n->place, first, first, first, l->all.len, !is_view(n)};
    const Node *base = n->place.view_of;
    if (n->type.rank < 0)
        return true;
    if (!check_place(l, n))
        return false;
    if (base && !node_is_inline(base)) {
        const Life *b = life_of(l, base);
        if (!b)
            return verify_fail(l->v, n, "%%%s is a view of the later %%%s",
                               n->name, base->name);
        life.root = b->root;
    }
    int *i = ARENA_NEW(l->v->arena, int);
    *i = l->all.len;
    map_set(l->index, n->name, i);
    add(l, life);
    if (n->op == &op_concat)
        join_parts(l, n);
    return true;
}

static void use(Lives *l, const Node *n, const Node *by, int when)
{
    Life *life = node_is_inline(n) ? NULL : life_of(l, n);
    if (life)
        life->last = life->used = when;
    while (!node_is_inline(n) && n->place.view_of)
        n = n->place.view_of;
    if (by && n->op == &op_param) {
        Read read = {n->global, by, when};
        array_push(l->v->arena, &l->reads, read);
    }
}

static bool walk(Lives *l, const NodeArray *body);

/* The turn is a variable of the loop: it has no place. */
static bool walk_region(Lives *l, const Node *scan)
{
    const Region *r = scan->region;
    int start = l->now, outside = l->all.len, reads = l->reads.len;
    for (int i = 0; i + 1 < r->args.len; i++)
        if (!begin(l, r->args.data[i], start))
            return false;
    int inside = l->all.len;
    if (!walk(l, &r->nodes))
        return false;
    int end = ++l->now;
    for (int i = 0; i < r->results.len; i++)
        use(l, r->results.data[i], scan, end);
    for (int i = (int)attr_int(scan, "carries"); i < scan->nin; i++)
        use(l, scan->in[i], scan, end);
    for (int i = 0; i < inside; i++) {
        Life *life = &l->all.data[i];
        if (i >= outside)
            life->last = end;
        else if (life->used > start)
            life->last = life->used = end;
    }
    for (int i = reads; i < l->reads.len; i++)
        l->reads.data[i].when = end;
    return add_scratch(l, scan, start, end);
}

/* What a scan stacks is written from its first turn on. */
static int made_at(Lives *l, const Node *n, int when)
{
    if (n->op != &op_result ||
        attr_int(n, "index") < attr_int(n->in[0], "carries"))
        return when;
    for (int i = 0; i < l->scans.len; i++)
        if (l->scans.data[i].scan == n->in[0])
            return l->scans.data[i].start;
    return when;
}

static bool walk(Lives *l, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        int when = ++l->now;
        for (int k = 0; k < n->nin; k++)
            use(l, n->in[k], n, when);
        if (n->region) {
            ScanTime s = {n, when};
            array_push(l->v->arena, &l->scans, s);
            if (!walk_region(l, n))
                return false;
        } else if (!add_scratch(l, n, when, when)) {
            return false;
        }
        if (!begin(l, n, made_at(l, n, when)))
            return false;
    }
    return true;
}

static bool overlap(const Place *a, const Place *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == PLACE_OUTPUT)
        return a->index == b->index;
    return a->kind == PLACE_WORKSPACE && a->offset < b->offset + b->bytes &&
           b->offset < a->offset + a->bytes;
}

/* b, made in the bytes of a. */
static bool check_in_place(Lives *l, const Life *a, const Life *b)
{
    bool apart = a->place.kind == PLACE_WORKSPACE &&
                 b->place.kind == PLACE_WORKSPACE &&
                 !overlap(&a->place, &b->place);
    if (a->root != b->root || apart || !b->writes || !b->place.view_of ||
        a->first >= b->first || a->used <= b->first)
        return true;
    return verify_fail(l->v, b->node,
                       "%%%s overwrites %%%s, which is used later",
                       b->node->name, a->node->name);
}

/* Values that share bytes by declaration live as long as any of them. */
static bool check_overlaps(Lives *l)
{
    for (int i = 0; i < l->all.len; i++) {
        const Life *a = &l->all.data[i];
        Life *root = &l->all.data[a->root];
        if (root->last < a->last)
            root->last = a->last;
        for (int k = i + 1; k < l->all.len; k++)
            if (!check_in_place(l, a, &l->all.data[k]))
                return false;
    }
    for (int i = 0; i < l->all.len; i++)
        for (int k = i + 1; k < l->all.len; k++) {
            const Life *a = &l->all.data[i], *b = &l->all.data[k];
            if (a->root == i && b->root == k && a->first <= b->last &&
                b->first <= a->last && overlap(&a->place, &b->place))
                return verify_fail(l->v, b->node,
                                   "%%%s and %%%s are alive in the same bytes",
                                   a->node->name, b->node->name);
        }
    return true;
}

/* Does n read that global but at the element that it writes? */
static bool reads_across(const Node *n, const Global *g)
{
    bool is_map = n->op == &op_map;
    int own = is_map ? 0 : n->fused.expr ? n->fused.own : n->nin;
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        while (!node_is_inline(x) && x->place.view_of)
            x = x->place.view_of;
        if (x->op == &op_param && x->global == g &&
            (i < own || n->fused.masks[i - own] != (1u << n->type.rank) - 1 ||
             !(is_map || (n->impl && n->impl->in_step))))
            return true;
    }
    return false;
}

static bool check_new_globals(Lives *l)
{
    for (int i = 0; i < l->all.len; i++) {
        const Life *life = &l->all.data[i];
        if (life->place.kind != PLACE_GLOBAL || life->root != i ||
            life->place.view_of)
            continue;
        for (int k = 0; k < l->reads.len; k++) {
            const Read *r = &l->reads.data[k];
            if (r->global == life->node->global &&
                (r->when > life->first ||
                 (r->when == life->first &&
                  (r->by != life->node || reads_across(r->by, r->global)))))
                return verify_fail(l->v, r->by,
                                   "%%%s reads @%s after %%%s was written "
                                   "there",
                                   r->by->name, r->global->name,
                                   life->node->name);
        }
    }
    return true;
}

bool verify_plan(Verifier *v)
{
    Func *f = v->func;
    Lives l = {.v = v, .index = map_new(v->arena)};
    for (int i = 0; i < f->inputs.len; i++)
        if (!begin(&l, f->inputs.data[i], 0))
            return false;
    if (!walk(&l, &f->nodes))
        return false;
    l.now++;
    for (int i = 0; i < f->results.len; i++)
        use(&l, f->results.data[i].value, NULL, l.now);
    for (int i = 0; i < f->stores.len; i++)
        use(&l, f->stores.data[i].value, NULL, l.now);
    return check_overlaps(&l) && check_new_globals(&l);
}
