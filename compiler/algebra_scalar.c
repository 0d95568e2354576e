/* Identities of element-wise operators.
 *
 * They hold for all finite numbers up to the sign of a zero, and up to one
 * rounding where two constants are joined. What would lose a NaN or an
 * infinity stays: x*0, x - x, 0/x, not (a < b). See Note [Broadcasts and
 * views] for how element-wise work moves past operators that only reshape.
 */
#include "algebra.h"
#include "op_list.h"
#include <math.h>

bool algebra_uniform(const Node *n, double *value)
{
    return node_is_const(n, value) ||
           (n->op == &op_broadcast && node_is_const(n->in[0], value));
}

static bool is_const(const Node *n, double value)
{
    double v;
    return algebra_uniform(n, &v) && v == value;
}

static bool once(const Node *n)
{
    return n->mark <= 1;
}

/* x when it has n's whole shape, otherwise n. */
static Node *keep(Node *n, Node *x)
{
    return type_same_shape(&x->type, &n->type) ? x : n;
}

static Node *constant(Rewriter *r, const Node *n, double value)
{
    return node_const(&r->b, n->type.elem, value);
}

static Node *rule_add(Rewriter *r, Node *n)
{
    Node *x = n->in[0], *y = n->in[1];
    if (is_const(y, 0))
        return keep(n, x);
    if (is_const(x, 0))
        return keep(n, y);
    if (y->op == &op_neg)
        return build2(&r->b, &op_sub, x, y->in[0]);
    if (x->op == &op_neg)
        return build2(&r->b, &op_sub, y, x->in[0]);
    return n;
}

static Node *rule_sub(Rewriter *r, Node *n)
{
    Node *x = n->in[0], *y = n->in[1];
    if (is_const(y, 0))
        return keep(n, x);
    if (is_const(x, 0) && keep(n, y) == y)
        return build1(&r->b, &op_neg, y);
    if (y->op == &op_neg)
        return build2(&r->b, &op_add, x, y->in[0]);
    return n;
}

/* Two factors may become one constant when no range is lost by it. */
static bool is_normal_product(double c, double d)
{
    return fabs(c * d) > 1e-30 && fabs(c * d) < 1e30 && fabs(c) > 1e-30 &&
           fabs(c) < 1e30 && fabs(d) > 1e-30 && fabs(d) < 1e30;
}

static Node *mul_const(Rewriter *r, Node *n, Node *x, double c)
{
    double d;
    if (c == 1)
        return keep(n, x);
    if (!elem_is_real(n->type.elem) || keep(n, x) == n)
        return n;
    if (c == -1)
        return build1(&r->b, &op_neg, x);
    if (x->op == &op_neg)
        return build2(&r->b, &op_mul, constant(r, n, -c), x->in[0]);
    for (int i = 0; x->op == &op_mul && once(x) && i < 2; i++) {
        if (algebra_uniform(x->in[i], &d) && is_normal_product(c, d) &&
            keep(n, x->in[1 - i]) != n)
            return build2(&r->b, &op_mul, constant(r, n, c * d), x->in[1 - i]);
    }
    return n;
}

static Node *rule_mul(Rewriter *r, Node *n)
{
    Node *x = n->in[0], *y = n->in[1];
    double c;
    if (algebra_uniform(y, &c))
        return mul_const(r, n, x, c);
    if (algebra_uniform(x, &c))
        return mul_const(r, n, y, c);
    if (x->op == &op_neg && y->op == &op_neg)
        return build2(&r->b, &op_mul, x->in[0], y->in[0]);
    return n;
}

/* Division by a power of two is exact as a product. */
static Node *rule_div(Rewriter *r, Node *n)
{
    Node *x = n->in[0], *y = n->in[1];
    double c;
    int exponent;
    if (!elem_is_real(n->type.elem) || !algebra_uniform(y, &c))
        return n;
    if (c == 1)
        return keep(n, x);
    if (keep(n, x) == x && fabs(frexp(c, &exponent)) == 0.5 &&
        exponent > -100 && exponent < 100)
        return build2(&r->b, &op_mul, x, constant(r, n, 1 / c));
    return n;
}

static Node *rule_neg(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    double c;
    if (x->op == &op_neg)
        return x->in[0];
    if (x->op == &op_sub && once(x))
        return build2(&r->b, &op_sub, x->in[1], x->in[0]);
    for (int i = 0; x->op == &op_mul && once(x) && i < 2; i++) {
        if (algebra_uniform(x->in[i], &c) && keep(n, x->in[1 - i]) != n)
            return build2(&r->b, &op_mul, constant(r, n, -c), x->in[1 - i]);
    }
    return n;
}

static Node *rule_pow(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    double e;
    if (!algebra_uniform(n->in[1], &e) || keep(n, x) == n)
        return n;
    if (e == 1)
        return x;
    if (e == 2)
        return build2(&r->b, &op_mul, x, x);
    if (e == 3)
        return build2(&r->b, &op_mul, build2(&r->b, &op_mul, x, x), x);
    if (e == 0.5)
        return build1(&r->b, &op_sqrt, x);
    if (e == -1)
        return build2(&r->b, &op_div, constant(r, n, 1), x);
    return n;
}

static Node *rule_abs(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    if (x->op == &op_abs)
        return x;
    return x->op == &op_neg ? build1(&r->b, &op_abs, x->in[0]) : n;
}

static Node *rule_relu(Rewriter *r, Node *n)
{
    (void)r;
    return n->in[0]->op == n->op ? n->in[0] : n;
}

/* Not (a < b) is not b <= a: both are false of a NaN. */
static Node *rule_not(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    if (x->op == &op_not)
        return x->in[0];
    if (x->op == &op_eq && once(x))
        return build2(&r->b, &op_ne, x->in[0], x->in[1]);
    if (x->op == &op_ne && once(x))
        return build2(&r->b, &op_eq, x->in[0], x->in[1]);
    return n;
}

/* and: true is neutral and false decides; or: the other way round. */
static Node *rule_and_or(Rewriter *r, Node *n)
{
    double c, neutral = n->op == &op_and ? 1 : 0;
    (void)r;
    for (int i = 0; i < 2; i++) {
        if (!algebra_uniform(n->in[i], &c))
            continue;
        Node *with = keep(n, c == neutral ? n->in[1 - i] : n->in[i]);
        if (with != n)
            return with;
    }
    return values_same(n->in[0], n->in[1]) ? n->in[0] : n;
}

static Node *rule_min_max(Rewriter *r, Node *n)
{
    (void)r;
    return values_same(n->in[0], n->in[1]) ? n->in[0] : n;
}

static Node *rule_select(Rewriter *r, Node *n)
{
    Node *c = n->in[0], *x = n->in[1], *y = n->in[2];
    double v;
    if (algebra_uniform(c, &v))
        return keep(n, v != 0 ? x : y);
    if (values_same(x, y))
        return keep(n, x);
    if (c->op == &op_not)
        return build3(&r->b, &op_select, c->in[0], y, x);
    return n;
}

/* real of a real, int of an int. */
static Node *rule_cast(Rewriter *r, Node *n)
{
    (void)r;
    return n->in[0]->type.elem == n->type.elem ? n->in[0] : n;
}

/* ---- broadcasts and views: see the note ---- */

static bool is_leading_broadcast(const Node *x)
{
    if (x->op != &op_broadcast)
        return false;
    int extra = x->type.rank - x->in[0]->type.rank;
    for (int i = 0; i < x->in[0]->type.rank; i++) {
        if (attr_list(x, "axes", i) != i + extra)
            return false;
    }
    return true;
}

/* Operands made by repeating along leading axes are used as they were, as long
 * as another operand has the whole shape. */
static bool drop_broadcasts(Node *n)
{
    bool changed = false;
    for (int i = 0; i < n->nin; i++) {
        bool whole = false;
        for (int k = 0; k < n->nin; k++)
            whole |= k != i && type_same_shape(&n->in[k]->type, &n->type);
        if (whole && is_leading_broadcast(n->in[i])) {
            n->in[i] = n->in[i]->in[0];
            changed = true;
        }
    }
    return changed;
}

static bool same_broadcast(const Node *a, const Node *b)
{
    if (b->op != &op_broadcast || !type_same_shape(&a->type, &b->type) ||
        !type_same_shape(&a->in[0]->type, &b->in[0]->type))
        return false;
    for (int i = 0; i < a->in[0]->type.rank; i++) {
        if (attr_list(a, "axes", i) != attr_list(b, "axes", i))
            return false;
    }
    return true;
}

/* All operands are repeated alike, or scalars: compute first, then repeat. */
static Node *delay_broadcast(Rewriter *r, Node *n)
{
    const Node *wide = NULL;
    Node **in = ARENA_ARRAY(r->b.module->arena, Node *, n->nin);
    for (int i = 0; i < n->nin; i++) {
        in[i] = n->in[i];
        if (in[i]->type.rank == 0)
            continue;
        if (!wide && in[i]->op == &op_broadcast)
            wide = in[i];
        if (!wide || !same_broadcast(wide, in[i]))
            return n;
        in[i] = in[i]->in[0];
    }
    if (!wide)
        return n;
    int64_t axes[MAX_RANK];
    for (int i = 0; i < wide->in[0]->type.rank; i++)
        axes[i] = attr_list(wide, "axes", i);
    Node *small = node_new(&r->b, n->op, in, n->nin, NULL);
    return build_broadcast(&r->b, small, &n->type, axes);
}

static bool can_take_epilogue(const Node *n)
{
    if (op_is_elementwise(n->op))
        return true;
    for (int i = 0; i < 8 && n->op->impl[i]; i++) {
        if (n->op->impl[i]->takes_epilogue)
            return true;
    }
    return false;
}

/* The operand of n that is the view of a value worth following. */
static Node *worthy_view(const Node *n)
{
    Node *found = NULL;
    for (int i = 0; i < n->nin; i++) {
        Node *x = n->in[i];
        if (x->type.rank == 0 || !type_same_shape(&x->type, &n->type))
            continue;
        if (x->op != &op_reshape) {
            if (once(x) && can_take_epilogue(x))
                return NULL;
        } else if (!found && once(x) && x->in[0]->type.rank > 0 &&
                   can_take_epilogue(x->in[0])) {
            found = x;
        }
    }
    return found;
}

/* Whether operand x means the same when the result has type `to`. */
static bool is_suffix(const Type *x, const Type *to)
{
    for (int i = 1; i <= x->rank; i++) {
        if (i > to->rank ||
            !dim_equal(x->dim[x->rank - i], to->dim[to->rank - i]))
            return false;
    }
    return true;
}

static Node *delay_reshape(Rewriter *r, Node *n)
{
    Node *view = worthy_view(n);
    if (!view)
        return n;
    const Type *to = &view->in[0]->type;
    for (int i = 0; i < n->nin; i++) {
        if (!type_same_shape(&n->in[i]->type, &n->type) &&
            !is_suffix(&n->in[i]->type, to))
            return n;
    }
    Node **in = ARENA_ARRAY(r->b.module->arena, Node *, n->nin);
    for (int i = 0; i < n->nin; i++) {
        Node *x = n->in[i];
        if (x == view)
            in[i] = view->in[0];
        else if (x->type.rank && type_same_shape(&x->type, &n->type))
            in[i] = build_reshape(&r->b, x, to->rank, to->dim);
        else
            in[i] = x;
    }
    Node *y = node_new(&r->b, n->op, in, n->nin, NULL);
    return build_reshape(&r->b, y, n->type.rank, n->type.dim);
}

static const struct {
    const OpDef *op;
    Node *(*rule)(Rewriter *r, Node *n);
} rules[] = {
    {&op_add, rule_add},     {&op_sub, rule_sub},       {&op_mul, rule_mul},
    {&op_div, rule_div},     {&op_neg, rule_neg},       {&op_pow, rule_pow},
    {&op_abs, rule_abs},     {&op_relu, rule_relu},     {&op_not, rule_not},
    {&op_and, rule_and_or},  {&op_or, rule_and_or},     {&op_min, rule_min_max},
    {&op_max, rule_min_max}, {&op_select, rule_select}, {&op_real, rule_cast},
    {&op_int, rule_cast},
};

Node *algebra_scalar(Rewriter *r, Node *n)
{
    if (drop_broadcasts(n))
        r->changed = true;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].op == n->op) {
            Node *with = rules[i].rule(r, n);
            if (with != n)
                return with;
        }
    }
    Node *with = algebra_join(r, n);
    if (with != n)
        return with;
    with = delay_broadcast(r, n);
    return with != n ? with : delay_reshape(r, n);
}

/* Note [Broadcasts and views]
 *
 * Element-wise operators broadcast missing leading axes by themselves, so an
 * explicit broadcast of that kind is only in the way. Where all operands are
 * repeated alike, the work is done once on the small values.
 *
 * A reshape between a matrix product and the bias or activation behind it
 * would keep pass fuse from computing these where the product is made:
 * op(reshape(p), c) becomes reshape(op(p, c)). Only the reshape's single use
 * moves, and only if no other whole operand comes directly from such a
 * producer for n alone, so a node is moved at most once. */
