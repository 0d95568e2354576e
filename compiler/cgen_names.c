/* The C names of a model: identifiers and struct members.
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
    "ws", "part", "acc", "state", "workspace", "seed", "step", "iter", "in_gradient", "out_gradient",
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

const char *c_block(Arena *a, const char *name)
{
    static const char *const own[] = {
        "init", "pack", "infer", "eval", "params", "weights", "metrics",
        "status", "strerror", "array", "param_table", "input_table",
        "output_table", "state", "state_init", "state_table", NULL};
    if (!name)
        return "step";
    const char *s = c_identifier(a, name);
    return is_in(own, s) ? arena_printf(a, "%s_", s) : s;
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
    if (s.has_amx)
        map_set(taken, "amx", "");
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

static void ask_tiles(Node *n, void *ctx)
{
    bool *yes = ctx;
    *yes |= n->impl && n->impl->tiles;
}

static bool uses_tiles(const Module *m)
{
    bool yes = false;
    for (int i = 0; i < m->funcs.len; i++)
        func_walk(m->funcs.data[i], ask_tiles, &yes);
    return yes;
}

bool names_use_amx(const ModelNames *names)
{
    const StructNames *w = names_kind(names, GLOBAL_WEIGHT, NULL);
    return w && w->has_amx;
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
        .kind = GLOBAL_WEIGHT, .has_amx = uses_tiles(names->module)});
    add_struct(names, (StructNames){
        .type = arena_printf(a, "%s_state", names->prefix),
        .title = "State that every call changes, for one stream of calls.",
        .kind = GLOBAL_MEMORY});
    for (int i = 0; i < blocks.len; i++) {
        const char *block = c_block(a, blocks.data[i]);
        add_struct(names, (StructNames){
            .type = arena_printf(a, "%s_%s_state", names->prefix, block),
            .title = arena_printf(a, "State of the optimiser of `%s`.",
                                  blocks.data[i]),
            .block = blocks.data[i],
            .kind = GLOBAL_OPTIM, .has_iter = true});
    }
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
        names_add_entry(names, m->funcs.data[i]);
    return names;
}
