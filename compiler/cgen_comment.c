/* What the output says about each step: source line, operator, shapes,
 * implementation, operations.
 */
#include "cgen_impl.h"
#include "plan.h"
#include "lowering.h"

#include <string.h>

const char *count_comment(Arena *a, double count)
{
    char *digits = arena_printf(a, "%.0f", count);
    int len = (int)strlen(digits);
    Text t = {.arena = a};
    for (int i = 0; i < len; i++)
        text_printf(&t, "%s%c",
                    i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-' ? ","
                                                                        : "",
                    digits[i]);
    return t.data;
}

const char *shape_comment(Arena *a, const Module *m, const Type *t)
{
    Text s = {.arena = a};
    text_add(&s, "[");
    for (int i = 0; i < t->rank; i++)
        text_printf(&s, "%s%s", i ? "," : "",
                    dim_text(a, t->dim[i], m->dim ? m->dim : "N"));
    text_add(&s, "]");
    return t->rank == 0 ? "scalar" : s.data;
}

static const char *shape(Emit *e, const Node *n)
{
    return shape_comment(e->arena, e->module, &n->type);
}

static bool is(const Node *n, const char *op)
{
    return strcmp(op_name(n->op), op) == 0;
}

/* The C name of a global or the value's name in the source. */
static const char *operand(Emit *e, const Node *n)
{
    double v;
    if (node_is_const(n, &v))
        return double_text(e->arena, v);
    return n->global && node_is_inline(n) ? n->global->name : n->name;
}

/* "tanh(v + conv1.b)": the fused expression, as C but with the names of the
 * source; $0 is v. */
static const char *work_text(Emit *e, const Scalar *expr, Node *const *in,
                             int count)
{
    Arena *a = e->arena;
    int operations = scalar_operations(expr);
    const char **texts = ARENA_ARRAY(a, const char *, count + 1);
    ElemType *types = ARENA_ARRAY(a, ElemType, count + 1);
    if (operations > 30)
        return arena_printf(a, "%d operations an element", operations);
    texts[0] = "v";
    types[0] = ELEM_F64;
    for (int i = 0; i < count; i++) {
        texts[i + 1] = operand(e, in[i]);
        ElemType t = in[i]->type.elem;
        types[i + 1] = elem_is_real(t) ? ELEM_F64 : t;
    }
    const char *text = scalar_c(a, expr, texts, types, ELEM_F64, false);
    Text t = {.arena = a};
    text_add(&t, "");
    for (const char *p = text; *p; p++) {
        if (strncmp(p, "_f64(", 5) == 0)
            p += 4;
        text_addn(&t, p, 1);
    }
    if (t.len > 120 || strstr(t.data, "*/") || strstr(t.data, "/*"))
        return arena_printf(a, "%d operations an element", operations);
    return t.data;
}

/* "5x5" out of the entries of a list attribute or of trailing sizes. */
static const char *window_text(Emit *e, const int64_t *sizes, int count)
{
    Text t = {.arena = e->arena};
    text_add(&t, "");
    for (int i = 0; i < count; i++)
        text_printf(&t, "%s%lld", i ? "x" : "", (long long)sizes[i]);
    return t.data;
}

static void add_list(Emit *e, Text *t, const Node *n, const char *name,
                     int count)
{
    int64_t v[MAX_RANK];
    bool plain = true;
    for (int i = 0; i < count; i++) {
        v[i] = attr_list(n, name, i);
        plain &= v[i] == 1;
    }
    if (!plain)
        text_printf(t, ", %s %s", name, window_text(e, v, count));
}

static const char *conv_text(Emit *e, const Node *n)
{
    const Type *w = &n->in[1]->type;
    int axes = w->rank - 2;
    int64_t size[MAX_RANK];
    for (int i = 0; i < axes; i++)
        size[i] = w->dim[2 + i].c;
    Text t = {.arena = e->arena};
    bool whole = dim_is_const(w->dim[axes + 1]);
    text_printf(&t, "conv %s", whole ? window_text(e, size, axes) : "");
    bool plain = strcmp(attr_sym(n, "x"), "nc") == 0;
    if (plain && dim_is_const(n->in[0]->type.dim[1]))
        text_printf(&t, ", %lld -> %lld channels",
                    (long long)n->in[0]->type.dim[1].c,
                    (long long)n->type.dim[1].c);
    else
        text_add(&t, " by the weights");
    add_list(e, &t, n, "stride", axes);
    add_list(e, &t, n, "dilate", axes);
    add_list(e, &t, n, "spread", axes);
    if (attr_int(n, "groups") != 1)
        text_printf(&t, ", %lld groups", (long long)attr_int(n, "groups"));
    text_printf(&t, ": %s -> %s", shape(e, n->in[0]), shape(e, n));
    return t.data;
}

/* A convolution on blocks of channels; its weights begin with `before` axes
 * that are no window, and end with `behind`. */
static const char *blocks_text(Emit *e, const Node *n, int before, int behind)
{
    const Type *w = &n->in[1]->type;
    int axes = w->rank - before - behind;
    int64_t size[MAX_RANK];
    Text t = {.arena = e->arena};
    for (int i = 0; i < axes; i++)
        size[i] = w->dim[before + i].c;
    text_printf(&t, "conv %s%s", window_text(e, size, axes),
                before == 1 ? " of each channel" : "");
    text_printf(&t, ", blocks of %lld channels",
                (long long)w->dim[w->rank - 1].c);
    add_list(e, &t, n, "stride", axes);
    add_list(e, &t, n, "dilate", axes);
    if (before > 1 && attr_int(n, "groups") != 1)
        text_printf(&t, ", %lld groups", (long long)attr_int(n, "groups"));
    text_printf(&t, ": %s -> %s", shape(e, n->in[0]), shape(e, n));
    return t.data;
}

static const char *winograd_text(Emit *e, const Node *n)
{
    long long m = (long long)attr_int(n, "m");
    long long size = (long long)attr_int(n, "size");
    return arena_printf(
        e->arena,
        "conv %lldx%lld%s by tiles of %lldx%lld, blocks of %lld channels: "
        "%s -> %s",
        size, size, attr_int(n, "stride") > 1 ? ", stride 2x2," : "", m, m,
        (long long)n->type.dim[n->type.rank - 1].c, shape(e, n->in[0]),
        shape(e, n));
}

static const char *pool_text(Emit *e, const Node *n)
{
    int axes = attr_len(n, "size");
    int64_t size[MAX_RANK];
    for (int i = 0; i < axes; i++)
        size[i] = attr_list(n, "size", i);
    Text t = {.arena = e->arena};
    text_printf(&t, "%s %s", op_name(n->op), window_text(e, size, axes));
    add_list(e, &t, n, "stride", axes);
    text_printf(&t, ": %s -> %s", shape(e, n->in[0]), shape(e, n));
    return t.data;
}

static bool has_attr(const Node *n, const char *name)
{
    const OpSig *sig = op_sig(n->op);
    for (int i = 0; i < sig->nattr; i++)
        if (strcmp(sig->attr[i].name, name) == 0)
            return true;
    return false;
}

static const char *reduce_text(Emit *e, const Node *n)
{
    Text t = {.arena = e->arena};
    int axes = attr_len(n, "axes");
    if (axes < n->in[0]->type.rank)
        text_add(&t, axes == 1 ? " over axis " : " over axes ");
    else
        text_add(&t, "");
    for (int i = 0; i < axes && axes < n->in[0]->type.rank; i++)
        text_printf(&t, "%s%lld", i ? ", " : "",
                    (long long)attr_list(n, "axes", i));
    return arena_printf(e->arena, "%s%s: %s -> %s", op_name(n->op), t.data,
                        shape(e, n->in[0]), shape(e, n));
}

static const char *concat_text(Emit *e, const Node *n)
{
    int copies = 0;
    for (int i = 0; i < n->nin; i++)
        copies += !plan_is_part(n, i);
    const char *how = copies == 0        ? ", made where it lies"
                      : copies == n->nin ? ""
                                         : ", partly made where it lies";
    return arena_printf(e->arena, "concat of %d: %s%s", n->nin, shape(e, n),
                        how);
}

static const char *what_text(Emit *e, const Node *n)
{
    Arena *a = e->arena;
    if (is(n, "conv"))
        return conv_text(e, n);
    if (is(n, "conv_blocked"))
        return blocks_text(e, n, 2, 2);
    if (is(n, "conv_depthwise"))
        return blocks_text(e, n, 1, 1);
    if (is(n, "conv_winograd"))
        return winograd_text(e, n);
    if (is(n, "matmul"))
        return arena_printf(
            a, "matmul: %s%s x %s%s -> %s", shape(e, n->in[0]),
            strcmp(attr_sym(n, "a"), "t") ? "" : "'", shape(e, n->in[1]),
            strcmp(attr_sym(n, "b"), "t") ? "" : "'", shape(e, n));
    if (is(n, "matmul_panels"))
        return arena_printf(a, "product: %s x [%s,%lld] -> %s",
                            shape(e, n->in[0]),
                            dim_text(a, n->in[1]->type.dim[1], "N"),
                            (long long)attr_int(n, "columns"), shape(e, n));
    if (has_attr(n, "size") && has_attr(n, "stride"))
        return pool_text(e, n);
    if (n->nin == 1 && has_attr(n, "axes") && has_attr(n, "axes") &&
        n->type.rank < n->in[0]->type.rank)
        return reduce_text(e, n);
    if (is(n, "scan"))
        return arena_printf(a, "scan: %s turns",
                            dim_text(a, attr_dim(n, "count", 0),
                                     e->module->dim ? e->module->dim : "N"));
    if (is(n, "concat"))
        return concat_text(e, n);
    if (n->nin == 0)
        return arena_printf(a, "%s: %s", op_name(n->op), shape(e, n));
    return arena_printf(a, "%s: %s -> %s", op_name(n->op), shape(e, n->in[0]),
                        shape(e, n));
}

bool node_depends_on_n(const Node *n)
{
    bool yes = false;
    for (int i = 0; i < n->type.rank; i++)
        yes |= n->type.dim[i].k != 0;
    for (int k = 0; k < n->nin; k++)
        for (int i = 0; i < n->in[k]->type.rank; i++)
            yes |= n->in[k]->type.dim[i].k != 0;
    return yes;
}

double node_operations(const Node *n, const Target *t)
{
    if (!n->impl || !n->impl->cost)
        return 0;
    double flops = n->impl->cost(n, t).flops;
    return node_depends_on_n(n) ? flops / LOWERING_N : flops;
}

/* ", direct, 480,000 multiply-adds a sample" */
static const char *cost_text(Emit *e, const Node *n)
{
    const Options *o = emit_options(e);
    double flops = node_operations(n, o->target);
    bool products = strncmp(op_name(n->op), "conv", 4) == 0 ||
                    is(n, "matmul") || is(n, "matmul_panels");
    if (!n->impl)
        return "";
    Arena *a = e->arena;
    const char *name = is(n, "map") || strcmp(n->impl->name, "loop") == 0
                           ? ""
                           : arena_printf(a, ", %s", n->impl->name);
    if (flops < 1)
        return name;
    return arena_printf(a, "%s, %s %s%s%s", name,
                        count_comment(a, products ? flops / 2 : flops),
                        products ? "multiply-add" : "operation",
                        flops == 1 ? "" : "s",
                        node_depends_on_n(n) ? " a sample" : "");
}

const char *place_comment(Emit *e, const Node *n)
{
    const char *path = n->loc.src ? n->loc.src->path : NULL;
    if (!path)
        return NULL;
    const char *slash = strrchr(path, '/');
    return arena_printf(e->arena, "%s:%d", slash ? slash + 1 : path,
                        range_line(n->loc));
}

static const char *place_text(Emit *e, const Node *n)
{
    const char *place = place_comment(e, n);
    return place ? arena_printf(e->arena, "%s  ", place) : "";
}

bool func_fills(const Func *f)
{
    return f->kind == FUNC_INIT || f->kind == FUNC_PACK ||
           f->kind == FUNC_STATE || f->kind == FUNC_MEMORY;
}

const char *step_comment(Emit *e, const Node *n)
{
    Arena *a = e->arena;
    if (n->fused.expr && n->fused.own == 0 && func_fills(e->func))
        return arena_printf(a, "%s%s: %s", place_text(e, n), n->name,
                            shape(e, n));
    if (n->fused.expr && n->fused.own == 0)
        return arena_printf(a, "%s%s = %s: %s%s", place_text(e, n), n->name,
                            work_text(e, n->fused.expr, n->in, n->nin),
                            shape(e, n), cost_text(e, n));
    if (func_fills(e->func) && n->nin > 0)
        return arena_printf(a, "%s%s", place_text(e, n), what_text(e, n));
    Text t = {.arena = a};
    text_printf(&t, "%s%s = %s%s", place_text(e, n), n->name, what_text(e, n),
                cost_text(e, n));
    if (n->fused.expr)
        text_printf(&t, "; then %s",
                    work_text(e, n->fused.expr, n->in + n->fused.own,
                              n->nin - n->fused.own));
    if (n->place.view_of)
        text_add(&t, "; the same array");
    return t.data;
}
