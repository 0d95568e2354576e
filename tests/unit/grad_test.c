/* The gradient of every operator but conv, and the gradient of its gradient
 * twice over, are right at six shapes or more.
 */
// RUN: %cc -I%S/Inputs %s %S/Inputs/gradient.c %objs -lm -o %t && %t
#include "gradient.h"
#include "op_list.h"
#include <stdio.h>
#include <string.h>

/* Lists of numbers in tables end at END; sizes end at -1, 0 is the run-time
 * size. */
enum { END = -99 };
#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static int length(const int64_t *list)
{
    int n = 0;
    while (list[n] != END)
        n++;
    return n;
}

static void set(Attrs *at, const char *name, const int64_t *list)
{
    attrs_list(at, name, list, length(list));
}

/* ---- element by element ---- */

static const int shapes[][4] = {
    {-1}, {1, -1}, {5, -1}, {0, -1}, {2, 3, -1}, {0, 1, 3, -1}, {1, 1, 1, -1},
};

static void check_unary(const OpDef *op, bool positive)
{
    for (int i = 0; i < COUNT(shapes); i++) {
        Check *c = check_new(op_name(op));
        c->positive = positive;
        check_run(c, build1(&c->b, op, check_var(c, shapes[i])));
    }
}

static const struct {
    int x[4], y[4];
} pairs[] = {
    {{-1}, {-1}},
    {{4, -1}, {-1}},
    {{-1}, {0, -1}},
    {{2, 3, -1}, {3, -1}},
    {{3, -1}, {0, 3, -1}},
    {{2, 1, -1}, {2, 1, -1}},
    {{0, 2, 1, -1}, {1, -1}},
};

static void check_binary(const OpDef *op, bool positive)
{
    for (int i = 0; i < COUNT(pairs); i++) {
        Check *c = check_new(op_name(op));
        c->positive = positive;
        Node *x = check_var(c, pairs[i].x), *y = check_var(c, pairs[i].y);
        check_run(c, build2(&c->b, op, x, y));
    }
}

/* Comparisons through select, which they feed. */
static void check_select(const OpDef *compare)
{
    for (int i = 0; i < COUNT(pairs); i++) {
        Check *c = check_new(op_name(compare));
        Node *x = check_var(c, pairs[i].x), *y = check_var(c, pairs[i].y);
        Node *which = build2(&c->b, compare, x, y);
        if (i % 2)
            which = build1(&c->b, &op_not, which);
        Node *z = build2(&c->b, &op_mul, y, y);
        check_run(c, build3(&c->b, &op_select, which, x, z));
    }
}

static void check_scalars(void)
{
    const OpDef *any[] = {&op_neg, &op_abs,  &op_sign,    &op_floor,
                          &op_exp, &op_tanh, &op_erf,     &op_sin,
                          &op_cos, &op_relu, &op_sigmoid, &op_softplus};
    const OpDef *positive[] = {&op_sqrt, &op_log, &op_log1p};
    const OpDef *two[] = {&op_add, &op_sub, &op_mul, &op_div, &op_min, &op_max};
    const OpDef *compare[] = {&op_lt, &op_le, &op_eq, &op_ne};
    for (int i = 0; i < COUNT(any); i++)
        check_unary(any[i], false);
    for (int i = 0; i < COUNT(positive); i++)
        check_unary(positive[i], true);
    for (int i = 0; i < COUNT(two); i++)
        check_binary(two[i], false);
    check_binary(&op_pow, true);
    for (int i = 0; i < COUNT(compare); i++)
        check_select(compare[i]);
}

/* ---- shapes ---- */

static void check_moves(void)
{
    static const struct {
        int x[5], to[6];
        int64_t axes[5], perm[5];
    } cases[] = {
        {{-1}, {1, -1}, {END}, {END}},
        {{4, -1}, {4, -1}, {0, END}, {0, END}},
        {{0, 6, -1}, {2, 0, 6, -1}, {1, 2, END}, {1, 0, END}},
        {{2, 3, -1}, {2, 4, 3, -1}, {0, 2, END}, {1, 0, END}},
        {{2, 1, 5, -1}, {2, 1, 5, 3, -1}, {0, 1, 2, END}, {2, 0, 1, END}},
        {{3, 0, 2, -1}, {3, 0, 2, 2, -1}, {0, 1, 2, END}, {1, 2, 0, END}},
        {{1, 2, 3, 2, -1},
         {2, 1, 2, 3, 2, -1},
         {1, 2, 3, 4, END},
         {3, 1, 0, 2, END}},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        Check *c = check_new("transpose");
        Node *x = check_var(c, cases[i].x);
        check_run(c, build_transpose(&c->b, x, cases[i].perm));

        c = check_new("broadcast");
        Node *like = check_var(c, cases[i].to);
        x = check_var(c, cases[i].x);
        check_run(c, build_broadcast(&c->b, x, &like->type, cases[i].axes));

        c = check_new("reshape");
        x = check_var(c, cases[i].x);
        Dim d[MAX_RANK] = {dim_const(1)};
        for (int k = 0; k < x->type.rank; k++)
            d[1 + k] = x->type.dim[k];
        check_run(c, build_reshape(&c->b, x, x->type.rank + 1, d));
    }
}

static void check_cuts(void)
{
    /* start, rest, low, high of each axis; a size of 0 is the run-time one */
    static const struct {
        int x[4];
        int64_t start[4], rest[4], low[4], high[4];
    } cases[] = {
        {{1, -1}, {0, END}, {0, END}, {0, END}, {1, END}},
        {{5, -1}, {2, END}, {1, END}, {3, END}, {0, END}},
        {{4, 3, -1}, {0, 2, END}, {3, 0, END}, {1, 2, END}, {0, 1, END}},
        {{0, 4, -1}, {0, 1, END}, {0, 1, END}, {2, 0, END}, {1, 1, END}},
        {{0, 2, -1}, {1, 0, END}, {0, 0, END}, {0, 0, END}, {0, 0, END}},
        {{2, 0, 3, -1},
         {0, 0, 1, END},
         {1, 1, 0, END},
         {1, 0, 0, END},
         {0, 0, 2, END}},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        Check *c = check_new("slice");
        Node *x = check_var(c, cases[i].x);
        Dim start[MAX_RANK], stop[MAX_RANK];
        for (int k = 0; k < x->type.rank; k++) {
            start[k] = dim_const(cases[i].start[k]);
            stop[k] = dim_add(x->type.dim[k], dim_const(-cases[i].rest[k]));
        }
        Attrs cut = attrs_new(c->arena);
        attrs_dims(&cut, "start", start, x->type.rank);
        attrs_dims(&cut, "stop", stop, x->type.rank);
        check_run(c, node_new(&c->b, &op_slice, &x, 1, &cut));

        c = check_new("pad");
        x = check_var(c, cases[i].x);
        Attrs grow = attrs_new(c->arena);
        set(&grow, "low", cases[i].low);
        set(&grow, "high", cases[i].high);
        attrs_real(&grow, "value", 0.5 * i);
        check_run(c, node_new(&c->b, &op_pad, &x, 1, &grow));
    }
}

/* What is cut off is as long as the run-time size. */
static void check_cut_at_run_time(void)
{
    static const int x[][4] = {{0, -1}, {0, 2, -1}, {2, 0, 3, -1}};
    for (int i = 0; i < 6; i++) {
        Check *c = check_new("slice at the run-time size");
        Node *v = check_var(c, x[i % 3]);
        int axis = i % 3 == 2, rank = v->type.rank;
        Dim start[MAX_RANK], stop[MAX_RANK];
        for (int k = 0; k < rank; k++) {
            start[k] = dim_const(0);
            stop[k] = v->type.dim[k];
        }
        if (i < 3)
            stop[axis] = dim_const(1); /* x[0..1] of N */
        else
            start[axis] = (Dim){1, -1}; /* x[N-1..N] */
        Attrs at = attrs_new(c->arena);
        attrs_dims(&at, "start", start, rank);
        attrs_dims(&at, "stop", stop, rank);
        check_run(c, node_new(&c->b, &op_slice, &v, 1, &at));
    }
}

static void check_concat(void)
{
    static const struct {
        int count, axis, x[3][4];
    } cases[] = {
        {1, 0, {{3, -1}}},
        {2, 0, {{3, -1}, {1, -1}}},
        {3, 1, {{0, 1, -1}, {0, 2, -1}, {0, 3, -1}}},
        {2, 0, {{0, 2, -1}, {4, 2, -1}}},
        {2, 2, {{2, 1, 3, -1}, {2, 1, 1, -1}}},
        {2, 1, {{2, 3, 2, -1}, {2, 1, 2, -1}}},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        Check *c = check_new("concat");
        Node *x[4];
        for (int k = 0; k < cases[i].count; k++)
            x[k] = check_var(c, cases[i].x[k]);
        Attrs at = attrs_new(c->arena);
        attrs_int(&at, "axis", cases[i].axis);
        check_run(c, node_new(&c->b, &op_concat, x, cases[i].count, &at));
        if (i)
            continue;
        c = check_new("concat of a value with itself");
        x[0] = x[1] = check_var(c, cases[i].x[0]);
        at = attrs_new(c->arena);
        attrs_int(&at, "axis", 0);
        check_run(c, node_new(&c->b, &op_concat, x, 2, &at));
    }
}

/* ---- reductions, and what takes axes ---- */

static const struct {
    int x[5];
    int64_t axes[4];
} reduced[] = {
    {{1, -1}, {0, END}},
    {{7, -1}, {0, END}},
    {{2, 3, -1}, {0, END}},
    {{2, 3, -1}, {1, END}},
    {{0, 3, -1}, {0, END}},
    {{0, 3, -1}, {0, 1, END}},
    {{2, 3, 2, -1}, {1, END}},
    {{2, 0, 3, -1}, {0, 2, END}},
    {{2, 1, 3, 2, -1}, {1, 2, END}},
    {{2, 3, -1}, {END}},
};

static void check_reductions(void)
{
    const OpDef *ops[] = {&op_sum,    &op_mean,   &op_prod,
                          &op_max_of, &op_min_of, &op_reverse};
    for (int k = 0; k < COUNT(ops); k++)
        for (int i = 0; i < 2 * COUNT(reduced); i++) {
            int at = i % COUNT(reduced);
            Check *c = check_new(op_name(ops[k]));
            c->has_zeros = ops[k] == &op_prod && i >= COUNT(reduced);
            Node *x = check_var(c, reduced[at].x);
            Attrs attrs = attrs_new(c->arena);
            set(&attrs, "axes", reduced[at].axes);
            check_run(c, node_new(&c->b, ops[k], &x, 1, &attrs));
        }
}

static void check_last(void)
{
    static const int x[][5] = {{1, -1},    {4, -1},       {2, 3, -1},
                               {0, 5, -1}, {2, 0, 3, -1}, {3, 1, -1}};
    for (int i = 0; i < COUNT(x); i++) {
        Check *c = check_new("softmax");
        check_run(c, build1(&c->b, &op_softmax, check_var(c, x[i])));
        c = check_new("logsumexp");
        check_run(c, build1(&c->b, &op_logsumexp, check_var(c, x[i])));
    }
}

/* ---- indices ---- */

static void check_indices(void)
{
    static const struct {
        int table[4], index[4];
    } cases[] = {
        {{5, -1}, {3, -1}},          {{4, 2, -1}, {-1}},
        {{3, 2, -1}, {2, 4, -1}},    {{1, 3, -1}, {0, -1}},
        {{6, 1, 2, -1}, {0, 2, -1}}, {{2, 2, 2, -1}, {1, -1}},
    };
    for (int i = 0; i < COUNT(cases); i++) {
        Check *c = check_new("gather");
        int rows = cases[i].table[0];
        Node *table = check_var(c, cases[i].table);
        Node *index = check_index(c, cases[i].index, rows);
        Node *y = build2(&c->b, &op_gather, table, index);
        Type u = y->type;
        check_run(c, y);

        c = check_new("scatter_add");
        int sizes[MAX_RANK + 1];
        for (int k = 0; k < u.rank; k++)
            sizes[k] = u.dim[k].k ? 0 : (int)u.dim[k].c;
        sizes[u.rank] = -1;
        Node *in[2] = {check_index(c, cases[i].index, rows),
                       check_var(c, sizes)};
        Attrs at = attrs_new(c->arena);
        attrs_int(&at, "rows", rows);
        check_run(c, node_new(&c->b, &op_scatter_add, in, 2, &at));

        c = check_new("pick");
        int x[5];
        memcpy(x, cases[i].index, sizeof cases[i].index);
        int rank = 0;
        while (x[rank] >= 0)
            rank++;
        x[rank] = rows;
        x[rank + 1] = -1;
        Node *from = check_var(c, x);
        Node *which = check_index(c, cases[i].index, rows);
        check_run(c, build2(&c->b, &op_pick, from, which));
    }
}

/* Rows of a table as long as the run-time size. */
static void check_gather_rows(void)
{
    for (int i = 0; i < 6; i++) {
        Check *c = check_new("gather from the run-time size");
        Node *table = check_var(c, SIZES(0, 1 + i));
        Node *index = check_index(c, SIZES(2, 2), 3);
        index->type.bound = 0; /* nothing is known of it */
        check_run(c, build2(&c->b, &op_gather, table, index));
    }
}

/* ---- matrix product ---- */

static void check_matmul(void)
{
    static const struct {
        int batch, m, k, n;
    } cases[] = {
        {-1, 1, 1, 1}, {-1, 2, 3, 4}, {-1, 0, 3, 2}, {-1, 2, 0, 3},
        {2, 3, 1, 2},  {0, 1, 4, 3},  {-1, 5, 2, 0},
    };
    for (int i = 0; i < COUNT(cases); i++)
        for (int turned = 0; turned < 4; turned++) {
            bool at = turned & 1, bt = turned & 2;
            int a[4], b[4], r = 0;
            if (cases[i].batch >= 0)
                a[r] = b[r] = cases[i].batch, r++;
            a[r] = at ? cases[i].k : cases[i].m;
            a[r + 1] = at ? cases[i].m : cases[i].k;
            b[r] = bt ? cases[i].n : cases[i].k;
            b[r + 1] = bt ? cases[i].k : cases[i].n;
            a[r + 2] = b[r + 2] = -1;
            Check *c = check_new("matmul");
            Node *in[2] = {check_var(c, a), check_var(c, b)};
            Attrs attrs = attrs_new(c->arena);
            attrs_sym(&attrs, "a", at ? "t" : "n");
            attrs_sym(&attrs, "b", bt ? "t" : "n");
            check_run(c, node_new(&c->b, &op_matmul, in, 2, &attrs));
        }
}

/* ---- windows ---- */

static const struct {
    int x[6];
    int64_t size[3], stride[3], low[3], high[3], dilate[3];
    int axis;
} windows[] = {
    {{1, 1, 1, 1, -1},
     {1, 1, END},
     {1, 1, END},
     {0, 0, END},
     {0, 0, END},
     {1, 1, END},
     2},
    {{2, 1, 4, 5, -1},
     {2, 2, END},
     {2, 2, END},
     {0, 0, END},
     {0, 0, END},
     {1, 1, END},
     2},
    {{0, 2, 5, 3, -1},
     {3, 2, END},
     {1, 2, END},
     {1, 0, END},
     {1, 1, END},
     {1, 1, END},
     2},
    {{1, 1, 7, 5, -1},
     {2, 1, END},
     {3, 2, END},
     {0, 0, END},
     {0, 0, END},
     {1, 1, END},
     2},
    {{1, 2, 5, 6, -1},
     {2, 3, END},
     {1, 1, END},
     {1, 0, END},
     {0, 2, END},
     {2, 2, END},
     2},
    {{2, 5, -1}, {3, END}, {1, END}, {1, END}, {1, END}, {1, END}, 1},
    {{0, 4, 2, -1}, {2, END}, {3, END}, {0, END}, {1, END}, {1, END}, 1},
    {{0, 3, 4, 2, -1},
     {2, 3, END},
     {1, 2, END},
     {0, 1, END},
     {1, 1, END},
     {1, 1, END},
     1},
    {{6, 3, -1}, {2, END}, {2, END}, {0, END}, {0, END}, {3, END}, 0},
    {{2, 2, 7, -1}, {2, END}, {1, END}, {-1, END}, {-1, END}, {2, END}, 2},
};

static Attrs window_of(Check *c, int i)
{
    Attrs at = attrs_new(c->arena);
    set(&at, "size", windows[i].size);
    set(&at, "stride", windows[i].stride);
    set(&at, "low", windows[i].low);
    set(&at, "high", windows[i].high);
    set(&at, "dilate", windows[i].dilate);
    attrs_int(&at, "axis", windows[i].axis);
    return at;
}

/* The sizes of a type as check_var takes them. */
static const int *sizes_of(Check *c, const Type *t)
{
    int *sizes = ARENA_ARRAY(c->arena, int, t->rank + 1);
    for (int i = 0; i < t->rank; i++)
        sizes[i] = t->dim[i].k ? 0 : (int)t->dim[i].c;
    sizes[t->rank] = -1;
    return sizes;
}

static void check_pool(const OpDef *op, int i)
{
    Check *c = check_new(op_name(op));
    Node *x = check_var(c, windows[i].x);
    Attrs at = window_of(c, i);
    if (op == &op_unfold)
        attrs_real(&at, "value", 0.7);
    check_run(c, node_new(&c->b, op, &x, 1, &at));
}

/* The adjoint of `of`: a variable with the sizes of of's result. */
static void check_adjoint(const OpDef *op, const OpDef *of, int i)
{
    Check *c = check_new(op_name(op));
    Attrs at = window_of(c, i);
    Node *x = check_var(c, windows[i].x);
    Node *y = node_new(&c->b, of, &x, 1, &at);
    Node *g = check_var(c, sizes_of(c, &y->type));
    int64_t shape[3] = {END, END, END};
    for (int k = 0; k < length(windows[i].size); k++)
        shape[k] = windows[i].x[windows[i].axis + k];
    set(&at, "shape", shape);
    check_run(c, node_new(&c->b, op, &g, 1, &at));
}

static void check_picks(int i)
{
    Check *c = check_new("maxpick");
    Attrs at = window_of(c, i);
    Node *h = check_var(c, windows[i].x), *x = check_var(c, windows[i].x);
    Node *in[2] = {h, x};
    check_run(c, node_new(&c->b, &op_maxpick, in, 2, &at));

    c = check_new("maxunpick");
    at = window_of(c, i);
    x = check_var(c, windows[i].x);
    Node *y = node_new(&c->b, &op_maxpool, &x, 1, &at);
    Node *both[2] = {check_var(c, sizes_of(c, &y->type)), x};
    check_run(c, node_new(&c->b, &op_maxunpick, both, 2, &at));
}

static void check_windows(void)
{
    for (int i = 0; i < COUNT(windows); i++) {
        check_pool(&op_maxpool, i);
        check_pool(&op_sumpool, i);
        check_pool(&op_unfold, i);
        check_adjoint(&op_sumunpool, &op_sumpool, i);
        check_adjoint(&op_fold, &op_unfold, i);
        check_picks(i);
    }
}

int main(void)
{
    Arena *ops = arena_new();
    op_init(ops);
    check_scalars();
    check_moves();
    check_cuts();
    check_cut_at_run_time();
    check_concat();
    check_reductions();
    check_last();
    check_indices();
    check_gather_rows();
    check_matmul();
    check_windows();
    printf("%d derivatives, largest difference %.1e\n", checks_done,
           checks_worst);
    arena_free(ops);
    return 0;
}
