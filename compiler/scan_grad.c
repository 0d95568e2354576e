/* The gradient of a scan: a loop that runs the other way.
 *
 * The gradients of the carries are its carries; the gradient of what the
 * forward loop stacked is cut, that of a sequence is stacked. Its body is the
 * reverse sweep over the forward body; what that reads of the forward loop is
 * stored or computed again (scan_grad_store.c). Gradients of values from
 * outside are added up in carries, those of matrices computed behind the loop
 * (scan_grad_weights.c). Nested scans are handled by the same sweep.
 *
 *     before  %s = scan %h0, %x {carries = 1, along = (0), count = 5} (
 *                 %h: f32[4], %xt: f32[4], %t: i32) {
 *               %h1 = mul %h, %xt
 *               yield %h1
 *             }
 *     after   the same with `yield %h1, %h`, then
 *             %h.turns = result %s {index = 1} : f32[5,4]
 *             %s.grad = scan %dh, %x, %h.turns {carries = 1, along = (0, 0),
 *                 count = 5, emits = (0), order = backward} (%g: f32[4],
 *                 %xt.2: f32[4], %h.2: f32[4], %t.2: i32) {
 *               %h.grad = mul %g, %xt.2
 *               %xt.grad = mul %g, %h.2
 *               yield %h.grad, %xt.grad
 *             }
 */
#include "scan_grad.h"
#include "op_list.h"
#include "shape.h"
#include <string.h>

/* ---- what needs a gradient ---- */

static void find_needs(Sweep *s, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->region)
            scan_grad_needs(s, n);
        else if (grad_passes(s, n))
            s->need[grad_index(s, n)] = true;
    }
}

void scan_grad_needs(Sweep *s, Node *scan)
{
    const Region *r = scan->region;
    int carries = (int)attr_int(scan, "carries");
    for (int i = 0; i < scan->nin; i++)
        if (elem_is_real(scan->in[i]->type.elem) &&
            grad_needs(s, scan->in[i]))
            s->need[grad_index(s, r->args.data[i])] = true;
    for (bool changed = true; changed;) {
        find_needs(s, &r->nodes);
        changed = false;
        for (int i = 0; i < carries; i++) {
            bool *need = &s->need[grad_index(s, r->args.data[i])];
            if (*need || !elem_is_real(r->args.data[i]->type.elem) ||
                !grad_needs(s, r->results.data[i]))
                continue;
            *need = changed = true;
        }
    }
}

/* ---- which carries get a gradient ---- */

static void reach_operand(ScanGrad *g, bool *reached, Node *n)
{
    if (grad_needs(g->s, n))
        reached[grad_index(g->s, n)] = true;
}

/* Everything the body of an inner scan reads. */
static void reach_region(ScanGrad *g, bool *reached, const Region *r)
{
    for (int i = 0; i < r->results.len; i++)
        reach_operand(g, reached, r->results.data[i]);
    for (int i = 0; i < r->nodes.len; i++) {
        const Node *n = r->nodes.data[i];
        for (int k = 0; k < n->nin; k++)
            reach_operand(g, reached, n->in[k]);
        if (n->region)
            reach_region(g, reached, n->region);
    }
}

static void reach_back(ScanGrad *g, bool *reached)
{
    for (int i = g->region->nodes.len - 1; i >= 0; i--) {
        const Node *n = g->region->nodes.data[i];
        if (!reached[n->mark] || (!n->region && !grad_passes(g->s, n)))
            continue;
        if (n->op == &op_result)
            reached[n->in[0]->mark] = true;
        for (int k = 0; k < n->nin; k++)
            reach_operand(g, reached, n->in[k]);
        if (n->region)
            reach_region(g, reached, n->region);
    }
}

/* A carry's gradient is carried when the carry needs one and some result
 * with a gradient depends on it, in this turn or a later one. */
static void find_active(ScanGrad *g)
{
    bool *reached = ARENA_ARRAY(g->arena, bool, g->s->order.len + 1);
    const NodeArray *results = &g->region->results;
    for (int i = 0; i < results->len; i++)
        if (g->dy[i])
            reach_operand(g, reached, results->data[i]);
    for (bool changed = true; changed;) {
        reach_back(g, reached);
        changed = false;
        for (int i = 0; i < g->carries; i++) {
            Node *arg = g->region->args.data[i];
            if (g->active[i] || !grad_needs(g->s, arg) ||
                !(reached[grad_index(g->s, arg)] || g->dy[i]))
                continue;
            g->active[i] = changed = true;
            reach_operand(g, reached, results->data[i]);
        }
    }
}

/* ---- the gradients that come in ---- */

static NodeArray *find_body(NodeArray *body, const Node *scan)
{
    NodeArray *found = NULL;
    for (int i = 0; i < body->len && !found; i++) {
        if (body->data[i] == scan)
            return body;
        if (body->data[i]->region)
            found = find_body(&body->data[i]->region->nodes, scan);
    }
    return found;
}

/* Sums the gradients of all `result`s; false when there are none. */
static bool find_dy(ScanGrad *g)
{
    bool any = false;
    for (int i = 0; i < g->s->order.len; i++) {
        Node *n = g->s->order.data[i];
        if (n->op != &op_result || n->in[0] != g->scan)
            continue;
        Node *dy = grad_needs(g->s, n) ? grad_total(g->s, n) : NULL;
        if (!dy)
            continue;
        int64_t index = attr_int(n, "index");
        g->b->hint = arena_printf(g->arena, "%s.grad", n->name);
        g->dy[index] =
            g->dy[index] ? build2(g->b, &op_add, g->dy[index], dy) : dy;
        any = true;
    }
    return any;
}

/* ---- the body ---- */

static void set_home(ScanGrad *g, const NodeArray *values, int home)
{
    for (int i = 0; i < values->len; i++)
        nodemap_set(g->home, values->data[i], home);
}

static Node *new_carry(ScanGrad *g, const Node *of, Node *first)
{
    const char *name = arena_printf(g->arena, "%s.grad", grad_name(of));
    Node *arg = region_arg(g->b->func, &g->carry, name, first->type);
    nodemap_set(g->home, arg, HOME_BACKWARD);
    array_push(g->arena, &g->first, first);
    return arg;
}

/* Gradients of the forward body's results: carried, or cut. */
static void seed(ScanGrad *g, Node **outside)
{
    const NodeArray *results = &g->region->results;
    for (int i = 0; i < results->len; i++) {
        Node *n = results->data[i], *dy = NULL;
        if (i < g->carries && g->active[i])
            dy = new_carry(g, g->region->args.data[i], outside[i]);
        else if (i >= g->carries && g->dy[i] && grad_needs(g->s, n))
            dy = scan_grad_sequence(
                g, g->dy[i], attr_list(g->scan, "emits", i - g->carries),
                arena_printf(g->arena, "%s.grad", grad_name(n)));
        if (dy && grad_needs(g->s, n))
            grad_contribute(g->s, n, dy);
    }
}

/* The carries' gradients of the turn before, the sequences' of this one. */
static void collect(ScanGrad *g, int *stacks)
{
    for (int i = 0; i < g->scan->nin; i++) {
        Node *arg = g->region->args.data[i];
        Node *dy = grad_needs(g->s, arg) ? grad_total(g->s, arg) : NULL;
        if (i < g->carries && g->active[i])
            array_push(g->arena, &g->next, dy ? dy : grad_zero(g->b, arg));
        stacks[i] = -1;
        if (i >= g->carries && dy)
            stacks[i] = scan_grad_emit(
                g, dy, attr_list(g->scan, "along", i - g->carries));
    }
}

/* What is left of v's contributions is added up from turn to turn. */
static void accumulate(ScanGrad *g, Node *v, const NodeArray *parts,
                       Builder *outside)
{
    Node *sum = new_carry(g, v, grad_zero(outside, v));
    g->b->hint = arena_printf(g->arena, "%s.grad", grad_name(v));
    for (int i = 0; i < parts->len; i++)
        sum = build2(g->b, &op_add, sum, parts->data[i]);
    array_push(g->arena, &g->next, sum);
}

typedef struct Captured {
    Node *node;
    int carry; /* of the backward loop; -1: none */
} Captured;
typedef ARRAY_OF(Captured) CapturedArray;

static CapturedArray find_captured(ScanGrad *g)
{
    CapturedArray all = {0};
    for (int i = 0; i < g->s->order.len; i++) {
        Node *v = g->s->order.data[i];
        if (g->s->adjoint[v->mark].len && !nodemap_get(g->home, v))
            array_push(g->arena, &all, ((Captured){v, -1}));
    }
    return all;
}

static void gather_captured(ScanGrad *g, CapturedArray *all,
                            PendingArray *pending, Builder *outside)
{
    for (int i = 0; i < all->len; i++) {
        Node *v = all->data[i].node;
        scan_grad_defer(g, v, &g->s->adjoint[v->mark], pending);
    }
    for (int i = 0; i < all->len; i++) {
        Node *v = all->data[i].node;
        NodeArray *parts = &g->s->adjoint[v->mark];
        scan_grad_defer_sums(g, v, parts, pending);
        if (parts->len == 0)
            continue;
        all->data[i].carry = g->next.len;
        accumulate(g, v, parts, outside);
    }
}

/* ---- the loop ---- */

static Node *new_loop(ScanGrad *g)
{
    NodeArray in = {0};
    Region *r = ARENA_NEW(g->arena, Region);
    Attrs at = attrs_new(g->arena);
    Dim count = attr_dim(g->scan, "count", 0);
    for (int i = 0; i < g->first.len; i++) {
        array_push(g->arena, &in, g->first.data[i]);
        array_push(g->arena, &r->args, g->carry.args.data[i]);
        array_push(g->arena, &r->results, g->next.data[i]);
    }
    for (int i = 0; i < g->wholes.len; i++) {
        array_push(g->arena, &in, g->wholes.data[i]);
        array_push(g->arena, &r->args, g->sequence.args.data[i]);
    }
    array_push(g->arena, &r->args, g->turn);
    for (int i = 0; i < g->emitted.len; i++)
        array_push(g->arena, &r->results, g->emitted.data[i]);
    r->nodes = g->nodes;
    attrs_int(&at, "carries", g->first.len);
    if (g->along.len)
        attrs_list(&at, "along", g->along.data, g->along.len);
    shape_set_size(&at, "count", count);
    if (g->emits.len)
        attrs_list(&at, "emits", g->emits.data, g->emits.len);
    if (strcmp(attr_sym(g->scan, "order"), "forward") == 0)
        attrs_sym(&at, "order", "backward");
    g->b->hint = g->scan->name;
    Node *n = node_new(g->b, &op_scan, in.data, in.len, &at);
    n->region = r;
    node_rename(g->b->func, n,
                arena_printf(g->arena, "%s.grad", g->scan->name));
    return n;
}

static Node *result_of(ScanGrad *g, Node *loop, int index, const Node *of)
{
    Attrs at = attrs_new(g->arena);
    attrs_int(&at, "index", index);
    g->b->hint = arena_printf(g->arena, "%s.grad", grad_name(of));
    return node_new(g->b, &op_result, &loop, 1, &at);
}

/* What the backward loop leaves goes to what the forward loop read. */
static void hand_out(ScanGrad *g, Node *loop, const int *stacks,
                     const CapturedArray *captured,
                     const PendingArray *pending)
{
    int carry = 0;
    for (int i = 0; i < g->scan->nin; i++) {
        Node *x = g->scan->in[i];
        int index = -1;
        if (i < g->carries && g->active[i])
            index = carry++;
        else if (stacks[i] >= 0)
            index = g->next.len + stacks[i];
        if (index >= 0 && grad_needs(g->s, x))
            grad_contribute(g->s, x, result_of(g, loop, index, x));
    }
    for (int i = 0; i < captured->len; i++) {
        const Captured *c = &captured->data[i];
        if (c->carry >= 0)
            grad_contribute(g->s, c->node,
                            result_of(g, loop, c->carry, c->node));
    }
    for (int i = 0; i < pending->len; i++)
        grad_contribute(g->s, pending->data[i].of,
                        scan_grad_contract(g, &pending->data[i], loop));
}

static void set_up(ScanGrad *g)
{
    const Node *turn = g->region->args.data[g->scan->nin];
    Region r = {0};
    g->home = nodemap_new(g->arena);
    g->copied = nodemap_new(g->arena);
    g->price = nodemap_new(g->arena);
    g->turn = region_arg(g->b->func, &r, turn->name, turn->type);
    nodemap_set(g->home, g->turn, HOME_BACKWARD);
}

/* First values of the carries' gradients. */
static Node **first_values(ScanGrad *g)
{
    Node **first = ARENA_ARRAY(g->arena, Node *, g->carries + 1);
    for (int i = 0; i < g->carries; i++)
        if (g->active[i])
            first[i] = g->dy[i] ? g->dy[i]
                                : grad_zero(g->b, g->region->args.data[i]);
    return first;
}

static void build(ScanGrad *g)
{
    Sweep *s = g->s;
    Builder outside = *g->b;
    NodeArray *adjoint = s->adjoint;
    int *stacks = ARENA_ARRAY(g->arena, int, g->scan->nin + 1);
    PendingArray pending = {0};
    Node **first = first_values(g);
    g->b->body = &g->nodes;
    s->adjoint = ARENA_ARRAY(g->arena, NodeArray, s->order.len + 1);
    seed(g, first);
    grad_body(s, &g->region->nodes);
    collect(g, stacks);
    set_home(g, &g->region->args, HOME_FORWARD);
    set_home(g, &g->region->nodes, HOME_FORWARD);
    set_home(g, &g->nodes, HOME_BACKWARD);
    CapturedArray captured = find_captured(g);
    gather_captured(g, &captured, &pending, &outside);
    scan_grad_import(g);
    s->adjoint = adjoint;
    g->b->body = outside.body;
    g->b->loc = g->scan->loc;
    hand_out(g, new_loop(g), stacks, &captured, &pending);
}

void scan_grad(Sweep *s, Node *scan)
{
    ScanGrad g = {.s = s, .b = s->b, .arena = s->arena, .scan = scan,
                  .region = scan->region,
                  .carries = (int)attr_int(scan, "carries")};
    g.dy = ARENA_ARRAY(g.arena, Node *, g.region->results.len);
    g.active = ARENA_ARRAY(g.arena, bool, g.carries + 1);
    g.b->loc = scan->loc;
    if (!find_dy(&g))
        return;
    g.body = find_body(&s->b->func->nodes, scan);
    find_active(&g);
    set_up(&g);
    build(&g);
}
