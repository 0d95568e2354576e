/* Passes keep the meaning: after every prefix of the pipeline, with each
 * optional pass alone, without each, and in other orders, a module verifies
 * and computes what it computed before, to 1e-9 in float64.
 */
// RUN: %cc %s %objs -lm -o %t
// RUN: %t %root/tests/passes/shapes/*.dlir %root/tests/passes/grad/*.dlir
// RUN: %t %root/tests/passes/lift/*.dlir
// RUN: %t %root/tests/passes/fold/*.dlir %root/tests/passes/cse/*.dlir
// RUN: %t %root/tests/passes/collapse/*.dlir %root/tests/passes/dce/*.dlir
// RUN: %t %root/tests/passes/hoist/*.dlir %root/tests/passes/select/*.dlir
// RUN: %t %root/tests/passes/fuse/*.dlir %root/tests/passes/plan/*.dlir
#include "pass.h"
#include <math.h>
#include <string.h>

/* What all entries of a module computed. */
typedef struct Values {
    StringArray names;
    ARRAY_OF(Tensor *) tensors;
} Values;

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
        x->data[i] = elem_is_real(t->elem) ? bits / 1073741824.0 - 1
                                           : (double)(bits % values);
    }
    return x;
}

static Map *random_globals(Arena *a, const Module *m, int64_t n)
{
    Map *globals = map_new(a);
    for (int i = 0; i < m->globals.len; i++) {
        const Global *g = m->globals.data[i];
        if (g->kind != GLOBAL_WEIGHT)
            map_set(globals, g->name, random_tensor(a, g->name, &g->type, n));
    }
    return globals;
}

static Tensor **run_func(Arena *a, const Func *f, Map *globals, int64_t n)
{
    Tensor **in = ARENA_ARRAY(a, Tensor *, f->inputs.len);
    Tensor **out = ARENA_ARRAY(a, Tensor *, f->results.len);
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *x = f->inputs.data[i];
        in[i] = random_tensor(a, x->name, &x->type, n);
    }
    InterpArgs args = {.arena = a,
                       .n = n,
                       .seed = 7,
                       .step = 3,
                       .iter = 2,
                       .globals = globals,
                       .in = (const Tensor *const *)in,
                       .out = out};
    interp_run(f, &args);
    return out;
}

static void note(Arena *a, Values *v, const char *name, Tensor *t)
{
    array_push(a, &v->names, name);
    array_push(a, &v->tensors, t);
}

static void note_stores(Arena *a, Values *v, const Func *f, Map *globals)
{
    for (int i = 0; i < f->stores.len; i++) {
        const Global *g = f->stores.data[i].global;
        if (g->kind != GLOBAL_WEIGHT)
            note(a, v, arena_printf(a, "%s @%s", f->name, g->name),
                 map_get(globals, g->name));
    }
}

/* Every entry on the same numbers; infer and eval after @pack. */
static Values run_module(Arena *a, const Module *m, int64_t n)
{
    Values v = {{0}, {0}};
    for (int i = 0; i < m->funcs.len; i++) {
        const Func *f = m->funcs.data[i];
        Map *globals = random_globals(a, m, n);
        for (int k = 0; k < m->funcs.len; k++)
            if (m->funcs.data[k]->kind == FUNC_PACK && f->kind != FUNC_PACK)
                run_func(a, m->funcs.data[k], globals, n);
        if (f->kind == FUNC_PACK)
            continue;
        Tensor **out = run_func(a, f, globals, n);
        for (int k = 0; k < f->results.len; k++)
            note(a, &v,
                 arena_printf(a, "%s %s", f->name, f->results.data[k].name),
                 out[k]);
        note_stores(a, &v, f, globals);
    }
    return v;
}

static bool agrees(const Tensor *a, const Tensor *b)
{
    double scale = 0;
    if (a->count != b->count)
        return false;
    for (int64_t i = 0; i < a->count; i++)
        if (isfinite(a->data[i]))
            scale = fmax(scale, fabs(a->data[i]));
    for (int64_t i = 0; i < a->count; i++)
        if (!(fabs(a->data[i] - b->data[i]) <= 1e-9 * fmax(scale, 1)) &&
            a->data[i] != b->data[i] &&
            !(isnan(a->data[i]) && isnan(b->data[i])))
            return false;
    return true;
}

/* ---- one way through the passes ---- */

static Module *parse(Arena *a, Diag *d, const char *path)
{
    size_t len;
    char *text = file_read(a, path, &len);
    if (!text) {
        printf("cannot read %s\n", path);
        return NULL;
    }
    Module *m = ir_parse(a, d, source_new(a, path, text, len));
    if (!m)
        printf("%s: cannot be parsed\n", path);
    return m;
}

/* Runs the passes named in list; false when one of them reports an error. */
static bool run_passes(Module *m, const char *list, const Options *o)
{
    char name[32];
    while (*list) {
        size_t len = strcspn(list, " ");
        snprintf(name, sizeof name, "%.*s", (int)len, list);
        const Pass *p = pass_find(name);
        if (p->from == m->stage)
            pass_run(p, m, o);
        if (m->diag->errors)
            return false;
        list += len + (list[len] == ' ');
    }
    return true;
}

static int compare(Arena *a, const char *path, const char *list,
                   const Values *want, const Module *m, int64_t n)
{
    Values got = run_module(a, m, n);
    if (got.names.len != want->names.len) {
        printf("%s: after '%s': %d values, not %d\n", path, list, got.names.len,
               want->names.len);
        return 1;
    }
    for (int i = 0; i < want->names.len; i++)
        if (!agrees(want->tensors.data[i], got.tensors.data[i])) {
            printf("%s: after '%s', n = %d: %s differs\n", path, list, (int)n,
                   want->names.data[i]);
            return 1;
        }
    return 0;
}

static int test_list(const char *path, const char *list, FILE *null)
{
    static const int64_t sizes[] = {1, 3, 32};
    Options o = {.target = target_find("generic")};
    int wrong = 0;
    for (int i = 0; i < 3; i++) {
        Arena *a = arena_new();
        Diag d = {.arena = a, .out = null};
        Module *before = parse(a, &d, path), *after = parse(a, &d, path);
        wrong += !before || !after;
        if (before && after && run_passes(before, "shapes grad", &o) &&
            run_passes(after, "shapes grad", &o)) {
            int64_t n = sizes[i] < before->bound ? sizes[i] : before->bound;
            if (run_passes(after, list, &o)) {
                Values want = run_module(a, before, n);
                wrong += compare(a, path, list, &want, after, n);
            }
        }
        arena_free(a);
    }
    return wrong;
}

/* Without optional pass number `left_out`, up to pass number `last`. */
static const char *pipeline(Arena *a, int last, int left_out)
{
    Text t = {.arena = a};
    text_add(&t, "");
    for (int i = 0; i <= last; i++)
        if (i != left_out && strcmp(pass_table[i]->name, "grad") != 0)
            text_printf(&t, "%s%s", t.len ? " " : "", pass_table[i]->name);
    return t.data;
}

static int test_file(const char *path, FILE *null)
{
    static const char *const orders[] = {
        "dce cse fold collapse",       "collapse fold cse dce",
        "cse collapse cse fold fold",  "hoist fold cse dce collapse",
        "fold hoist fold select fuse",
    };
    Arena *a = arena_new();
    int wrong = 0;
    for (int i = 0; i < pass_count; i++) {
        wrong += test_list(path, pipeline(a, i, -1), null);
        if (!pass_table[i]->optional)
            continue;
        wrong += test_list(path, pass_table[i]->name, null);
        wrong += test_list(path, pipeline(a, pass_count - 1, i), null);
    }
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        wrong += test_list(path, orders[i], null);
    arena_free(a);
    return wrong;
}

int main(int argc, char **argv)
{
    Arena *a = arena_new();
    FILE *null = fopen("/dev/null", "w");
    int wrong = 0;
    op_init(a);
    for (int i = 1; i < argc; i++)
        wrong += test_file(argv[i], null);
    printf("%d files, %d disagreements\n", argc - 1, wrong);
    fclose(null);
    arena_free(a);
    return wrong != 0;
}
