#include "gradient.h"
#include "op_list.h"
#include "pass.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int checks_done;
double checks_worst;

static const double step = 2.5e-4, tolerance = 1e-7;
enum { SIZE = 3, DIRECTIONS = 2 };

Check *check_new(const char *title)
{
    static uint64_t seed = 1;
    Arena *arena = arena_new();
    Check *c = ARENA_NEW(arena, Check);
    c->title = title;
    c->arena = arena;
    c->diag = (Diag){.arena = arena, .out = stderr};
    c->seed = seed++;
    c->levels = LEVELS;
    Module *m = module_new(arena, &c->diag, "m");
    m->real = ELEM_F64;
    m->dim = "N";
    m->bound = 4;
    c->b = builder_new(func_new(m, FUNC_PLAIN, "f"));
    return c;
}

static uint32_t next(Check *c)
{
    c->seed = c->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(c->seed >> 33);
}

/* Values of a shuffled grid: none is as near to another as the differences
 * reach. */
static void fill(Check *c, Tensor *t)
{
    int64_t *order = ARENA_ARRAY(c->arena, int64_t, t->count);
    double shift = (double)(next(c) % 1000) / 1000;
    for (int64_t i = 0; i < t->count; i++) {
        int64_t k = next(c) % (i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    for (int64_t i = 0; i < t->count; i++) {
        double v = ((double)order[i] + 0.1 + 0.8 * shift) / (double)t->count;
        bool negative = !c->positive && next(c) % 2;
        t->data[i] = (negative ? -1 : 1) * (0.3 + 1.7 * v);
        if (c->has_zeros && next(c) % 3 == 0)
            t->data[i] = 0;
    }
}

static Node *add_input(Check *c, const Type *t)
{
    Func *f = c->b.func;
    Node *x = func_input(f, func_name(f, "x"), *t);
    Tensor *data = tensor_new(c->arena, t, SIZE);
    c->data[f->inputs.len - 1] = data;
    fill(c, data);
    return x;
}

static Type type_list(const int *sizes)
{
    Dim d[MAX_RANK];
    int rank = 0;
    for (; sizes[rank] >= 0; rank++)
        d[rank] = sizes[rank] ? dim_const(sizes[rank]) : (Dim){1, 0};
    return type_of(ELEM_F64, rank, d);
}

Node *check_var(Check *c, const int *sizes)
{
    Type t = type_list(sizes);
    Node *x = add_input(c, &t);
    c->place[c->vars] = c->b.func->inputs.len - 1;
    return c->var[c->vars++] = x;
}

Node *check_index(Check *c, const int *sizes, int64_t bound)
{
    Type t = type_list(sizes);
    t.elem = ELEM_I32;
    t.bound = bound;
    Node *x = add_input(c, &t);
    Tensor *data = c->data[c->b.func->inputs.len - 1];
    for (int64_t i = 0; i < data->count; i++)
        data->data[i] = (double)(next(c) % (uint32_t)bound);
    return x;
}

/* The sum of y's elements, each times a number of its own. */
static Node *weighted(Check *c, Node *y)
{
    bool positive = c->positive, has_zeros = c->has_zeros;
    int64_t axes[MAX_RANK];
    c->positive = c->has_zeros = false;
    Node *p = build2(&c->b, &op_mul, y, add_input(c, &y->type));
    c->positive = positive;
    c->has_zeros = has_zeros;
    for (int i = 0; i < y->type.rank; i++)
        axes[i] = i;
    return y->type.rank ? build_sum(&c->b, p, axes, y->type.rank) : p;
}

/* e1, its gradients, e2, its gradients, ... as results. */
static void differentiate(Check *c, Node *y)
{
    Func *f = c->b.func;
    Node *e = weighted(c, y);
    for (int level = 0; level < c->levels; level++) {
        Node *sum = NULL;
        func_result(f, RESULT_OUTPUT, func_name(f, "e"), e);
        for (int i = 0; i < c->vars; i++) {
            Node *g = build2(&c->b, &op_grad, e, c->var[i]);
            func_result(f, RESULT_OUTPUT, func_name(f, "g"), g);
            g = weighted(c, g);
            sum = sum ? build2(&c->b, &op_add, sum, g) : g;
        }
        e = sum;
    }
    const Options options = {0};
    pass_run(pass_find("grad"), c->b.module, &options);
    if (c->diag.errors)
        exit(1);
}

static Tensor **evaluate(Check *c, Arena *arena)
{
    InterpArgs args = {.arena = arena, .n = SIZE};
    args.in = (const Tensor *const *)c->data;
    args.out = ARENA_ARRAY(arena, Tensor *, c->b.func->results.len);
    interp_run(c->b.func, &args);
    return args.out;
}

static void move(Check *c, Tensor *const *direction, double by)
{
    for (int i = 0; i < c->vars; i++)
        for (int64_t k = 0; k < direction[i]->count; k++)
            c->data[c->place[i]]->data[k] += by * direction[i]->data[k];
}

static void report(Check *c, int level, double got, double want)
{
    Text t = {.arena = c->arena};
    ir_print(&t, c->b.module);
    printf("%s\n%s: e%d changes by %.15g, its gradient says %.15g\n", t.data,
           c->title, level + 1, want, got);
    exit(1);
}

/* The e of a level, or the gradient's product with a direction. */
static double slope_of(const Check *c, Tensor *const *out, int level,
                       Tensor *const *direction)
{
    double slope = 0;
    for (int i = 0; i < c->vars; i++) {
        const Tensor *g = out[level * (c->vars + 1) + 1 + i];
        for (int64_t k = 0; k < g->count; k++)
            slope += g->data[k] * direction[i]->data[k];
    }
    return slope;
}

static void compare(Check *c, Tensor *const *direction)
{
    static const double places[] = {1, -1, 2, -2};
    static const double factors[] = {8, -8, -1, 1};
    double difference[LEVELS] = {0}, size[LEVELS] = {0};
    Arena *arena = arena_new();
    for (int i = 0; i < 4; i++) {
        move(c, direction, places[i] * step);
        Tensor **out = evaluate(c, arena);
        move(c, direction, -places[i] * step);
        for (int k = 0; k < c->levels; k++) {
            double e = out[k * (c->vars + 1)]->data[0];
            difference[k] += factors[i] * e / (12 * step);
            size[k] = fmax(size[k], fabs(e));
        }
    }
    Tensor **out = evaluate(c, arena);
    for (int k = 0; k < c->levels; k++) {
        double slope = slope_of(c, out, k, direction);
        /* A slope far below e's size is known to fewer digits. */
        double scale = fmax(fmax(fabs(slope), fabs(difference[k])),
                            fmax(1e-3 * size[k], 1e-3));
        double error = fabs(slope - difference[k]) / scale;
        if (!(error <= tolerance))
            report(c, k, slope, difference[k]);
        checks_worst = fmax(checks_worst, error);
        checks_done++;
    }
    arena_free(arena);
}

void check_run(Check *c, Node *y)
{
    differentiate(c, y);
    for (int d = 0; d < DIRECTIONS; d++) {
        Tensor *direction[MOST];
        for (int i = 0; i < c->vars; i++) {
            direction[i] = tensor_new(c->arena, &c->var[i]->type, SIZE);
            for (int64_t k = 0; k < direction[i]->count; k++)
                direction[i]->data[k] = (double)(next(c) % 2001) / 1000 - 1;
        }
        compare(c, direction);
    }
    arena_free(c->arena);
}
