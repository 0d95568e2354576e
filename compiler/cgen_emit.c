/* What implementations call while they print their node: references to
 * values, local names, lines.
 *
 * A value that lives in the workspace has a local pointer named after it; one
 * that lives in the caller's arrays or structs is named as it is there. What a
 * later step does not mention is not declared: see emit_pruned.
 */
#include "cgen_impl.h"
#include "embed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

Arena *emit_arena(Emit *e)
{
    return e->arena;
}

const Module *emit_module(Emit *e)
{
    return e->module;
}

const Options *emit_options(Emit *e)
{
    return e->options->pass;
}

const char *emit_turn(Emit *e)
{
    return e->turn ? e->turn : "0";
}

const char *emit_amx(Emit *e)
{
    const EntryArg *w = entry_arg(e->entry, ARG_WEIGHTS);
    return w ? arena_printf(e->arena, "%s->amx", w->name) : e->options->amx;
}

const char *emit_elem(Emit *e, ElemType t)
{
    (void)e;
    return c_elem(t);
}

const char *emit_dim(Emit *e, Dim d)
{
    if (d.k == 0)
        return arena_printf(e->arena, "%lld", (long long)d.c);
    if (d.k == 1 && d.c == 0)
        return "n";
    if (d.c == 0)
        return arena_printf(e->arena, "(%lld * n)", (long long)d.k);
    const char *kn = d.k == 1 ? "n"
                              : arena_printf(e->arena, "%lld * n",
                                             (long long)d.k);
    return arena_printf(e->arena, "(%s %c %lld)", kn, d.c < 0 ? '-' : '+',
                        (long long)(d.c < 0 ? -d.c : d.c));
}

void emit_line(Emit *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    put(&e->body, "%s", arena_vprintf(e->arena, fmt, ap));
    va_end(ap);
}

/* ---- local names ---- */

/* Could a function of the file have this name, so that a local would hide
 * it? Kernels are called X, X_2, X_end; helpers end with a type. */
static bool is_function_name(Emit *e, const char *name)
{
    static const char *const endings[] = {"_f32", "_f64", "_c128", "_i32"};
    size_t len = strlen(name);
    for (int i = 0; i < 4; i++) {
        size_t n = strlen(endings[i]);
        if (len > n && strcmp(name + len - n, endings[i]) == 0)
            return true;
    }
    if (strncmp(name, "table", 5) == 0)
        return true;
    if (*name == 't' && name[1] &&
        name[1 + strspn(name + 1, "0123456789")] == 0)
        return true; /* a constant of expr_c */
    while (len > 0 && isdigit((unsigned char)name[len - 1]))
        len--;
    if (len > 0 && name[len - 1] == '_')
        len--;
    const char *base = arena_strndup(e->arena, name, len);
    return map_has(e->out->words, base) || map_has(e->out->words, name);
}

/* File-scope names that kernels may give: those of their files, and what
 * stands for _X in KERNEL_X. */
Map *kernel_words(Arena *a)
{
    Map *words = map_new(a);
    for (int i = 0; i < embedded_count; i++) {
        const EmbeddedFile *f = &embedded_files[i];
        if (strncmp(f->name, "kernels/", 8) != 0)
            continue;
        const char *base = arena_strndup(a, f->name + 8,
                                         strcspn(f->name + 8, "."));
        map_set(words, base, "");
        map_set(words, arena_printf(a, "%s_end", base), "");
        for (const char *p = f->text; (p = strstr(p, "KERNEL_")) != NULL;) {
            p += 7;
            size_t len = 0;
            while (isalnum((unsigned char)p[len]) || p[len] == '_')
                len++;
            const char *word = arena_strndup(a, p, len);
            map_set(words, word, "");
            map_set(words, arena_printf(a, "%s_%s", base, word), "");
        }
    }
    return words;
}

const char *emit_local(Emit *e, const char *hint)
{
    const char *name = c_identifier(e->arena, hint);
    if (c_is_reserved_local(name) || is_function_name(e, name))
        name = arena_printf(e->arena, "%s_", name);
    return c_unique(e->arena, e->taken, name);
}

void emit_let(Emit *e, const char *name, const char *fmt, ...)
{
    Declared d = {.name = name, .from = e->body.text.len};
    va_list ap;
    va_start(ap, fmt);
    put(&e->body, "%s", arena_vprintf(e->arena, fmt, ap));
    va_end(ap);
    d.to = e->body.text.len;
    array_push(e->arena, &e->declared, d);
}

/* ---- references ---- */

/* The value whose place n shares in the end. */
static const Node *root_of(const Node *n)
{
    while (n->place.view_of)
        n = n->place.view_of;
    return n;
}

static const char *member_text(Emit *e, const Global *g, bool pointer)
{
    const char *base = g->kind == GLOBAL_WEIGHT  ? "w"
                       : g->kind == GLOBAL_OPTIM ? "s"
                       : g->kind == GLOBAL_MEMORY ? "state"
                                                  : "p";
    return arena_printf(e->arena, "%s%s->%s",
                        pointer && g->type.rank == 0 ? "&" : "", base,
                        names_member(e->names, g));
}

static const char *argument(Emit *e, ArgKind kind, int index)
{
    for (int i = 0; i < e->entry->args.len; i++)
        if (e->entry->args.data[i].kind == kind &&
            e->entry->args.data[i].index == index)
            return e->entry->args.data[i].name;
    return NULL;
}

/* A pointer to the caller's memory, or NULL: the value has a local. */
static const char *outside_pointer(Emit *e, const Node *n)
{
    if (n->place.kind == PLACE_OUTPUT)
        return argument(e, ARG_OUTPUT, n->place.index);
    if (n->place.kind == PLACE_GLOBAL && n->global)
        return member_text(e, n->global, true);
    if (n->place.kind == PLACE_DATA)
        return emit_table(e, n);
    for (int i = 0; i < e->func->inputs.len; i++)
        if (e->func->inputs.data[i] == n)
            return argument(e, ARG_INPUT, i);
    return NULL;
}

const char *emit_pointer(Emit *e, const Node *n)
{
    const char *local = map_get(e->locals, n->name);
    if (local && !node_is_inline(n))
        return local;
    const char *variable = map_get(e->scalars, n->name);
    if (variable && !node_is_inline(n))
        return arena_printf(e->arena, "&%s", variable);
    if (node_is_inline(n))
        return n->global ? member_text(e, n->global, true) : emit_table(e, n);
    const Node *root = root_of(n);
    const char *text = node_is_inline(root) ? emit_pointer(e, root)
                                            : outside_pointer(e, root);
    if (!text)
        internal_error("@%s: %%%s has no C name", e->func->name, n->name);
    return text;
}

static const char *constant_text(Emit *e, const Node *n, double v)
{
    const Scalar *s = scalar_const(e->arena, v);
    ElemType t = n->type.elem;
    if (!elem_is_real(t))
        return arena_printf(e->arena, "%.0f", v);
    return scalar_c(e->arena, s, NULL, NULL, t, false);
}

const char *emit_ref(Emit *e, const Node *n)
{
    double v;
    if (node_is_const(n, &v))
        return constant_text(e, n, v);
    if (n->type.rank != 0)
        return emit_pointer(e, n);
    if (node_is_inline(n) && n->global)
        return member_text(e, n->global, false);
    const char *scalar = map_get(e->scalars, n->name);
    if (scalar)
        return scalar;
    const char *pointer = emit_pointer(e, n);
    if (*pointer == '&')
        return pointer + 1;
    return arena_printf(e->arena, "%s[0]", pointer);
}

void emit_scalar(Emit *e, const Node *n, const char *value)
{
    const char *cast = n->type.elem == ELEM_BOOL ? "(uint8_t)(" : "";
    const char *close = *cast ? ")" : "";
    if (n->place.kind != PLACE_LOCAL) {
        put(&e->body, "%s = %s%s%s;", emit_ref(e, n), cast, value, close);
        return;
    }
    const char *name = emit_local(e, n->name);
    put(&e->body, "const %s %s = %s%s%s;", c_elem(n->type.elem), name, cast,
        value, close);
    map_set(e->scalars, n->name, (void *)name);
}

const char *emit_part(Emit *e, const char *p, const char *size, int step,
                      int parts)
{
    Arena *a = e->arena;
    char *end;
    long long n = strtoll(size, &end, 10);
    const char *text;
    if (*end) {
        text = step == 1 ? arena_printf(a, "%s * %s / %d", p, size, parts)
                         : arena_printf(a, "%s * ((%s + %d) / %d) / %d * %d", p,
                                        size, step - 1, step, parts, step);
    } else {
        long long units = (n + step - 1) / step;
        if (units % parts == 0)
            text = arena_printf(a, "%s * %lld", p, units / parts * step);
        else if (step == 1)
            text = arena_printf(a, "%s * %lld / %d", p, units, parts);
        else
            text = arena_printf(a, "%s * %lld / %d * %d", p, units, parts,
                                step);
    }
    if (strcmp(p, "part") == 0 || step == 1 || (!*end && n % step == 0))
        return text;
    return arena_printf(a, "(part == %d ? %s : %s)", parts - 1, size, text);
}

void emit_parts_begin(Emit *e, int parts)
{
    if (parts < 2)
        return;
    e->has_parts = true;
    put(&e->body, e->together ? "SHARED" : "PARALLEL");
    put(&e->body, "for (int part = 0; part < %d; part++) {", parts);
}

void emit_parts_end(Emit *e, int parts)
{
    if (parts > 1)
        put(&e->body, "}");
}

const char *emit_workspace(Emit *e, ElemType elem, int64_t offset)
{
    if (offset == 0)
        return arena_printf(e->arena, "(%s *)ws", c_elem(elem));
    return arena_printf(e->arena, "(%s *)(ws + %lld)", c_elem(elem),
                        (long long)offset);
}

const char *emit_scratch(Emit *e, const Node *n)
{
    if (n->scratch < 0)
        internal_error("%%%s has no scratch", n->name);
    return emit_workspace(e, n->raw.elem, n->scratch);
}

void emit_declare(Emit *e, const Node *n)
{
    const Node *view = n->place.view_of, *root = root_of(n);
    if (n->type.rank < 0 || node_is_inline(n) || map_has(e->locals, n->name))
        return;
    if (!map_has(e->locals, root->name) && root->place.kind != PLACE_WORKSPACE)
        return;
    const char *name = emit_local(e, n->name), *elem = c_elem(n->type.elem);
    const char *fixed = view && map_has(e->fixed, view->name) ? "const " : "";
    if (view)
        emit_let(e, name, "%s%s *const %s = %s;", fixed, elem, name,
                 emit_pointer(e, view));
    else
        emit_let(e, name, "%s *const %s = %s;", elem, name,
                 emit_workspace(e, n->type.elem, n->place.offset));
    map_set(e->locals, n->name, (void *)name);
    if (*fixed)
        map_set(e->fixed, n->name, "");
}

bool emit_is_fixed(Emit *e, const Node *n)
{
    const Node *root = root_of(n);
    return map_has(e->fixed, root->name) || map_has(e->fixed, n->name) ||
           (root->place.kind != PLACE_WORKSPACE &&
            root->place.kind != PLACE_OUTPUT);
}

/* ---- tables ---- */

static const char *table_text(Emit *e, const Node *n)
{
    const Attr *values = node_attr(n, "values");
    double v;
    Text t = {.arena = e->arena};
    if (!values && node_is_const(n, &v))
        text_add(&t, constant_text(e, n, v));
    for (int i = 0; values && i < values->len; i++)
        text_printf(&t, "%s%s", i ? ", " : "",
                    constant_text(e, n, values->values[i]));
    return t.data;
}

const char *emit_table(Emit *e, const Node *n)
{
    Output *out = e->out;
    const char *values = table_text(e, n);
    const char *key = arena_printf(out->arena, "%s %s", c_elem(n->type.elem),
                                   values);
    const char *name = map_get(out->table_names, key);
    if (name)
        return name;
    name = c_unique(out->arena, out->taken, "table");
    map_set(out->table_names, key, (void *)name);
    CText t = ctext_new(out->arena);
    put(&t, "static const %s %s[] = {", c_elem(n->type.elem), name);
    put(&t, "%s", values);
    put(&t, "};");
    text_add(&out->tables, t.text.data);
    return name;
}

/* ---- declarations nobody uses ---- */

typedef struct Count {
    int uses;
} Count;

/* The identifiers of text with how often each occurs, comments apart. */
static Map *words_of(Arena *a, const char *text)
{
    Map *words = map_new(a);
    for (const char *p = text; *p;) {
        if (p[0] == '/' && p[1] == '*') {
            const char *end = strstr(p, "*/");
            p = end ? end + 2 : p + 2;
            continue;
        }
        size_t len = 0;
        while (isalnum((unsigned char)p[len]) || p[len] == '_')
            len++;
        if (len == 0 || isdigit((unsigned char)*p)) {
            p += len + (len == 0);
            continue;
        }
        const char *word = arena_strndup(a, p, len);
        Count *count = map_get(words, word);
        if (!count) {
            count = ARENA_NEW(a, Count);
            map_set(words, word, count);
        }
        count->uses++;
        p += len;
    }
    return words;
}

static void subtract(Map *words, Arena *a, const char *line)
{
    Map *mine = words_of(a, line);
    for (int i = 0; i < map_len(mine); i++) {
        Count *all = map_get(words, map_key(mine, i));
        all->uses -= ((Count *)map_value(mine, i))->uses;
    }
}

int words_uses(const Map *words, const char *name)
{
    const Count *count = map_get(words, name);
    return count ? count->uses : 0;
}

const char *emit_pruned(Emit *e, Map **words)
{
    Arena *a = e->arena;
    const char *text = e->body.text.data ? e->body.text.data : "";
    *words = words_of(a, text);
    bool *dropped = ARENA_ARRAY(a, bool, e->declared.len);
    for (int i = e->declared.len - 1; i >= 0; i--) {
        const Declared *d = &e->declared.data[i];
        if (words_uses(*words, d->name) > 1)
            continue;
        dropped[i] = true;
        subtract(*words, a, arena_strndup(a, text + d->from, d->to - d->from));
    }
    Text out = {.arena = a};
    text_add(&out, "");
    size_t at = 0;
    for (int i = 0; i < e->declared.len; i++) {
        if (!dropped[i])
            continue;
        const Declared *d = &e->declared.data[i];
        text_addn(&out, text + at, d->from - at);
        at = d->to;
    }
    text_add(&out, text + at);
    return out.data;
}
