/* What must hold of a module, at each stage.
 *
 * Always: names are unique; operands are made before they are used, in a
 * region that is open; every type is what the operator makes of its operands;
 * scans, results and stores fit together.
 * Typed: no implementation, nothing fused, no place.
 * Chosen: an implementation on each node that has any to choose from, and no
 * operator left that only differentiation knows.
 * Planned: see verify_plan.c.
 */
#include "verify.h"
#include "irtext.h"
#include "op_list.h"
#include <string.h>

bool verify_fail(Verifier *v, const Node *n, const char *fmt, ...)
{
    if (v->broken)
        return false;
    va_list ap;
    va_start(ap, fmt);
    v->broken = arena_vprintf(v->module->arena, fmt, ap);
    va_end(ap);
    if (v->func)
        v->broken =
            arena_printf(v->module->arena, "@%s: %s", v->func->name, v->broken);
    v->where = n;
    return false;
}

static const char *text_of(Verifier *v, const Type *t)
{
    return type_text(v->arena, t, v->module->dim);
}

static bool check_type(Verifier *v, const Node *n, const Type *t)
{
    const char *why = type_check(v->arena, t, v->module->bound);
    for (int i = 0; i < t->rank && !why; i++)
        if (t->dim[i].k != 0 && !v->module->dim)
            why = "a run-time size in a module without one";
    if (!why && t->bound && t->elem != ELEM_I32)
        why = "a bound on values that are not integers";
    return !why ||
           verify_fail(v, n, "%s of type %s: %s", n->name, text_of(v, t), why);
}

/* ---- names and scopes ---- */

/* One value of the function; `ended` once its region is closed. */
typedef struct Seen {
    const Node *node;
    bool ended;
} Seen;

static bool define(Verifier *v, const Node *n)
{
    if (!n->name || !irtext_is_name(n->name))
        return verify_fail(v, n, "'%s' is no name for a value",
                           n->name ? n->name : "");
    if (map_has(v->values, n->name))
        return verify_fail(v, n, "two values are called %%%s", n->name);
    if (!map_has(v->func->names, n->name))
        return verify_fail(v, n, "%%%s was not named by func_name", n->name);
    Seen *s = ARENA_NEW(v->arena, Seen);
    s->node = n;
    map_set(v->values, n->name, s);
    return check_type(v, n, &n->type);
}

static bool check_inline(Verifier *v, const Node *n)
{
    if (n->op == &op_param) {
        if (!n->global || map_get(v->globals, n->global->name) != n->global)
            return verify_fail(v, n, "@%s is not of this module", n->name);
        if (!type_equal(&n->type, &n->global->type))
            return verify_fail(v, n, "@%s is read as %s but is %s", n->name,
                               text_of(v, &n->type),
                               text_of(v, &n->global->type));
        return true;
    }
    const Attr *a = node_attr(n, "value");
    if (!a || (a->kind != ATTR_REAL && a->kind != ATTR_INT))
        return verify_fail(v, n, "a constant without a value");
    return true;
}

/* user is the node that has the operand, NULL for a result or store. */
static bool check_operand(Verifier *v, const Node *n, const Node *user)
{
    if (!n)
        return verify_fail(v, user, "a missing operand");
    if (node_is_inline(n))
        return check_inline(v, n);
    const Seen *s = map_get(v->values, n->name);
    if (!s || s->node != n)
        return verify_fail(v, user ? user : n, "%%%s used before it is made",
                           n->name);
    if (s->ended)
        return verify_fail(v, user ? user : n,
                           "%%%s used outside of its region", n->name);
    return true;
}

/* ---- types ---- */

/* A map makes no element itself: its inputs must cover its own type. */
static bool check_map(Verifier *v, const Node *n)
{
    if (!n->fused.expr || n->fused.own != 0)
        return verify_fail(v, n, "map %%%s without fused work", n->name);
    return true;
}

static bool check_fused(Verifier *v, const Node *n)
{
    const Fused *f = &n->fused;
    int extra = n->nin - f->own;
    ElemType elems[256] = {n->raw.elem};
    if (f->own < 0 || extra < 0 || extra > 255)
        return verify_fail(v, n, "%%%s has %d operands, %d of its own", n->name,
                           n->nin, f->own);
    for (int i = 0; i < extra; i++) {
        const Type *t = &n->in[f->own + i]->type;
        int axis = 0;
        elems[i + 1] = t->elem;
        for (int k = 0; k < n->type.rank; k++)
            if (f->masks[i] >> k & 1) {
                if (axis >= t->rank || !dim_equal(t->dim[axis], n->type.dim[k]))
                    return verify_fail(v, n,
                                       "%%%s: operand %d does not lie on "
                                       "the axes of its mask",
                                       n->name, f->own + i);
                axis++;
            }
        if (axis != t->rank || f->masks[i] >> n->type.rank != 0)
            return verify_fail(v, n,
                               "%%%s: operand %d has %d axes, its mask "
                               "has others",
                               n->name, f->own + i, t->rank);
    }
    if (scalar_arg_count(f->expr) > extra + 1 ||
        (n->op == &op_map && scalar_uses(f->expr, 0) > 0))
        return verify_fail(v, n,
                           "%%%s: an argument of the fused work is "
                           "missing",
                           n->name);
    ElemType made = scalar_type(f->expr, elems, v->module->real);
    if (made != n->type.elem)
        return verify_fail(v, n, "%%%s: the fused work makes %s", n->name,
                           elem_name(made));
    if (n->raw.rank != n->type.rank || !type_same_shape(&n->raw, &n->type))
        return verify_fail(v, n,
                           "%%%s: its type before the fused work has "
                           "another shape",
                           n->name);
    return true;
}

static bool check_infer(Verifier *v, const Node *n)
{
    Node probe = *n;
    const Type *want = n->fused.expr ? &n->raw : &n->type;
    if (n->fused.expr)
        probe.nin = n->fused.own;
    if (op_has(n->op, OP_LEAF)) {
        probe.type.elem = n->type.elem;
        probe.type.bound = n->type.bound;
    } else {
        probe.type = type_scalar(v->module->real);
    }
    const char *error = op_infer_for(v->arena, &probe, v->module->dim);
    if (error)
        return verify_fail(v, n, "%%%s: %s", n->name, error);
    /* Fused work may make integers of another range. */
    probe.type.bound = n->fused.expr ? want->bound : probe.type.bound;
    if (!type_equal(&probe.type, want))
        return verify_fail(v, n, "%%%s is %s, '%s' makes %s", n->name,
                           text_of(v, want), op_name(n->op),
                           text_of(v, &probe.type));
    return true;
}

/* ---- scans ---- */

static bool same_type(const Type *a, const Type *b)
{
    return a->elem == b->elem && type_same_shape(a, b);
}

static bool check_scan(Verifier *v, const Node *n)
{
    const Region *r = n->region;
    int carries = (int)attr_int(n, "carries"), along = attr_len(n, "along");
    int emits = attr_len(n, "emits");
    if (n->nin != carries + along || r->args.len != n->nin + 1 ||
        r->results.len != carries + emits)
        return verify_fail(v, n,
                           "%%%s: operands, arguments or results of the "
                           "scan are too many or too few",
                           n->name);
    for (int i = 0; i < carries; i++)
        if (!same_type(&n->in[i]->type, &r->args.data[i]->type) ||
            !same_type(&n->in[i]->type, &r->results.data[i]->type))
            return verify_fail(v, n, "%%%s: carry %d changes its type", n->name,
                               i);
    for (int i = 0; i < along; i++) {
        Type t = n->in[carries + i]->type;
        int64_t axis = attr_list(n, "along", i);
        if (axis < 0 || axis >= t.rank)
            return verify_fail(v, n, "%%%s: sequence %d has no axis %d",
                               n->name, i, (int)axis);
        memmove(&t.dim[axis], &t.dim[axis + 1],
                sizeof t.dim[0] * (size_t)(t.rank - 1 - (int)axis));
        t.rank--;
        if (!same_type(&t, &r->args.data[carries + i]->type))
            return verify_fail(v, n, "%%%s: slice %d has another type", n->name,
                               i);
    }
    const Type *turn = &r->args.data[n->nin]->type;
    if (turn->elem != ELEM_I32 || turn->rank != 0)
        return verify_fail(v, n, "%%%s: the turn is an i32", n->name);
    return true;
}

static bool check_body(Verifier *v, const NodeArray *body);

static bool check_region(Verifier *v, const Node *n)
{
    const Region *r = n->region;
    int before = map_len(v->values);
    for (int i = 0; i < r->args.len; i++)
        if (r->args.data[i]->op != &op_arg || !define(v, r->args.data[i]))
            return verify_fail(v, n, "%%%s: argument %d is not one", n->name,
                               i);
    if (!check_body(v, &r->nodes))
        return false;
    for (int i = 0; i < r->results.len; i++)
        if (!check_operand(v, r->results.data[i], n))
            return false;
    for (int i = before; i < map_len(v->values); i++)
        ((Seen *)map_value(v->values, i))->ended = true;
    return check_scan(v, n);
}

/* ---- nodes ---- */

static bool has_impl(const Node *n)
{
    for (size_t i = 0; i < sizeof n->op->impl / sizeof *n->op->impl; i++)
        if (n->op->impl[i] && n->op->impl[i] == n->impl)
            return true;
    return false;
}

static bool check_stage(Verifier *v, const Node *n)
{
    Stage stage = v->module->stage;
    if (n->place.kind != PLACE_NONE && stage != STAGE_PLANNED)
        return verify_fail(v, n, "%%%s has a place before the plan", n->name);
    if (stage == STAGE_TYPED) {
        if (n->impl || n->fused.expr || op_has(n->op, OP_CHOSEN_ONLY))
            return verify_fail(v, n, "%%%s belongs to stage chosen", n->name);
        return true;
    }
    if (n->op == &op_grad || n->op == &op_withgrad || n->op == &op_stop)
        return verify_fail(v, n, "'%s' is left in %%%s", op_name(n->op),
                           n->name);
    if (n->impl ? !has_impl(n) : n->op->impl[0] && !op_has(n->op, OP_VIEW))
        return verify_fail(v, n, "%%%s has no implementation of '%s'", n->name,
                           op_name(n->op));
    if (n->fused.expr && n->impl && n->op != &op_map &&
        !n->impl->takes_epilogue)
        return verify_fail(v, n, "%%%s: '%s' takes no fused work", n->name,
                           n->impl->name);
    return true;
}

static bool check_node(Verifier *v, const Node *n)
{
    if (node_is_inline(n) || (op_has(n->op, OP_LEAF) && n->op != &op_const))
        return verify_fail(v, n, "a leaf '%s' among the nodes", op_name(n->op));
    for (int i = 0; i < n->nin; i++)
        if (!check_operand(v, n->in[i], n))
            return false;
    if ((n->region != NULL) != (n->op == &op_scan))
        return verify_fail(v, n, "%%%s: a scan has a region, nothing else has",
                           n->name);
    if (!check_stage(v, n))
        return false;
    if (n->op == &op_map ? !check_map(v, n) : !check_infer(v, n))
        return false;
    if (n->fused.expr && !check_fused(v, n))
        return false;
    return (!n->region || check_region(v, n)) && define(v, n);
}

static bool check_body(Verifier *v, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++)
        if (!check_node(v, body->data[i]))
            return false;
    return true;
}

/* ---- functions ---- */

static bool check_result(Verifier *v, const Result *r)
{
    const Node *n = r->value;
    if (!check_operand(v, n, NULL))
        return false;
    if (n->type.rank < 0)
        return verify_fail(v, n, "result '%s' has no value", r->name);
    if (r->kind == RESULT_LOSS &&
        (n->type.rank != 0 || !elem_is_real(n->type.elem)))
        return verify_fail(v, n, "loss '%s' is %s, not a real scalar", r->name,
                           text_of(v, &n->type));
    if (r->kind != RESULT_GRADIENT)
        return true;
    const Global *g = map_get(v->globals, r->name);
    if (!g || !same_type(&g->type, &n->type))
        return verify_fail(v, n, "the gradient '%s' is not that of a global",
                           r->name);
    return true;
}

static bool check_store(Verifier *v, int i)
{
    const Store *s = &v->func->stores.data[i];
    const Node *n = s->value;
    if (!s->global || map_get(v->globals, s->global->name) != s->global)
        return verify_fail(v, n, "a store to a global of another module");
    if (!check_operand(v, n, NULL))
        return false;
    if (!same_type(&n->type, &s->global->type))
        return verify_fail(v, n, "%s is stored to @%s of type %s",
                           text_of(v, &n->type), s->global->name,
                           text_of(v, &s->global->type));
    bool infers = v->func->kind == FUNC_INFER || v->func->kind == FUNC_EVAL;
    if (infers && s->global->kind != GLOBAL_MEMORY)
        return verify_fail(v, n, "inference changes @%s, which is not memory",
                           s->global->name);
    for (int k = 0; k < i; k++)
        if (v->func->stores.data[k].global == s->global)
            return verify_fail(v, n, "@%s is stored twice", s->global->name);
    return true;
}

static bool check_func(Verifier *v)
{
    const Func *f = v->func;
    v->values = map_new(v->arena);
    for (int i = 0; i < f->inputs.len; i++)
        if (f->inputs.data[i]->op != &op_input || !define(v, f->inputs.data[i]))
            return verify_fail(v, NULL, "input %d is not one", i);
    if (!check_body(v, &f->nodes))
        return false;
    for (int i = 0; i < f->results.len; i++)
        if (!check_result(v, &f->results.data[i]))
            return false;
    for (int i = 0; i < f->stores.len; i++)
        if (!check_store(v, i))
            return false;
    return v->module->stage != STAGE_PLANNED || verify_plan(v);
}

static bool check_globals(Verifier *v)
{
    const Module *m = v->module;
    for (int i = 0; i < m->globals.len; i++) {
        Global *g = m->globals.data[i];
        if (!irtext_is_name(g->name) || map_has(v->globals, g->name))
            return verify_fail(v, NULL, "global @%s: bad or used name",
                               g->name);
        const char *why = type_check(v->arena, &g->type, m->bound);
        if (why || g->type.rank < 0)
            return verify_fail(v, NULL, "global @%s: %s", g->name,
                               why ? why : "no value");
        map_set(v->globals, g->name, g);
    }
    return true;
}

const char *verify_find(const Module *m, const Node **where)
{
    Verifier v = {.module = m, .arena = arena_new()};
    v.globals = map_new(v.arena);
    Map *funcs = map_new(v.arena);
    if (!elem_is_real(m->real))
        verify_fail(&v, NULL, "real numbers are %s", elem_name(m->real));
    check_globals(&v);
    for (int i = 0; i < m->funcs.len && !v.broken; i++) {
        Func *f = m->funcs.data[i];
        v.func = NULL;
        if (f->module != m || !irtext_is_name(f->name) ||
            map_has(funcs, f->name))
            verify_fail(&v, NULL, "two functions are called @%s", f->name);
        map_set(funcs, f->name, f);
        v.func = f;
        if (!v.broken)
            check_func(&v);
    }
    arena_free(v.arena);
    *where = v.where;
    return v.broken;
}

const char *verify_module(const Module *m)
{
    const Node *where;
    return verify_find(m, &where);
}
