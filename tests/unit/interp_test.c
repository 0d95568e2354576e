/* The interpreter: ties and NaNs, fused work, scans, stores at once, random
 * draws, and what .shape functions say of mistakes.
 */
// RUN: %cc %s %objs -lm -o %t && %t
#include "op.h"
#include "op_list.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static int wrong;

typedef struct Run {
    Arena *arena;
    Module *module;
    Map *globals;
    Tensor *out[8];
} Run;

/* Runs the first function of a module text; inputs are given one after the
 * other in `data`. */
static Run run(const char *title, const char *text, int64_t n,
               const double *data)
{
    Run r = {.arena = arena_new()};
    Diag *d = ARENA_NEW(r.arena, Diag);
    *d = (Diag){.arena = r.arena, .out = stdout};
    r.module =
        ir_parse(r.arena, d, source_new(r.arena, title, text, strlen(text)));
    const char *error = r.module ? NULL : "does not read";
    for (int i = 0; !error && i < r.module->funcs.len; i++) {
        Func *f = r.module->funcs.data[i];
        for (int k = 0; r.module->stage == STAGE_CHOSEN && k < f->nodes.len;
             k++)
            f->nodes.data[k]->impl = f->nodes.data[k]->op->impl[0];
    }
    if (!error)
        error = verify_module(r.module);
    if (error) {
        printf("%s: %s\n", title, error);
        wrong++;
        r.module = NULL;
        return r;
    }
    const Func *f = r.module->funcs.data[0];
    const Tensor *in[8];
    r.globals = map_new(r.arena);
    for (int i = 0; i < r.module->globals.len; i++) {
        Global *g = r.module->globals.data[i];
        Tensor *t = tensor_new(r.arena, &g->type, n);
        for (int64_t k = 0; k < t->count; k++)
            t->data[k] = (double)(10 * (i + 1) + k);
        map_set(r.globals, g->name, t);
    }
    for (int i = 0; i < f->inputs.len; i++) {
        Tensor *t = tensor_new(r.arena, &f->inputs.data[i]->type, n);
        for (int64_t k = 0; k < t->count; k++)
            t->data[k] = *data++;
        in[i] = t;
    }
    InterpArgs args = {.arena = r.arena,
                       .n = n,
                       .seed = 7,
                       .step = 3,
                       .iter = 3,
                       .globals = r.globals,
                       .in = in,
                       .out = r.out};
    interp_run(f, &args);
    return r;
}

static void expect(const char *title, const Tensor *t, const double *want,
                   int count)
{
    bool same = t && t->count == count;
    for (int i = 0; same && i < count; i++)
        same = isnan(want[i]) ? isnan(t->data[i])
                              : fabs(t->data[i] - want[i]) < 1e-12;
    if (same)
        return;
    wrong++;
    printf("%s:", title);
    for (int i = 0; t && i < t->count; i++)
        printf(" %g", t->data[i]);
    printf(", expected");
    for (int i = 0; i < count; i++)
        printf(" %g", want[i]);
    printf("\n");
}

#define LIST(...) ((const double[]){__VA_ARGS__})
#define EXPECT(title, t, ...)           \
    expect(title, t, LIST(__VA_ARGS__), \
           (int)(sizeof LIST(__VA_ARGS__) / sizeof(double)))

/* One node over %x, given four or six numbers. */
static void one(const char *node, const char *type, const double *x,
                const double *want, int count)
{
    char text[400];
    snprintf(text, sizeof text,
             "stage typed\nmodel m\nfunc @f(%%x: %s) {\n%s\nreturn output "
             "%%y\n}\n",
             type, node);
    Run r = run(node, text, 1, x);
    if (r.module)
        expect(node, r.out[0], want, count);
    arena_free(r.arena);
}

#define ONE(node, type, x, ...)           \
    one(node, type, x, LIST(__VA_ARGS__), \
        (int)(sizeof LIST(__VA_ARGS__) / sizeof(double)))

static void check_order(void)
{
    const double *tie = LIST(1, 3, 3, 2), *nan = LIST(1, NAN, 3, NAN);
    ONE("%y = argmax %x : i32<4>", "f32[4]", tie, 1);
    ONE("%y = argmax %x : i32<4>", "f32[4]", nan, 1);
    ONE("%y = max_of %x {axes = (0)} : f32", "f32[4]", tie, 3);
    ONE("%y = max_of %x {axes = (0)} : f32", "f32[4]", nan, NAN);
    ONE("%y = min_of %x {axes = (0)} : f32", "f32[4]", tie, 1);
    ONE("%y = min_of %x {axes = (0)} : f32", "f32[4]", nan, NAN);
    ONE("%y = maxpool %x {size = (2), axis = 0} : f32[3]", "f32[4]", nan, NAN,
        NAN, NAN);
    ONE("%g = broadcast 1.0 {shape = (1), axes = ()} : f32[1]\n"
        "%y = maxunpick %g, %x {size = (4), axis = 0} : f32[4]",
        "f32[4]", tie, 0, 1, 0, 0);
    ONE("%y = relu %x : f32[4]", "f32[4]", LIST(-1, 0, NAN, 2), 0, 0, NAN, 2);
    ONE("%y = max %x, 2.0 : f32[4]", "f32[4]", nan, 2, NAN, 3, NAN);
    ONE("%y = softmax %x : f32[2]", "f32[2]", LIST(1000, 1000), 0.5, 0.5);
    ONE("%y = logsumexp %x : f32", "f32[2]", LIST(-1000, -1000),
        -1000 + log(2));
    ONE("%y = int %x : i32[4]", "f32[4]", LIST(-1.5, 1.5, NAN, 2), -1, 1, 0, 2);
    ONE("%y = pad %x {low = (1), high = (0), value = 9.0} : f32[3]", "f32[2]",
        LIST(1, 2), 9, 1, 2);
    ONE("%y = unfold %x {size = (2), low = (1), axis = 0, value = 9.0} : "
        "f32[2,2]",
        "f32[2]", LIST(1, 2), 9, 1, 1, 2);
}

/* Work fused into a map and behind a reduction, over masks of axes. */
static void check_fused(void)
{
    Run r = run("fused",
                "stage chosen\nmodel m\n"
                "func @f(%x: f32[2,3], %r: f32[2], %c: f32[3]) {\n"
                "%m = map %x, %r, %c {fused = \"$1 * $2 + $3\", own = 0, "
                "masks = (3, 1, 2)} : f32[2,3]\n"
                "%s = sum %m, %r {axes = (1), fused = \"$0 < $1\", own = 1, "
                "masks = (1), raw = f32} : bool[2]\n"
                "return output %m, output %s\n}\n",
                1, LIST(1, 2, 3, 4, 5, 6, 10, 100, 7, 8, 9));
    if (r.module) {
        EXPECT("map", r.out[0], 17, 28, 39, 407, 508, 609);
        EXPECT("fused into a sum", r.out[1], 0, 0);
    }
    arena_free(r.arena);
}

/* Two carries change places, a slice is cut along axis 1, the turn is used, a
 * value from outside too, and one value is stacked on axis 0. */
static void check_scan(void)
{
    Run r = run("scan",
                "stage typed\nmodel m\ndim N <= 4\n"
                "param @k: f32\n"
                "func @f(%a: f32[2], %b: f32[2], %x: f32[2,N]) {\n"
                "%s = scan %a, %b, %x {carries = 2, along = (1), count = (N), "
                "emits = (0)} (%p: f32[2], %q: f32[2], %xt: f32[2], %t: i32) "
                "{\n"
                "  %z = add %p, %xt : f32[2]\n"
                "  %tr = real %t : f32\n"
                "  %e = mul %tr, @k : f32\n"
                "  %o = add %z, %e : f32[2]\n"
                "  yield %q, %z, %o\n"
                "} : none\n"
                "%y = result %s {index = 0} : f32[2]\n"
                "%z2 = result %s {index = 1} : f32[2]\n"
                "%w = result %s {index = 2} : f32[N,2]\n"
                "return output %y, output %z2, output %w\n}\n",
                3, LIST(1, 2, 10, 20, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6));
    if (r.module) {
        EXPECT("first carry", r.out[0], 10.2, 20.5);
        EXPECT("second carry", r.out[1], 1.4, 3.0);
        EXPECT("stack", r.out[2], 1.1, 2.4, 20.2, 30.5, 21.4, 23.0);
    }
    arena_free(r.arena);
}

/* A scan in a scan: the inner one starts again in each turn. */
static void check_nested(void)
{
    Run r = run("nested scan",
                "stage typed\nmodel m\n"
                "func @f(%a: f32) {\n"
                "%s = scan %a {carries = 1, count = 3, emits = (0)} "
                "(%p: f32, %t: i32) {\n"
                "  %i = scan %p {carries = 1, count = 2, emits = (0)} "
                "(%q: f32, %u: i32) {\n"
                "    %v = mul %q, 2.0 : f32\n"
                "    %tu = add %t, %u : i32\n"
                "    yield %v, %tu\n"
                "  } : none\n"
                "  %r = result %i {index = 0} : f32\n"
                "  %k = result %i {index = 1} : i32[2]\n"
                "  yield %r, %k\n"
                "} : none\n"
                "%y = result %s {index = 0} : f32\n"
                "%z = result %s {index = 1} : i32[3,2]\n"
                "return output %y, output %z\n}\n",
                1, LIST(1));
    if (r.module) {
        EXPECT("nested carry", r.out[0], 64);
        EXPECT("nested stack", r.out[1], 0, 1, 1, 2, 2, 3);
    }
    arena_free(r.arena);
}

static void check_stores(void)
{
    Run r = run("stores",
                "stage typed\nmodel m\n"
                "param @a: f32[2]\nparam @b: f32[2]\n"
                "func @f() {\n"
                "%i = iter : f32\n"
                "store @a, @b\nstore @b, @a\n"
                "return output @a as old, output %i\n}\n",
                1, NULL);
    if (r.module) {
        EXPECT("@a", map_get(r.globals, "a"), 20, 21);
        EXPECT("@b", map_get(r.globals, "b"), 10, 11);
        EXPECT("@a before", r.out[0], 10, 11);
        EXPECT("iter", r.out[1], 3);
    }
    arena_free(r.arena);
}

/* Draws follow docs/ir.md word by word, in a scan by its turn. */
static void check_draws(void)
{
    Run r = run("draws",
                "stage typed\nmodel m\n"
                "func @f() {\n"
                "%s = scan 0.0 {carries = 1, count = 2, emits = (0)} "
                "(%c: f32, %t: i32) {\n"
                "  %u = uniform {shape = (5), key = \"a\"} : f32[5]\n"
                "  yield %c, %u\n"
                "} : none\n"
                "%u2 = result %s {index = 1} : f32[2,5]\n"
                "%g = randn {shape = (3), key = \"b\"} : f32[3]\n"
                "return output %u2, output %g\n}\n",
                1, NULL);
    uint32_t w[4], a = (uint32_t)hash_string("a"),
                   b = (uint32_t)hash_string("b");
    double u[10], g[3];
    for (int i = 0; i < 10; i++) {
        interp_philox(7, a, 3, (uint32_t)i / 5, (uint32_t)(i % 5 / 4), w);
        u[i] = (double)(w[i % 5 % 4] >> 8) / 16777216;
    }
    interp_philox(7, b, 3, 0, 0, w);
    for (int i = 0; i < 3; i++) {
        double p = ((double)(w[i / 2 * 2] >> 8) + 1) / 16777216;
        double q = (double)(w[i / 2 * 2 + 1] >> 8) / 16777216;
        double turn = 2 * 3.14159265358979323846 * q;
        g[i] = (float)(sqrt(-2 * log(p)) * (i % 2 ? sin(turn) : cos(turn)));
    }
    if (r.module) {
        expect("uniform", r.out[0], u, 10);
        expect("randn", r.out[1], g, 3);
    }
    arena_free(r.arena);
}

/* ---- mistakes ---- */

/* The message about conv, or about a pool when w has no axes. */
static void refuse(const OpDef *op, const int *x, const int *w,
                   const char *attr, const int *v, int len, const char *want)
{
    Arena *a = arena_new();
    Diag d = {.arena = a, .out = stdout};
    Module *m = module_new(a, &d, "m");
    Func *f = func_new(m, FUNC_PLAIN, "f");
    Builder b = builder_new(f);
    Attrs at = attrs_new(a);
    int64_t list[4] = {0};
    Node *in[2] = {NULL, NULL};
    const int *sizes[2] = {x, w};
    for (int i = 0; i < 2; i++) {
        Dim dims[MAX_RANK];
        int rank = 0;
        for (; sizes[i][rank] >= 0; rank++)
            dims[rank] = dim_const(sizes[i][rank]);
        in[i] = func_input(f, func_name(f, "x"), type_of(ELEM_F32, rank, dims));
    }
    for (int i = 0; i < len; i++)
        list[i] = v[i];
    if (attr && strcmp(attr, "groups") == 0)
        attrs_int(&at, attr, list[0]);
    else if (attr)
        attrs_list(&at, attr, list, len);
    const char *error = "nothing";
    node_try(&b, op, in, w[0] < 0 ? 1 : 2, &at, &error);
    error = error ? error : "nothing";
    if (strcmp(error, want) != 0) {
        printf("%s: '%s', expected '%s'\n", op_name(op), error, want);
        wrong++;
    }
    arena_free(a);
}

#define INTS(...) ((const int[]){__VA_ARGS__, -1})

static void check_messages(void)
{
    const int *x = INTS(1, 5, 4, 4);
    refuse(&op_conv, x, INTS(2, 5, 5, 5), NULL, NULL, 0,
           "window 5x5 does not fit the 4x4 input");
    refuse(&op_conv, x, INTS(2, 5, 3, 3), "dilate", INTS(2, 1), 2,
           "window 3x3 (dilated: 5x3) does not fit the 4x4 input");
    refuse(&op_conv, x, INTS(2, 5, 6, 6), "low", INTS(1, 0), 2,
           "window 6x6 does not fit the 4x4 input (padded: 5x4)");
    refuse(&op_conv, INTS(1, 5, 4), INTS(2, 5, 5), NULL, NULL, 0,
           "window 5 does not fit the input of size 4");
    refuse(&op_conv, x, INTS(2, 5, 3, 3), "groups", INTS(2), 1,
           "groups = 2 does not divide 5 channels");
    refuse(&op_conv, x, INTS(3, 1, 3, 3), "groups", INTS(5), 1,
           "groups = 5 does not divide 3 output channels");
    refuse(&op_conv, x, INTS(2, 4, 3, 3), NULL, NULL, 0,
           "the kernel takes 4 channels, the input has 5");
    refuse(&op_conv, x, INTS(2, 5, 3, 3), "stride", INTS(0, 1), 2,
           "stride = 0 is below 1");
    refuse(&op_conv, x, INTS(2, 5, 3, 3), "stride", INTS(2, 2, 2), 3,
           "stride has 3 entries, but the window goes over 2 axes");
    refuse(&op_conv, INTS(1, 5), INTS(2, 5), NULL, NULL, 0,
           "a convolution goes over one or two axes: its input has rank 3 or "
           "4, not 2");
    refuse(&op_maxpool, x, INTS(-1), "size", INTS(5, 5), 2,
           "window 5x5 does not fit the 4x4 input");
    refuse(&op_reshape, x, INTS(-1), "shape", INTS(4, 5), 2,
           "80 elements cannot take the shape [4,5] of 20");
}

int main(void)
{
    Arena *ops = arena_new();
    op_init(ops);
    check_order();
    check_fused();
    check_scan();
    check_nested();
    check_stores();
    check_draws();
    check_messages();
    arena_free(ops);
    return wrong != 0;
}
