/* absorb: factors and shifts of channels go into the product before them.
 *
 * At inference, a chain behind a convolution or a matrix product that
 * multiplies and shifts each output channel by what only parameters decide (a
 * bias, normalisation by running statistics, a constant factor) is
 * product * S + T with one S and one T a channel. S goes into the product's
 * weights, which pass hoist then computes once, and T is the only bias left.
 * Entries that train are left alone: there S changes at every call.
 *
 *     before  %c = conv %x, @w : f32[N,8,9,9]
 *             %s = broadcast @scale {shape = (N, 8, 9, 9), axes = (1)}
 *             %y = mul %c, %s
 *     after   %y.broadcast = broadcast @scale {shape = (8, 4, 3, 3), axes = (0)}
 *             %w.scaled = mul @w, %y.broadcast : f32[8,4,3,3]
 *             %y = conv %x, %w.scaled : f32[N,8,9,9]
 * Needs: fold (transposes are flags).  Keeps: the name of the chain's end.
 */
#include "rewrite.h"
#include "op_list.h"
#include <string.h>

/* One step of a chain: n applies `factor` or `shift` to its operand `inner`. */
typedef struct Step {
    Node *inner;
    Node *vector; /* of channels, or a scalar; NULL: n only changes the shape */
    bool is_shift, inverse, from; /* x - v and x / v; v - x */
} Step;

/* product * factor + shift; NULL stands for 1 and 0. */
typedef struct Affine {
    Node *product, *factor, *shift;
} Affine;

typedef struct Absorb {
    const NodeMap *fixed; /* rewrite_fixed_values */
    NodeMap *uses;
    NodeMap *body; /* number of the body each node is in */
} Absorb;

/* ---- the product ---- */

static bool is_turned(const Node *n)
{
    return strcmp(attr_sym(n, "b"), "t") == 0;
}

/* Its output channels lie on `axis` of the value and on *of of the weights. */
static bool is_product(const Node *n, int *axis, int64_t *of)
{
    if (n->op == &op_matmul && n->type.rank == 2) {
        *axis = 1;
        *of = is_turned(n) ? 0 : 1;
        return true;
    }
    *axis = 1;
    *of = 0;
    return n->op == &op_conv && strcmp(attr_sym(n, "w"), "oi") == 0 &&
           strcmp(attr_sym(n, "y"), "nc") == 0;
}

static bool is_fixed(const Absorb *a, const Node *n)
{
    return nodemap_get(a->fixed, n) == 1;
}

/* ---- the chain ---- */

/* What v is for each channel of n, whose channels lie on `axis`. */
static Node *vector_of(const Absorb *a, Node *v, const Node *n, int axis)
{
    bool last = axis == n->type.rank - 1;
    if (v->type.rank == 0 || (last && v->type.rank == 1))
        return is_fixed(a, v) ? v : NULL;
    if (v->op != &op_broadcast || !type_same_shape(&v->type, &n->type) ||
        !is_fixed(a, v->in[0]))
        return NULL;
    Node *x = v->in[0];
    bool fits = x->type.rank == 0 ||
                (x->type.rank == 1 && attr_list(v, "axes", 0) == axis);
    return fits ? x : NULL;
}

/* The axis of n's channels when x has them on `axis`, -1 when they mix. */
static int axis_behind(const Node *n, const Node *x, int axis)
{
    if (n->op != &op_reshape)
        return axis;
    int last = n->type.rank - 1;
    bool kept = axis == x->type.rank - 1 && last >= 0 &&
                dim_equal(n->type.dim[last], x->type.dim[axis]);
    return kept ? last : -1;
}

/* The step that n makes from its operand k, if it is one; the vector is what
 * stands there, to be looked at when the axis is known. */
static bool read_step(const Absorb *a, const Node *n, int k, Step *s)
{
    bool sub = n->op == &op_sub, div = n->op == &op_div;
    *s = (Step){.inner = n->in[k],
                .is_shift = sub || n->op == &op_add,
                .inverse = sub || div,
                .from = sub && k == 1};
    bool alone = nodemap_get(a->uses, s->inner) == 1 &&
                 nodemap_get(a->body, s->inner) == nodemap_get(a->body, n);
    if (n->op == &op_reshape)
        return alone;
    if (!s->is_shift && !(div && k == 0) && n->op != &op_mul)
        return false;
    s->vector = n->in[1 - k];
    const Node *v = s->vector;
    return alone && type_same_shape(&s->inner->type, &n->type) &&
           (is_fixed(a, v) ||
            (v->op == &op_broadcast && is_fixed(a, v->in[0])));
}

/* The axis of the channels of n when it is a product or the end of a chain,
 * with its last step in *s; -1 when it is neither. */
static int chain(const Absorb *a, const Node *n, Step *s)
{
    int axis;
    int64_t of;
    *s = (Step){0};
    if (is_product(n, &axis, &of))
        return is_fixed(a, n->in[1]) ? axis : -1;
    for (int k = 0; k < n->nin && k < 2; k++) {
        Step before;
        if (!read_step(a, n, k, s))
            continue;
        axis = chain(a, s->inner, &before);
        if (axis >= 0 && s->vector)
            s->vector = vector_of(a, s->vector, n, axis);
        if (axis >= 0 && (s->vector || n->op == &op_reshape))
            return axis_behind(n, s->inner, axis);
    }
    *s = (Step){0};
    return -1;
}

/* ---- what it is worth ---- */

/* Steps that compute and factors on the way from n to its product. */
static void count_steps(const Absorb *a, const Node *n, int *steps,
                        int *factors)
{
    Step s;
    chain(a, n, &s);
    if (!s.inner)
        return;
    *steps += s.vector != NULL;
    *factors += s.vector && (!s.is_shift || s.from);
    count_steps(a, s.inner, steps, factors);
}

/* ---- rewriting ---- */

static Node *negated(Builder *b, Node *x)
{
    return x ? build1(b, &op_neg, x) : build_real(b, -1.0);
}

static void apply_shift(Builder *b, const Step *s, Affine *f)
{
    if (s->from) {
        f->factor = negated(b, f->factor);
        f->shift =
            f->shift ? build2(b, &op_sub, s->vector, f->shift) : s->vector;
    } else if (s->inverse) {
        f->shift = f->shift ? build2(b, &op_sub, f->shift, s->vector)
                            : negated(b, s->vector);
    } else {
        f->shift =
            f->shift ? build2(b, &op_add, f->shift, s->vector) : s->vector;
    }
}

static void apply_factor(Builder *b, const Step *s, Affine *f)
{
    const OpDef *op = s->inverse ? &op_div : &op_mul;
    if (f->shift)
        f->shift = build2(b, op, f->shift, s->vector);
    if (f->factor || s->inverse)
        f->factor = build2(b, op, f->factor ? f->factor : build_real(b, 1.0),
                           s->vector);
    else
        f->factor = s->vector;
}

static Affine affine_of(const Absorb *a, Builder *b, Node *n)
{
    Step s;
    chain(a, n, &s);
    if (!s.inner)
        return (Affine){.product = n};
    Affine f = affine_of(a, b, s.inner);
    if (s.vector && s.is_shift)
        apply_shift(b, &s, &f);
    else if (s.vector)
        apply_factor(b, &s, &f);
    return f;
}

/* v, a scalar or one number for each place of an axis, repeated to type t. */
static Node *repeated(Builder *b, Node *v, const Type *t, int64_t axis)
{
    bool implied = v->type.rank == 0 || axis == t->rank - 1;
    return implied ? v : build_broadcast(b, v, t, &axis);
}

/* Product p with its weights times `factor`; they keep their name. */
static Node *scaled(Builder *b, Node *p, Node *factor)
{
    Node *w = p->in[1], *in[2] = {p->in[0], NULL};
    in[1] = build2(b, &op_mul, w, factor);
    node_rename(b->func, in[1],
                arena_printf(b->module->arena, "%s.scaled",
                             w->global ? w->global->name : w->name));
    return node_copy(b, p, in);
}

static Node *build_chain(Builder *b, const Affine *f, const Node *end)
{
    int axis;
    int64_t of;
    Node *p = f->product;
    is_product(p, &axis, &of);
    if (f->factor)
        p = scaled(b, p, repeated(b, f->factor, &p->in[1]->type, of));
    if (f->shift)
        p = build2(b, &op_add, p, repeated(b, f->shift, &p->type, axis));
    if (!type_same_shape(&p->type, &end->type))
        p = build_reshape(b, p, end->type.rank, end->type.dim);
    return p;
}

/* n's value when its users continue the chain: they will take it. */
static Node *visit(Rewriter *r, Node *n)
{
    const Absorb *a = r->ctx;
    Step s;
    int steps = 0, factors = 0;
    if (n->mark == 0 || n->op == &op_reshape || chain(a, n, &s) < 0)
        return n;
    count_steps(a, n, &steps, &factors);
    if (factors == 0 && steps < 2)
        return n;
    Affine f = affine_of(a, &r->b, n);
    Node *fresh = build_chain(&r->b, &f, n);
    rewrite_take_name(r->b.func, fresh, n);
    return fresh;
}

/* mark = 1 where a chain ends: no user of n continues it. */
static void mark_ends(const Absorb *a, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++)
        body->data[i]->mark = 1;
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        Step s;
        if (n->region)
            mark_ends(a, &n->region->nodes);
        else if (n->op != &op_reshape && chain(a, n, &s) >= 0)
            for (; s.inner; chain(a, s.inner, &s))
                s.inner->mark = 0;
    }
}

static void note_uses(Node *n, void *ctx)
{
    Absorb *a = ctx;
    nodemap_set(a->uses, n, n->mark);
}

static void number_bodies(NodeMap *map, const NodeArray *body, int *count)
{
    int number = ++*count;
    for (int i = 0; i < body->len; i++) {
        nodemap_set(map, body->data[i], number);
        if (body->data[i]->region)
            number_bodies(map, &body->data[i]->region->nodes, count);
    }
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++) {
        Func *f = m->funcs.data[i];
        if (f->kind != FUNC_INFER && f->kind != FUNC_EVAL)
            continue;
        Absorb a = {rewrite_fixed_values(f), nodemap_new(m->arena),
                    nodemap_new(m->arena)};
        int bodies = 0;
        number_bodies(a.body, &f->nodes, &bodies);
        func_count_uses(f);
        func_walk(f, note_uses, &a);
        mark_ends(&a, &f->nodes);
        rewrite_func(&(Rewriter){.ctx = &a, .visit = visit}, f);
    }
}

const Pass pass_absorb = {
    .name = "absorb",
    .doc = "put factors and shifts of channels into weights and biases",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
