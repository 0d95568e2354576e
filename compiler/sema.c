/* The program: each model is lowered once to survey it (parameters, warnings)
 * and once more for every entry point.
 */
#include "sema_impl.h"
#include "op_list.h"
#include <string.h>

static Func *lower_body(Sema *s, FuncKind kind, const char *name, bool training)
{
    Func *f = func_new(s->module, kind, name);
    s->b = builder_new(f);
    s->training = training;
    s->in_train = kind == FUNC_STEP || kind == FUNC_GRADIENT ||
                  kind == FUNC_UPDATE;
    s->named.len = 0;
    s->draws = map_new(s->arena);
    s->counters = map_new(s->arena);
    s->unnamed = map_new(s->arena);
    s->kept.len = 0;
    s->state_now = map_new(s->arena);
    s->file = scope_new(s, s->library, NULL);
    s->diag->quiet_warnings = !s->survey;
    declare_items(s, s->file, s->user, false);
    s->scope = scope_new(s, s->file, NULL);
    run_block(s, &s->model->body, true);
    s->diag->quiet_warnings = false;
    return f;
}

/* ---- what the survey checks ---- */

static void mark_results(Sema *s, Func *f)
{
    for (int i = 0; i < s->named.len; i++)
        func_result(f, s->named.data[i].kind, s->named.data[i].name,
                    s->named.data[i].value);
    func_mark_live(f);
}

static void check_params(Sema *s, Func *f)
{
    for (int i = 0; i < s->module->globals.len; i++) {
        Global *g = s->module->globals.data[i];
        if (g->kind != GLOBAL_PARAM || node_param(&s->b, g)->mark)
            continue;
        diag_error(s->diag, g->loc, DL2009,
                   "parameter '%s' is not used by any output, loss or metric",
                   g->name);
    }
    (void)f;
}

static void check_inputs(Sema *s, Func *f)
{
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *in = f->inputs.data[i];
        const Binding *b = map_get(s->scope->names, in->name);
        if (!in->mark && b && b->used)
            diag_warning(s->diag, in->loc, DL2010,
                         "input '%s' changes no output, loss or metric",
                         in->name);
    }
}

static void survey(Sema *s)
{
    s->survey = true;
    int errors = s->diag->errors;
    Func *f = lower_body(s, FUNC_INFER, "survey", false);
    bool ok = s->diag->errors == errors;
    if (ok && s->named.len == 0) {
        diag_error(s->diag, s->model->name.range, DL2021,
                   "model '%s' has no output, loss or metric",
                   s->model->name.text);
        ok = false;
    }
    if (ok) {
        mark_results(s, f);
        check_params(s, f);
        check_inputs(s, f);
        for (int i = 0; i < s->model->body.len; i++) {
            const Stmt *st = s->model->body.data[i];
            if (st->kind == STMT_TRAIN)
                check_train(s, st);
            if (st->kind == STMT_FIT)
                s->module->fit = read_fit(s, st);
        }
        scope_warn_unused(s, s->scope);
    }
    s->module->funcs.len = 0;
    s->survey = false;
}

/* ---- entries ---- */

/* Drops inputs and nodes that no result needs. */
static void prune(Sema *s, Func *f)
{
    NodeArray inputs = {0}, nodes = {0};
    func_mark_live(f);
    for (int i = 0; i < f->inputs.len; i++)
        if (f->inputs.data[i]->mark || (f->kind == FUNC_UPDATE &&
                                        module_global(s->module,
                                                      f->inputs.data[i]->name)))
            array_push(s->arena, &inputs, f->inputs.data[i]);
    for (int i = 0; i < f->nodes.len; i++)
        if (f->nodes.data[i]->mark)
            array_push(s->arena, &nodes, f->nodes.data[i]);
    f->inputs = inputs;
    f->nodes = nodes;
}

static bool has_named(const Sema *s, bool outputs)
{
    for (int i = 0; i < s->named.len; i++)
        if ((s->named.data[i].kind == RESULT_OUTPUT) == outputs)
            return true;
    return false;
}

static void lower_results(Sema *s, FuncKind kind, const char *name)
{
    Func *f = lower_body(s, kind, name, false);
    static const ResultKind order[] = {RESULT_OUTPUT, RESULT_LOSS,
                                       RESULT_METRIC};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < s->named.len; i++) {
            const Named *n = &s->named.data[i];
            if (n->kind == order[k] &&
                (n->kind == RESULT_OUTPUT) == (kind == FUNC_INFER))
                func_result(f, n->kind, n->name, n->value);
        }
    store_states(s, f);
    prune(s, f);
}

static void lower_step(Sema *s, const Stmt *t, FuncKind kind,
                       const char *suffix)
{
    const char *name = arena_printf(s->arena, "%s%s", t->name.text, suffix);
    Func *f = lower_body(s, kind, name, true);
    f->block = t->name.text;
    lower_train(s, t, kind);
    if (s->diag->errors == 0 && kind != FUNC_UPDATE)
        store_states(s, f);
    if (s->diag->errors == 0)
        prune(s, f);
}

static void lower_entries(Sema *s)
{
    bool outputs = has_named(s, true), values = has_named(s, false);
    if (outputs)
        lower_results(s, FUNC_INFER, "infer");
    if (values)
        lower_results(s, FUNC_EVAL, "eval");
    for (int i = 0; i < s->model->body.len && s->diag->errors == 0; i++) {
        const Stmt *t = s->model->body.data[i];
        if (t->kind != STMT_TRAIN)
            continue;
        lower_step(s, t, FUNC_STEP, "");
        if (s->diag->errors == 0)
            lower_step(s, t, FUNC_GRADIENT, "_gradient");
        if (s->diag->errors == 0)
            lower_step(s, t, FUNC_UPDATE, "_update");
    }
    if (s->diag->errors == 0)
        lower_init(s);
}

static Module *lower_model(Sema *s, const Stmt *model)
{
    s->model = model;
    s->module = module_new(s->arena, s->diag, model->name.text);
    s->module->real = s->options->real;
    s->inits = map_new(s->arena);
    survey(s);
    if (s->diag->errors == 0)
        lower_entries(s);
    return s->diag->errors == 0 ? s->module : NULL;
}

static void report_model(Sema *s, const Map *models, Range start)
{
    StringArray names = {0};
    for (int i = 0; i < map_len(models); i++)
        array_push(s->arena, &names, map_key(models, i));
    diag_error(s->diag, start, DL2024, "the program has no model '%s'",
               s->options->model);
    diag_help(s->diag, "it has %s", list_text(s->arena, &names));
}

static void check_models(Sema *s)
{
    bool found = false, any = false;
    Map *seen = map_new(s->arena);
    for (int i = 0; i < s->user->items.len; i++) {
        const Stmt *st = s->user->items.data[i];
        if (st->kind != STMT_MODEL)
            continue;
        any = true;
        if (map_has(seen, st->name.text))
            diag_error(s->diag, st->name.range, DL2003,
                       "model '%s' is already defined", st->name.text);
        map_set(seen, st->name.text, s);
        found = found || !s->options->model ||
                strcmp(s->options->model, st->name.text) == 0;
    }
    Range start = {s->user->source, 0, 0};
    if (!any) {
        diag_error(s->diag, start, DL2021, "the program has no model");
        diag_help(s->diag, "write model NAME { ... }");
    } else if (!found)
        report_model(s, seen, start);
}

static bool defines_name(const StmtArray *body, const char *name)
{
    for (int i = 0; i < body->len; i++) {
        const Stmt *st = body->data[i];
        if ((st->kind == STMT_CONST || st->kind == STMT_DIM) &&
            strcmp(st->name.text, name) == 0)
            return true;
        if (st->kind == STMT_MODEL && defines_name(&st->body, name))
            return true;
    }
    return false;
}

static void check_defines(Sema *s)
{
    const Map *m = s->options->defines;
    Range start = {s->user->source, 0, 0};
    for (int i = 0; m && i < map_len(m); i++)
        if (!defines_name(&s->user->items, map_key(m, i)))
            diag_error(s->diag, start, DL2025,
                       "-D %s: the program has no such const or dim",
                       map_key(m, i));
}

bool sema_program(Arena *a, Diag *d, const Program *user,
                  const Program *library, const SemaOptions *o,
                  ModuleArray *out)
{
    Sema s = {.arena = a, .diag = d, .options = o, .user = user};
    Value *ops;
    s.library = scope_new(&s, NULL, NULL);
    s.module = module_new(a, d, "library");
    s.module->real = o->real;
    ops = value_new(&s, VALUE_OPS);
    Ident op = {"op", {0}};
    scope_bind(&s, s.library, op, ops, false);
    declare_items(&s, s.library, library, true);
    check_models(&s);
    check_defines(&s);
    for (int i = 0; i < user->items.len; i++) {
        const Stmt *st = user->items.data[i];
        if (st->kind != STMT_MODEL || (o->model && strcmp(o->model,
                                                          st->name.text) != 0))
            continue;
        int errors = d->errors;
        d->errors = 0;
        Module *m = lower_model(&s, st);
        d->errors += errors;
        if (m)
            array_push(a, out, m);
    }
    return d->errors == 0;
}
