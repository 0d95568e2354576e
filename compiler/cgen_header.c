/* The header: what a program needs to call the model; and the tables that
 * describe it by name.
 */
#include "cgen_impl.h"

#include <string.h>

/* ---- structs ---- */

static const char *extent_text(Arena *a, const Module *m, const Type *t)
{
    Text s = {.arena = a};
    for (int i = 0; i < t->rank; i++)
        text_printf(&s, "%s%lld", i ? " * " : "",
                    (long long)dim_at(t->dim[i], m->bound ? m->bound : 1));
    return s.data;
}

static void put_member(CText *t, const ModelNames *names, const Global *g)
{
    Arena *a = names->arena;
    const char *elem = c_elem(g->type.elem), *c = names_member(names, g);
    const char *note = g->kind == GLOBAL_STATE ? ", not learned"
                       : g->frozen             ? ", frozen"
                                               : "";
    if (g->type.rank == 0)
        put(t, "%s %s; /* %s%s */", elem, c, g->name, note);
    else
        put(t, "%s %s[%s]; /* %s %s%s */", elem, c,
            extent_text(a, names->module, &g->type), g->name,
            shape_comment(a, names->module, &g->type), note);
}

static void put_struct(CText *t, const ModelNames *names, const StructNames *s)
{
    put_blank(t);
    put_comment(t, "%s", s->title);
    put(t, "typedef struct %s {", s->type);
    if (s->has_iter)
        put(t, "uint64_t iter; /* steps of this block so far */");
    for (int i = 0; i < s->members.len; i++)
        put_member(t, names, s->members.data[i]);
    if (s->has_amx)
        put(t, "int32_t amx; /* may tiles be used? see %s_enable_amx */",
            names->prefix);
    if (s->has_steps)
        put(t, "uint64_t steps; /* of all train blocks: numbers the draws */");
    put(t, "} %s;", s->type);
}

/* A struct of doubles, once for each type. */
static void put_values(CText *t, const ModelNames *names, const Entry *entry,
                       Map *seen)
{
    const Func *f = entry->func;
    if (!entry->values_type || map_has(seen, entry->values_type))
        return;
    map_set(seen, entry->values_type, "");
    const char *elem = names->module->real == ELEM_C128 ? "double _Complex"
                                                        : "double";
    put_blank(t);
    put_comment(t, "Losses%s of `%s`.",
                f->kind == FUNC_EVAL ? " and metrics" : "", entry->name);
    put(t, "typedef struct %s {", entry->values_type);
    for (int i = 0; i < f->results.len; i++)
        if (f->results.data[i].kind == RESULT_LOSS ||
            f->results.data[i].kind == RESULT_METRIC)
            put(t, "%s %s;", elem, value_member(names->arena, f, i));
    put(t, "} %s;", entry->values_type);
}

/* ---- entries ---- */

static const char *about(const Func *f)
{
    switch (f->kind) {
    case FUNC_INIT: return "Gives the parameters their first values.";
    case FUNC_STATE: return "Gives the optimiser's state its first values.";
    case FUNC_MEMORY: return "Gives the state its first values.";
    case FUNC_PACK: return "Makes the weights that inference reads.";
    case FUNC_INFER: return "Computes the outputs.";
    case FUNC_EVAL: return "Computes losses and metrics.";
    case FUNC_STEP:
        return "One step of training: losses before it, gradient, update.";
    case FUNC_GRADIENT:
        return "Losses and the gradient as one flat array; no update.";
    case FUNC_UPDATE: return "The optimiser's step for a given gradient.";
    case FUNC_PLAIN: break;
    }
    return "Computes its results.";
}

static void put_arrays(CText *t, const Entry *entry)
{
    Arena *a = t->text.arena;
    const Module *m = entry->func->module;
    Text s = {.arena = a};
    for (int i = 0; i < entry->args.len; i++) {
        const EntryArg *arg = &entry->args.data[i];
        const Node *n = NULL;
        if (arg->kind == ARG_INPUT)
            n = entry->func->inputs.data[arg->index];
        else if (arg->kind == ARG_OUTPUT)
            n = entry->func->results.data[arg->index].value;
        if (!n)
            continue;
        text_printf(&s, "%s%s %s", s.len ? ", " : "", arg->name,
                    shape_comment(a, m, &n->type));
        if (n->type.elem == ELEM_I32 && n->type.bound > 0)
            text_printf(&s, " of 0..%lld", (long long)n->type.bound - 1);
    }
    put_comment(t, "%s%s%s%s", about(entry->func), s.len ? " Arrays: " : "",
                s.len ? s.data : "", s.len ? "." : "");
}

static void put_entry(CText *t, const Entry *entry)
{
    const Func *f = entry->func;
    put_blank(t);
    put_arrays(t, entry);
    if (entry_arg(entry, ARG_WORKSPACE))
        put(t, "#define %s_WORKSPACE_BYTES %lld", entry->macro,
            (long long)f->workspace_bytes);
    if (f->kind == FUNC_GRADIENT)
        put(t, "#define %s_COUNT %lld", entry->macro,
            (long long)gradient_offset(f, NULL));
    put(t, "%s;", entry_prototype(t->text.arena, entry));
    if (entry_arg(entry, ARG_WORKSPACE))
        put(t, "size_t %s_workspace_bytes(void);", entry->name);
}

static void put_status(CText *t, const ModelNames *names,
                       const CgenOptions *o)
{
    const char *u = names->upper;
    bool amx = names_use_amx(names);
    put_blank(t);
    put_comment(t, "What every entry that returns int returns.");
    put(t, "typedef enum %s_status {", names->prefix);
    put(t, "%s_OK = 0,", u);
    put(t, "%s_ERROR_NULL = 1, /* a pointer is null */", u);
    put(t, "%s_ERROR_SIZE = 2, /* n is not within 1..%s_MAX_N */", u, u);
    put(t, "%s_ERROR_RANGE = 3, /* a label or an index is out of range */", u);
    put(t, "%s_ERROR_ALIGNMENT = 4%s /* of the workspace: %s_ALIGN */", u,
        o->pass->check_finite || amx ? "," : "", u);
    if (o->pass->check_finite)
        put(t, "%s_ERROR_NOT_FINITE = 5%s /* a result is infinite or a NaN */",
            u, amx ? "," : "");
    if (amx)
        put(t, "%s_ERROR_NO_AMX = 6 /* no tiles for this process */", u);
    put(t, "} %s_status;", names->prefix);
    put_comment(t, "The status in words.");
    put(t, "const char *%s_strerror(int status);", names->prefix);
}

static void put_enable_amx(CText *t, const ModelNames *names)
{
    if (!names_use_amx(names))
        return;
    put_blank(t);
    put_comment(t, "Asks the system for AMX tiles, for the whole process, and "
                   "notes in packed weights that they may be used. Without "
                   "them, and before, all is computed in float.");
    put(t, "int %s_enable_amx(%s *w);", names->prefix,
        names_kind(names, GLOBAL_WEIGHT, NULL)->type);
}

static int64_t parameter_count(const Module *m)
{
    int64_t count = 0;
    for (int i = 0; i < m->globals.len; i++)
        if (m->globals.data[i]->kind == GLOBAL_PARAM)
            count += type_count_at(&m->globals.data[i]->type, 1);
    return count;
}

/* ---- tables by name ---- */

NodeArray model_inputs(const ModelNames *names)
{
    NodeArray all = {0};
    for (int i = 0; i < names->entries.len; i++) {
        const Entry *e = &names->entries.data[i];
        for (int k = 0; k < e->args.len; k++) {
            if (e->args.data[k].kind != ARG_INPUT)
                continue;
            Node *in = e->func->inputs.data[e->args.data[k].index];
            bool known = false;
            for (int j = 0; j < all.len && !known; j++)
                known = strcmp(all.data[j]->name, in->name) == 0;
            if (!known)
                array_push(names->arena, &all, in);
        }
    }
    return all;
}

static int output_count(const Entry *e)
{
    int count = 0;
    for (int i = 0; e && i < e->args.len; i++)
        count += e->args.data[i].kind == ARG_OUTPUT;
    return count;
}

/* "lenet5_param_table", LENET5_PARAM_COUNT */
static void put_table_name(CText *t, const ModelNames *names, const char *what,
                           int count)
{
    if (count == 0)
        return;
    put(t, "#define %s_%s_COUNT %d", names->upper,
        c_upper(names->arena, what), count);
    put(t, "extern const %s_array %s_%s_table[%d];", names->prefix,
        names->prefix, what, count);
}

static const char *struct_table(const ModelNames *names, const StructNames *s)
{
    if (s->kind == GLOBAL_PARAM)
        return "param";
    if (s->kind == GLOBAL_MEMORY)
        return "state";
    return arena_printf(names->arena, "%s_state",
                        c_block(names->arena, s->block));
}

static void put_table_types(CText *t, const ModelNames *names)
{
    const Entry *infer = names_entry(names, FUNC_INFER, NULL);
    put_blank(t);
    put_comment(t, "One array by name. A size of -1 is n; the offset is that "
                   "of the struct's member, 0 for inputs and outputs.");
    put(t, "typedef struct %s_array {", names->prefix);
    put(t, "const char *name;\nconst char *type; /* f32 f64 c128 i32 bool */");
    put(t, "int rank;\nint64_t sizes[%d];\nsize_t offset;", MAX_RANK);
    put(t, "} %s_array;", names->prefix);
    for (int i = 0; i < names->structs.len; i++) {
        const StructNames *s = &names->structs.data[i];
        if (s->kind != GLOBAL_WEIGHT)
            put_table_name(t, names, struct_table(names, s), s->members.len);
    }
    put_table_name(t, names, "input", model_inputs(names).len);
    put_table_name(t, names, "output", output_count(infer));
}

static void put_row(CText *t, const char *name, const Type *type,
                    const char *offset)
{
    Text s = {.arena = t->text.arena};
    text_printf(&s, "{\"%s\", \"%s\", %d, {", name, elem_name(type->elem),
                type->rank);
    for (int i = 0; i < type->rank; i++)
        text_printf(&s, "%s%lld", i ? ", " : "",
                    dim_is_const(type->dim[i]) ? (long long)type->dim[i].c
                                               : -1LL);
    put(t, "%s%s}, %s},", s.data, type->rank ? "" : "0", offset);
}

static void open_table(CText *t, const ModelNames *names, const char *what)
{
    put_blank(t);
    put(t, "const %s_array %s_%s_table[] = {", names->prefix, names->prefix,
        what);
}

static void put_struct_table(CText *t, const ModelNames *names,
                             const StructNames *s)
{
    if (s->members.len == 0 || s->kind == GLOBAL_WEIGHT)
        return;
    open_table(t, names, struct_table(names, s));
    for (int i = 0; i < s->members.len; i++) {
        const Global *g = s->members.data[i];
        put_row(t, g->name, &g->type,
                arena_printf(names->arena, "offsetof(%s, %s)", s->type,
                             names_member(names, g)));
    }
    put(t, "};");
}

void put_tables(CText *t, const ModelNames *names)
{
    for (int i = 0; i < names->structs.len; i++)
        put_struct_table(t, names, &names->structs.data[i]);
    NodeArray inputs = model_inputs(names);
    if (inputs.len > 0) {
        open_table(t, names, "input");
        for (int i = 0; i < inputs.len; i++)
            put_row(t, inputs.data[i]->name, &inputs.data[i]->type, "0");
        put(t, "};");
    }
    const Entry *infer = names_entry(names, FUNC_INFER, NULL);
    if (output_count(infer) == 0)
        return;
    open_table(t, names, "output");
    for (int i = 0; i < infer->args.len; i++)
        if (infer->args.data[i].kind == ARG_OUTPUT) {
            const Result *r =
                &infer->func->results.data[infer->args.data[i].index];
            put_row(t, r->name, &r->value->type, "0");
        }
    put(t, "};");
}

/* ---- the whole ---- */

void put_declarations(CText *t, const ModelNames *names, const CgenOptions *o)
{
    const Module *m = names->module;
    Map *seen = map_new(names->arena);
    put_status(t, names, o);
    put_blank(t);
    put(t, "#define %s_ALIGN %d /* of workspaces, in bytes */", names->upper,
        WORKSPACE_ALIGN);
    if (m->dim)
        put(t, "#define %s_MAX_N %lld /* n is at most this */", names->upper,
            (long long)m->bound);
    put(t, "#define %s_PARAMETERS %lld /* numbers learned or frozen */",
        names->upper, (long long)parameter_count(m));
    for (int i = 0; i < names->structs.len; i++)
        put_struct(t, names, &names->structs.data[i]);
    for (int i = 0; i < names->entries.len; i++)
        put_values(t, names, &names->entries.data[i], seen);
    for (int i = 0; i < names->entries.len; i++)
        put_entry(t, &names->entries.data[i]);
    put_enable_amx(t, names);
    put_table_types(t, names);
}

const char *source_name(const Module *m)
{
    for (int i = 0; i < m->globals.len + m->funcs.len; i++) {
        Range r = {0};
        if (i < m->globals.len)
            r = m->globals.data[i]->loc;
        else if (m->funcs.data[i - m->globals.len]->nodes.len > 0)
            r = m->funcs.data[i - m->globals.len]->nodes.data[0]->loc;
        if (!r.src || strcmp(r.src->path, "std.dl") == 0)
            continue;
        const char *slash = strrchr(r.src->path, '/');
        return slash ? slash + 1 : r.src->path;
    }
    return NULL;
}

void cgen_header(Text *h, Module *const *models, int count,
                 const CgenOptions *o)
{
    Arena *a = h->arena;
    CText t = ctext_new(a);
    const char *guard = c_upper(a, c_identifier(a, o->header_name
                                                       ? o->header_name
                                                       : "model.h"));
    const char *source = count ? source_name(models[0]) : NULL;
    put_comment(&t, "Compiled by %s%s%s.", o->compiled_by,
                source ? " from " : "", source ? source : "");
    put(&t, "#ifndef %s\n#define %s", guard, guard);
    put_blank(&t);
    put(&t, "#include <stddef.h>\n#include <stdint.h>");
    for (int i = 0; i < count; i++)
        if (models[i]->real == ELEM_C128) {
            put(&t, "#include <complex.h>");
            break;
        }
    put_blank(&t);
    put(&t, "#ifdef __cplusplus");
    put_raw(&t, "extern \"C\" {\n");
    put(&t, "#endif");
    for (int i = 0; i < count; i++)
        put_declarations(&t, names_new(a, models[i], o), o);
    put_blank(&t);
    put(&t, "#ifdef __cplusplus");
    put_raw(&t, "}\n");
    put(&t, "#endif");
    put_blank(&t);
    put(&t, "#endif");
    text_add(h, t.text.data);
}
