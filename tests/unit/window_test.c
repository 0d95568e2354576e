/* Window sizes and bounds are what counting gives, for every input up to 24,
 * window up to 7, stride up to 4, dilation up to 3, spread up to 3 and
 * padding from -1 to 3 on each side; over two axes, each axis has its own.
 */
// RUN: %cc %s %objs -lm -o %t && %t
#include "window.h"
#include "op_list.h"
#include <stdio.h>
#include <stdlib.h>

static int64_t checks;

static void expect(const WindowAxis *a, const char *what, int64_t got,
                   int64_t want)
{
    checks++;
    if (got == want)
        return;
    printf("i=%d k=%d s=%d d=%d e=%d low=%d high=%d: %s is %d, counted %d\n",
           (int)a->in, (int)a->size, (int)a->stride, (int)a->dilate,
           (int)a->spread, (int)a->low, (int)a->high, what, (int)got,
           (int)want);
    exit(1);
}

/* Is place k of result p on the spread input? Cells are walked, not computed.
 */
static bool is_inside(const WindowAxis *a, int64_t p, int64_t k)
{
    int64_t at = -a->low;
    for (int64_t i = 0; i < p; i++)
        at += a->stride;
    for (int64_t i = 0; i < k; i++)
        at += a->dilate;
    int64_t cells = 1;
    for (int64_t i = 1; i < a->in; i++)
        cells += a->spread;
    return at >= 0 && at < cells;
}

static int64_t count_results(const WindowAxis *a)
{
    int64_t cells = a->low + a->high + 1, first = 0, results = 0;
    for (int64_t i = 1; i < a->in; i++)
        cells += a->spread;
    for (; first + a->dilate * (a->size - 1) < cells; first += a->stride)
        results++;
    return results;
}

static void check_cells(const WindowAxis *a)
{
    for (int64_t p = 0; p < a->out; p++)
        for (int64_t k = 0; k < a->size; k++) {
            int64_t cell = -1, at = p * a->stride + k * a->dilate - a->low;
            bool on = window_cell(a, p, k, &cell), want = false;
            for (int64_t i = 0; i < a->in; i++)
                if (i * a->spread == at) {
                    want = true;
                    expect(a, "cell", cell, i);
                }
            expect(a, "being a cell", on, want);
        }
}

static void check_bounds(const WindowAxis *a)
{
    int64_t from, to;
    window_inner(a, &from, &to);
    for (int64_t p = 0; p < a->out; p++) {
        bool all = true;
        for (int64_t k = 0; k < a->size; k++)
            all = all && is_inside(a, p, k);
        expect(a, "inner", from <= p && p < to, all);
    }
    expect(a, "inner's range", 0 <= from && from <= to && to <= a->out, 1);
    for (int64_t k = 0; k < a->size; k++) {
        window_results(a, k, &from, &to);
        expect(a, "results' range", 0 <= from && from <= to && to <= a->out, 1);
        for (int64_t p = 0; p < a->out; p++)
            expect(a, "results", from <= p && p < to, is_inside(a, p, k));
    }
    for (int64_t p = 0; p < a->out; p++) {
        window_places(a, p, &from, &to);
        expect(a, "places' range", 0 <= from && from <= to && to <= a->size, 1);
        for (int64_t k = 0; k < a->size; k++)
            expect(a, "places", from <= k && k < to, is_inside(a, p, k));
    }
}

static void check_axes(void)
{
    WindowAxis a;
    for (a.in = 1; a.in <= 24; a.in++)
        for (a.size = 1; a.size <= 7; a.size++)
            for (a.stride = 1; a.stride <= 4; a.stride++)
                for (a.dilate = 1; a.dilate <= 3; a.dilate++)
                    for (a.low = -1; a.low <= 3; a.low++)
                        for (a.high = -1; a.high <= 3; a.high++)
                            for (a.spread = 1; a.spread <= 3; a.spread++) {
                                a.out = window_out(&a);
                                expect(&a, "out", a.out, count_results(&a));
                                if (a.spread > 1 && a.in > 8)
                                    continue;
                                check_cells(&a);
                                check_bounds(&a);
                            }
}

/* ---- nodes ---- */

static WindowAxis random_axis(uint64_t *seed)
{
    int64_t r[6];
    for (int i = 0; i < 6; i++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        r[i] = (int64_t)(*seed >> 33);
    }
    WindowAxis a = {1 + r[0] % 24,
                    1 + r[1] % 7,
                    1 + r[2] % 4,
                    r[3] % 4,
                    r[4] % 4,
                    1 + r[5] % 3,
                    1,
                    0};
    a.out = count_results(&a);
    return a;
}

static void set_attrs(Attrs *at, const WindowAxis *a, int axes)
{
    int64_t v[4][2];
    for (int i = 0; i < axes; i++) {
        v[0][i] = a[i].stride;
        v[1][i] = a[i].low;
        v[2][i] = a[i].high;
        v[3][i] = a[i].dilate;
    }
    attrs_list(at, "stride", v[0], axes);
    attrs_list(at, "low", v[1], axes);
    attrs_list(at, "high", v[2], axes);
    attrs_list(at, "dilate", v[3], axes);
}

/* conv and sumpool over one or two axes have the counted sizes, in order. */
static void check_node(Arena *arena, const WindowAxis *a, int axes)
{
    Diag d = {.arena = arena, .out = stderr};
    Module *m = module_new(arena, &d, "m");
    Func *f = func_new(m, FUNC_PLAIN, "f");
    Builder b = builder_new(f);
    Dim x[4] = {dim_const(1), dim_const(1)}, w[4] = {x[0], x[1]};
    int64_t size[2];
    for (int i = 0; i < axes; i++) {
        x[2 + i] = dim_const(a[i].in);
        w[2 + i] = dim_const(size[i] = a[i].size);
    }
    Node *in[2] = {func_input(f, "x", type_of(ELEM_F32, 2 + axes, x)),
                   func_input(f, "w", type_of(ELEM_F32, 2 + axes, w))};
    Attrs conv = attrs_new(arena), pool = attrs_new(arena);
    set_attrs(&conv, a, axes);
    set_attrs(&pool, a, axes);
    attrs_list(&pool, "size", size, axes);
    const char *error = NULL;
    Node *made[2] = {node_try(&b, &op_conv, in, 2, &conv, &error),
                     node_try(&b, &op_sumpool, in, 1, &pool, &error)};
    bool fits = a[0].out > 0 && a[axes - 1].out > 0;
    for (int k = 0; k < 2; k++) {
        expect(&a[0], "fitting", made[k] != NULL, fits);
        for (int i = 0; i < axes && fits; i++)
            expect(&a[i], "size", made[k]->type.dim[2 + i].c, a[i].out);
    }
}

int main(void)
{
    Arena *ops = arena_new();
    uint64_t seed = 1;
    op_init(ops);
    check_axes();
    for (int i = 0; i < 20000; i++) {
        Arena *arena = arena_new();
        WindowAxis a[2] = {random_axis(&seed), random_axis(&seed)};
        check_node(arena, a, 1 + i % 2);
        arena_free(arena);
    }
    printf("%lld comparisons\n", (long long)checks);
    arena_free(ops);
    return 0;
}
