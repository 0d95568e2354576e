/* layout: convolutions compute on blocks of channels where that is faster.
 *
 * For every convolution all implementations are asked for their time, those on
 * plain arrays (which pass select chooses from later) and those that expand
 * into operators on channel-blocked arrays; what it costs to change the layout
 * around it counts. Between expanded convolutions element-wise work, pools,
 * reductions and concatenations move into blocks as well, so that plain form is
 * left at the first convolution and taken again behind the last. --conv, the
 * attribute `algo` and the times of --plan decide as in select. Nothing changes
 * inside a scan.
 *
 *     before  %y = conv %x, %w : f32[N,64,28,28]
 *             %z = relu %y : f32[N,64,28,28]
 *     after   %y.block = block %w {axis = 1, size = 8} : ...
 *             %y.block.2 = block %y.block {axis = 0, size = 8} : ...
 *             %y = conv_blocked %x.., %y.block.2 : f32[N,8,28,28,8]
 *             %z = relu %y : f32[N,8,28,28,8]
 *             %z.unblock = unblock %z {axis = 1, count = 64} : f32[N,64,28,28]
 * Needs: grad, fold, dce.  Keeps: names of what still exists.
 */
#include "choice.h"
#include "layout.h"
#include "op_list.h"
#include "tuned.h"
#include <string.h>

typedef struct Layout {
    Module *module;
    const Options *options;
    Func *func;
    Blocks blocks;
    NodeMap *exits; /* 1 + elements / 16 to copy where a value's users, or
                       what sinks into blocks behind it, want plain form */
    int depth;      /* scans around the node at hand */
} Layout;

/* ---- what leaving the blocks costs ---- */

static double elements(const Node *n)
{
    return n->type.rank < 0 ? 0 : (double)type_count_at(&n->type, 32);
}

/* Of the layout change of that many elements. */
static double change_seconds(const Layout *l, double count)
{
    return blocks_change_seconds(count, l->options->target);
}

/* A user of x wants that many elements in plain form; the most count. */
static void note(Layout *l, Node *x, double count)
{
    int now = nodemap_get(l->exits, x), all = 1 + (int)(count / 16);
    if (all > now)
        nodemap_set(l->exits, x, all);
}

static double exit_elements(const Layout *l, const Node *n)
{
    int known = nodemap_get(l->exits, n);
    return known ? 16.0 * (known - 1) : elements(n);
}

static void find_exits(Layout *l)
{
    Func *f = l->func;
    l->exits = nodemap_new(l->module->arena);
    for (int i = 0; i < f->results.len; i++)
        note(l, f->results.data[i].value, elements(f->results.data[i].value));
    for (int i = f->nodes.len - 1; i >= 0; i--) {
        Node *n = f->nodes.data[i];
        for (int k = 0; k < n->nin; k++) {
            Node *x = n->in[k];
            int64_t size = blocks_size(l->options->target, x->type.elem);
            if (n->op == &op_conv && k == 0)
                note(l, x, 0);
            else if (x->type.rank > 1 && blocks_may_sink(n, x, size))
                note(l, x, exit_elements(l, n));
            else
                note(l, x, elements(x));
        }
    }
}

/* ---- the choice ---- */

/* Of impl and the changes of layout around it; `measured` holds those before
 * it, < 0: estimated. */
static double seconds(const Layout *l, const Impl *impl, const Node *n,
                      double measured)
{
    Cost c = choice_cost(impl, n, l->options->target);
    double s = measured < 0 ? c.seconds : measured;
    bool blocks = impl->expand && !impl->plain;
    if (blocks)
        s += change_seconds(l, exit_elements(l, n));
    else if (blocks_are(n->in[0]) && measured < 0)
        s += change_seconds(l, elements(n->in[0]));
    if (impl->expand && !tuned_packs(l->func) && measured < 0)
        s += c.pack + (blocks ? change_seconds(l, 2 * elements(n->in[1])) : 0);
    return s;
}

static bool is_called(const Impl *impl, const char *name)
{
    return strncmp(impl->name, name, strlen(name)) == 0;
}

/* The least of the seconds of n's implementations whose name begins with
 * `name` (NULL: any), of those that fit into --max-ram before the others; nothing
 * expands in a scan. */
static const Impl *fastest(const Layout *l, const Node *n,
                           const double *estimate, const char *name)
{
    const Impl *best = NULL;
    double least = 0, least_over = 0;
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++) {
        const Impl *impl = n->op->impl[i];
        if ((name && !is_called(impl, name)) || estimate[i] < 0 ||
            (impl->expand && l->depth > 0))
            continue;
        double over = choice_excess(impl, l->func, n, l->options);
        if (!best || over < least_over ||
            (over == least_over && estimate[i] < least)) {
            best = impl;
            least = estimate[i];
            least_over = over;
        }
    }
    return best;
}

static const double *estimates(const Layout *l, const Node *n,
                               const TunedEntry *e)
{
    double *s = ARENA_ARRAY(l->module->arena, double, OP_IMPLS);
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++) {
        const Impl *impl = n->op->impl[i];
        s[i] = -1;
        if (choice_applies(impl, l->func, n, l->options) &&
            (!e || e->seconds[i] >= 0))
            s[i] = seconds(l, impl, n, e ? e->seconds[i] : -1);
    }
    return s;
}

static const Impl *choose(Layout *l, const Node *n)
{
    const char *name = l->options->conv, *algo = attr_sym(n, "algo");
    if (!name && strcmp(algo, "auto") != 0)
        name = algo;
    ConvChoice c = {.func = l->func, .seconds = estimates(l, n, NULL)};
    const TunedEntry *e = name ? NULL : tuned_find(l->options, l->func, n);
    if (e)
        c.measured = estimates(l, n, e);
    if (name)
        c.chosen = fastest(l, n, c.seconds, name);
    if (c.chosen && l->options->conv)
        l->module->conv_forced++;
    if (!c.chosen && e)
        c.chosen = fastest(l, n, c.measured, NULL);
    if (!c.chosen)
        c.chosen = fastest(l, n, c.seconds, NULL);
    Node *copy = ARENA_NEW(l->module->arena, Node);
    *copy = *n;
    c.conv = copy;
    array_push(l->module->arena, &l->module->choices, c);
    return c.chosen;
}

/* ---- behind a product that is a convolution of one image ---- */

/* [O, P] where t is [1, O, ..] of P places. */
static bool is_flat(const Type *flat, const Type *t)
{
    Dim places = dim_const(1);
    for (int i = 2; i < t->rank; i++)
        if (!dim_mul(places, t->dim[i], &places))
            return false;
    return flat->rank == 2 && t->rank > 2 &&
           dim_equal(t->dim[0], dim_const(1)) &&
           dim_equal(t->dim[1], flat->dim[0]) &&
           dim_equal(places, flat->dim[1]);
}

/* Operand x of an element-wise operator with results of type t, for [O, P];
 * NULL when it has no such form. */
static Node *flat_operand(Builder *b, Node *x, const Type *t, const Type *flat)
{
    const int64_t rows[] = {0};
    if (x->type.rank == 0)
        return x;
    if (x->op == &op_broadcast && x->in[0]->type.rank == 1 &&
        attr_list(x, "axes", 0) == 1) {
        Type to = *flat;
        to.elem = x->type.elem;
        return build_broadcast(b, x->in[0], &to, rows);
    }
    if (x->op == &op_broadcast || !type_same_shape(&x->type, t))
        return NULL;
    return x->op == &op_reshape && is_flat(&x->in[0]->type, t)
               ? x->in[0]
               : build_reshape(b, x, 2, flat->dim);
}

/* Element-wise work on a product that got the shape of a convolution is done
 * before that, so that it ends the product's loop. */
static Node *before_reshape(Builder *b, Node *n)
{
    Node *in[3];
    const Node *r = NULL;
    if (!op_is_elementwise(n->op) || n->nin > 3)
        return NULL;
    for (int i = 0; i < n->nin && !r; i++)
        if (n->in[i]->op == &op_reshape &&
            type_same_shape(&n->in[i]->type, &n->type) &&
            is_flat(&n->in[i]->in[0]->type, &n->type))
            r = n->in[i]->in[0];
    if (!r || (r->op != &op_matmul && !op_is_elementwise(r->op)))
        return NULL;
    for (int i = 0; i < n->nin; i++) {
        in[i] = flat_operand(b, n->in[i], &n->type, &r->type);
        if (!in[i])
            return NULL;
    }
    Node *y = node_new(b, n->op, in, n->nin, NULL);
    rewrite_take_name(b->func, y, n);
    return build_reshape(b, y, n->type.rank, n->type.dim);
}

/* ---- the rewriting ---- */

static Node *visit(Rewriter *r, Node *n)
{
    Layout *l = r->ctx;
    l->blocks.b = &r->b;
    if (n->op == &op_conv) {
        const Impl *impl = choose(l, n);
        return impl && impl->expand ? impl->expand(&l->blocks, n) : n;
    }
    if (l->depth > 0)
        return n;
    Node *with = blocks_sink(&l->blocks, n);
    if (!with)
        with = before_reshape(&r->b, n);
    return with ? with : n;
}

static void enter(Rewriter *r, Node *scan)
{
    (void)scan;
    ((Layout *)r->ctx)->depth++;
}

static void leave(Rewriter *r, Node *scan)
{
    (void)scan;
    ((Layout *)r->ctx)->depth--;
}

static bool has_conv(const Func *f)
{
    for (int i = 0; i < f->nodes.len; i++)
        if (f->nodes.data[i]->op == &op_conv)
            return true;
    return false;
}

static void run(Module *m, const Options *o)
{
    for (int i = 0; i < m->funcs.len; i++) {
        Layout l = {.module = m, .options = o, .func = m->funcs.data[i]};
        if (!has_conv(l.func))
            continue;
        l.blocks = (Blocks){.target = o->target, .made = values_new(m->arena)};
        find_exits(&l);
        rewrite_func(
            &(Rewriter){
                .ctx = &l, .visit = visit, .open = enter, .close = leave},
            l.func);
        func_remove_dead(l.func);
        rewrite_views_first(l.func);
    }
}

const Pass pass_layout = {
    .name = "layout",
    .doc = "compute convolutions on blocks of channels where that is faster",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
