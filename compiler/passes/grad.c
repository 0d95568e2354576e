/* grad: derivatives become ordinary nodes, by symbolic reverse mode.
 *
 * `grad e, x` is replaced by the sum over all paths from x to e. All gradients
 * of one e share one sweep, which stands where the first of them stood and
 * visits only nodes that lie between some x and e. Gradients are expanded in
 * the order of the body, so that an e may itself contain gradients. An
 * element-wise operator is differentiated through its scalar tree; every other
 * one builds its adjoint out of other operators (OpDef.grad). At the end
 * `stop` and `withgrad` are replaced by their values.
 *
 *     before  %y = mul %x, %x : f32
 *             %g = grad %y, %x : f32
 *     after   %y = mul %x, %x : f32
 *             %x.grad = mul 2.0, %x : f32
 * A contribution to value v is called %v.grad...; their sum is %v.grad.
 * Needs: shapes.  Keeps: names and order of the other nodes.
 * Paper: Griewank, Walther, Evaluating Derivatives, 2008, chapter 3.
 */
#include "grad.h"
#include "op_list.h"
#include "scalar_match.h"

/* A grad node, the body it is in, and what takes its place. */
typedef struct Request {
    Node *node;
    const NodeArray *body;
    Node *value;
} Request;
typedef ARRAY_OF(Request) RequestArray;

/* Marks: 1.. index in `order`; 0 a node made by this sweep; NAMED such a node
 * that has its final name; UNSEEN every other one. */
enum { NAMED = -2, UNSEEN = -1 };

static void forget(Node *n, void *ctx)
{
    (void)ctx;
    n->mark = UNSEEN;
    for (int i = 0; i < n->nin; i++)
        n->in[i]->mark = UNSEEN;
    for (int i = 0; n->region && i < n->region->args.len; i++)
        n->region->args.data[i]->mark = UNSEEN;
    for (int i = 0; n->region && i < n->region->results.len; i++)
        n->region->results.data[i]->mark = UNSEEN;
}

/* Two reads of one global are the same value. */
static Node *canonical(Sweep *s, Node *n)
{
    if (!n->global)
        return n;
    if (!map_has(s->params, n->global->name))
        map_set(s->params, n->global->name, n);
    return map_get(s->params, n->global->name);
}

static int number(Sweep *s, Node *n)
{
    n = canonical(s, n);
    if (n->mark <= 0) {
        array_push(s->arena, &s->order, n);
        n->mark = s->order.len;
    }
    return n->mark;
}

/* A node that the sweep has not numbered, as one behind the gradient in the
 * same body, has whatever mark was left there. */
int grad_index(Sweep *s, Node *n)
{
    n = canonical(s, n);
    bool is_known = n->mark > 0 && n->mark <= s->order.len &&
                    s->order.data[n->mark - 1] == n;
    return is_known ? n->mark : 0;
}

static void collect(Sweep *s, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        for (int k = 0; k < n->nin; k++)
            number(s, n->in[k]);
        if (n->region) {
            for (int k = 0; k < n->region->args.len; k++)
                number(s, n->region->args.data[k]);
            collect(s, &n->region->nodes);
            for (int k = 0; k < n->region->results.len; k++)
                number(s, n->region->results.data[k]);
        }
        number(s, n);
    }
}

bool grad_needs(Sweep *s, Node *n)
{
    return s->need[grad_index(s, n)];
}

static bool any_input_needs(Sweep *s, const Node *n)
{
    for (int i = 0; i < n->nin; i++) {
        if (grad_needs(s, n->in[i]))
            return true;
    }
    return false;
}

bool grad_passes(Sweep *s, const Node *n)
{
    if (n->region)
        return false;
    if (!elem_is_real(n->type.elem) || n->op == &op_stop)
        return false;
    if (n->op == &op_result)
        return grad_needs(
            s, n->in[0]->region->results.data[attr_int(n, "index")]);
    if (n->op == &op_withgrad)
        return grad_needs(s, n->in[1]);
    return (n->op->expr || n->op->grad) && any_input_needs(s, n);
}

const char *grad_name(const Node *n)
{
    return n->global ? n->global->name : n->name;
}

void grad_contribute(Sweep *s, Node *n, Node *g)
{
    n = canonical(s, n);
    if (!type_same_shape(&n->type, &g->type))
        internal_error("gradient of %%%s has another shape", grad_name(n));
    array_push(s->arena, &s->adjoint[n->mark], g);
}

Node *grad_total(Sweep *s, Node *n)
{
    n = canonical(s, n);
    NodeArray *parts = &s->adjoint[grad_index(s, n)];
    if (parts->len == 0)
        return NULL;
    Node *sum = parts->data[0];
    s->b->hint = arena_printf(s->arena, "%s.grad", grad_name(n));
    for (int i = 1; i < parts->len; i++)
        sum = build2(s->b, &op_add, sum, parts->data[i]);
    parts->data[0] = sum;
    parts->len = 1;
    if (sum->mark == 0 && !node_is_inline(sum)) {
        node_rename(s->b->func, sum, s->b->hint);
        sum->mark = NAMED;
    }
    return sum;
}

/* Subtrees equal to the operator's own tree are its value, argument y. */
static const Scalar *reuse_value(Arena *a, const Scalar *s, const Scalar *own,
                                 int y)
{
    if (s->op == SC_ARG || s->op == SC_CONST)
        return s;
    if (scalar_equal(s, own))
        return scalar_arg(a, y);
    return scalar_new(a, s->op, reuse_value(a, s->a, own, y),
                      s->b ? reuse_value(a, s->b, own, y) : NULL,
                      s->c ? reuse_value(a, s->c, own, y) : NULL);
}

/* dy * slope, with dy inside of quotients and choices: dy / u, c ? 0 : dy. */
static const Scalar *times(Arena *a, const Scalar *dy, const Scalar *slope)
{
    switch (slope->op) {
    case SC_CONST:
        if (slope->value == 0)
            return slope;
        return scalar_new(a, SC_MUL, slope, dy, NULL);
    case SC_NEG:
        return scalar_new(a, SC_NEG, times(a, dy, slope->a), NULL, NULL);
    case SC_DIV:
        return scalar_new(a, SC_DIV, times(a, dy, slope->a), slope->b, NULL);
    case SC_SELECT:
        if (!scalar_is_const(slope->b, 0) && !scalar_is_const(slope->c, 0))
            break;
        return scalar_new(a, SC_SELECT, slope->a, times(a, dy, slope->b),
                          times(a, dy, slope->c));
    default:
        break;
    }
    return scalar_new(a, SC_MUL, dy, slope, NULL);
}

/* The first operand that is the same value as operand i. */
static int first_same(const Node *n, int i)
{
    int first = 0;
    while (!values_same(n->in[first], n->in[i]))
        first++;
    return first;
}

/* n's tree with constants in place and equal operands as one argument: x^3
 * gives 3 x^2, and x*x gives 2 x. */
static const Scalar *own_tree(Arena *a, const Node *n)
{
    const Scalar **with = ARENA_ARRAY(a, const Scalar *, n->nin);
    double v;
    for (int i = 0; i < n->nin; i++) {
        if (elem_is_real(n->in[i]->type.elem) && node_is_const(n->in[i], &v))
            with[i] = scalar_const(a, v);
        else
            with[i] = scalar_arg(a, first_same(n, i));
    }
    return scalar_substitute(a, n->op->expr(a), with, n->nin);
}

/* d y / d argument i, over the inputs and y; see Note [relu at zero]. */
static const Scalar *slope_of(Arena *a, const Node *n, int i)
{
    const Scalar *own = own_tree(a, n);
    const Scalar *y = scalar_arg(a, n->nin);
    if (scalar_match_relu(own) && scalar_match_relu(own)->op == SC_ARG)
        return scalar_new(a, SC_SELECT,
                          scalar_new(a, SC_LE, y, scalar_const(a, 0), NULL),
                          scalar_const(a, 0), scalar_const(a, 1));
    return reuse_value(a, scalar_diff(a, own, i), own, n->nin);
}

static void grad_elementwise(Sweep *s, Node *n, Node *dy)
{
    Node **args = ARENA_ARRAY(s->arena, Node *, n->nin + 2);
    for (int i = 0; i < n->nin; i++)
        args[i] = n->in[i];
    args[n->nin] = n;
    args[n->nin + 1] = dy;
    double v;
    const Scalar *given = node_is_const(dy, &v)
                              ? scalar_const(s->arena, v)
                              : scalar_arg(s->arena, n->nin + 1);
    for (int i = 0; i < n->nin; i++) {
        Node *x = n->in[i];
        if (!grad_needs(s, x))
            continue;
        const Scalar *slope = slope_of(s->arena, n, i);
        if (scalar_is_const(slope, 0))
            continue;
        s->b->hint = arena_printf(s->arena, "%s.grad", grad_name(x));
        Node *g = build_scalar(s->b, times(s->arena, given, slope), args);
        grad_contribute(s, x, build_sum_to(s->b, g, &x->type));
    }
}

static void grad_operator(Sweep *s, Node *n, Node *dy)
{
    bool *need = ARENA_ARRAY(s->arena, bool, n->nin + 1);
    Node **dx = ARENA_ARRAY(s->arena, Node *, n->nin + 1);
    const char *first = NULL;
    for (int i = 0; i < n->nin; i++) {
        need[i] = grad_needs(s, n->in[i]);
        if (need[i] && !first)
            first = grad_name(n->in[i]);
    }
    s->b->hint = arena_printf(s->arena, "%s.grad", first);
    n->op->grad(s->b, n, dy, need, dx);
    for (int i = 0; i < n->nin; i++) {
        if (need[i] && dx[i])
            grad_contribute(s, n->in[i], dx[i]);
    }
}

static void propagate(Sweep *s, Node *n, Node *dy)
{
    s->b->loc = n->loc;
    if (n->op == &op_withgrad) {
        Node *x = n->in[1];
        s->b->hint = arena_printf(s->arena, "%s.grad", grad_name(x));
        Node *g = build2(s->b, &op_mul, dy, n->in[2]);
        grad_contribute(s, x, build_sum_to(s->b, g, &x->type));
    } else if (op_is_elementwise(n->op)) {
        grad_elementwise(s, n, dy);
    } else if (n->op->grad) {
        grad_operator(s, n, dy);
    }
}

static void visit(Sweep *s, Node *n)
{
    if (n->region) {
        scan_grad(s, n);
        return;
    }
    Node *dy = grad_needs(s, n) ? grad_total(s, n) : NULL;
    if (dy && grad_passes(s, n) && n->op != &op_result)
        propagate(s, n, dy);
}

void grad_body(Sweep *s, const NodeArray *body)
{
    for (int i = body->len - 1; i >= 0; i--)
        visit(s, body->data[i]);
}

Node *grad_zero(Builder *b, const Node *x)
{
    Node *zero = node_const(b, x->type.elem, 0);
    if (x->type.rank == 0)
        return zero;
    zero = build_broadcast(b, zero, &x->type, NULL);
    rewrite_free_name(b->func, zero);
    zero->name = func_name(
        b->func, arena_printf(b->module->arena, "%s.grad", grad_name(x)));
    return zero;
}

static bool contains(const NodeArray *body, const NodeArray *part)
{
    bool found = body == part;
    for (int i = 0; i < body->len && !found; i++)
        found = body->data[i]->region &&
                contains(&body->data[i]->region->nodes, part);
    return found;
}

/* What belongs to scans that have ended: all but those around the sweep. */
static void mark_inner(Sweep *s, const NodeArray *body, bool ended)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        s->inner[n->mark] = ended;
        if (!n->region)
            continue;
        bool over = ended || !contains(&n->region->nodes, s->b->body);
        if (!over)
            s->inner[n->mark] = true;
        for (int k = 0; k < n->region->args.len; k++)
            s->inner[n->region->args.data[k]->mark] = over;
        mark_inner(s, &n->region->nodes, over);
    }
}

/* Numbers everything computed so far; e and the xs come last if they are
 * not among it, which makes their gradients zero. */
static void number_values(Sweep *s, const NodeArray *xs, Node *e)
{
    Func *f = s->b->func;
    s->params = map_new(s->arena);
    func_walk(f, forget, NULL);
    for (int i = 0; i < f->inputs.len; i++)
        f->inputs.data[i]->mark = UNSEEN;
    for (int i = 0; i < xs->len; i++)
        xs->data[i]->mark = UNSEEN;
    e->mark = UNSEEN;
    collect(s, &f->nodes);
    number(s, e);
    for (int i = 0; i < xs->len; i++)
        number(s, xs->data[i]);
    s->need = ARENA_ARRAY(s->arena, bool, s->order.len + 1);
    s->inner = ARENA_ARRAY(s->arena, bool, s->order.len + 1);
    s->adjoint = ARENA_ARRAY(s->arena, NodeArray, s->order.len + 1);
    mark_inner(s, &f->nodes, false);
}

static void find_needs(Sweep *s, const NodeArray *xs)
{
    for (int i = 0; i < xs->len; i++)
        s->need[grad_index(s, xs->data[i])] = true;
    for (int i = 0; i < s->order.len; i++) {
        Node *n = s->order.data[i];
        if (s->inner[n->mark])
            continue;
        if (n->region)
            scan_grad_needs(s, n);
        s->need[n->mark] = s->need[n->mark] || grad_passes(s, n);
    }
}

/* The gradients of e to all xs; values[i] belongs to xs[i]. */
static void sweep(Builder *b, Node *e, const NodeArray *xs, Node **values)
{
    Sweep s = {.b = b, .arena = b->module->arena};
    number_values(&s, xs, e);
    find_needs(&s, xs);
    if (grad_needs(&s, e))
        grad_contribute(&s, e, node_const(b, e->type.elem, 1));
    for (int i = s.order.len - 1; i >= 0; i--) {
        Node *n = s.order.data[i];
        if (!s.inner[n->mark])
            visit(&s, n);
    }
    for (int i = 0; i < xs->len; i++) {
        values[i] = grad_total(&s, xs->data[i]);
        if (!values[i])
            values[i] = grad_zero(b, xs->data[i]);
    }
}

/* One sweep for q and all others of the same e in the same body. */
static void answer(Builder *b, RequestArray *all, const Request *q)
{
    Arena *a = b->module->arena;
    Node *e = q->node->in[0];
    NodeArray xs = {0};
    for (int i = 0; i < all->len; i++) {
        Request *k = &all->data[i];
        if (!k->value && k->body == q->body &&
            rewrite_final(k->node->in[0]) == e) {
            array_push(a, &xs, rewrite_final(k->node->in[1]));
            rewrite_free_name(b->func, k->node);
        }
    }
    Node **values = ARENA_ARRAY(a, Node *, xs.len);
    sweep(b, e, &xs, values);
    for (int i = 0, next = 0; i < all->len; i++) {
        Request *k = &all->data[i];
        if (!k->value && k->body == q->body &&
            rewrite_final(k->node->in[0]) == e)
            k->value = values[next++];
    }
}

static Node *expand(Rewriter *r, Node *n)
{
    RequestArray *all = r->ctx;
    if (n->op != &op_grad)
        return n;
    Request *q = all->data;
    while (q->node != n)
        q++;
    if (!q->value)
        answer(&r->b, all, q);
    return q->value;
}

static void find_requests(Arena *a, RequestArray *all, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->op == &op_grad)
            array_push(a, all, ((Request){n, body, NULL}));
        if (n->region)
            find_requests(a, all, &n->region->nodes);
    }
}

static Node *drop_marker(Rewriter *r, Node *n)
{
    (void)r;
    return n->op == &op_stop || n->op == &op_withgrad ? n->in[0] : n;
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++) {
        Func *f = m->funcs.data[i];
        RequestArray all = {0};
        find_requests(m->arena, &all, &f->nodes);
        if (all.len)
            rewrite_func(&(Rewriter){.ctx = &all, .visit = expand}, f);
        rewrite_func(&(Rewriter){.visit = drop_marker}, f);
    }
}

const Pass pass_grad = {
    .name = "grad",
    .doc = "replace gradients by the operators that compute them",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
};

/* Note [relu at zero]
 *
 * The tree's own derivative is 1 at 0. Here it is 0, as in PyTorch: with zero
 * biases and black pixels the argument is exactly 0 often enough to matter.
 * The condition reads relu's value, not its argument, so that the argument is
 * not kept for the backward half and relu can end the loop that makes it. */
