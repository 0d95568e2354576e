/* The emitted C computes what the interpreter does: every entry of each module
 * on random arrays, for n at its bound and for n = 1: as plain C through tcc with
 * DLC_TEST_LEVEL=-O0, else by gcc, under the sanitizers.
 */
// RUN: %cc %s %objs -lm -o %t
// RUN: %t %t.work %root/tests/cgen/*.dlir
// RUN: %t %t.work %root/tests/passes/fuse/*.dlir %root/tests/passes/grad/*.dlir
// RUN: %t %t.work %root/tests/passes/hoist/*.dlir
#include "cgen_impl.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 11, STEPS = 3, ITER = 5 };

typedef struct Case {
    Arena *arena;
    const char *path, *work;
    Module *typed;             /* for the interpreter */
    const ModelNames *names;   /* of the planned module */
    int64_t n;                 /* of the entries being written */
    Text harness;
    ARRAY_OF(double) expected; /* in the order in which the harness prints */
    StringArray what;          /* the same */
} Case;

/* The same numbers for the same name, whatever else there is. */
static Tensor *random_tensor(Arena *a, const char *name, const Type *t,
                             int64_t n)
{
    Tensor *x = tensor_new(a, t, n);
    uint64_t state = hash_string(name) | 1;
    int64_t values = t->bound > 0 ? t->bound : t->elem == ELEM_BOOL ? 2 : 4;
    for (int64_t i = 0; i < x->count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint32_t bits = (uint32_t)(state >> 33);
        x->data[i] = elem_is_real(t->elem)
                         ? (double)(float)(bits / 1073741824.0 - 1)
                         : (double)(bits % values);
    }
    return x;
}

/* ---- the harness: one block of main for each entry ---- */

static void put_array(Case *c, const char *elem, const char *name,
                      const Tensor *x)
{
    text_printf(&c->harness, "    static %s %s[] = {", elem, name);
    for (int64_t i = 0; i < x->count; i++)
        text_printf(&c->harness, "%.17g,", x->data[i]);
    text_add(&c->harness, "};\n");
}

static void expect(Case *c, const char *what, const Tensor *x)
{
    for (int64_t i = 0; i < x->count; i++) {
        array_push(c->arena, &c->expected, x->data[i]);
        array_push(c->arena, &c->what, what);
    }
}

static void print_array(Case *c, const char *pointer, int64_t count)
{
    text_printf(&c->harness,
                "    for (int i = 0; i < %lld; i++)\n"
                "        printf(\"%%.17g\\n\", (double)(%s)[i]);\n",
                (long long)count, pointer);
}

static const char *member(Case *c, const Global *g)
{
    const char *base = g->kind == GLOBAL_OPTIM    ? "s"
                       : g->kind == GLOBAL_MEMORY ? "state"
                                                  : "p";
    return arena_printf(c->arena, "%s%s.%s", g->type.rank ? "" : "&", base,
                        names_member(c->names, g));
}

static void fill_globals(Case *c, const Entry *e, const Map *globals)
{
    for (int i = 0; i < c->names->module->globals.len; i++) {
        const Global *g = c->names->module->globals.data[i];
        const Tensor *x = map_get(globals, g->name);
        const StructNames *s = names_struct(c->names, g);
        bool mine = g->kind != GLOBAL_OPTIM ||
                    (e->func->block && strcmp(s->block, e->func->block) == 0);
        if (!x || g->kind == GLOBAL_WEIGHT || !mine)
            continue;
        const char *name = arena_printf(c->arena, "first_%d", i);
        put_array(c, c_elem(g->type.elem), name, x);
        text_printf(&c->harness, "    memcpy(%s, %s, sizeof %s);\n",
                    member(c, g), name, name);
    }
}

static void declare_structs(Case *c, const Entry *e, const Map *globals)
{
    const StructNames *p = names_kind(c->names, GLOBAL_PARAM, NULL);
    const StructNames *w = names_kind(c->names, GLOBAL_WEIGHT, NULL);
    const StructNames *memory = names_kind(c->names, GLOBAL_MEMORY, NULL);
    const StructNames *s = e->func->block ? names_kind(c->names, GLOBAL_OPTIM,
                                                       e->func->block)
                                          : NULL;
    const Entry *pack = names_entry(c->names, FUNC_PACK, NULL);
    if (p)
        text_printf(&c->harness, "    static %s p;\n    (void)p;\n", p->type);
    if (memory)
        text_printf(&c->harness, "    static %s state;\n    (void)state;\n",
                    memory->type);
    if (s)
        text_printf(&c->harness, "    static %s s;\n    s.iter = %d;\n",
                    s->type, ITER);
    if (p && p->has_steps)
        text_printf(&c->harness, "    p.steps = %d;\n", STEPS);
    fill_globals(c, e, globals);
    if (!w || !pack)
        return;
    text_printf(&c->harness,
                "    static %s w;\n    static _Alignas(64) char pack_ws[%lld];\n"
                "    (void)w;\n    (void)pack_ws;\n    %s(",
                w->type, (long long)pack->func->workspace_bytes + 1,
                pack->name);
    for (int i = 0; i < pack->args.len; i++)
        text_printf(&c->harness, "%s%s", i ? ", " : "",
                    pack->args.data[i].kind == ARG_WORKSPACE
                        ? "pack_ws"
                        : arena_printf(c->arena, "&%s",
                                       pack->args.data[i].name));
    text_add(&c->harness, ");\n");
}

/* The inputs of an update one behind the other, as the parameters lie. */
static void put_flat_gradient(Case *c, const Func *f, const Map *inputs)
{
    text_printf(&c->harness, "    static %s in_gradient[] = {",
                c_elem(f->module->real));
    for (int i = 0; i < f->module->globals.len; i++) {
        const Global *g = f->module->globals.data[i];
        const Tensor *x = map_get(inputs, g->name);
        for (int64_t k = 0; x && k < x->count; k++)
            text_printf(&c->harness, "%.17g,", x->data[k]);
    }
    text_add(&c->harness, "};\n");
}

static void declare_arrays(Case *c, const Entry *e, Map *inputs)
{
    const Func *f = e->func;
    for (int i = 0; i < e->args.len; i++) {
        const EntryArg *arg = &e->args.data[i];
        if (arg->kind == ARG_INPUT) {
            const Node *in = f->inputs.data[arg->index];
            put_array(c, c_elem(in->type.elem), arg->name,
                      map_get(inputs, in->name));
        } else if (arg->kind == ARG_OUTPUT) {
            const Node *v = f->results.data[arg->index].value;
            text_printf(&c->harness, "    static %s %s[%lld];\n",
                        c_elem(v->type.elem), arg->name,
                        (long long)type_count_at(&v->type, c->n));
        } else if (arg->kind == ARG_GRADIENT_IN) {
            put_flat_gradient(c, f, inputs);
        } else if (arg->kind == ARG_GRADIENT_OUT) {
            text_printf(&c->harness, "    static %s out_gradient[%lld];\n",
                        c_elem(f->module->real),
                        (long long)gradient_offset(f, NULL));
        } else if (arg->kind == ARG_VALUES) {
            text_printf(&c->harness, "    %s values;\n", e->values_type);
        }
    }
    text_printf(&c->harness, "    static _Alignas(64) char ws[%lld];\n"
                             "    (void)ws;\n",
                (long long)f->workspace_bytes + (f->workspace_bytes == 0));
}

static const char *actual(Case *c, const EntryArg *arg)
{
    switch (arg->kind) {
    case ARG_N: return arena_printf(c->arena, "%lld", (long long)c->n);
    case ARG_SEED: return arena_printf(c->arena, "%d", SEED);
    case ARG_VALUES: return "&values";
    case ARG_WORKSPACE: return "ws";
    case ARG_WEIGHTS:
    case ARG_PARAMS:
    case ARG_STATE:
    case ARG_MEMORY: return arena_printf(c->arena, "&%s", arg->name);
    default: return arg->name;
    }
}

static void put_call(Case *c, const Entry *e)
{
    text_printf(&c->harness, "    %s%s(", e->is_void ? "" : "status |= ",
                e->name);
    for (int i = 0; i < e->args.len; i++)
        text_printf(&c->harness, "%s%s", i ? ", " : "",
                    actual(c, &e->args.data[i]));
    text_add(&c->harness, ");\n");
}

static void print_results(Case *c, const Entry *e, Tensor *const *out)
{
    const Func *f = e->func;
    for (int i = 0; i < f->results.len; i++) {
        const Result *r = &f->results.data[i];
        const char *what = arena_printf(c->arena, "@%s, n = %lld: %s", f->name,
                                        (long long)c->n, r->name);
        expect(c, what, out[i]);
        bool listed = f->kind == FUNC_PLAIN || r->kind == RESULT_OUTPUT;
        if (r->kind == RESULT_GRADIENT)
            print_array(c, arena_printf(c->arena, "out_gradient + %lld",
                                        (long long)gradient_offset(f,
                                                                   r->name)),
                        out[i]->count);
        else if (listed)
            print_array(c, arena_printf(c->arena, "out_%s",
                                        c_identifier(c->arena, r->name)),
                        out[i]->count);
        else
            print_array(c, arena_printf(c->arena, "&values.%s",
                                        value_member(c->arena, f, i)), 1);
    }
}

static void print_globals(Case *c, const Entry *e, const Map *globals)
{
    for (int i = 0; i < e->func->stores.len; i++) {
        const Global *g = e->func->stores.data[i].global;
        if (g->kind == GLOBAL_WEIGHT)
            continue;
        const Tensor *x = map_get(globals, g->name);
        expect(c,
               arena_printf(c->arena, "@%s, n = %lld: @%s", e->func->name,
                            (long long)c->n, g->name),
               x);
        print_array(c, member(c, g), x->count);
    }
}

static void try_entry(Case *c, const Entry *e)
{
    const Func *f = module_func(c->typed, e->func->name);
    if (!f || e->func->kind == FUNC_PACK)
        return; /* made by a pass */
    Map *globals = map_new(c->arena), *inputs = map_new(c->arena);
    for (int i = 0; i < c->typed->globals.len; i++) {
        const Global *g = c->typed->globals.data[i];
        map_set(globals, g->name,
                random_tensor(c->arena, g->name, &g->type, c->n));
    }
    text_add(&c->harness, "    {\n");
    declare_structs(c, e, globals);
    Tensor **in = ARENA_ARRAY(c->arena, Tensor *, f->inputs.len);
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *x = f->inputs.data[i];
        in[i] = random_tensor(c->arena, x->name, &x->type, c->n);
        map_set(inputs, x->name, in[i]);
    }
    InterpArgs args = {.arena = c->arena, .n = c->n, .seed = SEED,
                       .step = f->kind == FUNC_INIT ? 0 : STEPS, .iter = ITER,
                       .globals = globals, .in = (const Tensor *const *)in,
                       .out = ARENA_ARRAY(c->arena, Tensor *,
                                          f->results.len)};
    if (!names_kind(c->names, GLOBAL_PARAM, NULL) ||
        !names_kind(c->names, GLOBAL_PARAM, NULL)->has_steps)
        args.step = 0;
    if (!entry_arg(e, ARG_STATE))
        args.iter = 0;
    declare_arrays(c, e, inputs);
    interp_run(f, &args);
    put_call(c, e);
    print_results(c, e, args.out);
    print_globals(c, e, globals);
    text_add(&c->harness, "    }\n");
}

/* ---- compile, run, compare ---- */

static Module *parse(Case *c, Diag *d)
{
    size_t len;
    char *text = file_read(c->arena, c->path, &len);
    if (!text)
        internal_error("cannot read %s: %s", c->path, strerror(errno));
    Module *m = ir_parse(c->arena, d,
                         source_new(c->arena, c->path, text, len));
    return m && !verify_module(m) ? m : NULL;
}

static void write_text(Case *c, const char *name, const Text *t)
{
    const char *path = arena_printf(c->arena, "%s.%s", c->work, name);
    if (!file_write(path, t->data, t->len))
        internal_error("cannot write %s: %s", path, strerror(errno));
}

/* Numbers the program prints against those expected; true when all agree. */
static bool compare(Case *c, FILE *program)
{
    bool single = c->typed->real == ELEM_F32;
    int bad = 0;
    for (int i = 0; i < c->expected.len; i++) {
        double got, want = c->expected.data[i];
        if (fscanf(program, "%lf", &got) != 1) {
            fprintf(stderr, "%s: %s: no number\n", c->path, c->what.data[i]);
            return false;
        }
        double tolerance = (single ? 2e-5 : 1e-12) * (1 + fabs(want));
        bool same = isnan(want) ? isnan(got)
                                : got == want || fabs(got - want) <= tolerance;
        if (!same && ++bad <= 5)
            fprintf(stderr, "%s: %s: %.9g instead of %.9g\n", c->path,
                    c->what.data[i], got, want);
    }
    return bad == 0;
}

static bool build_and_run(Case *c, Text *code, Text *header)
{
    Text all = {.arena = c->arena};
    text_printf(&all, "#include \"%s.c\"\n#include <stdio.h>\n"
                      "#include <string.h>\nint main(void)\n{\n"
                      "    int status = 0;\n%s    return status;\n}\n",
                strrchr(c->work, '/') + 1, c->harness.data);
    write_text(c, "c", code);
    write_text(c, "h", header);
    write_text(c, "main.c", &all);
    const char *level = getenv("DLC_TEST_LEVEL");
    bool quick = level && strcmp(level, "-O0") == 0;
    const char *command =
        quick ? arena_printf(c->arena, "tcc -lm -run %s.main.c", c->work)
              : arena_printf(c->arena,
                             "cc -std=c11 -O0 -fsanitize=address,undefined "
                             "-fno-sanitize-recover=all %s.main.c -lm -o "
                             "%s.exe && %s.exe",
                             c->work, c->work, c->work);
    FILE *program = popen(command, "r");
    if (!program)
        internal_error("cannot start: %s", strerror(errno));
    bool ok = compare(c, program);
    while (fgetc(program) != EOF)
        ;
    int status = pclose(program);
    if (status != 0)
        fprintf(stderr, "%s: status %d\n", c->path, status);
    return ok && status == 0;
}

static bool try_module(const char *path, const char *work)
{
    Arena *a = arena_new();
    Diag d = {.arena = a, .out = stderr};
    Options options = {.target = target_find("generic")};
    Case c = {.arena = a, .path = path, .work = work, .harness = {.arena = a}};
    c.typed = parse(&c, &d);
    Module *m = parse(&c, &d);
    if (!m || m->stage != STAGE_TYPED) {
        arena_free(a);
        return true; /* tests of diagnostics and of single passes */
    }
    for (int i = 0; i < pass_count; i++) /* `grad` has no value */
        if (strcmp(pass_table[i]->name, "shapes") == 0 ||
            strcmp(pass_table[i]->name, "grad") == 0)
            pass_run(pass_table[i], c.typed, &options);
    if (d.errors > 0) {
        arena_free(a);
        return true; /* refused, with a message */
    }
    for (int i = 0; i < pass_count; i++)
        pass_run(pass_table[i], m, &options);
    const char *header_name = arena_printf(a, "%s.h", strrchr(work, '/') + 1);
    CgenOptions o = {.pass = &options, .prefix = "m",
                     .header_name = header_name, .compiled_by = "dlc"};
    Text code = {.arena = a}, header = {.arena = a};
    cgen_source(&code, &m, 1, &o);
    cgen_header(&header, &m, 1, &o);
    c.names = names_new(a, m, &o);
    text_add(&c.harness, "");
    for (c.n = m->dim ? m->bound : 1; c.n > 0; c.n = c.n > 1)
        for (int i = 0; i < c.names->entries.len; i++)
            try_entry(&c, &c.names->entries.data[i]);
    bool ok = c.expected.len == 0 || build_and_run(&c, &code, &header);
    arena_free(a);
    return ok;
}

int main(int argc, char **argv)
{
    Arena *ops = arena_new();
    int bad = 0;
    op_init(ops);
    for (int i = 2; i < argc; i++)
        bad += !try_module(argv[i], argv[1]);
    arena_free(ops);
    if (bad)
        fprintf(stderr, "%d of %d disagree\n", bad, argc - 2);
    return bad != 0;
}
