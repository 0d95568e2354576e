/* fold: constants are computed, and what algebra makes superfluous goes away.
 *
 * An operator on constants is evaluated by the interpreter's own loop, in
 * float64, if the result has at most 4096 elements; a table of equal elements
 * becomes a repeated scalar. The identities are in algebra_scalar.c and
 * algebra_tensor.c. Repeated until nothing changes.
 *
 *     before  %a = mul %x, 1.0 : f32[2,3]
 *             %b = transpose %a {perm = (1, 0)} : f32[3,2]
 *             %c = matmul %y, %b : f32[4,2]
 *     after   %c = matmul %y, %x {b = t} : f32[4,2]
 * Values stay the same for finite numbers, up to the sign of a zero and one
 * rounding; NaN and infinity are not lost: x*0 stays.
 * Needs: grad.  Keeps: names of values that stay; unused ones go away.
 */
#include "algebra.h"
#include "op_list.h"
#include "tensor.h"
#include <math.h>

enum { MAX_ELEMENTS = 4096, MAX_ROUNDS = 20 };

static bool is_table(const Node *n)
{
    return n->op == &op_const && n->type.rank > 0;
}

static bool is_small(const Type *t)
{
    Dim count;
    return t->rank >= 0 && type_count(t, &count) && dim_is_const(count) &&
           count.c <= MAX_ELEMENTS;
}

/* A random draw, a read, a count of steps have no operands; what only views
 * or repeats is cheap as it is, unless it is a table's. */
static bool can_evaluate(const Node *n)
{
    bool table = false;
    if (n->nin == 0 || n->region || op_has(n->op, OP_RANDOM) ||
        !is_small(&n->type) || (!n->op->eval && !n->op->expr))
        return false;
    for (int i = 0; i < n->nin; i++) {
        if (n->in[i]->op != &op_const)
            return false;
        table |= is_table(n->in[i]);
    }
    return table || n->type.rank == 0;
}

static Tensor *tensor_of(Arena *a, const Node *n)
{
    Tensor *t = tensor_new(a, &n->type, 1);
    double v;
    if (node_is_const(n, &v)) {
        t->data[0] = v;
        return t;
    }
    n->op->eval(&(EvalCall){.node = n, .out = t, .n = 1});
    return t;
}

/* Operands of an element-wise operator are trailing axes of the result. */
static void eval_elementwise(const EvalCall *c, const Scalar *s)
{
    double args[8];
    for (int64_t i = 0; i < c->out->count; i++) {
        for (int k = 0; k < c->node->nin; k++)
            args[k] = c->in[k]->data[i % c->in[k]->count];
        c->out->data[i] = scalar_eval(s, args);
    }
}

/* Whether the value can be written as a constant of its type. */
static bool can_write(const Module *m, const Node *n, const Tensor *t)
{
    for (int64_t i = 0; i < t->count; i++) {
        double v = t->data[i];
        if (elem_is_real(n->type.elem) ? isnan(v) : fabs(v) > INT32_MAX)
            return false;
    }
    return n->type.rank == 0 ? n->type.bound == 0 : n->type.elem == m->real;
}

static Node *table(Rewriter *r, const Node *n, const Tensor *t)
{
    Attrs at = attrs_new(r->b.module->arena);
    bool uniform = true;
    for (int64_t i = 1; i < t->count; i++)
        uniform &= t->data[i] == t->data[0];
    if (uniform && t->count > 0)
        return build_broadcast(
            &r->b, node_const(&r->b, n->type.elem, t->data[0]), &n->type, NULL);
    attrs_dims(&at, "shape", n->type.dim, n->type.rank);
    attrs_values(&at, "values", t->data, (int)t->count);
    return node_new(&r->b, &op_const, NULL, 0, &at);
}

static Node *evaluate(Rewriter *r, Node *n)
{
    Arena *a = r->b.module->arena;
    if (!can_evaluate(n))
        return n;
    const Tensor **in = ARENA_ARRAY(a, const Tensor *, n->nin);
    for (int i = 0; i < n->nin; i++)
        in[i] = tensor_of(a, n->in[i]);
    Tensor *out = tensor_new(a, &n->type, 1);
    EvalCall call = {.node = n, .in = in, .out = out, .n = 1};
    if (n->op->expr)
        eval_elementwise(&call, n->op->expr(a));
    else
        n->op->eval(&call);
    if (!can_write(r->b.module, n, out))
        return n;
    if (n->type.rank == 0)
        return node_const(&r->b, n->type.elem, out->data[0]);
    return table(r, n, out);
}

static Node *simplify(Rewriter *r, Node *n)
{
    if (is_table(n) && n->type.elem == r->b.module->real) {
        const Tensor *t = tensor_of(r->b.module->arena, n);
        double first = t->count ? t->data[0] : 0;
        for (int64_t i = 0; i < t->count; i++) {
            if (t->data[i] != first)
                return n;
        }
        return table(r, n, t);
    }
    Node *with = evaluate(r, n);
    if (with != n)
        return with;
    return op_is_elementwise(n->op) ? algebra_scalar(r, n)
                                    : algebra_tensor(r, n);
}

static Node *visit(Rewriter *r, Node *n)
{
    if (n->mark == 0 && !n->region)
        return NULL;
    Node *with = simplify(r, n);
    if (with == n)
        return n;
    if (!type_same_shape(&with->type, &n->type) ||
        with->type.elem != n->type.elem)
        internal_error("%%%s (%s) was folded to another type", n->name,
                       op_name(n->op));
    const NodeArray *body = r->b.body;
    bool fresh =
        body->len && body->data[body->len - 1] == with && with->mark == 0;
    if (fresh)
        rewrite_take_name(r->b.func, with, n);
    with->mark += fresh ? n->mark : n->mark - 1;
    return with;
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++) {
        Rewriter r = {.visit = visit, .changed = true};
        for (int round = 0; round < MAX_ROUNDS && r.changed; round++) {
            /* a dead reader would keep a value from being read once */
            func_remove_dead(m->funcs.data[i]);
            func_count_uses(m->funcs.data[i]);
            r.changed = false;
            rewrite_func(&r, m->funcs.data[i]);
        }
        if (r.changed)
            pass_remark(m, "fold: %s still changes after %d rounds",
                        m->funcs.data[i]->name, MAX_ROUNDS);
    }
}

const Pass pass_fold = {
    .name = "fold",
    .doc = "compute constants and apply algebraic identities",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
