/* Calls of functions and layers, instances and their arguments. */
#include "sema_impl.h"
#include "op_list.h"
#include <string.h>

enum { MAX_DEPTH = 100 };

bool eval_args(Sema *s, const ArgArray *args, Call *c)
{
    bool ok = true;
    for (int i = 0; i < args->len; i++) {
        const Arg *a = &args->data[i];
        CallArg x = {a->name.text, a->name.range, a->value->range,
                     eval(s, a->value), a->value};
        if (!x.value)
            ok = false;
        array_push(s->arena, &c->args, x);
    }
    return ok;
}

const CallArg *call_key(const Call *c, const char *name)
{
    for (int i = 0; i < c->args.len; i++)
        if (c->args.data[i].name && strcmp(c->args.data[i].name, name) == 0)
            return &c->args.data[i];
    return NULL;
}

int call_positional(const Call *c)
{
    int n = 0;
    for (int i = 0; i < c->args.len; i++)
        n += c->args.data[i].name == NULL;
    return n;
}

Value *call_position(const Call *c, int k)
{
    for (int i = 0; i < c->args.len; i++)
        if (!c->args.data[i].name && k-- == 0)
            return c->args.data[i].value;
    return NULL;
}

/* ---- formals ---- */

/* "conv{out, k, ..}": what must be given, and that more may be. */
static const char *config_text(Arena *a, const Stmt *decl)
{
    StringArray names = {0};
    for (int i = 0; i < decl->statics.len; i++)
        if (!decl->statics.data[i].value)
            array_push(a, &names, decl->statics.data[i].name.text);
    if (names.len < decl->statics.len)
        array_push(a, &names, "..");
    return arena_printf(a, "%s{%s}", decl->name.text, list_text(a, &names));
}

static const Formal *formal_named(const FormalArray *f, const char *name)
{
    for (int i = 0; i < f->len; i++)
        if (strcmp(f->data[i].name.text, name) == 0)
            return &f->data[i];
    return NULL;
}

static void report_key(Sema *s, const Call *c, const Stmt *decl,
                       const FormalArray *f, const CallArg *a)
{
    StringArray names = {0};
    for (int i = 0; i < f->len; i++)
        array_push(s->arena, &names, f->data[i].name.text);
    diag_error(s->diag, a->name_range, DL2002, "%s has no argument '%s'",
               c->what, a->name);
    const char *near = diag_suggest(a->name, names.data, names.len);
    if (f == &decl->formals && formal_named(&decl->statics, a->name))
        diag_help(s->diag, "it stands in braces: %s{%s = ..}(..)",
                  decl->name.text, a->name);
    else if (near)
        diag_help(s->diag, "did you mean '%s'?", near);
    else if (names.len > 0)
        diag_help(s->diag, "it has %s", list_text(s->arena, &names));
}

static void report_count(Sema *s, const Call *c, int want, int got)
{
    diag_error(s->diag, c->range, DL2006,
               "%s takes at most %d argument%s, got %d", c->what, want,
               want == 1 ? "" : "s", got);
}

/* Which argument is given for formal i; NULL when none is. */
static const CallArg *argument_for(const Call *c, const FormalArray *f, int i)
{
    int position = 0;
    for (int k = 0; k < c->args.len; k++) {
        const CallArg *a = &c->args.data[k];
        if (a->name ? strcmp(a->name, f->data[i].name.text) == 0
                    : position++ == i)
            return a;
    }
    return NULL;
}

static bool check_keys(Sema *s, const Call *c, const Stmt *decl,
                       const FormalArray *f)
{
    bool ok = true;
    int got = call_positional(c);
    if (got > f->len) {
        report_count(s, c, f->len, got);
        return false;
    }
    for (int k = 0; k < c->args.len; k++) {
        const CallArg *a = &c->args.data[k];
        if (a->name && !formal_named(f, a->name)) {
            report_key(s, c, decl, f, a);
            ok = false;
        }
        for (int i = 0; i < f->len && a->name; i++)
            if (i < got && strcmp(a->name, f->data[i].name.text) == 0) {
                diag_error(s->diag, a->name_range, DL2002,
                           "argument '%s' is given twice", a->name);
                ok = false;
            }
    }
    return ok;
}

/* A static argument: what its declared type says it may be. A type with axes
 * (int[..]) also takes lists and words. */
static bool static_fits(Sema *s, const Stmt *decl, const Formal *f,
                        const Value *v, Range r)
{
    const TypeExpr *t = f->type;
    bool list = t->has_sizes, ok;
    if (strcmp(t->scalar, "int") == 0)
        ok = v->kind == VALUE_INT || v->kind == VALUE_DIM;
    else if (strcmp(t->scalar, "bool") == 0)
        ok = v->kind == VALUE_BOOL;
    else
        ok = v->kind == VALUE_INT || v->kind == VALUE_REAL ||
             (v->kind == VALUE_NODE && v->node->type.rank == 0);
    if (list && (v->kind == VALUE_LIST || v->kind == VALUE_SYMBOL ||
                 v->kind == VALUE_STRING))
        ok = true;
    if (!ok)
        diag_error(s->diag, r, DL2007, "%s: '%s' must be %s, got %s",
                   decl->name.text, f->name.text,
                   strcmp(t->scalar, "int") == 0    ? "an integer"
                   : strcmp(t->scalar, "bool") == 0 ? "true or false"
                                                    : "a number",
                   user_value(s, v));
    return ok;
}

static void report_missing(Sema *s, const Call *c, const Stmt *decl,
                           const Formal *f)
{
    diag_error(s->diag, c->range, DL2016, "%s needs a value for '%s'",
               decl->name.text, f->name.text);
    if (decl->range.src == s->user->source)
        diag_note(s->diag, f->name.range, "'%s' is declared here",
                  f->name.text);
    if (decl->statics.len > 0)
        diag_help(s->diag, "write %s", config_text(s->arena, decl));
}

static Value *default_value(Sema *s, Scope *sc, const Formal *f)
{
    Scope *outer = s->scope;
    s->scope = sc;
    Value *v = eval(s, f->value);
    s->scope = outer;
    return v;
}

static bool bind_formals(Sema *s, Scope *sc, const Stmt *decl,
                         const FormalArray *formals, const Call *c,
                         bool is_static)
{
    bool ok = check_keys(s, c, decl, formals);
    for (int i = 0; ok && i < formals->len; i++) {
        const Formal *f = &formals->data[i];
        const CallArg *a = argument_for(c, formals, i);
        if (!a && !f->value) {
            report_missing(s, c, decl, f);
            return false;
        }
        Value *v = a ? a->value : default_value(s, sc, f);
        Range r = a ? a->range : f->name.range;
        ok = v && (is_static ? static_fits(s, decl, f, v, r)
                             : type_unify(s, sc, decl, f, v, r));
        if (v && ok)
            ok = scope_bind(s, sc, f->name, v, false);
    }
    return ok;
}

/* ---- bodies ---- */

static bool check_return(Sema *s, Scope *sc, const TypeExpr *t, const Value *v,
                         const Stmt *decl)
{
    Scope *outer = s->scope;
    bool ok = true;
    s->scope = sc;
    if (!t->scalar) {
        ok = v->kind == VALUE_TUPLE && v->len == t->parts.len;
        if (!ok)
            diag_error(s->diag, t->range, DL2008,
                       "%s must return a tuple of %d values", decl->name.text,
                       t->parts.len);
        for (int i = 0; ok && i < v->len; i++)
            ok = check_return(s, sc, t->parts.data[i], v->items[i], decl);
    } else if (v->kind == VALUE_NODE && t->has_sizes) {
        ok = type_claim(s, t, &v->node->type, v->node->loc,
                        arena_printf(s->arena, "the result of %s",
                                     decl->name.text));
    }
    s->scope = outer;
    return ok;
}

static Value *run_body(Sema *s, Scope *sc, const Stmt *decl)
{
    Scope *outer = s->scope;
    const char *hint = s->b.hint;
    Map *next_values = s->next_values;
    int kept = s->kept.len;
    s->scope = sc;
    s->next_values = NULL;
    if (decl->kind == STMT_LAYER)
        s->b.hint = sc->path;
    Value *v = decl->has_body ? run_block(s, &decl->body, false)
                              : eval(s, decl->value);
    if (v)
        state_applied(s, kept, v);
    s->b.hint = hint;
    s->next_values = next_values;
    s->scope = outer;
    if (v && !check_return(s, sc, decl->type, v, decl))
        return NULL;
    return v;
}

static bool enter(Sema *s, const Call *c)
{
    if (++s->depth <= MAX_DEPTH)
        return true;
    diag_error(s->diag, c->range, DL2028,
               "'%s' calls itself: there is no recursion", c->what);
    return false;
}

/* `derivative f(x) = ...`: see check in sema_deriv.c. */
static Value *with_derivative(Sema *s, const Value *f, Value *y, Call *c)
{
    Binding *b = scope_find(f->home, arena_printf(s->arena, "derivative %s",
                                                  f->decl->name.text));
    Value *x = call_position(c, 0);
    if (!b || !y || y->kind != VALUE_NODE || !x || x->kind != VALUE_NODE ||
        !s->in_train)
        return y;
    Scope *sc = scope_new(s, f->home, s->scope->path), *outer = s->scope;
    scope_bind(s, sc, b->value->decl->names.data[0], x, false);
    s->scope = sc;
    Node *d = eval_real(s, b->value->decl->value);
    s->scope = outer;
    if (!d)
        return NULL;
    Node *in[3] = {y->node, x->node, d};
    return value_node(s, op_checked(s, &op_withgrad, in, 3, NULL, c->range,
                                    DL2005));
}

static Value *call_fn(Sema *s, const Value *f, Call *c)
{
    Scope *sc = scope_new(s, f->home, s->scope->path);
    const char *library = s->library_layer;
    Value *v = NULL;
    if (f->home == s->library && !library)
        s->library_layer = f->decl->name.text;
    if (enter(s, c) && bind_formals(s, sc, f->decl, &f->decl->formals, c,
                                    false))
        v = run_body(s, sc, f->decl);
    s->depth--;
    s->library_layer = library;
    return with_derivative(s, f, v, c);
}

Value *instance_apply(Sema *s, Instance *inst, Call *c)
{
    Scope *sc = scope_new(s, inst->home, inst->path);
    const char *library = s->library_layer;
    Value *v = NULL;
    /* the same inner names at every application: shared weights */
    map_set(s->counters, inst->path, map_new(s->arena));
    if (inst->home == s->library && !library)
        s->library_layer = inst->decl->name.text;
    for (int i = 0; i < map_len(inst->statics); i++) {
        Ident id = {map_key(inst->statics, i), inst->decl->range};
        scope_bind(s, sc, id, map_value(inst->statics, i), false);
    }
    c->what = inst->decl->name.text;
    if (enter(s, c) && bind_formals(s, sc, inst->decl, &inst->decl->formals, c,
                                    false))
        v = run_body(s, sc, inst->decl);
    s->depth--;
    s->library_layer = library;
    return v;
}

/* ---- instances ---- */

Instance *instance_new(Sema *s, const Stmt *decl, Scope *home, const char *path,
                       Call *statics)
{
    Instance *inst = ARENA_NEW(s->arena, Instance);
    Scope *sc = scope_new(s, home, path);
    statics->what = decl->name.text;
    if (!bind_formals(s, sc, decl, &decl->statics, statics, true))
        return NULL;
    inst->decl = decl;
    inst->home = home;
    inst->path = path;
    inst->statics = map_new(s->arena);
    for (int i = 0; i < map_len(sc->names); i++) {
        Binding *b = map_value(sc->names, i);
        map_set(inst->statics, map_key(sc->names, i), b->value);
    }
    return inst;
}

static const char *join(Sema *s, const char *path, const char *name)
{
    return path ? arena_printf(s->arena, "%s.%s", path, name) : name;
}

/* conv1, conv2, ...: the counter runs per scope, from 1 in source order. */
static const char *anonymous(Sema *s, const char *layer)
{
    const char *path = s->scope->path;
    Map *counters = map_get(s->counters, path ? path : "");
    if (!counters) {
        counters = map_new(s->arena);
        map_set(s->counters, path ? path : "", counters);
    }
    int64_t *count = map_get(counters, layer);
    if (!count) {
        count = ARENA_NEW(s->arena, int64_t);
        map_set(counters, layer, count);
    }
    const Binding *named;
    const char *name;
    do { /* a `let` may have taken the name */
        name = arena_printf(s->arena, "%s%lld", layer, (long long)++*count);
        named = scope_find(s->scope, name);
    } while (named && named->value && named->value->kind == VALUE_INSTANCE);
    name = join(s, path, name);
    map_set(s->unnamed, name, s);
    return name;
}

Value *eval_config(Sema *s, const Expr *e)
{
    const char *name = s->instance_name;
    s->instance_name = NULL;
    Value *f = eval(s, e->a);
    if (!f)
        return NULL;
    if (f->kind != VALUE_LAYER) {
        diag_error(s->diag, e->range, DL2015,
                   "%s is not a layer: it takes no {..}", user_value(s, f));
        return NULL;
    }
    if (s->scope->in_loop) {
        diag_error(s->diag, e->range, DL2028,
                   "an instance cannot be made inside scan");
        diag_help(s->diag, "make it before: let cell = %s{..};",
                  f->decl->name.text);
        return NULL;
    }
    Call c = {.range = e->range};
    if (!eval_args(s, &e->args, &c))
        return NULL;
    Value *v = value_new(s, VALUE_INSTANCE);
    if (name && map_has(s->unnamed, join(s, s->scope->path, name))) {
        diag_error(s->diag, e->range, DL2003,
                   "'%s' is already the name of an instance without a name",
                   name);
        diag_help(s->diag, "choose another name than a layer and a number");
        return NULL;
    }
    const char *path = name ? join(s, s->scope->path, name)
                            : anonymous(s, f->decl->name.text);
    v->instance = instance_new(s, f->decl, f->home, path, &c);
    return v->instance ? v : NULL;
}

/* ---- calls ---- */

static bool key_is_allowed(const char *keys, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = strstr(keys, name); p; p = strstr(p + 1, name))
        if ((p == keys || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
            return true;
    return false;
}

static Value *call_builtin(Sema *s, const Builtin *b, Call *c)
{
    int got = call_positional(c);
    c->what = b->name;
    for (int i = 0; i < c->args.len; i++) {
        const CallArg *a = &c->args.data[i];
        if (a->name && !key_is_allowed(b->keys, a->name)) {
            diag_error(s->diag, a->name_range, DL2002,
                       "%s has no argument '%s'", b->name, a->name);
            if (b->keys[0])
                diag_help(s->diag, "it knows: %s", b->keys);
            return NULL;
        }
    }
    if (got < b->min_args || (b->max_args >= 0 && got > b->max_args)) {
        diag_error(s->diag, c->range, DL2006,
                   "%s takes %s%d argument%s, got %d", b->name,
                   b->min_args == b->max_args ? ""
                   : got < b->min_args        ? "at least "
                                              : "at most ",
                   got < b->min_args ? b->min_args : b->max_args,
                   (got < b->min_args ? b->min_args : b->max_args) == 1 ? ""
                                                                        : "s",
                   got);
        return NULL;
    }
    return b->call(s, c, b);
}

Value *apply(Sema *s, Value *f, Call *c)
{
    switch (f->kind) {
    case VALUE_FN:
        c->what = f->decl->name.text;
        return call_fn(s, f, c);
    case VALUE_INSTANCE:
        return instance_apply(s, f->instance, c);
    case VALUE_BUILTIN:
        return call_builtin(s, f->builtin, c);
    case VALUE_LAYER: {
        Call none = {.range = c->range};
        Instance *inst = instance_new(s, f->decl, f->home,
                                      anonymous(s, f->decl->name.text), &none);
        return inst ? instance_apply(s, inst, c) : NULL;
    }
    default:
        diag_error(s->diag, c->range, DL2015, "%s cannot be called",
                   user_value(s, f));
        return NULL;
    }
}

Value *eval_call(Sema *s, const Expr *e, Value *first, Range first_range)
{
    Range outer = s->b.loc;
    if (e->range.src == s->user->source)
        s->b.loc = e->range;
    Value *f = eval(s, e->a), *v = NULL;
    Call c = {.range = e->range, .what = "the call"};
    if (first) {
        CallArg a = {.range = first_range, .value = first};
        array_push(s->arena, &c.args, a);
    }
    if (eval_args(s, &e->args, &c) && f)
        v = apply(s, f, &c);
    s->b.loc = outer;
    return v;
}
