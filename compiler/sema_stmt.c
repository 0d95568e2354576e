/* Statements of models, layers and functions. */
#include "sema_impl.h"
#include <stdlib.h>
#include <string.h>

/* ---- items of a file ---- */

static Value *declaration(Sema *s, const Stmt *d, Scope *home)
{
    Value *v = value_new(s, d->kind == STMT_LAYER ? VALUE_LAYER : VALUE_FN);
    v->decl = d;
    v->home = home;
    return v;
}

/* -D NAME=VALUE; NULL when not given (or not a number). */
static Value *defined_value(Sema *s, Ident name)
{
    const char *text =
        s->options->defines ? map_get(s->options->defines, name.text) : NULL;
    char *end;
    if (!text)
        return NULL;
    long long i = strtoll(text, &end, 10);
    if (!*end && *text)
        return value_int(s, i);
    double x = strtod(text, &end);
    if (!*end && *text)
        return value_real(s, x);
    diag_error(s->diag, name.range, DL2025, "-D %s=%s is not a number",
               name.text, text);
    return NULL;
}

static void run_const(Sema *s, const Stmt *st)
{
    int errors = s->diag->errors;
    Value *v = defined_value(s, st->name);
    if (!v && s->diag->errors == errors)
        v = eval(s, st->value);
    if (v && v->kind == VALUE_NODE) {
        diag_error(s->diag, st->value->range, DL2011,
                   "'%s' is not known when the program is compiled",
                   st->name.text);
        v = NULL;
    }
    scope_bind(s, s->scope, st->name, v, false);
}

/* `dim N <= 64;`: the one run-time size of the model. */
static void run_dim(Sema *s, const Stmt *st)
{
    int64_t bound = 0;
    Value *fixed = defined_value(s, st->name);
    if (st->value && !eval_const_int(s, st->value, &bound)) {
        scope_bind(s, s->scope, st->name, NULL, false);
        return;
    }
    if (fixed || (st->value && !st->is_bound)) {
        scope_bind(s, s->scope, st->name, fixed ? fixed : value_int(s, bound),
                   false);
        return;
    }
    if (!st->value || bound < 1 || bound > INT32_MAX) {
        diag_error(s->diag, st->range, DL2013,
                   "the run-time size '%s' needs a bound of at least 1",
                   st->name.text);
        diag_help(s->diag, "write dim %s <= 64;", st->name.text);
        bound = 1;
    }
    if (s->module->dim && strcmp(s->module->dim, st->name.text) != 0)
        diag_error(s->diag, st->range, DL2014,
                   "a model has at most one run-time size, and '%s' is one",
                   s->module->dim);
    s->module->dim = st->name.text;
    s->module->bound = bound;
    Value *v = value_new(s, VALUE_DIM);
    v->dim = (Dim){1, 0};
    scope_bind(s, s->scope, st->name, v, false);
}

static void declare_derivative(Sema *s, Scope *sc, const Stmt *st)
{
    Ident id = {arena_printf(s->arena, "derivative %s", st->name.text),
                st->name.range};
    const Binding *f = map_get(sc->names, st->name.text);
    if (!f || !f->value || f->value->kind != VALUE_FN) {
        diag_error(s->diag, st->name.range, DL2001,
                   "no function '%s' is defined before its derivative",
                   st->name.text);
        return;
    }
    if (st->names.len != 1 || f->value->decl->formals.len != 1) {
        diag_unsupported(s->diag, st->range,
                         "the derivative of a function of several arguments");
        return;
    }
    Value *v = value_new(s, VALUE_FN);
    v->decl = st;
    v->home = sc;
    if (scope_bind(s, sc, id, v, false) && s->survey)
        check_derivative(s, f->value, v);
}

void declare_items(Sema *s, Scope *sc, const Program *p, bool library)
{
    Scope *outer = s->scope;
    s->scope = sc;
    for (int i = 0; i < p->items.len; i++) {
        const Stmt *st = p->items.data[i];
        switch (st->kind) {
        case STMT_IMPORT:
            diag_unsupported(s->diag, st->range, "import");
            break;
        case STMT_FN:
        case STMT_LAYER:
            scope_bind(s, sc, st->name, declaration(s, st, sc), false);
            if (!library && s->survey &&
                map_has(s->library->names, st->name.text))
                diag_note(s->diag, st->name.range,
                          "'%s' hides the library's", st->name.text);
            break;
        case STMT_DERIVATIVE:
            declare_derivative(s, sc, st);
            break;
        case STMT_CONST:
            run_const(s, st);
            break;
        case STMT_DIM:
            run_dim(s, st);
            break;
        default:
            break;
        }
    }
    s->scope = outer;
}

/* ---- bindings ---- */

/* The last node of a statement takes the statement's name. */
static void name_value(Sema *s, Value *v, const char *name, int before)
{
    if (!v || v->kind != VALUE_NODE || s->scope->path)
        return;
    for (int i = before; i < s->b.body->len; i++)
        if (s->b.body->data[i] == v->node)
            node_rename(s->b.func, v->node, name);
}

static void bind_tuple(Sema *s, const Stmt *st, Value *v)
{
    bool fits = v && v->kind == VALUE_TUPLE && v->len == st->names.len;
    if (v && !fits)
        diag_error(s->diag, st->range, DL2008,
                   "%d names for %s", st->names.len,
                   v->kind == VALUE_TUPLE
                       ? arena_printf(s->arena, "%d values", v->len)
                       : user_value(s, v));
    for (int i = 0; i < st->names.len; i++)
        scope_bind(s, s->scope, st->names.data[i], fits ? v->items[i] : NULL,
                   true);
}

static Value *statement_value(Sema *s, const Stmt *st)
{
    const char *hint = s->b.hint;
    int before = s->b.body->len;
    s->b.hint = s->scope->path ? arena_printf(s->arena, "%s.%s",
                                              s->scope->path, st->name.text)
                               : st->name.text;
    if (st->value->kind == EXPR_CONFIG)
        s->instance_name = st->name.text;
    Value *v = eval(s, st->value);
    s->instance_name = NULL;
    s->b.hint = hint;
    name_value(s, v, st->name.text, before);
    if (v && st->type && v->kind == VALUE_NODE &&
        !type_claim(s, st->type, &v->node->type, st->value->range,
                    arena_printf(s->arena, "'%s'", st->name.text)))
        return NULL;
    return v;
}

static void run_let(Sema *s, const Stmt *st)
{
    if (st->target == TARGET_INDEX || st->gens.len > 0) {
        diag_unsupported(s->diag, st->range, "index notation");
        scope_bind(s, s->scope, st->name, NULL, false);
        return;
    }
    if (st->target == TARGET_TUPLE) {
        bind_tuple(s, st, eval(s, st->value));
        return;
    }
    scope_bind(s, s->scope, st->name, statement_value(s, st), true);
}

static void run_named(Sema *s, const Stmt *st)
{
    Value *v = statement_value(s, st);
    Named n = {RESULT_OUTPUT, st->name.text, NULL, st->range};
    if (st->kind != STMT_OUTPUT)
        n.kind = st->kind == STMT_LOSS ? RESULT_LOSS : RESULT_METRIC;
    n.value = v ? n.kind == RESULT_OUTPUT
                      ? value_to_node(s, v, s->module->real, st->value->range)
                      : value_to_real(s, v, st->value->range)
                : NULL;
    if (n.value && n.kind == RESULT_LOSS && v->kind == VALUE_NODE &&
        !elem_is_real(v->node->type.elem)) {
        diag_error(s->diag, st->value->range, DL2018,
                   "a loss is a real number, got %s", user_value(s, v));
        diag_help(s->diag, "integers and comparisons have no derivative");
        n.value = NULL;
    }
    if (n.value && n.kind != RESULT_OUTPUT && n.value->type.rank != 0) {
        diag_error(s->diag, st->value->range, DL2018,
                   "a %s is one number, got %s",
                   n.kind == RESULT_LOSS ? "loss" : "metric",
                   user_type(s, &n.value->type));
        diag_help(s->diag, "reduce it with mean(..) or sum(..)");
        n.value = NULL;
    }
    scope_bind(s, s->scope, st->name, value_node(s, n.value), false);
    if (n.value)
        array_push(s->arena, &s->named, n);
}

/* ---- control ---- */

static void run_assert(Sema *s, const Stmt *st)
{
    Value *v = eval(s, st->value);
    if (!v)
        return;
    if (v->kind != VALUE_BOOL)
        diag_error(s->diag, st->value->range, DL2011,
                   "assert needs a condition known when the program is "
                   "compiled");
    else if (!v->i)
        diag_error(s->diag, place(s, st->range), DL2020, "%s%s%s",
                   s->library_layer ? s->library_layer : "",
                   s->library_layer ? ": " : "",
                   st->text ? st->text : "assertion failed");
}

static Value *run_if(Sema *s, const Stmt *st)
{
    Value *c = eval(s, st->value);
    if (!c)
        return NULL;
    if (c->kind != VALUE_BOOL) {
        diag_error(s->diag, st->value->range, DL2011,
                   "the condition of 'if' must be known when the program is "
                   "compiled");
        diag_help(s->diag, "use c ? a : b to choose between values");
        return NULL;
    }
    return run_block(s, c->i ? &st->body : &st->otherwise, false);
}

/* One turn: the body with the carries of this turn; their next values. */
static bool run_turn(Sema *s, const Stmt *st, int64_t turn, Value **carry)
{
    Scope *outer = s->scope;
    Map *outer_next = s->next_values;
    bool ok = true;
    s->scope = scope_new(s, outer, outer->path);
    s->next_values = map_new(s->arena);
    scope_bind(s, s->scope, st->gens.data[0].name, value_int(s, turn), false);
    for (int i = 0; i < st->carries.len; i++) {
        scope_bind(s, s->scope, st->carries.data[i].name, carry[i], false);
        map_set(s->next_values, st->carries.data[i].name.text, NULL);
    }
    run_block(s, &st->body, false);
    for (int i = 0; i < st->carries.len; i++) {
        const Ident *id = &st->carries.data[i].name;
        carry[i] = map_get(s->next_values, id->text);
        if (!carry[i] && s->diag->errors == 0) {
            diag_error(s->diag, id->range, DL2022,
                       "the loop gives '%s' no next value", id->text);
            ok = false;
        }
        ok = ok && carry[i];
    }
    s->next_values = outer_next;
    s->scope = outer;
    return ok;
}

/* `for`: unrolled, with fresh parameters each turn. */
static void run_for(Sema *s, const Stmt *st)
{
    const Gen *g = &st->gens.data[0];
    int64_t from, to;
    if (st->gens.len != 1 || !g->is_range) {
        diag_unsupported(s->diag, st->range, "for over anything but one range");
        return;
    }
    if (!eval_const_int(s, g->a, &from) || !eval_const_int(s, g->b, &to))
        return;
    if (to - from > 10000) {
        diag_error(s->diag, st->range, DL2013,
                   "for unrolls at most 10000 turns");
        return;
    }
    Value **carry = ARENA_ARRAY(s->arena, Value *, st->carries.len + 1);
    for (int i = 0; i < st->carries.len; i++)
        if (!(carry[i] = eval(s, st->carries.data[i].value)))
            return;
    bool ok = true;
    for (int64_t i = from; ok && i < to; i++)
        ok = run_turn(s, st, i, carry);
    for (int i = 0; i < st->carries.len; i++)
        scope_bind(s, s->scope, st->carries.data[i].name, ok ? carry[i] : NULL,
                   true);
}

static bool misplaced(Sema *s, const Stmt *st, bool is_model)
{
    bool model_only = st->kind == STMT_INPUT || st->kind == STMT_OUTPUT ||
                      st->kind == STMT_LOSS || st->kind == STMT_METRIC ||
                      st->kind == STMT_TRAIN || st->kind == STMT_FIT;
    bool layer_only = st->kind == STMT_RETURN;
    if ((model_only && s->depth > 0) || (layer_only && s->depth == 0)) {
        diag_error(s->diag, st->range, DL2022, "this statement belongs into %s",
                   model_only ? "a model" : "a layer or a function");
        return true;
    }
    (void)is_model;
    return false;
}

static Value *run_statement(Sema *s, const Stmt *st)
{
    switch (st->kind) {
    case STMT_CONST:
        run_const(s, st);
        return NULL;
    case STMT_DIM:
        run_dim(s, st);
        return NULL;
    case STMT_INPUT:
        run_input(s, st);
        return NULL;
    case STMT_PARAM:
        run_param(s, st);
        return NULL;
    case STMT_STATE:
        run_state(s, st);
        return NULL;
    case STMT_LET:
        run_let(s, st);
        return NULL;
    case STMT_OUTPUT:
    case STMT_LOSS:
    case STMT_METRIC:
        run_named(s, st);
        return NULL;
    case STMT_NEXT:
        run_next(s, st);
        return NULL;
    case STMT_RETURN:
        return eval(s, st->value);
    case STMT_ASSERT:
        run_assert(s, st);
        return NULL;
    case STMT_IF:
        return run_if(s, st);
    case STMT_FOR:
        run_for(s, st);
        return NULL;
    case STMT_SCAN:
        run_scan(s, st);
        return NULL;
    case STMT_EMIT:
        run_emit(s, st);
        return NULL;
    default:
        return NULL; /* train and fit: the model's own loop */
    }
}

Value *run_block(Sema *s, const StmtArray *body, bool is_model)
{
    for (int i = 0; i < body->len; i++) {
        const Stmt *st = body->data[i];
        Range outer = s->b.loc;
        if (misplaced(s, st, is_model))
            continue;
        if (st->range.src == s->user->source)
            s->b.loc = st->range;
        int errors = s->diag->errors;
        Value *v = run_statement(s, st);
        s->b.loc = outer;
        if (v)
            return v;
        if (st->kind == STMT_RETURN && s->diag->errors > errors)
            return NULL;
    }
    return NULL;
}
