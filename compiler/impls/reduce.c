/* reduce: sum, mean, prod, max_of, min_of over any axes.
 *
 * Axes that stay are the outer loops, those that go the inner ones; neighbours
 * of a kind are one loop. Where the last axis goes, each result is gathered in
 * a variable, a long row in lanes (row_sum.c). Where it stays, whole rows are
 * added to the result's row, so that the innermost loop is contiguous. Sums of
 * channels over samples and places are a kernel (sum_channels.c).
 */
#include "../cgen_impl.h"
#include "../lowering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_ROW = 16, MOST_LANES = 16 };

static const char *const index_names[] = {"i", "j", "k", "q",
                                          "r", "u", "v", "i8"};

typedef struct Reduce {
    Emit *e;
    const Node *n, *x;
    const char *op;
    uint32_t gone; /* axes of x that go away */
    int groups, first[MAX_RANK], axes[MAX_RANK];
    bool stays[MAX_RANK]; /* per group */
} Reduce;

static bool is(const Reduce *r, const char *op)
{
    return strcmp(r->op, op) == 0;
}

static bool is_one(Dim d)
{
    return dim_equal(d, dim_const(1));
}

static bool fits(const Type *t, int from, int to)
{
    Dim count = dim_const(1);
    for (int i = from; i < to; i++)
        if (!dim_mul(count, t->dim[i], &count))
            return false;
    return true;
}

/* Neighbours of a kind are one group. An axis of size 1 that goes away takes
 * no loop: it may lie in any group. */
static void find_groups(Reduce *r)
{
    const Type *t = &r->x->type;
    for (int a = 0; a < t->rank; a++) {
        bool stays = !(r->gone >> a & 1);
        int g = r->groups - 1;
        bool joins = g >= 0 && (r->stays[g] == stays ||
                                (!stays && is_one(t->dim[a])));
        if (joins && fits(t, r->first[g], a + 1)) {
            r->axes[g]++;
            continue;
        }
        r->first[r->groups] = a;
        r->axes[r->groups] = 1;
        r->stays[r->groups++] = stays;
    }
}

/* ---- pieces of text ---- */

/* Are vectors worth their while? */
static bool is_long(const Reduce *r, int g)
{
    Dim count = dim_const(1);
    for (int a = r->first[g]; a < r->first[g] + r->axes[g]; a++)
        if (!dim_mul(count, r->x->type.dim[a], &count))
            return true;
    return count.k > 0 || count.c >= LONG_ROW;
}

static void open_loop(const Reduce *r, int g, bool independent)
{
    if (independent && is_long(r, g))
        put(&r->e->body, "INDEPENDENT");
    put(&r->e->body, "for (int %s = 0; %s < %s; %s++) {", index_names[g],
        index_names[g],
        expr_count(r->e, &r->x->type, r->first[g], r->first[g] + r->axes[g]),
        index_names[g]);
}

/* x's element; the last group counts from 0 when `row`. */
static const char *x_index(const Reduce *r, bool row)
{
    const char *index[MAX_RANK];
    for (int g = 0; g < r->groups; g++)
        index[g] = row && g == r->groups - 1 ? "0" : index_names[g];
    return r->groups == 0
               ? "0"
               : expr_index(r->e, &r->x->type, ~0u, index, r->axes, r->groups);
}

/* Groups of the result's axes with their indices; returns how many. */
static int y_groups(const Reduce *r, int *axes, const char **index)
{
    int groups = 0;
    for (int g = 0; g < r->groups; g++) {
        int count = 0;
        for (int a = r->first[g]; a < r->first[g] + r->axes[g]; a++)
            count += !(r->gone >> a & 1);
        if (count == 0)
            continue;
        axes[groups] = count;
        index[groups++] = index_names[g];
    }
    return groups;
}

static const char *y_element(const Reduce *r)
{
    int axes[MAX_RANK];
    const char *index[MAX_RANK];
    int groups = y_groups(r, axes, index);
    if (r->n->type.rank == 0)
        return emit_ref(r->e, r->n);
    return arena_printf(r->e->arena, "%s[%s]", emit_pointer(r->e, r->n),
                        groups ? expr_index(r->e, &r->n->type, ~0u, index,
                                            axes, groups)
                               : "0");
}

static const char *start_text(const Reduce *r)
{
    ElemType t = r->x->type.elem;
    if (!elem_is_real(t))
        return is(r, "max_of")   ? "INT32_MIN"
               : is(r, "min_of") ? "INT32_MAX"
               : is(r, "prod")   ? "1"
                                 : "0";
    double v = is(r, "max_of")   ? -INFINITY
               : is(r, "min_of") ? INFINITY
               : is(r, "prod")   ? 1
                                 : 0;
    Arena *a = r->e->arena;
    return scalar_c(a, scalar_const(a, v), NULL, NULL, t, false);
}

/* `acc` joined with the element `x`. */
static void put_join(const Reduce *r, const char *acc, const char *x)
{
    Arena *a = r->e->arena;
    const char *args[] = {acc, x};
    ElemType t = r->x->type.elem, types[] = {t, t};
    if (is(r, "sum") || is(r, "mean")) {
        put(&r->e->body, "%s += %s;", acc, x);
    } else if (is(r, "prod")) {
        put(&r->e->body, "%s *= %s;", acc, x);
    } else {
        ScalarOp op = is(r, "max_of") ? SC_MAX : SC_MIN;
        const Scalar *s = scalar_new(a, op, scalar_arg(a, 0), scalar_arg(a, 1),
                                     NULL);
        put(&r->e->body, "%s = %s;", acc,
            scalar_c(a, s, args, types, t, false));
    }
}

/* "n * 784": the number of elements of a mean, as a real. */
static const char *mean_count(const Reduce *r)
{
    Text t = {.arena = r->e->arena};
    for (int g = 0; g < r->groups; g++)
        if (!r->stays[g])
            text_printf(&t, "%s%s", t.len ? " * " : "",
                        expr_count(r->e, &r->x->type, r->first[g],
                                   r->first[g] + r->axes[g]));
    if (!t.len)
        return NULL;
    Arena *a = r->e->arena;
    ElemType elem = r->x->type.elem;
    if (!t.data[strspn(t.data, "0123456789")])
        return scalar_c(a, scalar_const(a, strtod(t.data, NULL)), NULL, NULL,
                        elem, false);
    const char *real = elem == ELEM_F32 ? "float" : "double";
    bool plain = t.data[strspn(t.data, "0123456789n")] == 0;
    return arena_printf(a, plain ? "(%s)%s" : "(%s)(%s)", real,
                        t.data);
}

/* The fused work on a finished value. */
static const char *fused_text(const Reduce *r, const char *value)
{
    const Node *n = r->n;
    Emit *e = r->e;
    int extras = n->nin - n->fused.own, axes[MAX_RANK];
    const char *index[MAX_RANK];
    int groups = y_groups(r, axes, index);
    const char **args = ARENA_ARRAY(e->arena, const char *, extras + 1);
    ElemType *types = ARENA_ARRAY(e->arena, ElemType, extras + 1);
    args[0] = value;
    types[0] = n->raw.elem;
    for (int k = 0; k < extras; k++) {
        const Node *x = n->in[n->fused.own + k];
        types[k + 1] = x->type.elem;
        args[k + 1] =
            x->type.rank == 0
                ? emit_ref(e, x)
                : arena_printf(e->arena, "%s[%s]", emit_pointer(e, x),
                               groups ? expr_index(e, &n->type,
                                                   n->fused.masks[k], index,
                                                   axes, groups)
                                      : "0");
    }
    return expr_c(e, n->fused.expr, args, types, &e->body);
}

/* y = the gathered value, divided for a mean, with the fused work done. */
static void put_result(const Reduce *r, const char *value)
{
    const Node *n = r->n;
    Emit *e = r->e;
    const char *count = is(r, "mean") ? mean_count(r) : NULL;
    if (count && n->fused.expr)
        put(&e->body, "%s /= %s;", value, count);
    else if (count)
        value = arena_printf(e->arena, "%s / %s", value, count);
    if (n->fused.expr)
        value = fused_text(r, value);
    bool cast = n->type.elem == ELEM_BOOL;
    if (n->type.rank == 0)
        emit_scalar(e, n, value);
    else
        put(&e->body, "%s = %s%s%s;", y_element(r), cast ? "(uint8_t)(" : "",
            value, cast ? ")" : "");
}

/* ---- the last axis goes: one result at a time ---- */

static bool has_long_row(const Reduce *r)
{
    int g = r->groups - 1;
    return (is(r, "sum") || is(r, "mean")) && g >= 0 && !r->stays[g] &&
           is_long(r, g);
}

/* Is each result the sum of one row? */
static bool is_one_row(const Reduce *r)
{
    int gone = 0;
    for (int g = 0; g < r->groups; g++)
        gone += !r->stays[g];
    return gone == 1 && has_long_row(r);
}

static const char *row_text(const Reduce *r)
{
    Emit *e = r->e;
    int last = r->groups - 1;
    Kernel *k = kernel_new(e, r->n, "row_sum");
    const char *start = x_index(r, true);
    bool shifted = strcmp(start, "0") != 0;
    return arena_printf(e->arena, "%s(%s%s%s, %s)", kernel_define(k),
                        emit_pointer(e, r->x), shifted ? " + " : "",
                        shifted ? start : "",
                        expr_count(e, &r->x->type, r->first[last],
                                   r->first[last] + r->axes[last]));
}

static void put_gather(const Reduce *r, const char *acc)
{
    Emit *e = r->e;
    int last = r->groups - 1, opened = 0;
    bool row = has_long_row(r);
    for (int g = 0; g <= last; g++)
        if (!r->stays[g] && !(row && g == last)) {
            open_loop(r, g, false);
            opened++;
        }
    if (row)
        put_join(r, acc, row_text(r));
    else if (r->x->type.rank == 0)
        put_join(r, acc, emit_ref(e, r->x));
    else
        put_join(r, acc,
                 arena_printf(e->arena, "%s[%s]", emit_pointer(e, r->x),
                              x_index(r, false)));
    while (opened-- > 0)
        put(&e->body, "}");
}

static void put_by_result(const Reduce *r)
{
    Emit *e = r->e;
    int opened = 0;
    for (int g = 0; g < r->groups; g++)
        if (r->stays[g]) {
            open_loop(r, g, false);
            opened++;
        }
    const char *elem = c_elem(r->x->type.elem);
    bool changes = r->n->fused.expr && is(r, "mean");
    const char *acc = opened ? "acc"
                             : emit_local(e, arena_printf(e->arena, "%s_acc",
                                                          r->n->name));
    if (is_one_row(r) && !r->n->fused.expr) {
        acc = row_text(r);
    } else if (is_one_row(r)) {
        put(&e->body, "%s%s %s = %s;", changes ? "" : "const ", elem, acc,
            row_text(r));
    } else {
        put(&e->body, "%s %s = %s;", elem, acc, start_text(r));
        put_gather(r, acc);
    }
    put_result(r, acc);
    while (opened-- > 0)
        put(&e->body, "}");
}

/* ---- the last axis stays: whole rows ---- */

static void put_by_row(const Reduce *r)
{
    Emit *e = r->e;
    int last = r->groups - 1, outer = 0, inner = 0;
    for (int g = 0; g < last; g++)
        if (r->stays[g]) {
            open_loop(r, g, false);
            outer++;
        }
    open_loop(r, last, true);
    put(&e->body, "%s = %s;\n}", y_element(r), start_text(r));
    for (int g = 0; g < last; g++)
        if (!r->stays[g]) {
            open_loop(r, g, false);
            inner++;
        }
    open_loop(r, last, true);
    put_join(r, y_element(r),
             arena_printf(e->arena, "%s[%s]", emit_pointer(e, r->x),
                          x_index(r, false)));
    while (inner-- >= 0)
        put(&e->body, "}");
    if (r->n->fused.expr || is(r, "mean")) {
        bool changes = r->n->fused.expr && is(r, "mean");
        open_loop(r, last, true);
        put(&e->body, "%s%s acc = %s;", changes ? "" : "const ",
            c_elem(r->x->type.elem), y_element(r));
        put_result(r, "acc");
        put(&e->body, "}");
    }
    while (outer-- > 0)
        put(&e->body, "}");
}

/* ---- channels ---- */

/* The sizes of sum_channels.c. */
typedef struct Channels {
    Dim outer, c, inner;
    int64_t v;
} Channels;

static Dim group_size(const Reduce *r, int g)
{
    return lowering_product(r->x->type.dim + r->first[g], r->axes[g]);
}

/* Axes [samples, channels, places] or [samples, channels, places, lanes]? */
static bool sums_channels(const Reduce *r, Channels *s)
{
    ElemType t = r->x->type.elem;
    if (!(is(r, "sum") || is(r, "mean")) || r->n->raw.elem != t ||
        (t != ELEM_F32 && t != ELEM_F64) || r->groups < 3 || r->groups > 4 ||
        r->stays[0])
        return false;
    *s = (Channels){group_size(r, 0), group_size(r, 1), group_size(r, 2), 1};
    if (r->groups == 3)
        return is_long(r, 2);
    Dim v = group_size(r, 3);
    s->v = v.c;
    return dim_is_const(v) && v.c <= MOST_LANES;
}

static void put_channels(const Reduce *r, const Channels *s)
{
    Kernel *k = kernel_new(r->e, r->n, "sum_channels");
    kernel_dim(k, "OUTER", s->outer);
    kernel_dim(k, "C", s->c);
    kernel_dim(k, "INNER", s->inner);
    kernel_int(k, "V", s->v);
    kernel_int(k, "MEAN", is(r, "mean"));
    kernel_arg(k, r->x);
    kernel_out(k);
    int axes[] = {r->axes[1], r->groups > 3 ? r->axes[3] : 0};
    kernel_groups(k, r->groups > 3 ? 2 : 1, axes);
    kernel_emit(k);
}

static Reduce reduce_of(const Node *n)
{
    Reduce r = {.n = n, .x = n->in[0], .op = op_name(n->op)};
    for (int i = 0; i < attr_len(n, "axes"); i++)
        r.gone |= 1u << attr_list(n, "axes", i);
    find_groups(&r);
    return r;
}

static Split split(const Node *n, const Target *t)
{
    Reduce r = reduce_of(n);
    Channels s;
    return sums_channels(&r, &s) && split_fits(s.c, 1, t) ? SPLIT_ROWS
                                                          : SPLIT_NONE;
}

static void lower(Emit *e, const Node *n)
{
    Reduce r = reduce_of(n);
    r.e = e;
    Channels channels;
    if (sums_channels(&r, &channels)) {
        put_channels(&r, &channels);
        return;
    }
    bool reduces = false;
    for (int g = 0; g < r.groups; g++)
        reduces |= !r.stays[g];
    if (reduces && r.stays[r.groups - 1] && n->type.elem == r.x->type.elem)
        put_by_row(&r);
    else
        put_by_result(&r);
}

static Cost cost(const Node *n, const Target *t)
{
    return lowering_cost(n, t, lowering_elements(&n->in[0]->type), 0.2, 0);
}

const Impl impl_reduce = {
    .name = "loop",
    .doc = "outer loops over the results, long rows in lanes",
    .cost = cost,
    .lower = lower,
    .split = split,
    .takes_epilogue = true,
};
