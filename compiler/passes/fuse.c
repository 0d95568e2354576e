/* fuse: element-wise work moves into the loop nest that makes its input.
 *
 * Trees of element-wise nodes become one scalar expression; comparisons inside
 * vanish, broadcasts become masks on the inputs. Where an input is made by a
 * node that ends each element with fused work, used for nothing else, of the
 * same shape, and all other inputs are ready by then, the expression moves
 * into that node; otherwise it becomes a `map`. A value used twice is
 * computed once, except when that costs no more reads: see Note [What is
 * merged]. Work of several functions stays a map where its arrays fit in the
 * second cache: long loops are faster.
 *
 *     before  %a = matmul %x, @W {impl = blocked} : f32[4,8]
 *             %b = add %a, @b : f32[4,8]
 *             %h = relu %b : f32[4,8]
 *     after   %h = matmul %x, @W, @b {fused = "relu..", own = 2, masks = (2),
 *                  impl = blocked} : f32[4,8]
 * Needs: select, dce (single use must mean single use).  Keeps: names of values
 * that stay, order.
 */
#include "choice.h"
#include "fuse_tree.h"
#include "op_list.h"

enum { FREE = -1, APART = -2, COPIED = -3 };
enum { SEVERAL_FUNCTIONS = 2 };

/* One node of the body at hand. */
typedef struct Item {
    Node *node;
    bool loose;  /* element-wise or broadcast: may merge */
    int group;   /* item it merges into, FREE: no user seen yet, APART: stays,
                    COPIED: into each of its users */
    int users;   /* operands of this body that are it */
    bool pinned; /* used by what cannot take it */
    bool needed; /* has to exist */
    FuseTree tree;
} Item;

typedef struct Fuse {
    Func *func;
    Arena *arena;
    const Options *options;
    NodeArray *body;
    Item *items;
    NodeMap *index; /* 1 + item of each node of the body */
    NodeMap *refs;  /* uses that are left once trees are merged */
} Fuse;

static Item *item_of(const Fuse *f, const Node *n)
{
    int i = nodemap_get(f->index, n);
    return i ? &f->items[i - 1] : NULL;
}

static bool is_loose(const Node *n)
{
    return op_is_elementwise(n->op) || n->op == &op_broadcast;
}

static bool takes_epilogue(const Node *n)
{
    return n->impl && n->impl->takes_epilogue && !n->fused.expr &&
           n->op != &op_map && n->op != &op_broadcast;
}

/* ---- which nodes merge: users first ---- */

/* One cheap operation on at most one whole array that cannot take it. */
static bool is_copied(const Fuse *f, const Node *n)
{
    int whole = 0;
    if (!op_is_elementwise(n->op))
        return false;
    const Scalar *s = n->op->expr(f->arena);
    if (scalar_operations(s) > 1 || fuse_is_heavy(s))
        return false;
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        if (x->type.rank == 0 || !type_same_shape(&x->type, &n->type))
            continue;
        if (takes_epilogue(x) && x->mark == 1)
            return false;
        whole++;
    }
    return n->type.rank > 0 && whole <= 1 && n->mark <= 4;
}

static void decide_group(const Fuse *f, Item *it, int self)
{
    if (!it->loose)
        return;
    bool outside = it->node->mark > it->users;
    if (it->group >= 0 && !outside && !it->pinned)
        return;
    it->group =
        !outside && !it->pinned && is_copied(f, it->node) ? COPIED : self;
}

/* Item `user` has x as an operand. */
static void note_user(const Fuse *f, Node *x, int user)
{
    const Item *u = &f->items[user];
    Item *it = item_of(f, x);
    if (!it)
        return;
    it->users++;
    if (!u->loose || !type_same_shape(&u->node->type, &x->type) ||
        u->node->op == &op_broadcast)
        it->pinned = true;
    if (it->group == FREE && u->group >= 0)
        it->group = u->group;
    else if (it->group != u->group || u->group < 0)
        it->group = APART;
}

static void find_groups(Fuse *f)
{
    for (int i = f->body->len - 1; i >= 0; i--) {
        Item *it = &f->items[i];
        decide_group(f, it, i);
        if (!it->loose)
            it->group = APART;
        for (int k = 0; k < it->node->nin; k++)
            note_user(f, it->node->in[k], i);
    }
}

/* ---- trees: operands first ---- */

/* Axes of n that lie on those axes of its operand k that are in mask. */
static uint32_t mask_in(const Node *n, int k, uint32_t mask)
{
    int shift = n->type.rank - n->in[k]->type.rank;
    uint32_t out = 0;
    for (int i = 0; i < n->in[k]->type.rank; i++) {
        int axis =
            n->op == &op_broadcast ? (int)attr_list(n, "axes", i) : i + shift;
        if (mask >> i & 1)
            out |= 1u << axis;
    }
    return out;
}

/* The tree that n takes operand x's place with; NULL when x is read. */
static const FuseTree *merged_operand(const Fuse *f, const Item *it,
                                      const Node *x, int times)
{
    const Item *from = item_of(f, x);
    if (!from || !from->loose)
        return NULL;
    if (from->tree.expr->op == SC_ARG || from->tree.expr->op == SC_CONST)
        return &from->tree;
    if (!type_same_shape(&x->type, &it->node->type) ||
        it->node->op == &op_broadcast)
        return NULL;
    if (from->group != COPIED && (from->group < 0 || from->group != it->group ||
                                  from->group == nodemap_get(f->index, x) - 1))
        return NULL;
    if ((times > 1 || x->mark > 1) && fuse_is_heavy(from->tree.expr))
        return NULL;
    return &from->tree;
}

/* n's tree; operands whose bit is set in `read` are read, not merged. */
static FuseTree make_tree(const Fuse *f, const Item *it, uint32_t read,
                          bool embed)
{
    Node *n = it->node;
    const Scalar *own = op_is_elementwise(n->op) ? n->op->expr(f->arena)
                                                 : scalar_arg(f->arena, 0);
    const Scalar **with = ARENA_ARRAY(f->arena, const Scalar *, n->nin);
    FuseTree t = {0};
    double v;
    for (int k = 0; k < n->nin; k++) {
        Node *x = n->in[k];
        const FuseTree *from =
            read >> k & 1 ? NULL
                          : merged_operand(f, it, x, scalar_uses(own, k));
        if (embed && node_is_const(x, &v)) {
            with[k] = scalar_const(f->arena, v);
            continue;
        }
        if (!from) {
            uint32_t all = (1u << x->type.rank) - 1;
            with[k] = fuse_leaf(f->arena, &t, x, mask_in(n, k, all));
            continue;
        }
        const Scalar **args =
            ARENA_ARRAY(f->arena, const Scalar *, FUSE_ROOM + 1);
        for (int i = 0; i < from->count; i++)
            args[i + 1] = fuse_leaf(f->arena, &t, from->leaf[i],
                                    mask_in(n, k, from->mask[i]));
        with[k] = scalar_substitute(f->arena, from->expr, args, FUSE_ROOM + 1);
    }
    t.expr = scalar_substitute(f->arena, own, with, n->nin);
    return t;
}

/* The merged operand with most operations, -1 when none is left. */
static int largest_operand(const Fuse *f, const Item *it, uint32_t read)
{
    int found = -1, most = -1;
    for (int k = 0; k < it->node->nin; k++) {
        const FuseTree *t =
            read >> k & 1 ? NULL : merged_operand(f, it, it->node->in[k], 1);
        int size = t ? scalar_operations(t->expr) + t->count : -1;
        if (size > most) {
            most = size;
            found = k;
        }
    }
    return found;
}

static FuseTree build_tree(const Fuse *f, const Item *it)
{
    const Module *m = f->func->module;
    uint32_t read = 0;
    FuseTree t = make_tree(f, it, read, true);
    while (fuse_is_too_large(&t)) {
        int k = largest_operand(f, it, read);
        if (k < 0)
            break;
        read |= 1u << k;
        t = make_tree(f, it, read, true);
    }
    if (fuse_type(f->arena, &t, m->real) != it->node->type.elem)
        t = make_tree(f, it, read, false);
    return t;
}

/* ---- what has to exist, and how often it is read ---- */

static void refer(const Fuse *f, Node *x)
{
    nodemap_set(f->refs, x, nodemap_get(f->refs, x) + 1);
    Item *it = item_of(f, x);
    if (it)
        it->needed = true;
}

static void refer_operands(const Fuse *f, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        for (int k = 0; k < n->nin; k++)
            refer(f, n->in[k]);
        if (!n->region)
            continue;
        refer_operands(f, &n->region->nodes);
        for (int k = 0; k < n->region->results.len; k++)
            refer(f, n->region->results.data[k]);
    }
}

/* Results and stores of the function, and `results` of the body's region. */
static void refer_ends(const Fuse *f, const NodeArray *results)
{
    for (int i = 0; i < f->func->results.len; i++)
        refer(f, f->func->results.data[i].value);
    for (int i = 0; i < f->func->stores.len; i++)
        refer(f, f->func->stores.data[i].value);
    for (int i = 0; results && i < results->len; i++)
        refer(f, results->data[i]);
}

static void find_needed(const Fuse *f, const NodeArray *results)
{
    refer_ends(f, results);
    for (int i = f->body->len - 1; i >= 0; i--) {
        Item *it = &f->items[i];
        if (!it->loose) {
            refer_operands(f, &(NodeArray){.data = &it->node, .len = 1});
            continue;
        }
        for (int k = 0; it->needed && k < it->tree.count; k++)
            refer(f, it->tree.leaf[k]);
    }
}

/* ---- emission ---- */

/* Position at which x is known: 0 before the body. */
static int position(const Fuse *f, const Node *x)
{
    return nodemap_get(f->index, x);
}

/* In the loops over a few elements that end a tile exponentials and the like
 * take up to one and a half times as long as in one long loop, which needs what
 * it reads to be in the second cache. */
static bool is_better_alone(const Fuse *f, const Node *n, const FuseTree *t)
{
    int64_t bound = f->func->module->bound;
    double bytes = (double)type_count_at(&n->type, bound ? bound : 1) *
                   elem_bytes(n->type.elem);
    return fuse_functions(t->expr) >= SEVERAL_FUNCTIONS &&
           bytes * (t->count + 1) <= f->options->target->l2_bytes / 2;
}

/* The leaf of t into whose loop nest t can move; -1 when there is none. */
static int find_host(const Fuse *f, const Node *n, const FuseTree *t)
{
    int found = -1, latest = 0;
    if (is_better_alone(f, n, t))
        return -1;
    for (int k = 0; k < t->count; k++) {
        Node *p = rewrite_final(t->leaf[k]);
        bool ready = position(f, p) > 0 && takes_epilogue(p) &&
                     type_same_shape(&p->type, &n->type) &&
                     nodemap_get(f->refs, t->leaf[k]) == 1 && p == t->leaf[k];
        for (int i = 0; i < t->count && ready; i++)
            ready = i == k ||
                    position(f, rewrite_final(t->leaf[i])) < position(f, p);
        if (ready && position(f, p) > latest) {
            found = k;
            latest = position(f, p);
        }
    }
    return found;
}

static void set_fused(const Fuse *f, Node *n, const FuseTree *t, int host,
                      int own)
{
    Node **in = ARENA_ARRAY(f->arena, Node *, own + t->count);
    uint32_t *masks = ARENA_ARRAY(f->arena, uint32_t, t->count);
    const Scalar **args = ARENA_ARRAY(f->arena, const Scalar *, FUSE_ROOM + 1);
    int extra = 0;
    for (int i = 0; i < own; i++)
        in[i] = n->in[i];
    for (int k = 0; k < t->count; k++) {
        if (k == host) {
            args[k + 1] = scalar_arg(f->arena, 0);
            continue;
        }
        in[own + extra] = rewrite_final(t->leaf[k]);
        masks[extra] = t->mask[k];
        args[k + 1] = scalar_arg(f->arena, ++extra);
    }
    n->fused.expr = scalar_substitute(f->arena, t->expr, args, FUSE_ROOM + 1);
    n->fused.own = own;
    n->fused.masks = masks;
    n->in = in;
    n->nin = own + extra;
}

static void make_map(const Fuse *f, Node *n, const FuseTree *t)
{
    set_fused(f, n, t, -1, 0);
    n->op = &op_map;
    n->attrs = NULL;
    n->nattr = 0;
    n->raw = n->type;
    n->impl = choice_best(f->func, n, f->options);
}

static void move_into(const Fuse *f, Node *host, const Item *it, int leaf)
{
    host->raw = host->type;
    set_fused(f, host, &it->tree, leaf, host->nin);
    rewrite_free_name(f->func, host);
    host->name = it->node->name;
    host->type = it->node->type;
    it->node->repl = host;
}

static void emit_body(Fuse *f)
{
    int kept = 0, count = f->body->len;
    for (int i = 0; i < count; i++) {
        Item *it = &f->items[i];
        int host;
        if (!it->loose) {
            f->body->data[kept++] = it->node;
            continue;
        }
        if (!it->needed)
            continue;
        host = find_host(f, it->node, &it->tree);
        if (host >= 0) {
            move_into(f, it->tree.leaf[host], it, host);
        } else {
            make_map(f, it->node, &it->tree);
            f->body->data[kept++] = it->node;
        }
    }
    f->body->len = kept;
}

static void fuse_body(const Fuse *outer, NodeArray *body,
                      const NodeArray *results)
{
    Fuse f = *outer;
    f.body = body;
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        if (n->region)
            fuse_body(outer, &n->region->nodes, &n->region->results);
    }
    f.index = nodemap_new(f.arena);
    f.refs = nodemap_new(f.arena);
    f.items = ARENA_ARRAY(f.arena, Item, body->len);
    func_count_uses(f.func);
    for (int i = 0; i < body->len; i++) {
        f.items[i] = (Item){.node = body->data[i],
                            .loose = is_loose(body->data[i]),
                            .group = FREE};
        nodemap_set(f.index, body->data[i], i + 1);
    }
    find_groups(&f);
    for (int i = 0; i < body->len; i++) {
        if (f.items[i].loose)
            f.items[i].tree = build_tree(&f, &f.items[i]);
    }
    find_needed(&f, results);
    emit_body(&f);
    func_apply_repl(f.func);
}

static void run(Module *m, const Options *o)
{
    for (int i = 0; i < m->funcs.len; i++) {
        Fuse f = {.func = m->funcs.data[i], .arena = m->arena, .options = o};
        fuse_body(&f, &f.func->nodes, NULL);
    }
}

const Pass pass_fuse = {
    .name = "fuse",
    .doc = "compute element-wise operators where their input is made",
    .from = STAGE_CHOSEN,
    .to = STAGE_CHOSEN,
    .run = run,
};

/* Note [What is merged]
 *
 * An element-wise node merges into the one group that all its uses belong to,
 * or, when it has uses of other kinds or shapes, stays an array of its own. It
 * is copied into several users if it is one cheap operation (no division, no
 * function) on at most one whole array: reading that array again costs what
 * reading the result would, and one array goes away. Not so when that array's
 * maker could do the operation itself. An expensive expression that a tree
 * would contain twice stays apart. Trees end at FUSE_OPERATIONS operations and
 * FUSE_LEAVES inputs, so that a loop's values fit into registers. */
