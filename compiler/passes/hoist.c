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
    ValueTable *known; /* what @pack computes */
    NodeMap *weights;  /* index + 1 in `made` of a pack value's weight */
    ARRAY_OF(Global *) made;
    Func *func;      /* infer or eval */
    NodeMap *fixed;  /* rewrite_fixed_values of func */
    NodeMap *wanted; /* 1: seen by want */
    NodeMap *copied; /* index + 1 in `copies` of func's values in @pack */
    NodeArray copies;
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
    if (nodemap_get(h->copied, n))
        return h->copies.data[nodemap_get(h->copied, n) - 1];
    Node **in = ARENA_ARRAY(a, Node *, n->nin);
    /* What is repeated comes first, so that it can end the other's loop. */
    for (int repeated = 1; repeated >= 0; repeated--)
        for (int i = 0; i < n->nin; i++)
            if ((n->in[i]->op == &op_broadcast) == repeated)
                in[i] = copy_to_pack(h, n->in[i]);
    Node probe = *n;
    probe.in = in;
    Node *copy = values_find(h->known, &probe);
    if (!copy) {
        b.loc = n->loc;
        b.hint = n->name;
        copy = node_copy(&b, n, in);
        rewrite_free_name(h->pack, copy);
        copy->name = func_name(h->pack, n->name);
        values_add(h->known, copy);
    }
    array_push(a, &h->copies, copy);
    nodemap_set(h->copied, n, h->copies.len);
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

/* Repeated, viewed or tabled values are cheaper where they are used; weights
 * are real numbers. */
static bool stays(const Node *n)
{
    return n->op == &op_broadcast || op_has(n->op, OP_VIEW | OP_LEAF) ||
           !elem_is_real(n->type.elem);
}

/* n is fixed and used by what is not: it is read from a weight from now on, or
 * what it is made of is. */
static void want(Hoist *h, Node *n)
{
    if (nodemap_get(h->fixed, n) != 1 || nodemap_get(h->wanted, n) == 1)
        return;
    nodemap_set(h->wanted, n, 1);
    if (n->global || !stays(n)) {
        Builder b = builder_new(h->func);
        n->repl = node_param(&b, weight_of(h, copy_to_pack(h, n)));
        return;
    }
    for (int i = 0; i < n->nin; i++)
        want(h, n->in[i]);
}

static void want_operands(Node *n, void *ctx)
{
    Hoist *h = ctx;
    for (int i = 0; i < n->nin && nodemap_get(h->fixed, n) != 1; i++)
        want(h, n->in[i]);
    for (int i = 0; n->region && i < n->region->results.len; i++)
        want(h, n->region->results.data[i]);
}

static void hoist(Hoist *h, Func *f)
{
    h->func = f;
    h->fixed = rewrite_fixed_values(f);
    h->wanted = nodemap_new(f->module->arena);
    h->copied = nodemap_new(f->module->arena);
    func_walk(f, want_operands, h);
    for (int i = 0; i < f->results.len; i++)
        want(h, f->results.data[i].value);
    for (int i = 0; i < f->stores.len; i++)
        want(h, f->stores.data[i].value);
    func_apply_repl(f);
    func_remove_dead(f);
    rewrite_views_first(f);
}

static Func *find_pack(Module *m)
{
    for (int i = 0; i < m->funcs.len; i++) {
        if (m->funcs.data[i]->kind == FUNC_PACK)
            return m->funcs.data[i];
    }
    return func_new(m, FUNC_PACK, "pack");
}

static void learn_pack(Hoist *h)
{
    Module *m = h->pack->module;
    for (int i = 0; i < h->pack->nodes.len; i++) {
        if (!h->pack->nodes.data[i]->region)
            values_add(h->known, h->pack->nodes.data[i]);
    }
    for (int i = 0; i < h->pack->stores.len; i++) {
        array_push(m->arena, &h->made, h->pack->stores.data[i].global);
        nodemap_set(h->weights, h->pack->stores.data[i].value, h->made.len);
    }
}

static void run(Module *m, const Options *o)
{
    bool any = false;
    (void)o;
    for (int i = 0; i < m->funcs.len; i++)
        any |= is_packed(m->funcs.data[i]);
    if (!any)
        return;
    Hoist h = {.pack = find_pack(m),
               .known = values_new(m->arena),
               .weights = nodemap_new(m->arena)};
    learn_pack(&h);
    for (int i = 0; i < m->funcs.len; i++) {
        if (is_packed(m->funcs.data[i]))
            hoist(&h, m->funcs.data[i]);
    }
}

const Pass pass_hoist = {
    .name = "hoist",
    .doc = "compute what depends on parameters only once, in pack",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
};
