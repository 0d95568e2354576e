/* interpret FILE.dlir FUNC N FOLDER: the reference interpreter on arrays.
 *
 * Reads FOLDER/NAME.in, raw doubles, for every global the function reads and
 * every input; writes FOLDER/NAME.out for every result. tests/lib/interpret.py
 * is its other half.
 */
#include "op.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "interpret: %s %s\n", what, name);
    exit(1);
}

static FILE *open_file(Arena *a, const char *folder, const char *name,
                       const char *mode)
{
    const char *path = arena_printf(a, "%s/%s.%s", folder, name,
                                    *mode == 'r' ? "in" : "out");
    FILE *file = fopen(path, mode);
    if (!file)
        fail("cannot open", path);
    return file;
}

static Tensor *read_array(Arena *a, const char *folder, const char *name,
                          const Type *type, int64_t n)
{
    Tensor *t = tensor_new(a, type, n);
    FILE *file = open_file(a, folder, name, "rb");
    if (fread(t->data, sizeof(double), (size_t)t->count, file) !=
        (size_t)t->count)
        fail("too few numbers for", name);
    fclose(file);
    return t;
}

static void write_array(Arena *a, const char *folder, const char *name,
                        const Tensor *t)
{
    FILE *file = open_file(a, folder, name, "wb");
    if (fwrite(t->data, sizeof(double), (size_t)t->count, file) !=
            (size_t)t->count ||
        fclose(file) != 0)
        fail("cannot write", name);
}

typedef struct Reads {
    Arena *arena;
    Map *globals;
    const char *folder;
    int64_t n;
} Reads;

static void load_globals(Node *node, void *ctx)
{
    Reads *r = ctx;
    for (int i = 0; i < node->nin; i++) {
        const Global *g = node->in[i]->global;
        if (g && !map_has(r->globals, g->name))
            map_set(r->globals, g->name,
                    read_array(r->arena, r->folder, g->name, &g->type, r->n));
    }
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("usage:", "interpret FILE.dlir FUNC N FOLDER");
    Arena *a = arena_new();
    op_init(a);
    size_t len;
    char *text = file_read(a, argv[1], &len);
    if (!text)
        fail("cannot read", argv[1]);
    Diag diag = {.arena = a, .out = stderr};
    Module *m = ir_parse(a, &diag, source_new(a, argv[1], text, len));
    Func *f = m ? module_func(m, argv[2]) : NULL;
    if (!f)
        fail("no function", argv[2]);
    Reads r = {a, map_new(a), argv[4], atoll(argv[3])};
    func_walk(f, load_globals, &r);
    const Tensor **in = ARENA_ARRAY(a, const Tensor *, f->inputs.len + 1);
    Tensor **out = ARENA_ARRAY(a, Tensor *, f->results.len + 1);
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *x = f->inputs.data[i];
        in[i] = read_array(a, r.folder, x->name, &x->type, r.n);
    }
    InterpArgs args = {
        .arena = a, .n = r.n, .globals = r.globals, .in = in, .out = out};
    interp_run(f, &args);
    for (int i = 0; i < f->results.len; i++)
        write_array(a, r.folder, f->results.data[i].name, out[i]);
    arena_free(a);
    return 0;
}
