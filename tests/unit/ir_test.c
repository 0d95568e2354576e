/* Sizes, names, construction and walks of the IR do what ir.h says, and the
 * verifier names what the text cannot even express.
 *
 * RUN: %cc %s %objs -lm -o %t && %t
 */
#include "op.h"
#include "op_list.h"
#include <string.h>

static int failures;

static void check(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "failed: %s\n", what);
        failures++;
    }
}

static void check_text(const char *got, const char *want)
{
    if (!got || strcmp(got, want) != 0) {
        fprintf(stderr, "got  %s\nwant %s\n", got ? got : "nothing", want);
        failures++;
    }
}

static void test_dims(Arena *a)
{
    Dim n = {1, 0}, d;
    check(dim_mul(n, dim_const(6), &d) && d.k == 6 && d.c == 0, "6 * n");
    check(!dim_mul(n, n, &d), "n * n is no size");
    check(dim_div((Dim){6, 4}, dim_const(2), &d) && d.k == 3 && d.c == 2,
          "(6n + 4) / 2");
    check(!dim_div((Dim){6, 3}, dim_const(2), &d), "(6n + 3) / 2");
    check(dim_div((Dim){6, 4}, (Dim){3, 2}, &d) && d.k == 0 && d.c == 2,
          "(6n + 4) / (3n + 2)");
    check(!dim_div((Dim){6, 3}, (Dim){3, 2}, &d), "(6n + 3) / (3n + 2)");
    check(!dim_div(n, dim_const(0), &d), "n / 0");
    check(dim_at((Dim){2, 1}, 5) == 11, "2n + 1 for 5");
    check_text(dim_text(a, (Dim){2, 1}, "N"), "2*N+1");
    check_text(dim_text(a, (Dim){1, -1}, "B"), "B-1");
    Dim dims[] = {{1, 0}, {0, 784}};
    Type t = type_of(ELEM_F32, 2, dims);
    check_text(type_text(a, &t, "N"), "f32[N,784]");
    check_text(type_user_text(a, &t, "N"), "real[N, 784]");
    check(type_count(&t, &d) && d.k == 784, "784 * n elements");
    check(type_count_at(&t, 3) == 3 * 784, "elements for 3");
    check(type_check(a, &t, 64) == NULL, "a good type");
    check(type_check(a, &t, 10000000) != NULL, "a type too large");
}

static void test_names(Arena *a, Func *f)
{
    check_text(func_name(f, "h"), "h");
    check_text(func_name(f, "h"), "h.2");
    check_text(func_name(f, "h"), "h.3");
    check_text(func_name(f, "h.5"), "h.5");
    check_text(func_name(f, "h"), "h.4");
    check_text(func_name(f, "h"), "h.6");
    (void)a;
}

static void test_defaults(Arena *a, Func *f, Node *image, Node *filter)
{
    Builder b = builder_new(f);
    b.hint = "c";
    int64_t one[] = {1, 1}, two[] = {2, 2};
    Attrs at = attrs_new(a);
    attrs_list(&at, "dilate", two, 2);
    attrs_list(&at, "stride", one, 2);
    attrs_sym(&at, "x", "nc");
    Node *in[] = {image, filter};
    Node *n = node_new(&b, &op_conv, in, 2, &at);
    check_text(n->name, "c.conv");
    check(n->nattr == 1, "what is the default is not kept");
    check(attr_list(n, "stride", 1) == 1 && attr_list(n, "dilate", 0) == 2,
          "lists and their defaults");
    check(attr_int(n, "groups") == 1 && attr_len(n, "stride") == 0,
          "numbers and their defaults");
    check_text(attr_sym(n, "w"), "oi");
    node_rename(f, n, "c");
    check_text(n->name, "c");
}

static void test_errors(Func *f, Node *x)
{
    Builder b = builder_new(f);
    const char *error;
    Dim three = dim_const(3);
    Node *y = func_input(f, "three", type_of(ELEM_F32, 1, &three));
    Node *in[] = {x, y, x};
    int before = f->nodes.len;
    check(!node_try(&b, &op_add, in, 2, NULL, &error), "shapes differ");
    check_text(error, "'add' needs equal shapes or missing leading axes, got "
                      "real[B, 4] and real[3]");
    check(!node_try(&b, &op_add, in, 3, NULL, &error), "three inputs");
    check_text(error, "'add' takes 2 inputs, got 3");
    Attrs at = attrs_new(f->module->arena);
    attrs_int(&at, "axis", 1);
    check(!node_try(&b, &op_exp, in, 1, &at, &error), "no such attribute");
    check_text(error, "'exp' has no attribute 'axis'");
    check(f->nodes.len == before, "nothing is added after an error");
}

static void test_scalars(Arena *a, Func *f, Node *x)
{
    Builder b = builder_new(f);
    const char *error;
    b.hint = "s";
    Node *flag = build2(&b, &op_lt, x, build_real(&b, 1));
    Node *args[] = {x, flag};
    int before = f->nodes.len;
    const Scalar *s = scalar_parse(
        a, "select($1, exp($0) * 2 + exp($0), 1 - real($1))", &error);
    const Scalar *shared = scalar_parse(a, "exp($0)", &error);
    Node *n = build_scalar(&b, s, args);
    check(n->op == &op_select && n->type.elem == ELEM_F32, "a tree as nodes");
    before = f->nodes.len;
    n = build_scalar(&b, scalar_new(a, SC_MUL, shared, shared, NULL), args);
    check(f->nodes.len == before + 2 && n->in[0] == n->in[1],
          "a shared part is built once");
}

static void test_walks(Func *f, Node *x)
{
    Builder b = builder_new(f);
    b.hint = "w";
    Node *p = build1(&b, &op_exp, x), *q = build1(&b, &op_neg, p);
    Node *r = build2(&b, &op_add, q, q);
    func_result(f, RESULT_OUTPUT, "r", r);
    func_count_uses(f);
    check(q->mark == 2 && p->mark == 1 && r->mark == 1, "uses");
    q->repl = p;
    p->repl = x;
    func_apply_repl(f);
    check(r->in[0] == x && r->in[1] == x, "replacements are followed");
    check(!q->repl && !p->repl, "replacements are forgotten");
    func_mark_live(f);
    check(r->mark == 1 && q->mark == 0 && x->mark == 1, "live nodes");
    check(verify_module(f->module) == NULL, "a good module");
}

static void test_params(Module *m, Func *f)
{
    Builder b = builder_new(f);
    Global *g = global_new(m, GLOBAL_PARAM, "W", type_scalar(ELEM_F32));
    check(node_param(&b, g) == node_param(&b, g), "one read of a parameter");
    check(node_is_inline(node_param(&b, g)), "parameters are inline");
    double v;
    check(node_is_const(build_real(&b, 0.5), &v) && v == 0.5, "a constant");
    Global stranger = *g;
    stranger.name = "V";
    func_store(f, &stranger, build_real(&b, 0));
    check_text(verify_module(m), "@f: a store to a global of another module");
    f->stores.len = 0;
}

static void test_verifier(Module *m, Func *f, Node *x)
{
    Builder b = builder_new(f);
    Func *other = func_new(m, FUNC_PLAIN, "other");
    func_result(other, RESULT_OUTPUT, "x", x);
    check_text(verify_module(m), "@other: %x used before it is made");
    other->results.len = 0;
    Node *n = build1(&b, &op_exp, x);
    n->type.elem = ELEM_F64;
    check_text(verify_module(m), "@f: %exp is f64[B,4], 'exp' makes f32[B,4]");
    n->type.elem = ELEM_F32;
    n->name = f->nodes.data[0]->name;
    check(verify_module(m) != NULL, "two values of one name");
    n->name = "a b";
    check_text(verify_module(m), "@f: 'a b' is no name for a value");
    n->name = "stray";
    check_text(verify_module(m), "@f: %stray was not named by func_name");
    f->nodes.len--;
    check(verify_module(m) == NULL, "good again");
}

int main(void)
{
    Arena *a = arena_new();
    op_init(a);
    Diag d = {.arena = a, .out = stderr};
    Module *m = module_new(a, &d, "m");
    m->dim = "B";
    m->bound = 16;
    Func *f = func_new(m, FUNC_PLAIN, "f");
    Dim rows[] = {{1, 0}, {0, 4}};
    Dim image[] = {{0, 2}, {0, 3}, {0, 9}, {0, 9}};
    Dim filter[] = {{0, 4}, {0, 3}, {0, 3}, {0, 3}};
    Node *x = func_input(f, "x", type_of(ELEM_F32, 2, rows));
    test_dims(a);
    test_names(a, f);
    test_defaults(a, f, func_input(f, "image", type_of(ELEM_F32, 4, image)),
                  func_input(f, "filter", type_of(ELEM_F32, 4, filter)));
    test_errors(f, x);
    test_scalars(a, f, x);
    test_walks(f, x);
    test_params(m, f);
    test_verifier(m, f, x);
    arena_free(a);
    return failures != 0;
}
