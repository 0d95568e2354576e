/* lift: what a turn of a scan does not wait for is computed before the loop.
 *
 * A value that no turn changes leaves the loop. A product of a cut of a
 * sequence with a matrix from outside becomes one product of the whole
 * sequence, whose cuts take its place; element-wise work on such a product
 * (a bias, the sum of two) follows. Repeated values stay where they are used.
 * Before pass grad, so that the backward loop gets shorter as well.
 *
 *     before  %s = scan %h0, %x {..} (%h: f32[2,4], %xt: f32[2,3], %t: i32) {
 *               %u = transpose @w {perm = (1, 0)} : f32[3,4]
 *               %p = matmul %xt, %u : f32[2,4]
 *               %h1 = add %p, %h : f32[2,4]
 *     after   %u = transpose @w {perm = (1, 0)} : f32[3,4]
 *             %p.turns = .. matmul .. %x .., %u .. : f32[2,5,4]
 *             %s = scan %h0, %p.turns {..} (%h: f32[2,4], %p: f32[2,4], %t: ..) {
 *               %h1 = add %p, %h : f32[2,4]
 * Needs: nothing.  Keeps: names, order of what stays; a region that contains
 * a gradient keeps its products, which may lie on the gradient's path.
 */
#include "rewrite.h"
#include "op_list.h"
#include "shape.h"
#include <string.h>

/* A value of every turn: `node` is a cut of `whole` along `axis`. `flat`: the
 * whole has the turns instead of the axis of size 1 of a row or a column. */
typedef struct Lifted {
    Node *node, *whole;
    int64_t axis;
    bool flat, is_product;
} Lifted;

typedef struct Lift {
    Func *func;
    Arena *arena;
    Node *scan;
    Region *region;
    int carries;
    Builder b;         /* before the loop */
    NodeMap *inside;   /* 1: made by a turn */
    NodeMap *index;    /* 1 + index in `lifted` */
    ARRAY_OF(Lifted) lifted;
} Lift;

/* ---- what no turn changes ---- */

static bool is_inside(const Lift *l, const Node *n)
{
    return !node_is_inline(n) && nodemap_get(l->inside, n);
}

static bool stays(const Node *n)
{
    return n->op == &op_broadcast || n->op == &op_extent ||
           op_has(n->op, OP_LEAF | OP_VIEW);
}

/* 1 in the result: from outside alone, 2: and leaves the loop. */
static NodeMap *find_fixed(const Lift *l)
{
    const NodeArray *nodes = &l->region->nodes;
    NodeMap *fixed = nodemap_new(l->arena);
    for (int i = 0; i < nodes->len; i++) {
        const Node *n = nodes->data[i];
        bool yes = !n->region && !op_has(n->op, OP_RANDOM) &&
                   n->op != &op_grad && n->op != &op_result;
        for (int k = 0; k < n->nin; k++)
            yes = yes && (!is_inside(l, n->in[k]) ||
                          nodemap_get(fixed, n->in[k]));
        nodemap_set(fixed, n, yes);
    }
    for (int i = nodes->len - 1; i >= 0; i--) {
        const Node *n = nodes->data[i];
        if (!nodemap_get(fixed, n) ||
            (stays(n) && nodemap_get(fixed, n) != 2))
            continue;
        nodemap_set(fixed, n, 2);
        for (int k = 0; k < n->nin; k++)
            if (nodemap_get(fixed, n->in[k]))
                nodemap_set(fixed, n->in[k], 2);
    }
    return fixed;
}

static void move_fixed(Lift *l)
{
    NodeArray *nodes = &l->region->nodes;
    const NodeMap *fixed = find_fixed(l);
    int kept = 0;
    for (int i = 0; i < nodes->len; i++) {
        Node *n = nodes->data[i];
        if (nodemap_get(fixed, n) != 2) {
            nodes->data[kept++] = n;
            continue;
        }
        array_push(l->arena, l->b.body, n);
        nodemap_set(l->inside, n, 0);
    }
    nodes->len = kept;
}

/* ---- what every turn does to its cut ---- */

static const Lifted *lifted_of(const Lift *l, const Node *n)
{
    int i = node_is_inline(n) ? 0 : nodemap_get(l->index, n);
    return i ? &l->lifted.data[i - 1] : NULL;
}

static void add_lifted(Lift *l, Lifted v)
{
    array_push(l->arena, &l->lifted, v);
    nodemap_set(l->index, v.node, l->lifted.len);
}

static Node *product(Lift *l, Node *a, Node *b, bool bt)
{
    Node *in[] = {a, b};
    Attrs at = attrs_new(l->arena);
    if (bt)
        attrs_sym(&at, "b", "t");
    return node_new(&l->b, &op_matmul, in, 2, &at);
}

static bool is_turned(const Node *n, const char *operand)
{
    return strcmp(attr_sym(n, operand), "t") == 0;
}

/* x_t W for all turns: the turns and the rows are one axis. */
static bool lift_rows(Lift *l, Node *n, const Lifted *x, Lifted *out)
{
    const Type *t = &x->whole->type;
    Dim rows = dim_const(1);
    if (is_turned(n, "a") || is_inside(l, n->in[1]))
        return false;
    if (x->flat) {
        if (!dim_equal(n->in[0]->type.dim[0], dim_const(1)))
            return false;
        out->whole = product(l, x->whole, n->in[1], is_turned(n, "b"));
        return true;
    }
    if (t->rank != 3 || x->axis > 1 || !dim_mul(t->dim[0], t->dim[1], &rows))
        return false;
    Dim flat[] = {rows, t->dim[2]};
    Node *p = product(l, build_reshape(&l->b, x->whole, 2, flat),
                           n->in[1], is_turned(n, "b"));
    Dim back[] = {t->dim[0], t->dim[1], p->type.dim[1]};
    out->whole = build_reshape(&l->b, p, 3, back);
    return true;
}

/* W x_t for all turns, x_t a column: columns become rows. */
static bool lift_columns(Lift *l, Node *n, const Lifted *x, Lifted *out)
{
    if (!x->flat || is_turned(n, "b") || is_inside(l, n->in[0]) ||
        !dim_equal(n->in[1]->type.dim[1], dim_const(1)))
        return false;
    out->whole = product(l, x->whole, n->in[0], !is_turned(n, "a"));
    return true;
}

static bool lift_product(Lift *l, Node *n, Lifted *out)
{
    if (n->op != &op_matmul || n->type.rank != 2)
        return false;
    const Lifted *a = lifted_of(l, n->in[0]), *b = lifted_of(l, n->in[1]);
    if (a && b)
        return false;
    out->is_product = true;
    if (a) {
        out->axis = a->axis;
        out->flat = a->flat;
        return lift_rows(l, n, a, out);
    }
    out->flat = true;
    return b && lift_columns(l, n, b, out);
}

/* A vector as a row or a column, and back: the same whole. */
static bool lift_reshape(Lift *l, Node *n, Lifted *out)
{
    const Lifted *x = n->op == &op_reshape ? lifted_of(l, n->in[0]) : NULL;
    if (!x || x->axis != 0 || x->whole->type.rank != 2)
        return false;
    const Type *t = &n->type, *whole = &x->whole->type;
    bool vector = t->rank == 1;
    for (int i = 0; t->rank == 2 && i < 2; i++)
        vector |= dim_equal(t->dim[i], dim_const(1)) &&
                  dim_equal(t->dim[1 - i], whole->dim[1]);
    *out = *x;
    out->node = n;
    out->flat = t->rank == 2;
    return vector;
}

/* An operand from outside lies on axes behind the one of the turns. */
static bool fits_behind(const Node *n, const Node *x, int64_t axis)
{
    return x->type.rank == 0 || axis <= n->type.rank - x->type.rank;
}

static bool lift_elementwise(Lift *l, Node *n, Lifted *out)
{
    Node *in[8];
    const Lifted *first = NULL;
    bool follows = false;
    if (!op_is_elementwise(n->op) || n->nin > 8)
        return false;
    for (int i = 0; i < n->nin; i++) {
        const Lifted *x = lifted_of(l, n->in[i]);
        in[i] = x ? x->whole : n->in[i];
        if (!x)
            continue;
        if (x->flat || !type_same_shape(&n->in[i]->type, &n->type) ||
            (first && first->axis != x->axis))
            return false;
        first = x;
        follows |= x->is_product;
    }
    if (!follows)
        return false;
    for (int i = 0; i < n->nin; i++)
        if (!lifted_of(l, n->in[i]) &&
            (is_inside(l, n->in[i]) ||
             !fits_behind(n, n->in[i], first->axis)))
            return false;
    out->axis = first->axis;
    out->is_product = true;
    out->whole = node_new(&l->b, n->op, in, n->nin, NULL);
    return true;
}

static void find_lifted(Lift *l)
{
    const NodeArray *nodes = &l->region->nodes;
    for (int i = l->carries; i < l->scan->nin; i++)
        add_lifted(l, (Lifted){l->region->args.data[i], l->scan->in[i],
                               attr_list(l->scan, "along", i - l->carries),
                               false, false});
    for (int i = 0; i < nodes->len; i++) {
        Node *n = nodes->data[i];
        Lifted v = {.node = n};
        l->b.hint = n->name;
        l->b.loc = n->loc;
        if (lift_product(l, n, &v) || lift_reshape(l, n, &v) ||
            lift_elementwise(l, n, &v)) {
            v.node = n;
            if (v.is_product && n->op != &op_reshape)
                node_rename(l->func, v.whole,
                            arena_printf(l->arena, "%s.turns", n->name));
            add_lifted(l, v);
        }
    }
}

/* ---- the new loop ---- */

static bool is_read(const NodeArray *body, const Node *x)
{
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        for (int k = 0; k < n->nin; k++)
            if (n->in[k] == x)
                return true;
        if (n->region && is_read(&n->region->nodes, x))
            return true;
        for (int k = 0; n->region && k < n->region->results.len; k++)
            if (n->region->results.data[k] == x)
                return true;
    }
    return false;
}

static bool is_result(const Region *r, const Node *x)
{
    for (int i = 0; i < r->results.len; i++)
        if (r->results.data[i] == x)
            return true;
    return false;
}

/* An argument of the body that is the cut of v; a row or column is a vector
 * in another shape. */
static Node *cut_of(Lift *l, const Lifted *v, NodeArray *args, Builder *body)
{
    Region r = {0};
    Type t = v->node->type;
    const char *name = v->node->name;
    if (v->flat)
        t = type_of(t.elem, 1, &v->whole->type.dim[1]);
    else
        rewrite_free_name(l->func, v->node);
    Node *arg = region_arg(l->func, &r, name, t);
    array_push(l->arena, args, arg);
    if (!v->flat)
        return arg;
    Node *turned = build_reshape(body, arg, v->node->type.rank,
                                 v->node->type.dim);
    nodemap_set(l->inside, turned, 1);
    return turned;
}

static void set_along(Lift *l, const IntArray *along)
{
    Attrs at = attrs_new(l->arena);
    for (int i = 0; i < l->scan->nattr; i++)
        if (strcmp(l->scan->attrs[i].name, "along") != 0)
            attrs_copy(&at, &l->scan->attrs[i]);
    if (along->len)
        attrs_list(&at, "along", along->data, along->len);
    l->scan->attrs = at.items.data;
    l->scan->nattr = at.items.len;
}

/* Nodes that a turn still computes: not what is lifted with a product, and of
 * rows and columns of cuts what the others read. */
static NodeArray find_kept(const Lift *l)
{
    const NodeArray *nodes = &l->region->nodes;
    NodeArray kept = {0};
    for (int i = nodes->len - 1; i >= 0; i--) {
        Node *n = nodes->data[i];
        const Lifted *v = lifted_of(l, n);
        if (v && (v->is_product ||
                  !(is_read(&kept, n) || is_result(l->region, n))))
            continue;
        array_push(l->arena, &kept, n);
    }
    for (int i = 0; i < kept.len / 2; i++) {
        Node *n = kept.data[i];
        kept.data[i] = kept.data[kept.len - 1 - i];
        kept.data[kept.len - 1 - i] = n;
    }
    return kept;
}

static void replace_uses(NodeArray *body, NodeArray *results)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        for (int k = 0; k < n->nin; k++)
            n->in[k] = rewrite_final(n->in[k]);
        if (n->region)
            replace_uses(&n->region->nodes, &n->region->results);
    }
    for (int i = 0; i < results->len; i++)
        results->data[i] = rewrite_final(results->data[i]);
}

/* What is lifted and still read becomes an argument, sequences that no turn
 * reads any more go away. */
static void rebuild(Lift *l)
{
    Region *r = l->region;
    NodeArray kept = find_kept(l), in = {0}, args = {0};
    IntArray along = {0};
    Builder body = builder_new(l->func);
    r->nodes = (NodeArray){0};
    body.body = &r->nodes;
    for (int i = 0; i < l->carries; i++) {
        array_push(l->arena, &in, l->scan->in[i]);
        array_push(l->arena, &args, r->args.data[i]);
    }
    for (int i = 0; i < l->lifted.len; i++) {
        const Lifted *v = &l->lifted.data[i];
        bool own = v->node->op == &op_arg;
        if ((!own && !v->is_product) ||
            (!is_read(&kept, v->node) && !is_result(r, v->node)))
            continue;
        body.hint = v->node->name;
        body.loc = v->node->loc;
        if (own)
            array_push(l->arena, &args, v->node);
        else
            v->node->repl = cut_of(l, v, &args, &body);
        array_push(l->arena, &in, v->whole);
        array_push(l->arena, &along, v->axis);
    }
    array_push(l->arena, &args, r->args.data[r->args.len - 1]);
    for (int i = 0; i < kept.len; i++)
        array_push(l->arena, &r->nodes, kept.data[i]);
    replace_uses(&r->nodes, &r->results);
    for (int i = 0; i < l->lifted.len; i++)
        l->lifted.data[i].node->repl = NULL;
    r->args = args;
    l->scan->in = in.data;
    l->scan->nin = in.len;
    set_along(l, &along);
}

static bool has_product(const Lift *l)
{
    for (int i = 0; i < l->lifted.len; i++)
        if (l->lifted.data[i].is_product)
            return true;
    return false;
}

/* ---- all loops, inner ones first ---- */

static bool has_gradient(const NodeArray *body)
{
    for (int i = 0; i < body->len; i++)
        if (body->data[i]->op == &op_grad ||
            (body->data[i]->region &&
             has_gradient(&body->data[i]->region->nodes)))
            return true;
    return false;
}

static void mark_inside(Lift *l)
{
    for (int i = 0; i < l->region->args.len; i++)
        nodemap_set(l->inside, l->region->args.data[i], 1);
    for (int i = 0; i < l->region->nodes.len; i++)
        nodemap_set(l->inside, l->region->nodes.data[i], 1);
}

static void clear_repl(Node *n, void *ctx)
{
    (void)ctx;
    n->repl = NULL;
    for (int i = 0; i < n->nin; i++)
        n->in[i]->repl = NULL;
}

static void lift_scan(Func *f, Node *scan, NodeArray *before)
{
    Arena *a = f->module->arena;
    Lift l = {.func = f, .arena = a, .scan = scan, .region = scan->region,
              .carries = (int)attr_int(scan, "carries"),
              .b = builder_new(f), .inside = nodemap_new(a),
              .index = nodemap_new(a)};
    l.b.body = before;
    mark_inside(&l);
    move_fixed(&l);
    if (has_gradient(&l.region->nodes))
        return;
    find_lifted(&l);
    if (has_product(&l))
        rebuild(&l);
}

static void lift_body(Func *f, NodeArray *body)
{
    NodeArray old = *body;
    *body = (NodeArray){0};
    for (int i = 0; i < old.len; i++) {
        Node *n = old.data[i];
        if (n->region) {
            lift_body(f, &n->region->nodes);
            lift_scan(f, n, body);
        }
        array_push(f->module->arena, body, n);
    }
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++) {
        func_walk(m->funcs.data[i], clear_repl, NULL);
        lift_body(m->funcs.data[i], &m->funcs.data[i]->nodes);
    }
}

const Pass pass_lift = {
    .name = "lift",
    .doc = "compute before a loop what its turns do not wait for",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
