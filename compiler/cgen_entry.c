/* One generated function: its checks, its steps, what it returns.
 *
 * The steps are written first, so that the head declares only what they use.
 */
#include "cgen_impl.h"
#include "choice.h"
#include "impl_list.h"

#include <string.h>

/* ---- steps ---- */

/* A copy to where it is stored, in a function that fills a struct: its one
 * line says all. */
static bool is_plain_fill(const Emit *e, const Node *n)
{
    return func_fills(e->func) && n->fused.own == 0 && n->fused.expr &&
           n->fused.expr->op == SC_ARG;
}

/* One line that says all: a number computed from numbers. */
static bool is_number(const Node *n)
{
    return n->place.kind == PLACE_LOCAL && n->impl &&
           (strcmp(op_name(n->op), "map") == 0 || n->impl == &impl_extent ||
            n->impl == &impl_iter);
}

/* What the next step does; of numbers in a row their line in the source. */
static void emit_comment(Emit *e, const Node *n)
{
    const char *text = is_number(n) ? place_comment(e, n) : NULL;
    if (text && e->numbers && strcmp(text, e->numbers) == 0)
        return;
    e->numbers = text;
    put_blank(&e->body);
    put_comment(&e->body, "%s", text ? text : step_comment(e, n));
}

static void emit_node(Emit *e, const Node *n)
{
    if (op_has(n->op, OP_LEAF))
        return;
    bool view = op_has(n->op, OP_VIEW) || strcmp(op_name(n->op), "result") == 0;
    if (!view && !is_plain_fill(e, n))
        emit_comment(e, n);
    emit_declare(e, n);
    if (view)
        return;
    if (!n->impl)
        internal_error("@%s: %%%s has no implementation", e->func->name,
                       n->name);
    if (n->region) {
        n->impl->lower(e, n);
        return;
    }
    emit_step_begin(e, n);
    n->impl->lower(e, n);
    emit_step_end(e, n);
}

void emit_nodes(Emit *e, const NodeArray *nodes)
{
    for (int i = 0; i < nodes->len; i++)
        emit_node(e, nodes->data[i]);
}

/* ---- --check-finite ---- */

bool func_is_checked(const Func *f, const Options *o)
{
    return o->check_finite && f->kind != FUNC_INIT && f->kind != FUNC_STATE &&
           f->kind != FUNC_MEMORY && f->kind != FUNC_PACK;
}

/* The function's last nodes copy new values to where they are stored: the
 * number of nodes before. */
static int steps_before_stores(const Func *f)
{
    int count = f->nodes.len;
    for (bool is_store = true; is_store && count > 0; count -= is_store) {
        const Node *n = f->nodes.data[count - 1];
        is_store = false;
        for (int i = 0; i < f->stores.len && !op_has(n->op, OP_LEAF); i++)
            is_store |= f->stores.data[i].value == n;
    }
    return count;
}

/* Adds "|| !is_finite_f32(x, n * 10)" for a value of real numbers. */
static void add_finite(Emit *e, Text *s, const Node *n)
{
    bool is_complex = n->type.elem == ELEM_C128;
    double v;
    if (!elem_is_real(n->type.elem) || node_is_const(n, &v))
        return;
    const char *x = emit_pointer(e, n);
    const char *count = expr_count(e, &n->type, 0, n->type.rank);
    text_add(s, s->len ? " || " : "");
    if (is_complex)
        text_printf(s, "!is_finite_f64((const double *)%s, 2 * (%s))", x,
                    count);
    else
        text_printf(s, "!is_finite_%s(%s, %s)", elem_name(n->type.elem), x,
                    count);
}

/* Results and the values about to be stored, from node `stores` on. */
static void emit_finite_check(Emit *e, int stores)
{
    const Func *f = e->func;
    Text s = {.arena = e->arena};
    for (int i = 0; i < f->results.len; i++)
        add_finite(e, &s, f->results.data[i].value);
    for (int i = stores; i < f->nodes.len; i++)
        add_finite(e, &s, f->nodes.data[i]->in[0]);
    if (!s.len)
        return;
    put_blank(&e->body);
    put_comment(&e->body, stores < f->nodes.len
                              ? "Nothing is stored unless all is finite."
                              : "Are the results finite?");
    put(&e->body, "if (%s) {\nreturn %s_ERROR_NOT_FINITE;\n}", s.data,
        e->names->upper);
}

/* ---- parts of the caller's structs ---- */

static const char *offset_text(Arena *a, int64_t offset)
{
    return offset ? arena_printf(a, " + %lld", (long long)offset) : "";
}

/* Gradients and an update's inputs are parts of one flat array. */
static void declare_gradients(Emit *e)
{
    const Func *f = e->func;
    const char *elem = c_elem(e->module->real);
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *n = f->inputs.data[i];
        if (!is_gradient_input(f, n))
            continue;
        const char *name = emit_local(e, arena_printf(e->arena, "grad_%s",
                                                      n->name));
        emit_let(e, name, "const %s *const %s = in_gradient%s;", elem, name,
                 offset_text(e->arena, gradient_offset(f, n->name)));
        map_set(e->locals, n->name, (void *)name);
        map_set(e->fixed, n->name, "");
    }
    for (int i = 0; i < f->results.len; i++) {
        const Result *r = &f->results.data[i];
        if (r->kind != RESULT_GRADIENT || f->kind != FUNC_GRADIENT)
            continue;
        const Node *n = r->value;
        while (n->place.view_of)
            n = n->place.view_of;
        const char *name = emit_local(e, arena_printf(e->arena, "grad_%s",
                                                      r->name));
        emit_let(e, name, "%s *const %s = out_gradient%s;", elem, name,
                 offset_text(e->arena, gradient_offset(f, r->name)));
        map_set(e->locals, n->name, (void *)name);
    }
}

static void emit_values(Emit *e)
{
    const Func *f = e->func;
    const EntryArg *arg = entry_arg(e->entry, ARG_VALUES);
    if (!arg)
        return;
    put_blank(&e->body);
    emit_step_begin(e, NULL);
    for (int i = 0; i < f->results.len; i++) {
        const Result *r = &f->results.data[i];
        if (r->kind != RESULT_LOSS && r->kind != RESULT_METRIC)
            continue;
        bool widen = r->value->type.elem != ELEM_F64 &&
                     r->value->type.elem != ELEM_C128;
        put(&e->body, "%s->%s = %s%s;", arg->name,
            value_member(e->arena, f, i), widen ? "(double)" : "",
            emit_ref(e, r->value));
    }
    emit_step_end(e, NULL);
}

static void emit_counters(Emit *e)
{
    FuncKind kind = e->func->kind;
    const StructNames *p = names_kind(e->names, GLOBAL_PARAM, NULL);
    const char *op = kind == FUNC_STEP || kind == FUNC_UPDATE  ? "++"
                     : kind == FUNC_INIT || kind == FUNC_STATE ? " = 0"
                                                               : NULL;
    if (!op)
        return;
    put_blank(&e->body);
    if (kind != FUNC_INIT)
        put(&e->body, "s->iter%s;", op);
    if (kind != FUNC_STATE && p && p->has_steps)
        put(&e->body, "p->steps%s;", op);
}

static void emit_body(Emit *e)
{
    const NodeArray *nodes = &e->func->nodes;
    if (!func_is_checked(e->func, e->options->pass)) {
        e->together = choice_together(e->func, e->options->pass->target);
        if (e->together)
            put(&e->body, "TOGETHER {");
        emit_nodes(e, nodes);
        emit_values(e);
        if (e->together)
            put(&e->body, "}");
        return;
    }
    int stores = steps_before_stores(e->func);
    for (int i = 0; i < stores; i++)
        emit_node(e, nodes->data[i]);
    emit_values(e);
    emit_finite_check(e, stores);
    for (int i = stores; i < nodes->len; i++)
        emit_node(e, nodes->data[i]);
}

/* ---- the head ---- */

static void put_null_checks(CText *t, const Emit *e)
{
    Text s = {.arena = e->arena};
    for (int i = 0; i < e->entry->args.len; i++) {
        const EntryArg *arg = &e->entry->args.data[i];
        bool needed = strchr(arg->type, '*') != NULL;
        if (arg->kind == ARG_WORKSPACE && e->func->workspace_bytes == 0)
            needed = false;
        if (needed)
            text_printf(&s, "%s!%s", s.len ? " || " : "", arg->name);
    }
    if (s.len)
        put(t, "if (%s) {\nreturn %s_ERROR_NULL;\n}", s.data,
            e->names->upper);
}

static void put_range_check(CText *t, Emit *e, const EntryArg *arg)
{
    const Type *type = &e->func->inputs.data[arg->index]->type;
    if (type->elem != ELEM_I32 || type->bound <= 0)
        return;
    put(t, "for (int i = 0; i < %s; i++) {",
        expr_count(e, type, 0, type->rank));
    put(t, "if (%s[i] < 0 || %s[i] >= %lld) {\nreturn %s_ERROR_RANGE;\n}",
        arg->name, arg->name, (long long)type->bound, e->names->upper);
    put(t, "}");
}

static void put_checks(CText *t, Emit *e)
{
    if (e->entry->is_void)
        return;
    put_null_checks(t, e);
    if (entry_arg(e->entry, ARG_N))
        put(t, "if (n < 1 || n > %lld) {\nreturn %s_ERROR_SIZE;\n}",
            (long long)e->module->bound, e->names->upper);
    if (e->func->workspace_bytes > 0)
        put(t, "if ((uintptr_t)workspace %% %d != 0) {\nreturn "
               "%s_ERROR_ALIGNMENT;\n}",
            WORKSPACE_ALIGN, e->names->upper);
    for (int i = 0; i < e->entry->args.len; i++)
        if (e->entry->args.data[i].kind == ARG_INPUT)
            put_range_check(t, e, &e->entry->args.data[i]);
}

static void put_variables(CText *t, const Emit *e, const Map *words)
{
    const StructNames *p = names_kind(e->names, GLOBAL_PARAM, NULL);
    bool counts = p && p->has_steps && entry_arg(e->entry, ARG_PARAMS) &&
                  e->func->kind != FUNC_INIT;
    if (words_uses(words, "ws") > 0)
        put(t, "unsigned char *const ws = (unsigned char *)workspace;");
    if (words_uses(words, "step") > 0)
        put(t, "const uint64_t step = %s;", counts ? "p->steps" : "0");
    if (words_uses(words, "iter") > 0 && e->entry->reads_iter)
        put(t, "const uint64_t iter = %s;",
            entry_arg(e->entry, ARG_STATE) ? "s->iter" : "0");
}

/* Arguments of a fixed signature that this function has no use for. */
static void put_unused(CText *t, const Emit *e, const Map *words)
{
    for (int i = 0; i < e->entry->args.len; i++) {
        const EntryArg *arg = &e->entry->args.data[i];
        bool checked = !e->entry->is_void &&
                       (strchr(arg->type, '*') || arg->kind == ARG_N);
        if (arg->kind == ARG_WORKSPACE)
            checked = e->func->workspace_bytes > 0;
        if (!checked && words_uses(words, arg->name) == 0)
            put(t, "(void)%s;", arg->name);
    }
}

static Map *reserved_names(Arena *a, const Entry *entry)
{
    Map *taken = map_new(a);
    for (int i = 0; i < entry->args.len; i++)
        map_set(taken, entry->args.data[i].name, "");
    return taken;
}

void emit_entry(CText *c, Output *out, const Entry *entry)
{
    Arena *a = out->arena;
    Emit e = {.arena = a, .out = out, .options = out->options,
              .names = entry->model, .entry = entry,
              .module = entry->model->module, .func = entry->func,
              .body = ctext_new(a), .locals = map_new(a),
              .scalars = map_new(a), .fixed = map_new(a),
              .taken = reserved_names(a, entry)};
    e.body.indent = 1;
    text_add(&e.body.text, "");
    declare_gradients(&e);
    emit_body(&e);
    emit_counters(&e);
    if (entry->func->kind == FUNC_PACK && names_use_amx(e.names))
        put(&e.body, "\nw->amx = 0;");
    Map *words;
    const char *body = emit_pruned(&e, &words);
    put_blank(c);
    put(c, "%s\n{", entry_prototype(a, entry));
    put_checks(c, &e);
    put_variables(c, &e, words);
    put_unused(c, &e, words);
    put_blank(c);
    put_raw(c, body);
    if (!entry->is_void) {
        put_blank(c);
        put(c, "return %s_OK;", e.names->upper);
    }
    put(c, "}");
}
