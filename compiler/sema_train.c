/* Train blocks: the gradient of the loss, clipping, the optimiser applied to
 * each parameter, projections; and the functions that set first values.
 *
 * An optimiser is a layer of the library, applied to (parameter, gradient);
 * its `state` variables become globals of the train block. Pass `grad`
 * replaces the `grad` nodes made here by the reverse sweep.
 */
#include "sema_impl.h"
#include "op_list.h"
#include <string.h>

typedef struct Update {
    Global *global;
    Node *gradient, *value;
} Update;
typedef ARRAY_OF(Update) UpdateArray;

static const char *const clause_names[] = {"minimize", "over", "using",
                                           "project", "clip"};

static const Clause *find_clause(const Stmt *t, const char *name)
{
    for (int i = 0; i < t->clauses.len; i++)
        if (strcmp(t->clauses.data[i].name.text, name) == 0)
            return &t->clauses.data[i];
    return NULL;
}

void check_train(Sema *s, const Stmt *t)
{
    bool misspelt[5] = {false};
    for (int i = 0; i < t->clauses.len; i++) {
        const Clause *c = &t->clauses.data[i];
        bool known = false;
        for (int k = 0; k < 5; k++)
            known = known || strcmp(c->name.text, clause_names[k]) == 0;
        if (!known) {
            diag_error(s->diag, c->name.range, DL2017,
                       "a train block has no clause '%s'", c->name.text);
            const char *near = diag_suggest(c->name.text, clause_names, 5);
            for (int k = 0; k < 5 && near; k++)
                misspelt[k] |= strcmp(near, clause_names[k]) == 0;
            if (near)
                diag_help(s->diag, "did you mean '%s'?", near);
            else
                diag_help(s->diag, "there are minimize, over, using, project "
                                   "and clip");
        } else if (find_clause(t, c->name.text) != c &&
                   strcmp(c->name.text, "project") != 0)
            diag_error(s->diag, c->name.range, DL2003,
                       "clause '%s' is given twice", c->name.text);
    }
    for (int k = 0; k < 3; k += 2)
        if (!find_clause(t, clause_names[k]) && !misspelt[k]) {
            diag_error(s->diag, t->name.range, DL2021,
                       "train block '%s' has no '%s'", t->name.text,
                       clause_names[k]);
            diag_help(s->diag, "%s", k ? "add using sgd{lr = 0.1};"
                                       : "add minimize J;");
        }
}

/* ---- which parameters ---- */

static bool listed(const UpdateArray *all, const Global *g)
{
    for (int i = 0; i < all->len; i++)
        if (all->data[i].global == g)
            return true;
    return false;
}

static void add_update(Sema *s, UpdateArray *all, Global *g)
{
    Update u = {g, NULL, NULL};
    if (g->kind == GLOBAL_PARAM && !g->frozen && !listed(all, g))
        array_push(s->arena, all, u);
}

static void add_path(Sema *s, UpdateArray *all, const char *path)
{
    size_t n = strlen(path);
    for (int i = 0; i < s->module->globals.len; i++) {
        Global *g = s->module->globals.data[i];
        if (n == 0 || (strncmp(g->name, path, n) == 0 && g->name[n] == '.'))
            add_update(s, all, g);
    }
}

static void reached(Sema *s, UpdateArray *all, Node *n)
{
    if (n->mark == 7)
        return;
    n->mark = 7;
    if (n->op == &op_param)
        add_update(s, all, n->global);
    for (int i = 0; i < n->nin; i++)
        reached(s, all, n->in[i]);
    for (int i = 0; n->region && i < n->region->results.len; i++)
        reached(s, all, n->region->results.data[i]);
}

static void clear_mark(Node *n, void *ctx)
{
    (void)ctx;
    n->mark = 0;
    for (int k = 0; k < n->nin; k++)
        n->in[k]->mark = 0;
}

static void clear_marks(Func *f)
{
    func_walk(f, clear_mark, NULL);
}

static bool read_over(Sema *s, const Clause *c, UpdateArray *all)
{
    for (int i = 0; i < c->args.len; i++) {
        const Expr *e = c->args.data[i].value;
        Value *v = eval(s, e);
        if (!v)
            return false;
        if (v->kind == VALUE_NODE && v->node->op == &op_param)
            add_update(s, all, v->node->global);
        else if (v->kind == VALUE_INSTANCE)
            add_path(s, all, v->instance->path);
        else if (v->kind == VALUE_PATH)
            add_path(s, all, v->text);
        else if (v->kind == VALUE_ALL)
            add_path(s, all, "");
        else {
            diag_error(s->diag, e->range, DL2023,
                       "'over' names parameters and instances, not %s",
                       user_value(s, v));
            return false;
        }
    }
    return true;
}

/* In the order of the module's globals, so that arrays of gradients and
 * checkpoints do not depend on how the loss is written. */
static void sort_updates(Sema *s, UpdateArray *all)
{
    UpdateArray sorted = {0};
    for (int i = 0; i < s->module->globals.len; i++)
        for (int k = 0; k < all->len; k++)
            if (all->data[k].global == s->module->globals.data[i])
                array_push(s->arena, &sorted, all->data[k]);
    *all = sorted;
}

static bool choose_params(Sema *s, const Stmt *t, Node *loss, UpdateArray *all)
{
    const Clause *over = find_clause(t, "over");
    if (over) {
        if (!read_over(s, over, all))
            return false;
    } else {
        clear_marks(s->b.func);
        loss->mark = 0;
        reached(s, all, loss);
        clear_marks(s->b.func);
    }
    sort_updates(s, all);
    if (all->len == 0)
        diag_error(s->diag, t->name.range, DL2023,
                   "train block '%s' has no parameter to learn", t->name.text);
    return all->len > 0;
}

/* ---- gradients and updates ---- */

static void differentiate(Sema *s, Node *loss, UpdateArray *all)
{
    for (int i = 0; i < all->len; i++) {
        Update *u = &all->data[i];
        Node *in[2] = {loss, node_param(&s->b, u->global)};
        u->gradient = node_new(&s->b, &op_grad, in, 2, NULL);
        node_rename(s->b.func, u->gradient,
                    arena_printf(s->arena, "%s.grad", u->global->name));
    }
}

/* One input a parameter, named as the parameter. */
static void gradient_inputs(Sema *s, UpdateArray *all)
{
    for (int i = 0; i < all->len; i++) {
        Update *u = &all->data[i];
        u->gradient = func_input(s->b.func, u->global->name, u->global->type);
    }
}

/* clip c: all gradients scaled so that their global L2 norm is at most c
 * (Pascanu, Mikolov, Bengio 2013; the 1e-6 is PyTorch's). */
static bool clip(Sema *s, const Clause *c, UpdateArray *all)
{
    if (c->args.len != 1) {
        diag_error(s->diag, c->range, DL2006, "clip takes one bound");
        return false;
    }
    Node *bound = eval_real(s, c->args.data[0].value), *total = NULL;
    if (!bound)
        return false;
    for (int i = 0; i < all->len; i++) {
        int64_t axes[MAX_RANK];
        Node *g = all->data[i].gradient;
        for (int k = 0; k < g->type.rank; k++)
            axes[k] = k;
        Node *e = build2(&s->b, &op_mul, g, g);
        if (g->type.rank > 0)
            e = build_sum(&s->b, e, axes, g->type.rank);
        total = total ? build2(&s->b, &op_add, total, e) : e;
    }
    Node *norm = build1(&s->b, &op_sqrt, total);
    norm = build2(&s->b, &op_add, norm, build_real(&s->b, 1e-6));
    Node *scale = build2(&s->b, &op_min, build_real(&s->b, 1.0),
                         build2(&s->b, &op_div, bound, norm));
    for (int i = 0; i < all->len; i++)
        all->data[i].gradient =
            build2(&s->b, &op_mul, all->data[i].gradient, scale);
    return true;
}

/* The optimiser's arguments for one parameter: lr scaled by its lr_mult. */
static Call scaled_statics(Sema *s, const Call *c, const Global *g)
{
    Call out = {.range = c->range, .what = c->what};
    bool first = true;
    for (int i = 0; i < c->args.len; i++) {
        CallArg a = c->args.data[i];
        bool is_lr = a.name ? strcmp(a.name, "lr") == 0 : first;
        first = first && a.name != NULL;
        if (is_lr && g->lr_mult != 1.0)
            a.value = binary(s, "*", a.value, value_real(s, g->lr_mult),
                             a.range, a.range, a.range);
        array_push(s->arena, &out.args, a);
    }
    return out;
}

static bool optimise(Sema *s, const Clause *c, UpdateArray *all)
{
    const Expr *e = c->args.len == 1 ? c->args.data[0].value : NULL;
    if (!e || e->kind != EXPR_CONFIG) {
        diag_error(s->diag, c->range, DL2015,
                   "'using' takes one optimiser, such as sgd{lr = 0.1}");
        return false;
    }
    Value *f = eval(s, e->a);
    Call statics = {.range = e->range};
    if (!eval_args(s, &e->args, &statics) || !f)
        return false;
    if (f->kind != VALUE_LAYER || f->decl->formals.len != 2) {
        diag_error(s->diag, e->range, DL2015, "%s is not an optimiser",
                   user_value(s, f));
        return false;
    }
    for (int i = 0; i < all->len; i++) {
        Update *u = &all->data[i];
        Call one = scaled_statics(s, &statics, u->global);
        Instance *o = instance_new(s, f->decl, f->home, u->global->name, &one);
        Call args = {.range = e->range};
        CallArg w = {NULL, e->range, e->range,
                     value_node(s, node_param(&s->b, u->global)), NULL};
        CallArg g = {NULL, e->range, e->range, value_node(s, u->gradient),
                     NULL};
        array_push(s->arena, &args.args, w);
        array_push(s->arena, &args.args, g);
        s->optimised = u->global->name;
        Value *v = o ? instance_apply(s, o, &args) : NULL;
        s->optimised = NULL;
        if (!v || !(u->value = value_to_real(s, v, e->range)))
            return false;
    }
    return true;
}

static Update *projected(Sema *s, UpdateArray *all, const Expr *e)
{
    const Expr *target = e->kind == EXPR_CALL && e->args.len > 0
                             ? e->args.data[0].value
                             : NULL;
    Value *v = target ? eval(s, target) : NULL;
    for (int i = 0; v && i < all->len; i++)
        if (v->kind == VALUE_NODE && v->node->op == &op_param &&
            v->node->global == all->data[i].global)
            return &all->data[i];
    if (!target || v)
        diag_error(s->diag, target ? target->range : e->range, DL2023,
                   "'project' takes projections of learned parameters, such "
                   "as maxnorm{3.0}(W)");
    return NULL;
}

static bool project(Sema *s, const Clause *c, UpdateArray *all)
{
    for (int i = 0; i < c->args.len; i++) {
        const Expr *e = c->args.data[i].value;
        Update *u = projected(s, all, e);
        Value *f = u ? eval(s, e->a) : NULL;
        Call call = {.range = e->range, .what = "the projection"};
        if (!f || !eval_args(s, &e->args, &call))
            return false;
        call.args.data[0].value = value_node(s, u->value);
        const char *hint = s->b.hint;
        s->b.hint = u->global->name;
        Value *v = apply(s, f, &call);
        s->b.hint = hint;
        if (!v || !(u->value = value_to_real(s, v, e->range)))
            return false;
        if (!type_equal(&u->value->type, &u->global->type)) {
            diag_error(s->diag, e->range, DL2008,
                       "the projection gives %s, the parameter is %s",
                       user_type(s, &u->value->type),
                       user_type(s, &u->global->type));
            return false;
        }
    }
    return true;
}

static bool update(Sema *s, const Stmt *t, UpdateArray *all)
{
    const Clause *c = find_clause(t, "clip");
    if (c && !clip(s, c, all))
        return false;
    if (!optimise(s, find_clause(t, "using"), all))
        return false;
    for (int i = 0; i < t->clauses.len; i++)
        if (strcmp(t->clauses.data[i].name.text, "project") == 0 &&
            !project(s, &t->clauses.data[i], all))
            return false;
    for (int i = 0; i < all->len; i++) {
        Update *u = &all->data[i];
        if (!node_is_inline(u->value))
            node_rename(s->b.func, u->value,
                        arena_printf(s->arena, "%s.new", u->global->name));
        func_store(s->b.func, u->global, u->value);
    }
    for (int i = 0; i < s->state_stores.len; i++)
        func_store(s->b.func, s->state_stores.data[i].global,
                   s->state_stores.data[i].value);
    return true;
}

/* ---- losses ---- */

static Node *minimised(Sema *s, const Stmt *t)
{
    const Clause *c = find_clause(t, "minimize");
    if (c->args.len != 1) {
        diag_error(s->diag, c->range, DL2006, "minimize takes one loss");
        return NULL;
    }
    const Expr *e = c->args.data[0].value;
    Node *loss = eval_real(s, e);
    if (loss && loss->type.rank != 0) {
        diag_error(s->diag, e->range, DL2018, "a loss is one number, got %s",
                   user_type(s, &loss->type));
        return NULL;
    }
    return loss;
}

static bool depends(Node *on, Node *n)
{
    if (n == on)
        return true;
    for (int i = 0; i < n->nin; i++)
        if (n->in[i]->mark != 9 && depends(on, n->in[i]))
            return true;
    for (int i = 0; n->region && i < n->region->results.len; i++)
        if (n->region->results.data[i]->mark != 9 &&
            depends(on, n->region->results.data[i]))
            return true;
    n->mark = 9; /* visited in vain */
    return false;
}

/* The minimised loss first, then the named losses it is made of. */
static void loss_results(Sema *s, Node *loss)
{
    const char *name = "loss";
    for (int i = 0; i < s->named.len; i++)
        if (s->named.data[i].value == loss)
            name = s->named.data[i].name;
    func_result(s->b.func, RESULT_LOSS, name, loss);
    for (int i = 0; i < s->named.len; i++) {
        const Named *n = &s->named.data[i];
        if (n->kind != RESULT_LOSS || n->value == loss)
            continue;
        clear_marks(s->b.func);
        loss->mark = 0;
        if (depends(n->value, loss))
            func_result(s->b.func, RESULT_LOSS, n->name, n->value);
    }
    clear_marks(s->b.func);
}

void lower_train(Sema *s, const Stmt *t, FuncKind kind)
{
    UpdateArray all = {0};
    const char *hint = s->b.hint;
    s->b.hint = t->name.text;
    s->train = t;
    s->state_stores.len = 0;
    s->b.loc = t->range;
    Node *loss = minimised(s, t);
    if (loss && choose_params(s, t, loss, &all)) {
        if (kind != FUNC_UPDATE)
            loss_results(s, loss);
        if (kind == FUNC_UPDATE)
            gradient_inputs(s, &all);
        else
            differentiate(s, loss, &all);
        if (kind != FUNC_GRADIENT)
            update(s, t, &all);
        for (int i = 0; kind == FUNC_GRADIENT && i < all.len; i++)
            func_result(s->b.func, RESULT_GRADIENT, all.data[i].global->name,
                        all.data[i].gradient);
    }
    s->train = NULL;
    s->b.hint = hint;
}

/* ---- first values ---- */

static Node *first_value(Sema *s, const InitSpec *init)
{
    const Global *g = init->global;
    Node *zero_rank = NULL;
    if (strcmp(init->kind, "constant") == 0)
        zero_rank = build_real(&s->b, init->a);
    if (zero_rank && g->type.rank == 0)
        return zero_rank;
    if (zero_rank)
        return build_broadcast(&s->b, zero_rank, &g->type, NULL);
    bool normal = strcmp(init->kind, "normal") == 0;
    Attrs at = attrs_new(s->arena);
    attrs_dims(&at, "shape", g->type.dim, g->type.rank);
    attrs_sym(&at, "key", g->name);
    Node *x = node_new(&s->b, normal ? &op_randn : &op_uniform, NULL, 0, &at);
    double scale = normal ? init->b : init->b - init->a;
    x = build2(&s->b, &op_mul, x, build_real(&s->b, scale));
    return build2(&s->b, &op_add, x, build_real(&s->b, init->a));
}

static Func *init_func(Sema *s, FuncKind kind, const char *name,
                       const char *block)
{
    Func *f = func_new(s->module, kind, name);
    f->block = block;
    s->b = builder_new(f);
    return f;
}

static void store_first(Sema *s, Func *f, GlobalKind kind, const char *owner)
{
    for (int i = 0; i < map_len(s->inits); i++) {
        const InitSpec *init = map_value(s->inits, i);
        const Global *g = init->global;
        s->b.hint = g->name;
        s->b.loc = g->loc;
        if (g->kind == kind && (!owner || strcmp(g->owner, owner) == 0))
            func_store(f, init->global, first_value(s, init));
    }
}

static bool has_kind(const Module *m, GlobalKind kind)
{
    bool found = false;
    for (int i = 0; i < m->globals.len; i++)
        found = found || m->globals.data[i]->kind == kind;
    return found;
}

void lower_init(Sema *s)
{
    Func *f = init_func(s, FUNC_INIT, "init", NULL);
    store_first(s, f, GLOBAL_PARAM, NULL);
    store_first(s, f, GLOBAL_STATE, NULL);
    if (has_kind(s->module, GLOBAL_MEMORY)) {
        f = init_func(s, FUNC_MEMORY, "state_init", NULL);
        store_first(s, f, GLOBAL_MEMORY, NULL);
    }
    for (int k = 0; k < s->model->body.len; k++) {
        const Stmt *t = s->model->body.data[k];
        if (t->kind != STMT_TRAIN)
            continue;
        f = init_func(s, FUNC_STATE,
                      arena_printf(s->arena, "%s_state_init", t->name.text),
                      t->name.text);
        store_first(s, f, GLOBAL_OPTIM, t->name.text);
    }
}
