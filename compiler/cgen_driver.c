/* driver.c: the model described in the tables of runtime/dlc.h, an adaptor
 * for each entry, and main.
 */
#include "cgen_impl.h"

#include <string.h>

typedef struct Driver {
    CText t;
    Arena *arena;
    const ModelNames *names;
    NodeArray inputs; /* of the model */
} Driver;

static const char *elem_text(ElemType t)
{
    switch (t) {
    case ELEM_F32: return "DLC_F32";
    case ELEM_F64: return "DLC_F64";
    case ELEM_I32: return "DLC_I32";
    case ELEM_BOOL: return "DLC_U8";
    case ELEM_C128: break;
    }
    internal_error("complex numbers have no driver");
}

/* A string literal. */
static const char *quoted(Arena *a, const char *text)
{
    Text t = {.arena = a};
    text_add(&t, "\"");
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            text_printf(&t, "\\%c", *p);
        else if (*p < 32 || *p == '?')
            text_printf(&t, "\\%03o", *p);
        else
            text_addn(&t, (const char *)p, 1);
    }
    text_add(&t, "\"");
    return t.data;
}

/* ---- tables of arrays ---- */

static void put_tensor(Driver *d, const char *name, const Type *type,
                       const char *offset)
{
    Text dims = {.arena = d->arena};
    for (int i = 0; i < type->rank; i++)
        text_printf(&dims, "%s%lld", i ? ", " : "",
                    dim_is_const(type->dim[i]) ? (long long)type->dim[i].c
                                               : -1LL);
    put(&d->t, "{%s, %s, %d, {%s}, %lld, %s},", quoted(d->arena, name),
        elem_text(type->elem), type->rank, type->rank ? dims.data : "0",
        (long long)type->bound, offset);
}

static void put_struct_tensors(Driver *d, const StructNames *s,
                               const char *name)
{
    if (!s || s->members.len == 0)
        return;
    put_blank(&d->t);
    put(&d->t, "static const DlcTensor %s[] = {", name);
    for (int i = 0; i < s->members.len; i++) {
        const Global *g = s->members.data[i];
        put_tensor(d, g->name, &g->type,
                   arena_printf(d->arena, "offsetof(%s, %s)", s->type,
                                names_member(d->names, g)));
    }
    put(&d->t, "};");
}

static void put_inputs(Driver *d)
{
    if (d->inputs.len == 0)
        return;
    put_blank(&d->t);
    put(&d->t, "static const DlcTensor inputs[] = {");
    for (int i = 0; i < d->inputs.len; i++)
        put_tensor(d, d->inputs.data[i]->name, &d->inputs.data[i]->type, "0");
    put(&d->t, "};");
}

/* ---- entries ---- */

static const StructNames *params_of(const Driver *d)
{
    return names_kind(d->names, GLOBAL_PARAM, NULL);
}

static bool is_called(const Entry *e)
{
    FuncKind k = e->func->kind;
    return k == FUNC_INFER || k == FUNC_EVAL || k == FUNC_STEP ||
           k == FUNC_PLAIN;
}

/* Names in driver.c: infer_inputs, call_infer. */
static const char *base(const Driver *d, const Entry *e)
{
    return e->name + strlen(d->names->prefix) + 1;
}

static int input_index(const Driver *d, const Node *in)
{
    for (int i = 0; i < d->inputs.len; i++)
        if (strcmp(d->inputs.data[i]->name, in->name) == 0)
            return i;
    return -1;
}

static int count_args(const Entry *e, ArgKind kind)
{
    int count = 0;
    for (int i = 0; i < e->args.len; i++)
        count += e->args.data[i].kind == kind;
    return count;
}

static int value_count(const Entry *e)
{
    int count = 0;
    for (int i = 0; i < e->func->results.len && e->values_type; i++)
        count += e->func->results.data[i].kind == RESULT_LOSS ||
                 e->func->results.data[i].kind == RESULT_METRIC;
    return count;
}

static void put_entry_inputs(Driver *d, const Entry *e)
{
    Text t = {.arena = d->arena};
    for (int i = 0; i < e->args.len; i++)
        if (e->args.data[i].kind == ARG_INPUT)
            text_printf(&t, "%s%d", t.len ? ", " : "",
                        input_index(d, e->func->inputs
                                           .data[e->args.data[i].index]));
    if (t.len)
        put(&d->t, "static const int %s_inputs[] = {%s};", base(d, e), t.data);
}

static void put_entry_outputs(Driver *d, const Entry *e)
{
    if (count_args(e, ARG_OUTPUT) == 0)
        return;
    put(&d->t, "static const DlcTensor %s_outputs[] = {", base(d, e));
    for (int i = 0; i < e->args.len; i++)
        if (e->args.data[i].kind == ARG_OUTPUT) {
            const Result *r = &e->func->results.data[e->args.data[i].index];
            put_tensor(d, r->name, &r->value->type, "0");
        }
    put(&d->t, "};");
}

static void put_value_names(Driver *d, const Entry *e)
{
    if (value_count(e) == 0)
        return;
    Text t = {.arena = d->arena};
    for (int i = 0; i < e->func->results.len; i++) {
        const Result *r = &e->func->results.data[i];
        if (r->kind == RESULT_LOSS || r->kind == RESULT_METRIC)
            text_printf(&t, "%s%s", t.len ? ", " : "",
                        quoted(d->arena, r->name));
    }
    put(&d->t, "static const char *const %s_values[] = {%s};", base(d, e),
        t.data);
}

/* The actual argument for one formal one. */
static const char *actual(Driver *d, const EntryArg *arg, int *in, int *out)
{
    switch (arg->kind) {
    case ARG_WEIGHTS: return "c->weights";
    case ARG_PARAMS: return "c->params";
    case ARG_STATE: return "c->state";
    case ARG_MEMORY: return "c->memory";
    case ARG_N: return "c->n";
    case ARG_INPUT: return arena_printf(d->arena, "c->in[%d]", (*in)++);
    case ARG_OUTPUT: return arena_printf(d->arena, "c->out[%d]", (*out)++);
    case ARG_VALUES: return "&values";
    case ARG_SEED: return "c->seed";
    case ARG_WORKSPACE: return "c->workspace";
    case ARG_GRADIENT_IN:
    case ARG_GRADIENT_OUT: break;
    }
    internal_error("the driver does not call gradient entries");
}

static void put_call(Driver *d, const Entry *e)
{
    Text args = {.arena = d->arena};
    int in = 0, out = 0;
    for (int i = 0; i < e->args.len; i++)
        text_printf(&args, "%s%s", i ? ", " : "",
                    actual(d, &e->args.data[i], &in, &out));
    put_blank(&d->t);
    put(&d->t, "static int call_%s(const DlcCall *c)\n{", base(d, e));
    if (!e->values_type) {
        put(&d->t, "return %s(%s);\n}", e->name, args.data);
        return;
    }
    put(&d->t, "%s values;", e->values_type);
    put(&d->t, "int status = %s(%s);", e->name, args.data);
    put(&d->t, "if (status != 0) {\nreturn status;\n}");
    int k = 0;
    for (int i = 0; i < e->func->results.len; i++) {
        const Result *r = &e->func->results.data[i];
        if (r->kind == RESULT_LOSS || r->kind == RESULT_METRIC)
            put(&d->t, "c->values[%d] = values.%s;", k++,
                value_member(d->arena, e->func, i));
    }
    put(&d->t, "return 0;\n}");
}

/* init, pack and state_init with untyped pointers; a workspace of their own
 * where they need one. */
static void put_adaptor(Driver *d, const Entry *e)
{
    FuncKind kind = e->func->kind;
    const char *name = base(d, e);
    int64_t bytes = e->func->workspace_bytes;
    Text args = {.arena = d->arena};
    for (int i = 0; i < e->args.len; i++)
        text_printf(&args, "%s%s", i ? ", " : "",
                    e->args.data[i].kind == ARG_WORKSPACE
                        ? arena_printf(d->arena, "%s_workspace", name)
                        : e->args.data[i].name);
    put_blank(&d->t);
    if (bytes > 0)
        put(&d->t, "static _Alignas(%d) unsigned char %s_workspace[%lld];",
            WORKSPACE_ALIGN, name, (long long)bytes);
    if (kind == FUNC_INIT)
        put(&d->t, "static void init(void *p, uint64_t seed)\n{\n%s(%s);\n}",
            e->name, args.data);
    else if (kind == FUNC_PACK && names_use_amx(d->names))
        put(&d->t, "static int pack(const void *p, void *w)\n{\n"
                   "int status = %s(%s);\nif (status == 0) {\n"
                   "(void)%s_enable_amx(w);\n}\nreturn status;\n}",
            e->name, args.data, d->names->prefix);
    else if (kind == FUNC_PACK)
        put(&d->t, "static int pack(const void *p, void *w)\n{\n"
                   "return %s(%s);\n}", e->name, args.data);
    else if (kind == FUNC_MEMORY)
        put(&d->t, "static void state_init(void *state)\n{\n%s(%s);\n}",
            e->name, args.data);
    else if (entry_arg(e, ARG_PARAMS) || entry_arg(e, ARG_SEED))
        internal_error("@%s reads more than the optimiser's state",
                       e->func->name);
    else
        put(&d->t, "static void %s(void *s)\n{\n%s(%s);\n}", name, e->name,
            args.data);
}

static const char *entry_kind(const Entry *e)
{
    return e->func->kind == FUNC_EVAL   ? "DLC_EVAL"
           : e->func->kind == FUNC_STEP ? "DLC_STEP"
                                        : "DLC_INFER";
}

static const char *entry_title(const Entry *e)
{
    return e->func->kind == FUNC_STEP && e->func->block ? e->func->block
           : e->func->kind == FUNC_PLAIN                ? e->func->name
           : e->func->kind == FUNC_EVAL                 ? "eval"
           : e->func->kind == FUNC_STEP                 ? "step"
                                                        : "infer";
}

/* "NAME_what", or NULL when there are none. */
static const char *table(const Driver *d, const Entry *e, const char *what,
                         int count)
{
    return count ? arena_printf(d->arena, "%s_%s", base(d, e), what) : "NULL";
}

static void put_entry_row(Driver *d, const Entry *e)
{
    int in = count_args(e, ARG_INPUT), out = count_args(e, ARG_OUTPUT);
    const StructNames *s =
        e->func->kind == FUNC_STEP
            ? names_kind(d->names, GLOBAL_OPTIM, e->func->block)
            : NULL;
    const Entry *first =
        s ? names_entry(d->names, FUNC_STATE, e->func->block) : NULL;
    const char *states = arena_printf(d->arena, "%s_states", base(d, e));
    int members = s ? s->members.len : 0;
    put(&d->t, "{");
    put(&d->t, ".name = %s,\n.kind = %s,", quoted(d->arena, entry_title(e)),
        entry_kind(e));
    put(&d->t, ".input_count = %d,\n.inputs = %s,", in,
        table(d, e, "inputs", in));
    put(&d->t, ".output_count = %d,\n.outputs = %s,", out,
        table(d, e, "outputs", out));
    put(&d->t, ".value_count = %d,\n.value_names = %s,", value_count(e),
        table(d, e, "values", value_count(e)));
    put(&d->t, ".workspace_bytes = %s_WORKSPACE_BYTES,", e->macro);
    if (s) {
        put(&d->t, ".state_bytes = sizeof(%s),", s->type);
        put(&d->t, ".state_init = %s,", first ? base(d, first) : "NULL");
        put(&d->t, ".state_count = %d,\n.states = %s,", members,
            members ? states : "NULL");
    }
    put(&d->t, ".call = call_%s,", base(d, e));
    put(&d->t, "},");
}

/* ---- the model ---- */

static int64_t batch_of(const Driver *d)
{
    const Module *m = d->names->module;
    if (m->dim)
        return m->bound;
    if (d->inputs.len > 0 && d->inputs.data[0]->type.rank > 0)
        return d->inputs.data[0]->type.dim[0].c;
    return 1;
}

static void put_entries(Driver *d)
{
    for (int i = 0; i < d->names->entries.len; i++) {
        const Entry *e = &d->names->entries.data[i];
        FuncKind kind = e->func->kind;
        if (kind == FUNC_INIT || kind == FUNC_PACK || kind == FUNC_STATE ||
            kind == FUNC_MEMORY)
            put_adaptor(d, e);
        if (!is_called(e))
            continue;
        put_blank(&d->t);
        put_entry_inputs(d, e);
        put_entry_outputs(d, e);
        put_value_names(d, e);
        if (kind == FUNC_STEP)
            put_struct_tensors(d, names_kind(d->names, GLOBAL_OPTIM,
                                             e->func->block),
                               arena_printf(d->arena, "%s_states", base(d, e)));
        put_call(d, e);
    }
    put_blank(&d->t);
    put(&d->t, "static const DlcEntry entries[] = {");
    for (int i = 0; i < d->names->entries.len; i++)
        if (is_called(&d->names->entries.data[i]))
            put_entry_row(d, &d->names->entries.data[i]);
    put(&d->t, "};");
}

static void put_model(Driver *d)
{
    const Module *m = d->names->module;
    const StructNames *p = params_of(d);
    const StructNames *w = names_kind(d->names, GLOBAL_WEIGHT, NULL);
    const StructNames *memory = names_kind(d->names, GLOBAL_MEMORY, NULL);
    int params = p ? p->members.len : 0;
    CText *t = &d->t;
    put_blank(t);
    put(t, "static const DlcModel model = {");
    put(t, ".name = %s,", quoted(d->arena, m->name ? m->name
                                                   : d->names->prefix));
    put(t, ".max_n = %lld,\n.batch = %lld,", m->dim ? (long long)m->bound : 0LL,
        (long long)batch_of(d));
    put(t, ".align = %s_ALIGN,", d->names->upper);
    if (p)
        put(t, ".params_bytes = sizeof(%s),", p->type);
    if (w)
        put(t, ".weights_bytes = sizeof(%s),", w->type);
    put(t, ".param_count = %d,\n.params = %s,", params,
        params ? "params" : "NULL");
    put(t, ".input_count = %d,\n.inputs = %s,", d->inputs.len,
        d->inputs.len ? "inputs" : "NULL");
    put(t, ".entry_count = (int)(sizeof entries / sizeof *entries),");
    put(t, ".entries = entries,");
    if (names_entry(d->names, FUNC_INIT, NULL))
        put(t, ".init = init,");
    if (memory) {
        put(t, ".memory_bytes = sizeof(%s),", memory->type);
        put(t, ".memory_count = %d,\n.memory = memory,", memory->members.len);
        put(t, ".memory_init = state_init,");
    }
    if (names_entry(d->names, FUNC_PACK, NULL))
        put(t, ".pack = pack,");
    put(t, ".strerror = %s_strerror,", d->names->prefix);
    put(t, "};");
}

/* ---- fit ---- */

static void put_data(Driver *d, const char *name, const FitDataArray *data)
{
    if (data->len == 0)
        return;
    put_blank(&d->t);
    put(&d->t, "static const DlcData %s[] = {", name);
    for (int i = 0; i < data->len; i++)
        put(&d->t, "{%s, %s},",
            data->data[i].input ? quoted(d->arena, data->data[i].input)
                                : "NULL",
            quoted(d->arena, data->data[i].path));
    put(&d->t, "{NULL, NULL},\n};");
}

/* The place of a train block's step among `entries`. */
static int entry_index(const Driver *d, const char *block)
{
    int index = 0;
    for (int i = 0; i < d->names->entries.len; i++) {
        const Entry *e = &d->names->entries.data[i];
        if (!is_called(e))
            continue;
        if (e->func->kind == FUNC_STEP && e->func->block &&
            strcmp(e->func->block, block) == 0)
            return index;
        index++;
    }
    internal_error("fit runs '%s', which is no train block", block);
}

static void put_fit(Driver *d, const FitSpec *fit)
{
    CText *t = &d->t;
    put_data(d, "train", &fit->train);
    put_data(d, "test", &fit->test);
    put_data(d, "valid", &fit->valid);
    put_blank(t);
    Text runs = {.arena = d->arena};
    for (int i = 0; i < fit->runs.len; i++)
        text_printf(&runs, "%d, ", entry_index(d, fit->runs.data[i]));
    put(t, "static const int runs[] = {%s-1};", runs.len ? runs.data : "");
    put_blank(t);
    put(t, "static const DlcFit fit = {");
    put(t, ".name = %s,", quoted(d->arena, fit->name));
    put(t, ".train = %s,", fit->train.len ? "train" : "NULL");
    put(t, ".test = %s,", fit->test.len ? "test" : "NULL");
    put(t, ".valid = %s,", fit->valid.len ? "valid" : "NULL");
    put(t, ".valid_share = %s,", double_text(d->arena, fit->valid_share));
    put(t, ".runs = runs,\n.epochs = %d,\n.shuffle = %s,", fit->epochs,
        fit->shuffle ? "true" : "false");
    if (fit->stop_metric) {
        put(t, ".stop_metric = %s,", quoted(d->arena, fit->stop_metric));
        put(t, ".stop_sign = %s,", double_text(d->arena, fit->stop_sign));
        put(t, ".stop_patience = %d,", fit->stop_patience);
    }
    put(t, "};");
}

void cgen_driver(Text *text, Module *m, const CgenOptions *o,
                 const struct FitSpec *fit)
{
    Arena *a = text->arena;
    Driver d = {.t = ctext_new(a), .arena = a, .names = names_new(a, m, o)};
    d.inputs = model_inputs(d.names);
    put_comment(&d.t, "The driver of model %s: what runtime/ needs to know.",
                m->name ? m->name : d.names->prefix);
    if (o->header_name)
        put(&d.t, "#include \"%s\"", o->header_name);
    put(&d.t, "#include \"dlc.h\"");
    put_struct_tensors(&d, params_of(&d), "params");
    put_struct_tensors(&d, names_kind(d.names, GLOBAL_MEMORY, NULL), "memory");
    put_inputs(&d);
    put_entries(&d);
    put_model(&d);
    if (fit)
        put_fit(&d, fit);
    put_blank(&d.t);
    put(&d.t, "int main(int argc, char **argv)\n{");
    put(&d.t, fit ? "return dlc_fit_main(&model, &fit, argc, argv);\n}"
                  : "return dlc_run_main(&model, argc, argv);\n}");
    text_add(text, d.t.text.data);
}
