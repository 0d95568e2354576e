/* Windows read from nodes, and every message about a window that is wrong. */
#include "window.h"
#include <inttypes.h>
#include <string.h>

/* "5x5", or "5" over one axis. */
static const char *sizes_text(Arena *a, const Window *w,
                              int64_t (*of)(const WindowAxis *))
{
    int64_t last = of(&w->ax[1]);
    return w->axes == 1
               ? arena_printf(a, "%" PRId64, last)
               : arena_printf(a, "%" PRId64 "x%" PRId64, of(&w->ax[0]), last);
}

static int64_t size_of(const WindowAxis *a)
{
    return a->size;
}

static int64_t in_of(const WindowAxis *a)
{
    return a->in;
}

static const char *not_fitting(Arena *arena, const Window *w)
{
    Text t = {.arena = arena};
    const char *in = sizes_text(arena, w, in_of);
    const char *padded = sizes_text(arena, w, window_padded);
    text_printf(&t, "window %s", sizes_text(arena, w, size_of));
    if (w->ax[0].dilate > 1 || w->ax[1].dilate > 1)
        text_printf(&t, " (dilated: %s)", sizes_text(arena, w, window_span));
    if (w->axes == 1)
        text_printf(&t, " does not fit the input of size %s", in);
    else
        text_printf(&t, " does not fit the %s input", in);
    if (strcmp(in, padded) != 0)
        text_printf(&t, " (padded: %s)", padded);
    return t.data;
}

/* Far beyond any model, and no product of two numbers overflows. */
enum { LIMIT = 1 << 30 };

static WindowAxis *axis(Window *w, int i)
{
    return &w->ax[i + 2 - w->axes];
}

/* One number an axis into the field at `offset`. */
static const char *read_attr(Arena *arena, const Node *n, Window *w,
                             const char *name, int64_t least, size_t offset)
{
    const Attr *given = node_attr(n, name);
    int len = attr_len(n, name);
    if (given && given->kind != ATTR_INT && len != w->axes)
        return arena_printf(arena,
                            "%s has %d entr%s, but the window goes over "
                            "%d ax%s",
                            name, len, len == 1 ? "y" : "ies", w->axes,
                            w->axes == 1 ? "is" : "es");
    for (int i = 0; i < w->axes; i++) {
        Dim d = attr_dim(n, name, i);
        int64_t v = d.c;
        if (!dim_is_const(d))
            return arena_printf(arena, "%s depends on the run-time size", name);
        if (v < least)
            return arena_printf(arena, "%s = %" PRId64 " is below %" PRId64,
                                name, v, least);
        if (v > LIMIT)
            return arena_printf(arena, "%s = %" PRId64 " is too large", name,
                                v);
        *(int64_t *)(void *)((char *)axis(w, i) + offset) = v;
    }
    return NULL;
}

static const char *read_steps(Arena *a, const Node *n, Window *w)
{
    const char *error =
        read_attr(a, n, w, "stride", 1, offsetof(WindowAxis, stride));
    if (!error)
        error = read_attr(a, n, w, "low", -LIMIT, offsetof(WindowAxis, low));
    if (!error)
        error = read_attr(a, n, w, "high", -LIMIT, offsetof(WindowAxis, high));
    if (!error)
        error = read_attr(a, n, w, "dilate", 1, offsetof(WindowAxis, dilate));
    return error;
}

/* Sizes of t's axes from `first` on. */
static const char *read_in(Arena *arena, const Type *t, int first, Window *w)
{
    for (int i = 0; i < w->axes; i++) {
        Dim d = t->dim[first + i];
        if (!dim_is_const(d))
            return arena_printf(arena,
                                "no windows over the run-time size: "
                                "axis %d is %s",
                                first + i, dim_text(arena, d, "N"));
        if (d.c < 1 || d.c > LIMIT)
            return arena_printf(
                arena, "no window lies on the %" PRId64 " cells of axis %d",
                d.c, first + i);
        axis(w, i)->in = d.c;
    }
    return NULL;
}

static void clear(Window *w, int axes, int first)
{
    const WindowAxis one = {1, 1, 1, 0, 0, 1, 1, 1};
    *w = (Window){.axes = axes, .axis = first, .ax = {one, one}};
}

static const char *finish(Arena *arena, Window *w)
{
    for (int i = 0; i < 2; i++) {
        w->ax[i].out = window_out(&w->ax[i]);
        if (w->ax[i].out == 0)
            return not_fitting(arena, w);
    }
    return NULL;
}

/* ---- pools ---- */

const char *window_read_pool(Arena *arena, const Node *n, Window *w)
{
    /* x, or the adjoint's g, is the operator's last input. */
    const Type *x = &n->in[op_sig(n->op)->nparam - 1]->type;
    const Attr *size = node_attr(n, "size");
    int axes = size && size->kind != ATTR_INT ? size->len : 1;
    int first = (int)attr_int(n, "axis");
    if (axes < 1 || axes > 2)
        return arena_printf(arena,
                            "a window goes over one or two axes, not "
                            "%d",
                            axes);
    if (first < 0 || first > x->rank - axes)
        return arena_printf(arena,
                            "%d axes from axis %d on are not there in "
                            "%s",
                            axes, first, type_text(arena, x, "N"));
    clear(w, axes, first);
    const char *error =
        read_attr(arena, n, w, "size", 1, offsetof(WindowAxis, size));
    if (!error)
        error = read_steps(arena, n, w);
    if (!error)
        /* sumunpool and fold make the input: an attribute has its sizes. */
        error = node_attr(n, "shape") ? read_attr(arena, n, w, "shape", 1,
                                                  offsetof(WindowAxis, in))
                                      : read_in(arena, x, first, w);
    return error ? error : finish(arena, w);
}

Type window_result_type(const Window *w, const Type *x)
{
    Type y = *x;
    for (int i = 0; i < w->axes; i++)
        y.dim[w->axis + i] = dim_const(w->ax[i + 2 - w->axes].out);
    return y;
}

Type window_input_type(const Window *w, const Type *y)
{
    Type x = *y;
    for (int i = 0; i < w->axes; i++)
        x.dim[w->axis + i] = dim_const(w->ax[i + 2 - w->axes].in);
    return x;
}

const char *window_check_result(Arena *arena, const Window *w, const Type *g)
{
    for (int i = 0; i < w->axes; i++) {
        Dim want = dim_const(w->ax[i + 2 - w->axes].out);
        Dim got = g->dim[w->axis + i];
        if (!dim_equal(want, got))
            return arena_printf(arena,
                                "there are %s windows along axis %d, "
                                "not %s",
                                dim_text(arena, want, "N"), w->axis + i,
                                dim_text(arena, got, "N"));
    }
    return NULL;
}

const char *window_check_cells(Arena *arena, const Window *w)
{
    for (int i = 0; i < w->axes; i++) {
        const WindowAxis *a = &w->ax[i + 2 - w->axes];
        int64_t inner, end, from, to;
        window_inner(a, &inner, &end);
        for (int64_t p = 0; p < a->out; p++) {
            if (p == inner && end > inner)
                p = end - 1; /* these are full */
            window_places(a, p, &from, &to);
            if (from == to)
                return arena_printf(arena,
                                    "window %" PRId64 " of axis %d has "
                                    "no cell of the input",
                                    p, w->axis + i);
        }
    }
    return NULL;
}

void window_attrs(Attrs *at, const Node *n)
{
    static const char *const names[] = {"size", "stride", "low",
                                        "high", "dilate", "axis"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const Attr *attr = node_attr(n, names[i]);
        if (attr)
            attrs_copy(at, attr);
    }
}

void window_attrs_shape(Attrs *at, const Node *n)
{
    Window w = window_pool(n);
    int64_t shape[2];
    for (int i = 0; i < w.axes; i++)
        shape[i] = w.ax[i + 2 - w.axes].in;
    window_attrs(at, n);
    attrs_list(at, "shape", shape, w.axes);
}

/* ---- conv ---- */

/* x has its windowed axes from axis 2 on, the kernel from `first` on. */
static const char *read_kernel(Arena *arena, const Node *n, int axes, int first,
                               Window *w)
{
    const Type *x = &n->in[0]->type, *k = &n->in[1]->type;
    clear(w, axes, 2);
    const char *error = read_in(arena, k, first, w);
    if (error)
        return error;
    for (int i = 0; i < w->axes; i++)
        axis(w, i)->size = axis(w, i)->in;
    error = read_steps(arena, n, w);
    if (!error && node_attr(n, "spread"))
        error =
            read_attr(arena, n, w, "spread", 1, offsetof(WindowAxis, spread));
    if (!error)
        error = read_in(arena, x, 2, w);
    return error ? error : finish(arena, w);
}

const char *window_read_conv(Arena *arena, const Node *n, Window *w)
{
    const Type *x = &n->in[0]->type, *k = &n->in[1]->type;
    if (x->rank != 3 && x->rank != 4)
        return arena_printf(arena,
                            "a convolution goes over one or two axes: "
                            "its input has rank 3 or 4, not %d",
                            x->rank);
    if (k->rank != x->rank)
        return arena_printf(arena,
                            "input and kernel of a convolution have one "
                            "rank, not %d and %d",
                            x->rank, k->rank);
    return read_kernel(arena, n, x->rank - 2, 2, w);
}

const char *window_read_blocked(Arena *arena, const Node *n, Window *w)
{
    const Type *x = &n->in[0]->type, *k = &n->in[1]->type;
    if (x->rank != 4 && x->rank != 5)
        return arena_printf(arena, "a blocked input has rank 4 or 5, not %d",
                            x->rank);
    if (k->rank != x->rank + 1)
        return arena_printf(arena, "blocked weights have rank %d here, not %d",
                            x->rank + 1, k->rank);
    return read_kernel(arena, n, x->rank - 3, 2, w);
}

const char *window_read_depthwise(Arena *arena, const Node *n, Window *w)
{
    const Type *x = &n->in[0]->type, *k = &n->in[1]->type;
    if (x->rank != 4 && x->rank != 5)
        return arena_printf(arena, "a blocked input has rank 4 or 5, not %d",
                            x->rank);
    if (k->rank != x->rank - 1)
        return arena_printf(arena,
                            "depthwise weights have rank %d here, not %d",
                            x->rank - 1, k->rank);
    return read_kernel(arena, n, x->rank - 3, 1, w);
}

static const char *read_sized(Arena *arena, const Node *n, const int64_t *size,
                              bool strided, Window *w)
{
    const Type *x = &n->in[0]->type;
    clear(w, x->rank - 3, 2);
    const char *error = read_in(arena, x, 2, w);
    if (!error && strided)
        error =
            read_attr(arena, n, w, "stride", 1, offsetof(WindowAxis, stride));
    for (int i = 0; i < w->axes; i++)
        axis(w, i)->size = size[i];
    if (!error)
        error =
            read_attr(arena, n, w, "low", -LIMIT, offsetof(WindowAxis, low));
    if (!error)
        error =
            read_attr(arena, n, w, "high", -LIMIT, offsetof(WindowAxis, high));
    return error ? error : finish(arena, w);
}

const char *window_read_sized(Arena *arena, const Node *n, const int64_t *size,
                              Window *w)
{
    return read_sized(arena, n, size, false, w);
}

const char *window_read_fft(Arena *arena, const Node *n, Window *w)
{
    clear(w, 2, 2);
    const char *error =
        read_attr(arena, n, w, "size", 1, offsetof(WindowAxis, size));
    const int64_t size[] = {w->ax[0].size, w->ax[1].size};
    return error ? error : window_read_sized(arena, n, size, w);
}

/* ---- typed nodes ---- */

static Window must(const char *(*read)(Arena *, const Node *, Window *),
                   const Node *n)
{
    Arena *arena = arena_new();
    Window w;
    const char *error = read(arena, n, &w);
    if (error)
        internal_error("%%%s: %s", n->name, error);
    arena_free(arena);
    return w;
}

Window window_conv(const Node *n)
{
    return must(window_read_conv, n);
}

Window window_blocked(const Node *n)
{
    return must(window_read_blocked, n);
}

Window window_depthwise(const Node *n)
{
    return must(window_read_depthwise, n);
}

Window window_fft(const Node *n)
{
    return must(window_read_fft, n);
}

const char *window_read_winograd(Arena *arena, const Node *n, Window *w)
{
    const int64_t size[] = {attr_int(n, "size"), attr_int(n, "size")};
    return read_sized(arena, n, size, true, w);
}

Window window_winograd(const Node *n)
{
    return must(window_read_winograd, n);
}

Window window_pool(const Node *n)
{
    return must(window_read_pool, n);
}
