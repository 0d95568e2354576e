/* Inputs, and parameters with their first values and attributes. */
#include "sema_impl.h"
#include <string.h>

void run_input(Sema *s, const Stmt *st)
{
    Type t;
    Value *v = NULL;
    if (eval_type(s, st->type, &t)) {
        Node *in = func_input(s->b.func, st->name.text, t);
        in->loc = st->range;
        v = value_node(s, in);
    }
    scope_bind(s, s->scope, st->name, v, true);
}

static double type_elements(const Type *t, int from)
{
    double n = 1;
    for (int i = from; i < t->rank; i++)
        n *= (double)t->dim[i].c;
    return n;
}

/* he(fan_in), glorot(), normal(m, s), uniform(a, b), fan_in([w]). */
static bool read_random(Sema *s, const Expr *e, const Type *t, InitSpec *init)
{
    static const char *const known[] = {"he", "glorot", "normal", "uniform",
                                        "fan_in"};
    double v[2] = {0, 0};
    if (e->kind != EXPR_CALL || e->a->kind != EXPR_NAME) {
        diag_error(s->diag, e->range, DL2029,
                   "an initialiser is a call such as he(784) or "
                   "uniform(-0.1, 0.1)");
        return false;
    }
    const char *name = e->a->name;
    double in = type_elements(t, 1);
    double out = t->rank > 0 ? (double)t->dim[0].c * type_elements(t, 2) : 1;
    if (strcmp(name, "fan_in") == 0 && e->args.len == 1) {
        Node *w = eval_node(s, e->args.data[0].value);
        if (!w)
            return false;
        in = type_elements(&w->type, 1);
    } else {
        for (int i = 0; i < e->args.len && i < 2; i++)
            if (!eval_const_real(s, e->args.data[i].value, &v[i]))
                return false;
    }
    int want = -1;
    init->kind = "uniform";
    if (strcmp(name, "he") == 0) {
        want = 1;
        init->kind = "normal";
        init->b = sqrt(2.0 / (e->args.len ? v[0] : in));
        if (e->args.len == 0)
            want = 0;
    } else if (strcmp(name, "glorot") == 0) {
        want = e->args.len ? 2 : 0;
        init->b = sqrt(6.0 / (want ? v[0] + v[1] : in + out));
        init->a = -init->b;
    } else if (strcmp(name, "fan_in") == 0) {
        want = e->args.len;
        init->b = 1.0 / sqrt(in);
        init->a = -init->b;
    } else if (strcmp(name, "normal") == 0 || strcmp(name, "uniform") == 0) {
        want = 2;
        init->kind = name;
        init->a = v[0];
        init->b = v[1];
    }
    if (want < 0) {
        if (library_is_planned(name)) {
            diag_unsupported(s->diag, e->a->range, "'%s'", name);
            return false;
        }
        diag_error(s->diag, e->a->range, DL2029, "unknown initialiser '%s'",
                   name);
        const char *near = diag_suggest(name, known, 5);
        if (near)
            diag_help(s->diag, "did you mean '%s'?", near);
        return false;
    }
    if (want != e->args.len)
        diag_error(s->diag, e->range, DL2006, "%s takes %d argument%s, got %d",
                   name, want, want == 1 ? "" : "s", e->args.len);
    return want == e->args.len;
}

static bool read_init(Sema *s, const Stmt *st, const Type *t, InitSpec *init)
{
    init->range = st->value->range;
    if (st->is_random)
        return read_random(s, st->value, t, init);
    init->kind = "constant";
    return eval_const_real(s, st->value, &init->a);
}

static bool read_attributes(Sema *s, const Stmt *st, Global *g)
{
    g->lr_mult = 1.0;
    for (int i = 0; i < st->attributes.len; i++) {
        const Attribute *a = &st->attributes.data[i];
        if (strcmp(a->name.text, "frozen") == 0 && !a->has_args)
            g->frozen = true;
        else if (strcmp(a->name.text, "lr_mult") == 0 && a->args.len == 1) {
            if (!eval_const_real(s, a->args.data[0].value, &g->lr_mult))
                return false;
        } else {
            diag_error(s->diag, a->name.range, DL2026,
                       "a parameter has no attribute '%s'", a->name.text);
            diag_help(s->diag, "it knows: frozen lr_mult(factor)");
            return false;
        }
    }
    return true;
}

Global *declare_global(Sema *s, const Stmt *st, const char *name,
                              GlobalKind kind)
{
    Type t;
    Global *g = module_global(s->module, name);
    InitSpec *init = ARENA_NEW(s->arena, InitSpec);
    if (!eval_type(s, st->type, &t))
        return NULL;
    for (int i = 0; i < t.rank; i++)
        if (t.dim[i].k) {
            diag_error(s->diag, st->type->range, DL2014,
                       "a parameter cannot have the run-time size '%s'",
                       s->module->dim);
            return NULL;
        }
    if (!elem_is_real(t.elem)) {
        diag_error(s->diag, st->type->range, DL2007, "a parameter is real");
        return NULL;
    }
    if (g) {
        if (!type_equal(&g->type, &t)) {
            diag_error(s->diag, place(s, st->range), DL2005,
                       "'%s' is used with two shapes: %s and %s", name,
                       user_type(s, &g->type), user_type(s, &t));
            return NULL;
        }
        return g;
    }
    if (!read_init(s, st, &t, init))
        return NULL;
    g = global_new(s->module, kind, name, t);
    g->loc = place(s, st->range);
    init->global = g;
    map_set(s->inits, name, init);
    return read_attributes(s, st, g) ? g : NULL;
}

void run_param(Sema *s, const Stmt *st)
{
    const char *name = st->name.text;
    if (s->scope->path)
        name = arena_printf(s->arena, "%s.%s", s->scope->path, name);
    /* two models' bodies or two instances never meet; two statements do */
    Global *g = declare_global(s, st, name, GLOBAL_PARAM);
    Value *v = g ? value_node(s, node_param(&s->b, g)) : NULL;
    scope_bind(s, s->scope, st->name, v, false);
}
