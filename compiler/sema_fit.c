/* fit blocks: where the data is, which steps run, when to stop. */
#include "sema_impl.h"
#include <string.h>

static const char *const clause_names[] = {
    "data", "valid", "test", "run", "epochs", "shuffle", "stop"};
enum { CLAUSES = sizeof clause_names / sizeof *clause_names };

static bool is_input(const Sema *s, const char *name)
{
    for (int i = 0; i < s->model->body.len; i++) {
        const Stmt *st = s->model->body.data[i];
        if (st->kind == STMT_INPUT && strcmp(st->name.text, name) == 0)
            return true;
    }
    return false;
}

static void read_source(Sema *s, const Arg *a, FitDataArray *out)
{
    ExprKind kind = a->value->kind;
    bool named = kind == EXPR_STRING || kind == EXPR_NAME;
    Value *v = named ? eval(s, a->value) : NULL;
    if (named && !v)
        return;
    if (!v || v->kind != VALUE_STRING) {
        diag_error(s->diag, a->value->range, DL2007,
                   "a file name in quotes is needed here");
        return;
    }
    if (!a->name.text && strcmp(v->text, "fashion-mnist") != 0) {
        diag_error(s->diag, a->value->range, DL2030,
                   "unknown data set \"%s\"", v->text);
        diag_help(s->diag, "known: \"fashion-mnist\"; or name the input: "
                           "data x = \"FILE\"");
        return;
    }
    if (a->name.text && !is_input(s, a->name.text)) {
        diag_error(s->diag, a->name.range, DL2001, "the model has no input "
                                                   "'%s'",
                   a->name.text);
        return;
    }
    FitData d = {a->name.text, v->text};
    array_push(s->arena, out, d);
}

/* data x = "FILE", .., valid = 0.1, test = .. */
static void read_data(Sema *s, const Clause *c, FitSpec *fit)
{
    for (int i = 0; i < c->args.len; i++) {
        const Arg *a = &c->args.data[i];
        if (a->name.text && strcmp(a->name.text, "valid") == 0) {
            if (eval_const_real(s, a->value, &fit->valid_share) &&
                (fit->valid_share < 0 || fit->valid_share >= 1))
                diag_error(s->diag, a->value->range, DL2030,
                           "valid is a share of the data: 0 <= share < 1");
        } else
            read_source(s, a, &fit->train);
    }
}

static bool has_train_block(const Sema *s, const char *name)
{
    for (int i = 0; i < s->model->body.len; i++) {
        const Stmt *st = s->model->body.data[i];
        if (st->kind == STMT_TRAIN && strcmp(st->name.text, name) == 0)
            return true;
    }
    return false;
}

static void report_run(Sema *s, const Expr *e)
{
    StringArray blocks = {0};
    for (int i = 0; i < s->model->body.len; i++) {
        const Stmt *st = s->model->body.data[i];
        if (st->kind == STMT_TRAIN)
            array_push(s->arena, &blocks, st->name.text);
    }
    diag_error(s->diag, e->range, DL2030,
               "'run' names train blocks of this model");
    diag_help(s->diag, blocks.len ? "it has %s" : "add train step { .. }",
              list_text(s->arena, &blocks));
}

static void read_run(Sema *s, const Clause *c, FitSpec *fit)
{
    for (int i = 0; i < c->args.len; i++) {
        const Expr *e = c->args.data[i].value;
        if (e->kind == EXPR_NAME && has_train_block(s, e->name))
            array_push(s->arena, &fit->runs, e->name);
        else
            report_run(s, e);
    }
}

static void read_stop(Sema *s, const Clause *c, FitSpec *fit)
{
    const Expr *e = c->args.len == 1 ? c->args.data[0].value : NULL;
    const Expr *m = e && e->kind == EXPR_CALL && e->args.len == 1
                        ? e->args.data[0].value
                        : NULL;
    int64_t patience = 0;
    if (!m || e->a->kind != EXPR_CONFIG || e->a->a->kind != EXPR_NAME ||
        strcmp(e->a->a->name, "patience") != 0 || e->a->args.len != 1) {
        diag_error(s->diag, c->range, DL2030,
                   "stop is written stop patience{3}(metric);");
        return;
    }
    if (!eval_const_int(s, e->a->args.data[0].value, &patience))
        return;
    fit->stop_patience = (int)patience;
    fit->stop_sign = 1;
    while (m->kind == EXPR_PAREN ||
           (m->kind == EXPR_UNARY && m->name[0] == '-')) {
        if (m->kind == EXPR_UNARY)
            fit->stop_sign = -fit->stop_sign;
        m = m->a;
    }
    for (int i = 0; i < s->named.len; i++)
        if (m->kind == EXPR_NAME && s->named.data[i].kind != RESULT_OUTPUT &&
            strcmp(s->named.data[i].name, m->name) == 0)
            fit->stop_metric = m->name;
    if (!fit->stop_metric)
        diag_error(s->diag, m->range, DL2030,
                   "stop watches a loss or a metric of the model");
}

static int read_count(Sema *s, const Clause *c, int least)
{
    int64_t n = 0;
    if (c->args.len != 1) {
        diag_error(s->diag, c->range, DL2006, "%s takes one number",
                   c->name.text);
        return least;
    }
    if (eval_const_int(s, c->args.data[0].value, &n) &&
        (n < least || n > 1000000)) {
        diag_error(s->diag, c->args.data[0].value->range, DL2013,
                   "%s must be at least %d", c->name.text, least);
        return least;
    }
    return (int)n;
}

static void read_clause(Sema *s, const Clause *c, FitSpec *fit)
{
    const char *name = c->name.text;
    if (strcmp(name, "data") == 0)
        read_data(s, c, fit);
    else if (strcmp(name, "valid") == 0 || strcmp(name, "test") == 0)
        for (int i = 0; i < c->args.len; i++)
            read_source(s, &c->args.data[i],
                        name[0] == 'v' ? &fit->valid : &fit->test);
    else if (strcmp(name, "run") == 0)
        read_run(s, c, fit);
    else if (strcmp(name, "epochs") == 0)
        fit->epochs = read_count(s, c, 1);
    else if (strcmp(name, "shuffle") == 0)
        fit->shuffle = read_count(s, c, 0) != 0;
    else if (strcmp(name, "stop") == 0)
        read_stop(s, c, fit);
    else {
        diag_error(s->diag, c->name.range, DL2017,
                   "a fit block has no clause '%s'", name);
        const char *near = diag_suggest(name, clause_names, CLAUSES);
        if (near)
            diag_help(s->diag, "did you mean '%s'?", near);
        else
            diag_help(s->diag, "there are data, valid, test, run, epochs, "
                               "shuffle and stop");
    }
}

FitSpec *read_fit(Sema *s, const Stmt *f)
{
    FitSpec *fit = ARENA_NEW(s->arena, FitSpec);
    fit->name = f->name.text;
    fit->epochs = 10;
    fit->shuffle = true;
    fit->stop_sign = 1;
    for (int i = 0; i < f->clauses.len; i++)
        read_clause(s, &f->clauses.data[i], fit);
    int errors = s->diag->errors;
    if (errors == 0 && fit->train.len == 0)
        diag_error(s->diag, f->name.range, DL2021,
                   "fit block '%s' has no 'data'", f->name.text);
    if (errors == 0 && fit->runs.len == 0)
        diag_error(s->diag, f->name.range, DL2021,
                   "fit block '%s' has no 'run'", f->name.text);
    return fit;
}
