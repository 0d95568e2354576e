/* The signatures of the generated functions: what each takes, in which order,
 * from what it reads, writes and draws.
 */
#include "cgen_impl.h"

#include <string.h>

/* ---- what a function does ---- */

typedef struct Question {
    unsigned trait;
    const char *op;
    int kind; /* GlobalKind, -1: none */
    bool yes;
} Question;

static bool reads(const Node *n, int kind)
{
    return node_is_inline(n) && n->global && (int)n->global->kind == kind;
}

static void ask(Node *n, void *ctx)
{
    Question *q = ctx;
    q->yes |= q->trait && op_has(n->op, q->trait);
    q->yes |= q->op && strcmp(op_name(n->op), q->op) == 0;
    for (int i = 0; i < n->nin; i++)
        q->yes |= reads(n->in[i], q->kind);
    for (int i = 0; n->region && i < n->region->results.len; i++)
        q->yes |= reads(n->region->results.data[i], q->kind);
}

static bool answer(const Func *f, Question q)
{
    func_walk((Func *)f, ask, &q);
    for (int i = 0; i < f->results.len; i++)
        q.yes |= reads(f->results.data[i].value, q.kind);
    for (int i = 0; i < f->stores.len; i++)
        q.yes |= reads(f->stores.data[i].value, q.kind);
    return q.yes;
}

bool func_uses_trait(const Func *f, unsigned trait)
{
    return answer(f, (Question){.trait = trait, .kind = -1});
}

bool func_has_op(const Func *f, const char *op)
{
    return answer(f, (Question){.op = op, .kind = -1});
}

bool func_reads_global(const Func *f, GlobalKind kind)
{
    return answer(f, (Question){.kind = (int)kind});
}

static bool stores_to(const Func *f, GlobalKind kind)
{
    for (int i = 0; i < f->stores.len; i++)
        if (f->stores.data[i].global->kind == kind)
            return true;
    return false;
}

static bool type_has_n(const Type *t)
{
    for (int i = 0; i < t->rank; i++)
        if (!dim_is_const(t->dim[i]))
            return true;
    return false;
}

static void ask_n(Node *n, void *ctx)
{
    bool *yes = ctx;
    *yes |= type_has_n(&n->type);
    for (int i = 0; i < n->nin; i++)
        *yes |= type_has_n(&n->in[i]->type);
}

/* ---- the flat gradient ---- */

static bool is_in_gradient(const Func *f, const char *name)
{
    for (int i = 0; i < f->inputs.len && f->kind == FUNC_UPDATE; i++)
        if (strcmp(f->inputs.data[i]->name, name) == 0)
            return true;
    for (int i = 0; i < f->results.len; i++)
        if (f->results.data[i].kind == RESULT_GRADIENT &&
            strcmp(f->results.data[i].name, name) == 0)
            return true;
    return false;
}

/* Gradient and update of one train block lay out the same parameters: those
 * of the function that has them all. */
bool gradient_has(const Func *f, const char *global)
{
    if (is_in_gradient(f, global))
        return true;
    const Module *m = f->module;
    for (int i = 0; i < m->funcs.len; i++) {
        const Func *g = m->funcs.data[i];
        bool pair = g->kind == FUNC_GRADIENT || g->kind == FUNC_UPDATE;
        if (pair && g->block && f->block && strcmp(g->block, f->block) == 0 &&
            is_in_gradient(g, global))
            return true;
    }
    return false;
}

int64_t gradient_offset(const Func *f, const char *global)
{
    int64_t offset = 0;
    for (int i = 0; i < f->module->globals.len; i++) {
        const Global *g = f->module->globals.data[i];
        if (global && strcmp(g->name, global) == 0)
            break;
        if (g->kind == GLOBAL_PARAM && gradient_has(f, g->name))
            offset += type_count_at(&g->type, 1);
    }
    return offset;
}

/* ---- entries ---- */

static const char *entry_base(Arena *a, const Func *f)
{
    const char *block = c_block(a, f->block);
    switch (f->kind) {
    case FUNC_INIT: return "init";
    case FUNC_PACK: return "pack";
    case FUNC_INFER: return "infer";
    case FUNC_EVAL: return "eval";
    case FUNC_STATE: return arena_printf(a, "%s_state_init", block);
    case FUNC_MEMORY: return "state_init";
    case FUNC_STEP: return block;
    case FUNC_GRADIENT: return arena_printf(a, "%s_gradient", block);
    case FUNC_UPDATE: return arena_printf(a, "%s_update", block);
    case FUNC_PLAIN: break;
    }
    return c_block(a, f->name);
}

static void add_arg(ModelNames *names, Entry *e, ArgKind kind, int index,
                    const char *type, const char *name)
{
    EntryArg arg = {kind, index, type, name};
    array_push(names->arena, &e->args, arg);
}

static const char *pointer_to(Arena *a, bool is_const, const char *type)
{
    return arena_printf(a, "%s%s *", is_const ? "const " : "", type);
}

static void add_memory_arg(ModelNames *names, Entry *e)
{
    const Func *f = e->func;
    const StructNames *s = names_kind(names, GLOBAL_MEMORY, NULL);
    bool writes = stores_to(f, GLOBAL_MEMORY);
    if (s && (writes || func_reads_global(f, GLOBAL_MEMORY)))
        add_arg(names, e, ARG_MEMORY, 0,
                pointer_to(names->arena, !writes, s->type), "state");
}

static void add_struct_args(ModelNames *names, Entry *e)
{
    Arena *a = names->arena;
    const Func *f = e->func;
    const StructNames *w = names_kind(names, GLOBAL_WEIGHT, NULL);
    const StructNames *p = names_kind(names, GLOBAL_PARAM, NULL);
    const char *owner = f->block;
    bool reads_p = func_reads_global(f, GLOBAL_PARAM) ||
                   func_reads_global(f, GLOBAL_STATE);
    bool trains = f->kind == FUNC_STEP || f->kind == FUNC_UPDATE;
    bool writes_p = stores_to(f, GLOBAL_PARAM) || stores_to(f, GLOBAL_STATE) ||
                    trains || f->kind == FUNC_INIT;
    bool writes_w = f->kind == FUNC_PACK || stores_to(f, GLOBAL_WEIGHT);
    bool first_w = f->kind == FUNC_INFER || f->kind == FUNC_EVAL ||
                   func_reads_global(f, GLOBAL_WEIGHT);
    e->changes_params = writes_p;
    if (w && first_w && !writes_w)
        add_arg(names, e, ARG_WEIGHTS, 0, pointer_to(a, true, w->type), "w");
    if (p && (reads_p || writes_p || f->kind == FUNC_PACK ||
              f->kind == FUNC_GRADIENT ||
              (e->random && f->kind != FUNC_STATE &&
               f->kind != FUNC_MEMORY && !w)))
        add_arg(names, e, ARG_PARAMS, 0, pointer_to(a, !writes_p, p->type),
                "p");
    if (w && writes_w)
        add_arg(names, e, ARG_WEIGHTS, 0, pointer_to(a, false, w->type), "w");
    const StructNames *s = names_kind(names, GLOBAL_OPTIM, owner);
    bool writes_s = stores_to(f, GLOBAL_OPTIM) || trains ||
                    f->kind == FUNC_STATE;
    if (s && (writes_s || e->reads_iter || func_reads_global(f, GLOBAL_OPTIM)))
        add_arg(names, e, ARG_STATE, 0, pointer_to(a, !writes_s, s->type),
                "s");
    add_memory_arg(names, e);
}

bool is_gradient_input(const Func *f, const Node *in)
{
    const Global *g = module_global(f->module, in->name);
    return f->kind == FUNC_UPDATE && g && g->kind == GLOBAL_PARAM;
}

static void add_input_args(ModelNames *names, Entry *e)
{
    Arena *a = names->arena;
    const Func *f = e->func;
    if (f->kind == FUNC_UPDATE && gradient_offset(f, NULL) > 0)
        add_arg(names, e, ARG_GRADIENT_IN, 0,
                pointer_to(a, true, c_elem(f->module->real)), "in_gradient");
    func_count_uses((Func *)f);
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *in = f->inputs.data[i];
        if ((in->mark == 0 && f->kind != FUNC_PLAIN) ||
            is_gradient_input(f, in))
            continue;
        add_arg(names, e, ARG_INPUT, i,
                pointer_to(a, true, c_elem(in->type.elem)),
                arena_printf(a, "in_%s", c_identifier(a, in->name)));
    }
}

static void add_result_args(ModelNames *names, Entry *e)
{
    Arena *a = names->arena;
    const Func *f = e->func;
    for (int i = 0; i < f->results.len; i++) {
        const Result *r = &f->results.data[i];
        if (r->kind == RESULT_OUTPUT || f->kind == FUNC_PLAIN)
            add_arg(names, e, ARG_OUTPUT, i,
                    pointer_to(a, false, c_elem(r->value->type.elem)),
                    arena_printf(a, "out_%s", c_identifier(a, r->name)));
    }
    if (e->values_type)
        add_arg(names, e, ARG_VALUES, 0, pointer_to(a, false, e->values_type),
                f->kind == FUNC_EVAL || f->kind == FUNC_INFER ? "m" : "l");
    if (f->kind == FUNC_GRADIENT)
        add_arg(names, e, ARG_GRADIENT_OUT, 0,
                pointer_to(a, false, c_elem(f->module->real)), "out_gradient");
}

static bool returns_values(const Func *f)
{
    for (int i = 0; i < f->results.len && f->kind != FUNC_PLAIN; i++)
        if (f->results.data[i].kind == RESULT_LOSS ||
            f->results.data[i].kind == RESULT_METRIC)
            return true;
    return false;
}

void names_add_entry(ModelNames *names, const Func *f)
{
    Arena *a = names->arena;
    Entry e = {.func = f, .model = names};
    const char *base = entry_base(a, f);
    e.name = arena_printf(a, "%s_%s", names->prefix, base);
    e.macro = arena_printf(a, "%s_%s", names->upper, c_upper(a, base));
    e.is_void = f->kind == FUNC_INIT || f->kind == FUNC_STATE ||
                f->kind == FUNC_MEMORY;
    e.random = func_uses_trait(f, OP_RANDOM);
    e.reads_iter = func_has_op(f, "iter");
    func_walk((Func *)f, ask_n, &e.reads_n);
    for (int i = 0; i < f->inputs.len; i++)
        e.reads_n |= type_has_n(&f->inputs.data[i]->type);
    bool metrics = f->kind == FUNC_EVAL || f->kind == FUNC_INFER;
    if (returns_values(f))
        e.values_type =
            metrics ? arena_printf(a, "%s_metrics", names->prefix)
                    : arena_printf(a, "%s_%s_losses", names->prefix,
                                   c_block(a, f->block));
    add_struct_args(names, &e);
    if (e.reads_n)
        add_arg(names, &e, ARG_N, 0, "int ", "n");
    add_input_args(names, &e);
    add_result_args(names, &e);
    if (e.random || f->kind == FUNC_INIT)
        add_arg(names, &e, ARG_SEED, 0, "uint64_t ", "seed");
    bool optional = e.is_void || f->kind == FUNC_PACK;
    if (!optional || f->workspace_bytes > 0)
        add_arg(names, &e, ARG_WORKSPACE, 0, "void *", "workspace");
    array_push(a, &names->entries, e);
}

const Entry *names_entry(const ModelNames *names, FuncKind kind,
                         const char *block)
{
    for (int i = 0; i < names->entries.len; i++) {
        const Entry *e = &names->entries.data[i];
        if (e->func->kind == kind &&
            (!block || (e->func->block && strcmp(e->func->block, block) == 0)))
            return e;
    }
    return NULL;
}

const EntryArg *entry_arg(const Entry *entry, ArgKind kind)
{
    for (int i = 0; i < entry->args.len; i++)
        if (entry->args.data[i].kind == kind)
            return &entry->args.data[i];
    return NULL;
}

const char *entry_prototype(Arena *a, const Entry *entry)
{
    Text t = {.arena = a};
    text_printf(&t, "%s %s(", entry->is_void ? "void" : "int", entry->name);
    for (int i = 0; i < entry->args.len; i++)
        text_printf(&t, "%s%s%s", i ? ", " : "", entry->args.data[i].type,
                    entry->args.data[i].name);
    text_add(&t, entry->args.len ? ")" : "void)");
    return t.data;
}

const char *value_member(Arena *a, const Func *f, int result)
{
    Map *taken = map_new(a);
    const char *name = NULL;
    for (int i = 0; i <= result; i++) {
        const Result *r = &f->results.data[i];
        if (r->kind == RESULT_LOSS || r->kind == RESULT_METRIC)
            name = c_unique(a, taken, c_identifier(a, r->name));
    }
    return name;
}
