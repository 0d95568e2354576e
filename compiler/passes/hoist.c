/* hoist: what only parameters decide is computed once, in @pack.
 *
 * In infer and eval, the largest subgraphs that depend on parameters and
 * constants only and compute something move to @pack (made if missing), which
 * stores their values as weights; equal ones from both entries become one
 * weight. Repeating and viewing stay behind, so weights are not blown up.
 * Every other parameter read becomes a weight that is a plain copy: afterwards
 * infer and eval read weights only, and state that they change themselves.
 * A weight is called after its value: @W1.packed, @h.matmul.packed.
 *
 *     before  func infer @infer(%x: f32[4,8]) {
 *               %c = matmul @A, @B : f32[8,8]
 *               %y = matmul %x, %c : f32[4,8]
 *     after   func pack @pack() {
 *               %c = matmul @A, @B : f32[8,8]
 *               store @c.packed, %c
 *             func infer @infer(%x: f32[4,8]) {
 *               %y = matmul %x, @c.packed : f32[4,8]
 * Needs: collapse, cse, dce.  Keeps: names of all other values.
 */
#include "rewrite.h"
#include "op_list.h"

typedef struct Hoist {
    Func *pack;
    ValueTable *known;   /* what @pack computes */
    NodeMap *weights;    /* index + 1 of a pack value's weight */
    ARRAY_OF(Global *) made;
    NodeMap *fixed; /* of the function at hand */
    NodeMap *wanted; /* 1: moves to @pack as a weight */
} Hoist;

static bool is_packed(const Func *f)
{
    return f->kind == FUNC_INFER || f->kind == FUNC_EVAL;
}

/* The value in @pack that equals n; its operands come first. */
static Node *copy_to_pack(Hoist *h, Node *n)
{
    Arena *a = h->pack->module->arena;
    Builder b = builder_new(h->pack);
    if (n->global)
        return node_param(&b, n->global);
    if (node_is_inline(n))
        return n;
    Node **in = ARENA_ARRAY(a, Node *, n->nin);
    for (int i = 0; i < n->nin; i++)
        in[i] = copy_to_pack(h, n->in[i]);
    Node probe = *n;
    probe.in = in;
    Node *equal = values_find(h->known, &probe);
    if (equal)
        return equal;
    b.loc = n->loc;
    b.hint = n->name;
    Node *copy = node_copy(&b, n, in);
    rewrite_free_name(h->pack, copy);
    copy->name = func_name(h->pack, n->name);
    values_add(h->known, copy);
    return copy;
}

static const char *weight_name(const Module *m, const char *base)
{
    const char *name = arena_printf(m->arena, "%s.packed", base);
    for (int i = 2; module_global(m, name); i++)
        name = arena_printf(m->arena, "%s.packed.%d", base, i);
    return name;
}

/* The weight that holds pack value v. */
static Global *weight_of(Hoist *h, Node *v)
{
    Module *m = h->pack->module;
    int i = nodemap_get(h->weights, v);
    if (i)
        return h->made.data[i - 1];
    const char *name = v->global ? v->global->name : v->name;
    Global *g = global_new(m, GLOBAL_WEIGHT, weight_name(m, name), v->type);
    g->loc = v->global ? v->global->loc : v->loc;
    func_store(h->pack, g, v);
    array_push(m->arena, &h->made, g);
    nodemap_set(h->weights, v, h->made.len);
    return g;
}

/* Repeated, viewed or tabled values are cheaper where they are used. */
static bool stays(const Node *n)
{
    return n->op == &op_broadcast || op_has(n->op, OP_VIEW | OP_LEAF);
}

static void want(Hoist *h, Node *n)
{
    if (nodemap_get(h->fixed, n) != 1)
        return;
    if (n->global || !stays(n)) {
        nodemap_set(h->wanted, n, 1);
        return;
    }
    for (int i = 0; i < n->nin; i++)
        want(h, n->in[i]);
}

/* Fixed operands of nodes that are not fixed are the ends of subgraphs. */
static void want_operands(Node *n, void *ctx)
{
    Hoist *h = ctx;
    if (nodemap_get(h->fixed, n) == 1)
        return;
    for (int i = 0; i < n->nin; i++)
        want(h, n->in[i]);
    for (int i = 0; n->region && i < n->region->results.len; i++)
        want(h, n->region->results.data[i]);
}

static Node *visit(Rewriter *r, Node *n)
{
    Hoist *h = r->ctx;
    for (int i = 0; i < n->nin; i++) {
        Node *x = n->in[i];
        if (x->global && nodemap_get(h->wanted, x) == 1)
            n->in[i] = node_param(&r->b, weight_of(h, copy_to_pack(h, x)));
    }
    return n;
}

/* See Note [Order of rewriting]. */
static Node *replace(Rewriter *r, Node *n)
{
    Hoist *h = r->ctx;
    if (nodemap_get(h->wanted, n) != 1)
        return n;
    return node_param(&r->b, weight_of(h, copy_to_pack(h, n)));
}
