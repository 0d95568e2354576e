/* The library's access to operators: op.NAME(tensors, attribute = value), and
 * the helpers on shapes that windows need. Only std.dl sees the name `op`.
 *
 *   op.axes(v, x, first)     v as a list with an entry for each axis of x from
 *                            `first` on
 *   op.sizes(x, first)       the sizes of those axes
 *   op.rank(x)               how many axes x has
 *   op.others(x, axis)       the axes of x but one
 *   op.low(pad, x, k, stride, dilation, first), op.high(...)
 *                            cells added before and after (language.md, window
 *                            arithmetic)
 *   op.cells(x, k, stride, low, high, dilation)
 *                            how many cells of each window lie inside x: a
 *                            number, or a table over the result's places
 *   op.expand(v, x, axis)     v repeated to the shape of x, v's axes being x's
 *                            from `axis` on
 *   op.places(n)              0, 1, .., n - 1
 *   op.randn_like(x), op.uniform_like(x)
 *   op.random                false under --no-random
 */
#include "sema_impl.h"
#include "op_list.h"
#include <string.h>

Node *draw(Sema *s, const OpDef *op, const Dim *dims, int rank)
{
    const char *base = s->scope->path ? s->scope->path : s->b.hint;
    if (!base)
        base = op_name(op);
    const char *key = base;
    for (int i = 2; map_has(s->draws, key); i++)
        key = arena_printf(s->arena, "%s.%d", base, i);
    map_set(s->draws, key, s);
    Attrs at = attrs_new(s->arena);
    attrs_dims(&at, "shape", dims, rank);
    attrs_sym(&at, "key", key);
    return node_new(&s->b, op, NULL, 0, &at);
}

/* ---- lists ---- */

static Value *int_list(Sema *s, const int64_t *v, int len)
{
    Value **items = ARENA_ARRAY(s->arena, Value *, len + 1);
    for (int i = 0; i < len; i++)
        items[i] = value_int(s, v[i]);
    return value_list(s, items, len);
}

static bool read_ints(Sema *s, const Value *v, Range r, int want, int64_t *out)
{
    if (v->kind == VALUE_INT) {
        for (int i = 0; i < want; i++)
            out[i] = v->i;
        return true;
    }
    bool ok = v->kind == VALUE_LIST && v->len == want;
    for (int i = 0; ok && i < want; i++) {
        ok = v->items[i]->kind == VALUE_INT;
        out[i] = v->items[i]->i;
    }
    if (!ok)
        diag_error(s->diag, place(s, r), DL2007,
                   "%s: an integer or a list of %d integers is needed, not %s",
                   s->library_layer ? s->library_layer : "op", want,
                   user_value(s, v));
    return ok;
}

static const Type *tensor_type(Sema *s, Call *c, int i)
{
    Value *v = call_position(c, i);
    if (v && v->kind == VALUE_NODE)
        return &v->node->type;
    diag_error(s->diag, place(s, c->range), DL2007, "%s: a tensor is needed",
               s->library_layer ? s->library_layer : "op");
    return NULL;
}

/* Axes of x from `first` on; an error when there are none. */
static int axes_from(Sema *s, const Type *t, const Value *first, Range r)
{
    int n = first->kind == VALUE_INT ? t->rank - (int)first->i : 0;
    if (n < 1)
        diag_error(s->diag, place(s, r), DL2005, "%s: %s has too few axes",
                   s->library_layer ? s->library_layer : "op",
                   user_type(s, t));
    return n;
}

static Value *helper_axes(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    int64_t v[MAX_RANK];
    const Type *t = tensor_type(s, c, 1);
    int n = t ? axes_from(s, t, call_position(c, 2), c->range) : 0;
    if (n < 1 || !read_ints(s, call_position(c, 0), c->range, n, v))
        return NULL;
    for (int i = 0; i < n; i++)
        if (v[i] < 1) {
            diag_error(s->diag, place(s, c->range), DL2013,
                       "%s: sizes, strides and dilations are at least 1, got "
                       "%lld",
                       s->library_layer ? s->library_layer : "op",
                       (long long)v[i]);
            return NULL;
        }
    return int_list(s, v, n);
}

static Value *helper_sizes(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    const Type *t = tensor_type(s, c, 0);
    int n = t ? axes_from(s, t, call_position(c, 1), c->range) : 0;
    if (n < 1)
        return NULL;
    Value **items = ARENA_ARRAY(s->arena, Value *, n);
    for (int i = 0; i < n; i++)
        items[i] = value_dim(s, t->dim[t->rank - n + i]);
    return value_list(s, items, n);
}

static Value *helper_rank(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    const Type *t = tensor_type(s, c, 0);
    return t ? value_int(s, t->rank) : NULL;
}

static Value *helper_others(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    int64_t axes[MAX_RANK];
    const Type *t = tensor_type(s, c, 0);
    int64_t axis = call_position(c, 1)->i;
    int count = 0;
    for (int i = 0; t && i < t->rank; i++)
        if (i != axis)
            axes[count++] = i;
    return t ? int_list(s, axes, count) : NULL;
}

/* ---- windows ---- */

typedef struct Windows {
    int axes;
    int64_t in[MAX_RANK], k[MAX_RANK], stride[MAX_RANK], dilation[MAX_RANK];
    int64_t low[MAX_RANK], high[MAX_RANK];
} Windows;

static bool is_word(const Value *v, const char *word)
{
    return v->kind == VALUE_SYMBOL && strcmp(v->text, word) == 0;
}

static int64_t window_extent(const Windows *w, int i)
{
    return w->dilation[i] * (w->k[i] - 1) + 1;
}

/* pad = same: ceil(i / s) places, the odd cell at the end. */
static void pad_same(Windows *w)
{
    for (int i = 0; i < w->axes; i++) {
        int64_t out = (w->in[i] + w->stride[i] - 1) / w->stride[i];
        int64_t all = (out - 1) * w->stride[i] + window_extent(w, i) - w->in[i];
        if (all < 0)
            all = 0;
        w->low[i] = all / 2;
        w->high[i] = all - all / 2;
    }
}

/* pad = p, [before, after], or a list of one of these for each axis. */
static bool pad_numbers(Sema *s, const Value *pad, Range r, Windows *w)
{
    bool nested = pad->kind == VALUE_LIST && pad->len == w->axes &&
                  pad->len > 0 && pad->items[0]->kind == VALUE_LIST;
    for (int i = 0; i < w->axes; i++) {
        const Value *v = nested ? pad->items[i] : pad;
        int64_t both[2];
        if (!read_ints(s, v, r, 2, both))
            return false;
        if (both[0] < 0 || both[1] < 0) {
            diag_error(s->diag, place(s, r), DL2013,
                       "%s: padding is not negative", s->library_layer);
            return false;
        }
        w->low[i] = both[0];
        w->high[i] = both[1];
    }
    return true;
}

static bool read_windows(Sema *s, Call *c, Windows *w)
{
    const Value *pad = call_position(c, 0);
    const Type *t = tensor_type(s, c, 1);
    int n = t ? axes_from(s, t, call_position(c, 5), c->range) : 0;
    if (n < 1)
        return false;
    w->axes = n;
    for (int i = 0; i < n; i++) {
        Dim d = t->dim[t->rank - n + i];
        if (!dim_is_const(d)) {
            diag_error(s->diag, place(s, c->range), DL2014,
                       "%s: no windows over the run-time size",
                       s->library_layer);
            return false;
        }
        w->in[i] = d.c;
    }
    if (!read_ints(s, call_position(c, 2), c->range, n, w->k) ||
        !read_ints(s, call_position(c, 3), c->range, n, w->stride) ||
        !read_ints(s, call_position(c, 4), c->range, n, w->dilation))
        return false;
    if (is_word(pad, "same"))
        pad_same(w);
    else if (pad->kind == VALUE_SYMBOL && !is_word(pad, "valid")) {
        diag_error(s->diag, place(s, c->range), DL2007,
                   "%s: pad is same, valid, an integer or a list, not '%s'",
                   s->library_layer, pad->text);
        return false;
    } else if (pad->kind != VALUE_SYMBOL)
        return pad_numbers(s, pad, c->range, w);
    return true;
}

static Value *helper_low(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Windows w = {0};
    return read_windows(s, c, &w) ? int_list(s, w.low, w.axes) : NULL;
}

static Value *helper_high(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Windows w = {0};
    return read_windows(s, c, &w) ? int_list(s, w.high, w.axes) : NULL;
}

/* Cells of window number o of axis i that lie inside. */
static int64_t cells_inside(const Windows *w, int i, int64_t o)
{
    int64_t count = 0;
    for (int64_t k = 0; k < w->k[i]; k++) {
        int64_t at = o * w->stride[i] + k * w->dilation[i] - w->low[i];
        count += at >= 0 && at < w->in[i];
    }
    return count;
}

static Node *cells_table(Sema *s, const Windows *w, const int64_t *out)
{
    int64_t total = 1;
    Dim d[MAX_RANK];
    for (int i = 0; i < w->axes; i++) {
        total *= out[i];
        d[i] = dim_const(out[i]);
    }
    double *v = ARENA_ARRAY(s->arena, double, total);
    for (int64_t p = 0; p < total; p++) {
        int64_t rest = p, cells = 1;
        for (int i = w->axes - 1; i >= 0; i--) {
            cells *= cells_inside(w, i, rest % out[i]);
            rest /= out[i];
        }
        v[p] = (double)cells;
    }
    Attrs at = attrs_new(s->arena);
    attrs_dims(&at, "shape", d, w->axes);
    attrs_values(&at, "values", v, (int)total);
    return node_new(&s->b, &op_const, NULL, 0, &at);
}

static Value *helper_cells(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Windows w = {0};
    const Type *t = tensor_type(s, c, 0);
    int64_t out[MAX_RANK], full = 1;
    bool uniform = true;
    if (!t)
        return NULL;
    w.axes = call_position(c, 1)->len;
    if (!read_ints(s, call_position(c, 1), c->range, w.axes, w.k) ||
        !read_ints(s, call_position(c, 2), c->range, w.axes, w.stride) ||
        !read_ints(s, call_position(c, 3), c->range, w.axes, w.low) ||
        !read_ints(s, call_position(c, 4), c->range, w.axes, w.high) ||
        !read_ints(s, call_position(c, 5), c->range, w.axes, w.dilation))
        return NULL;
    for (int i = 0; i < w.axes; i++) {
        w.in[i] = t->dim[t->rank - w.axes + i].c;
        out[i] = (w.in[i] + w.low[i] + w.high[i] - window_extent(&w, i)) /
                     w.stride[i] +
                 1;
        full *= w.k[i];
        for (int64_t o = 0; o < out[i]; o++)
            uniform = uniform && cells_inside(&w, i, o) == w.k[i];
    }
    return uniform ? value_int(s, full)
                   : value_node(s, cells_table(s, &w, out));
}

/* ---- other helpers ---- */

static Value *helper_expand(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    const Type *to = tensor_type(s, c, 1);
    const Value *v = call_position(c, 0), *first = call_position(c, 2);
    if (!to || v->kind != VALUE_NODE || first->kind != VALUE_INT)
        return NULL;
    int64_t axes[MAX_RANK];
    for (int i = 0; i < v->node->type.rank; i++)
        axes[i] = first->i + i;
    return value_node(s, build_broadcast(&s->b, v->node, to, axes));
}

static Value *helper_places(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Dim size;
    if (!value_to_size(s, call_position(c, 0), c->range, &size))
        return NULL;
    double *v = ARENA_ARRAY(s->arena, double, size.c + 1);
    for (int64_t i = 0; i < size.c; i++)
        v[i] = (double)i;
    Attrs at = attrs_new(s->arena);
    attrs_dims(&at, "shape", &size, 1);
    attrs_values(&at, "values", v, (int)size.c);
    return value_node(s, node_new(&s->b, &op_const, NULL, 0, &at));
}

static Value *helper_draw(Sema *s, Call *c, const Builtin *b)
{
    const Type *t = tensor_type(s, c, 0);
    return t ? value_node(s, draw(s, b->op, t->dim, t->rank)) : NULL;
}

static const Builtin helpers[] = {
    {"axes", 3, 3, "", helper_axes, NULL},
    {"sizes", 2, 2, "", helper_sizes, NULL},
    {"rank", 1, 1, "", helper_rank, NULL},
    {"others", 2, 2, "", helper_others, NULL},
    {"low", 6, 6, "", helper_low, NULL},
    {"high", 6, 6, "", helper_high, NULL},
    {"cells", 6, 6, "", helper_cells, NULL},
    {"places", 1, 1, "", helper_places, NULL},
    {"expand", 3, 3, "", helper_expand, NULL},
    {"randn_like", 1, 1, "", helper_draw, &op_randn},
    {"uniform_like", 1, 1, "", helper_draw, &op_uniform},
};

/* ---- any operator by its name ---- */

static bool set_attr(Sema *s, Attrs *at, const CallArg *a)
{
    const Value *v = a->value;
    if (v->kind == VALUE_INT)
        attrs_int(at, a->name, v->i);
    else if (v->kind == VALUE_REAL)
        attrs_real(at, a->name, v->r);
    else if (v->kind == VALUE_SYMBOL || v->kind == VALUE_STRING)
        attrs_sym(at, a->name, v->text);
    else if (v->kind == VALUE_LIST && v->len <= MAX_RANK) {
        int64_t list[MAX_RANK];
        if (!read_ints(s, v, a->range, v->len, list))
            return false;
        attrs_list(at, a->name, list, v->len);
    } else {
        diag_error(s->diag, place(s, a->range), DL2007,
                   "attribute '%s' cannot be %s", a->name, user_value(s, v));
        return false;
    }
    return true;
}

static DiagCode op_error_code(const OpDef *op)
{
    bool window = op == &op_conv || op == &op_maxpool || op == &op_sumpool ||
                  op == &op_unfold;
    return window ? DL2031 : DL2005;
}

static Value *call_op(Sema *s, Call *c, const Builtin *b)
{
    Attrs at = attrs_new(s->arena);
    Node **in = ARENA_ARRAY(s->arena, Node *, c->args.len + 1);
    int nin = 0;
    for (int i = 0; i < c->args.len; i++) {
        const CallArg *a = &c->args.data[i];
        if (a->name) {
            if (!set_attr(s, &at, a))
                return NULL;
        } else if (!(in[nin++] = value_to_node(s, a->value, s->module->real,
                                               a->range)))
            return NULL;
    }
    return value_node(s, op_checked(s, b->op, in, nin, &at, c->range,
                                    op_error_code(b->op)));
}

Value *op_field(Sema *s, const Expr *e)
{
    if (strcmp(e->name, "random") == 0)
        return value_bool(s, !s->options->no_random);
    Value *v = value_new(s, VALUE_BUILTIN);
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if (strcmp(helpers[i].name, e->name) == 0) {
            v->builtin = &helpers[i];
            return v;
        }
    const OpDef *op = op_find(e->name);
    if (!op)
        internal_error("std.dl names an unknown operator '%s'", e->name);
    Builtin *b = ARENA_NEW(s->arena, Builtin);
    const OpSig *sig = op_sig(op);
    Text keys = {.arena = s->arena};
    for (int i = 0; i < sig->nattr; i++)
        text_printf(&keys, "%s%s", i ? " " : "", sig->attr[i].name);
    b->name = sig->name;
    b->max_args = -1;
    b->keys = keys.data ? keys.data : "";
    b->call = call_op;
    b->op = op;
    v->builtin = b;
    return v;
}
