/* The C names of a model: identifiers, struct members, signatures.
 *
 * Header, C file and driver all print from the tables made here, so that they
 * agree. See ModelNames in cgen_impl.h.
 */
#include "cgen_impl.h"

#include <ctype.h>
#include <string.h>

/* ---- identifiers ---- */

/* Keywords of C and C++, names of the headers the output includes, and what
 * every generated function calls its own. */
static const char *const reserved[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
    "bool", "break", "case", "catch", "char", "char16_t", "char32_t", "class",
    "compl", "concept", "const", "const_cast", "consteval", "constexpr",
    "constinit", "continue", "co_await", "co_return", "co_yield", "decltype",
    "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
    "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept",
    "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
    "protected", "public", "register", "reinterpret_cast", "requires",
    "restrict", "return", "short", "signed", "sizeof", "static",
    "static_assert", "static_cast", "struct", "switch", "template", "this",
    "thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
    "typeof", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq", "NULL", "NAN", "INFINITY", "I",
    "HUGE_VAL", "offsetof", "size_t", "ptrdiff_t", "linux", "unix",
    NULL,
};

static const char *const reserved_locals[] = {
    "i", "j", "k", "q", "r", "t", "u", "v", "n", "w", "p", "s", "l", "m",
    "ws", "acc", "workspace", "seed", "step", "iter", "in_gradient", "out_gradient",
    "abs", "acos", "acosf", "asin", "asinf", "atan", "atan2", "atan2f",
    "atanf", "cbrt", "cbrtf", "ceil", "ceilf", "copysign", "cos", "cosf",
    "cosh", "coshf", "div", "erf", "erfc", "erfcf", "erff", "exit", "exp",
    "exp2", "exp2f", "expf", "expm1", "expm1f", "fabs", "fabsf", "fdim",
    "floor", "floorf", "fma", "fmaf", "fmax", "fmaxf", "fmin", "fminf",
    "fmod", "frexp", "gamma", "hypot", "index", "isfinite", "isinf", "isnan",
    "ldexp", "lgamma", "lgammaf", "log", "log10", "log10f", "log1p", "log1pf",
    "log2", "log2f", "logf", "lrint", "lround", "memcmp", "memcpy", "memmove",
    "memset", "modf", "nan", "pow", "powf", "remainder", "rint", "round",
    "roundf", "signbit", "signgam", "sin", "sinf", "sinh", "sinhf", "sqrt",
    "sqrtf", "strlen", "tan", "tanf", "tanh", "tanhf", "tgamma", "trunc",
    "truncf", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t",
    "uint32_t", "uint64_t", "uintptr_t", "y0", "y1", "yn", "j0", "j1", "jn",
    NULL,
};

static bool is_in(const char *const *list, const char *name)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

bool c_is_reserved_local(const char *name)
{
    return is_in(reserved_locals, name);
}

const char *c_identifier(Arena *a, const char *name)
{
    char *s = arena_printf(a, "%s%s",
                           isdigit((unsigned char)*name) ? "v" : "", name);
    for (char *p = s; *p; p++)
        if (!isalnum((unsigned char)*p))
            *p = '_';
    while (*s == '_' && s[1] && !isdigit((unsigned char)s[1]))
        s++;
    return is_in(reserved, s) ? arena_printf(a, "%s_", s) : s;
}

const char *c_upper(Arena *a, const char *name)
{
    char *s = arena_strdup(a, name);
    for (char *p = s; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return s;
}

const char *c_unique(Arena *a, Map *taken, const char *name)
{
    const char *unique = name;
    for (int k = 2; map_has(taken, unique); k++)
        unique = arena_printf(a, "%s_%d", name, k);
    map_set(taken, unique, (void *)unique);
    return unique;
}

const char *c_elem(ElemType t)
{
    switch (t) {
    case ELEM_F32: return "float";
    case ELEM_F64: return "double";
    case ELEM_C128: return "double _Complex";
    case ELEM_I32: return "int32_t";
    case ELEM_BOOL: return "uint8_t";
    }
    return "float";
}

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

/* ---- structs ---- */

const StructNames *names_kind(const ModelNames *names, GlobalKind kind,
                              const char *block)
{
    if (kind == GLOBAL_STATE)
        kind = GLOBAL_PARAM;
    for (int i = 0; i < names->structs.len; i++) {
        const StructNames *s = &names->structs.data[i];
        if (s->kind == kind &&
            (kind != GLOBAL_OPTIM || (block && strcmp(s->block, block) == 0)))
            return s;
    }
    return NULL;
}

const StructNames *names_struct(const ModelNames *names, const Global *g)
{
    return names_kind(names, g->kind, g->owner);
}

const char *names_member(const ModelNames *names, const Global *g)
{
    return map_get(names->members, g->name);
}

static bool belongs(const StructNames *s, const Global *g)
{
    if (s->kind == GLOBAL_PARAM)
        return g->kind == GLOBAL_PARAM || g->kind == GLOBAL_STATE;
    if (s->kind == GLOBAL_OPTIM)
        return g->kind == GLOBAL_OPTIM && g->owner &&
               strcmp(g->owner, s->block) == 0;
    return g->kind == s->kind;
}

/* An optimiser's "step.W1.v" is "W1.v" in the state of `step`. */
static const char *short_name(const StructNames *s, const Global *g)
{
    size_t len = s->block ? strlen(s->block) : 0;
    bool prefixed = len > 0 && strncmp(g->name, s->block, len) == 0 &&
                    g->name[len] == '.';
    return prefixed ? g->name + len + 1 : g->name;
}

static void add_struct(ModelNames *names, StructNames s)
{
    Map *taken = map_new(names->arena);
    map_set(taken, "steps", "");
    map_set(taken, "iter", "");
    for (int i = 0; i < names->module->globals.len; i++) {
        Global *g = names->module->globals.data[i];
        if (!belongs(&s, g))
            continue;
        array_push(names->arena, &s.members, g);
        const char *c = c_identifier(names->arena, short_name(&s, g));
        map_set(names->members, g->name,
                (void *)c_unique(names->arena, taken, c));
    }
    if (s.members.len > 0 || s.has_steps || s.has_iter)
        array_push(names->arena, &names->structs, s);
}

static bool is_step(FuncKind kind)
{
    return kind == FUNC_STEP || kind == FUNC_GRADIENT || kind == FUNC_UPDATE ||
           kind == FUNC_STATE;
}

/* The train blocks, in the order of their functions. */
static StringArray blocks_of(Arena *a, const Module *m)
{
    StringArray blocks = {0};
    for (int i = 0; i < m->funcs.len; i++) {
        const Func *f = m->funcs.data[i];
        bool known = !f->block || !is_step(f->kind);
        for (int k = 0; k < blocks.len && !known; k++)
            known = strcmp(blocks.data[k], f->block) == 0;
        if (!known)
            array_push(a, &blocks, f->block);
    }
    for (int i = 0; i < m->globals.len; i++) {
        const Global *g = m->globals.data[i];
        bool known = g->kind != GLOBAL_OPTIM || !g->owner;
        for (int k = 0; k < blocks.len && !known; k++)
            known = strcmp(blocks.data[k], g->owner) == 0;
        if (!known)
            array_push(a, &blocks, g->owner);
    }
    return blocks;
}

static void add_structs(ModelNames *names)
{
    Arena *a = names->arena;
    StringArray blocks = blocks_of(a, names->module);
    add_struct(names, (StructNames){
        .type = arena_printf(a, "%s_params", names->prefix),
        .title = "Parameters, as the source lays them out: initialise, train, "
                 "save and load these.",
        .kind = GLOBAL_PARAM, .has_steps = blocks.len > 0});
    add_struct(names, (StructNames){
        .type = arena_printf(a, "%s_weights", names->prefix),
        .title = "What inference reads, made from the parameters. Opaque.",
        .kind = GLOBAL_WEIGHT});
    for (int i = 0; i < blocks.len; i++) {
        const char *block = c_identifier(a, blocks.data[i]);
        add_struct(names, (StructNames){
            .type = arena_printf(a, "%s_%s_state", names->prefix, block),
            .title = arena_printf(a, "State of the optimiser of `%s`.",
                                  blocks.data[i]),
            .block = blocks.data[i],
            .kind = GLOBAL_OPTIM, .has_iter = true});
    }
}

/* ---- entries ---- */

static const char *entry_base(Arena *a, const Func *f)
{
    const char *block = f->block ? c_identifier(a, f->block) : "step";
    switch (f->kind) {
    case FUNC_INIT: return "init";
    case FUNC_PACK: return "pack";
    case FUNC_INFER: return "infer";
    case FUNC_EVAL: return "eval";
    case FUNC_STATE: return arena_printf(a, "%s_state_init", block);
    case FUNC_STEP: return block;
    case FUNC_GRADIENT: return arena_printf(a, "%s_gradient", block);
    case FUNC_UPDATE: return arena_printf(a, "%s_update", block);
    case FUNC_PLAIN: break;
    }
    return c_identifier(a, f->name);
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
              (e->random && f->kind != FUNC_STATE && !w)))
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
}

static void add_input_args(ModelNames *names, Entry *e)
{
    Arena *a = names->arena;
    const Func *f = e->func;
    if (f->kind == FUNC_UPDATE) {
        add_arg(names, e, ARG_GRADIENT_IN, 0,
                pointer_to(a, true, c_elem(f->module->real)), "in_gradient");
        return;
    }
    func_count_uses((Func *)f);
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *in = f->inputs.data[i];
        if (in->mark == 0 && f->kind != FUNC_PLAIN)
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

static void add_entry(ModelNames *names, const Func *f)
{
    Arena *a = names->arena;
    Entry e = {.func = f, .model = names};
    const char *base = entry_base(a, f);
    e.name = arena_printf(a, "%s_%s", names->prefix, base);
    e.macro = arena_printf(a, "%s_%s", names->upper, c_upper(a, base));
    e.is_void = f->kind == FUNC_INIT || f->kind == FUNC_STATE;
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
                                   f->block ? c_identifier(a, f->block)
                                            : "step");
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

ModelNames *names_new(Arena *a, const Module *m, const CgenOptions *o)
{
    ModelNames *names = ARENA_NEW(a, ModelNames);
    names->arena = a;
    names->module = m;
    names->prefix = c_identifier(a, o->prefix ? o->prefix
                                    : m->name ? m->name
                                              : "model");
    names->upper = c_upper(a, names->prefix);
    names->members = map_new(a);
    add_structs(names);
    for (int i = 0; i < m->funcs.len; i++)
        add_entry(names, m->funcs.data[i]);
    return names;
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
