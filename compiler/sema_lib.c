/* Built-in functions of the language: those that one operator computes and
 * those whose result depends on shapes. The rest of the library is written in
 * the language itself (std.dl). */
#include "sema_impl.h"
#include "op_list.h"
#include <math.h>
#include <string.h>

/* Names of the library that later versions give meaning to. */
static const char *const planned[] = {
    "convt",     "augment",  "ctc",     "eye",        "trace",
    "diag",      "inv",      "solve",   "logdet",     "chol",   "jacobian",
    "div",       "put",      "split",   "orthogonal", "file",   "slice",
};
static const char *const words[] = {
    "same",     "valid",    "global",    "auto", "inference", "inverted",
    "winograd", /* the cheaper of the two */
};

bool library_is_planned(const char *name)
{
    for (size_t i = 0; i < sizeof planned / sizeof *planned; i++)
        if (strcmp(planned[i], name) == 0)
            return true;
    return false;
}

bool word_is_symbol(const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    for (int i = 0; i < OP_IMPLS && op_conv.impl[i]; i++)
        if (strcmp(op_conv.impl[i]->name, name) == 0)
            return true;
    return false;
}

void word_symbols(Arena *a, StringArray *out)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        array_push(a, out, words[i]);
    for (int i = 0; i < OP_IMPLS && op_conv.impl[i]; i++)
        array_push(a, out, op_conv.impl[i]->name);
}

/* Positional argument i as a real tensor. */
static Node *real_arg(Sema *s, Call *c, int i)
{
    return value_to_real(s, call_position(c, i), c->args.data[i].range);
}

static Value *call_unary(Sema *s, Call *c, const Builtin *b)
{
    Value *v = call_position(c, 0);
    double x;
    if (value_is_number(v, &x)) {
        x = scalar_eval(b->op->expr(s->arena), &x);
        bool whole = b->op == &op_floor ||
                     (v->kind == VALUE_INT &&
                      (b->op == &op_abs || b->op == &op_sign));
        return whole ? value_int(s, (int64_t)x) : value_real(s, x);
    }
    Node *n = value_to_real(s, v, c->range);
    return n ? value_node(s, build1(&s->b, b->op, n)) : NULL;
}

bool axis_argument(Sema *s, const Value *v, Range r, int rank, int64_t *axes,
                   int *count)
{
    if (v->kind == VALUE_LIST) {
        *count = 0;
        for (int i = 0; i < v->len; i++) {
            int one = 0;
            if (v->items[i]->kind == VALUE_LIST || i >= rank) {
                diag_error(s->diag, place(s, r), DL2027,
                           "axes are a flat list of at most %d integers",
                           rank);
                return false;
            }
            if (!axis_argument(s, v->items[i], r, rank, axes + i, &one))
                return false;
            ++*count;
        }
        return true;
    }
    int64_t a = v->kind == VALUE_INT ? v->i : rank;
    if (a < 0)
        a += rank;
    if (a < 0 || a >= rank) {
        diag_error(s->diag, place(s, r), DL2027,
                   "axis must be between %d and %d, got %s", -rank, rank - 1,
                   user_value(s, v));
        return false;
    }
    axes[0] = a;
    *count = 1;
    return true;
}

/* The one axis of a call that has no other. */
static bool one_axis(Sema *s, const Builtin *b, const CallArg *key, int rank,
                     int64_t *axis)
{
    int64_t axes[MAX_RANK];
    int count = 0;
    if (!axis_argument(s, key->value, key->range, rank, axes, &count))
        return false;
    if (count != 1) {
        diag_error(s->diag, key->range, DL2027, "%s is over one axis", b->name);
        return false;
    }
    *axis = axes[0];
    return true;
}

static Value *call_reduce(Sema *s, Call *c, const Builtin *b)
{
    Node *n = real_arg(s, c, 0);
    if (!n)
        return NULL;
    int64_t axes[MAX_RANK];
    int count = n->type.rank;
    for (int i = 0; i < count; i++)
        axes[i] = i;
    const CallArg *key = call_key(c, "axis");
    if (key && !axis_argument(s, key->value, key->range, n->type.rank, axes,
                              &count))
        return NULL;
    if (count == 0)
        return value_node(s, n);
    Attrs at = attrs_new(s->arena);
    attrs_list(&at, "axes", axes, count);
    return value_node(s, op_checked(s, b->op, &n, 1, &at, c->range, DL2027));
}

/* max(x, y) element by element; max(x) and max(x, axis = 1) reduce. */
static Value *call_extreme(Sema *s, Call *c, const Builtin *b)
{
    bool is_max = strcmp(b->name, "max") == 0;
    if (call_positional(c) == 1) {
        Builtin reduce = *b;
        reduce.op = is_max ? &op_max_of : &op_min_of;
        return call_reduce(s, c, &reduce);
    }
    Value *x = call_position(c, 0), *y = call_position(c, 1);
    double p, q;
    if (value_is_number(x, &p) && value_is_number(y, &q))
        return (is_max ? p >= q : p <= q) ? x : y;
    Node *in[2] = {real_arg(s, c, 0), real_arg(s, c, 1)};
    if (!in[0] || !in[1])
        return NULL;
    return value_node(s, op_checked(s, is_max ? &op_max : &op_min, in, 2, NULL,
                                    c->range, DL2005));
}

static Value *call_pow(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    return binary(s, "^", call_position(c, 0), call_position(c, 1), c->range,
                  c->range, c->range);
}

/* softmax logsumexp argmax work on the last axis; another one is moved there,
 * and for softmax back. */
static Value *call_last(Sema *s, Call *c, const Builtin *b)
{
    Node *n = real_arg(s, c, 0);
    const CallArg *key = call_key(c, "axis");
    int rank = n ? n->type.rank : 0;
    int64_t axis = rank - 1, there[MAX_RANK], back[MAX_RANK];
    if (!n || (key && !one_axis(s, b, key, rank, &axis)))
        return NULL;
    bool last = axis == rank - 1;
    for (int i = 0; i < rank; i++) {
        there[i] = i == rank - 1 ? axis : i + (i >= axis);
        back[there[i]] = i;
    }
    if (!last)
        n = build_transpose(&s->b, n, there);
    n = op_checked(s, b->op, &n, 1, NULL, c->range, DL2005);
    if (n && !last && b->op == &op_softmax)
        n = build_transpose(&s->b, n, back);
    return value_node(s, n);
}

static Value *call_stop(Sema *s, Call *c, const Builtin *b)
{
    Node *n = real_arg(s, c, 0);
    return n ? value_node(s, build1(&s->b, b->op, n)) : NULL;
}

static Value *call_grad(Sema *s, Call *c, const Builtin *b)
{
    Node *in[2] = {real_arg(s, c, 0), real_arg(s, c, 1)};
    if (!in[0] || !in[1])
        return NULL;
    if (in[0]->type.rank != 0) {
        diag_error(s->diag, c->range, DL2018,
                   "grad needs a scalar to differentiate, got %s",
                   user_type(s, &in[0]->type));
        diag_help(s->diag, "reduce it first: grad(sum(..), ..)");
        return NULL;
    }
    return value_node(s, op_checked(s, b->op, in, 2, NULL, c->range, DL2005));
}

/* ---- shapes ---- */

static Value *call_flatten(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Node *n = value_to_node(s, call_position(c, 0), s->module->real, c->range);
    if (!n || n->type.rank < 2)
        return value_node(s, n);
    Dim d[2] = {n->type.dim[0], dim_const(1)};
    for (int i = 1; i < n->type.rank; i++)
        if (!dim_mul(d[1], n->type.dim[i], &d[1]))
            return NULL;
    return value_node(s, build_reshape(&s->b, n, 2, d));
}

static Value *call_squeeze(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Node *n = value_to_node(s, call_position(c, 0), s->module->real, c->range);
    const CallArg *key = call_key(c, "axis");
    int64_t axes[MAX_RANK];
    int count = 0, rank = 0;
    if (!n || (key && !axis_argument(s, key->value, key->range, n->type.rank,
                                     axes, &count)))
        return NULL;
    Dim d[MAX_RANK];
    for (int i = 0; i < n->type.rank; i++) {
        bool drop = dim_equal(n->type.dim[i], dim_const(1));
        bool named = !key;
        for (int k = 0; k < count; k++)
            named = named || axes[k] == i;
        if (key && named && !drop) {
            diag_error(s->diag, key->range, DL2005,
                       "squeeze: axis %d of %s is not of size 1", i,
                       user_type(s, &n->type));
            return NULL;
        }
        if (!(drop && named))
            d[rank++] = n->type.dim[i];
    }
    return value_node(s, build_reshape(&s->b, n, rank, d));
}

static Value *call_concat(Sema *s, Call *c, const Builtin *b)
{
    int count = call_positional(c);
    Node **in = ARENA_ARRAY(s->arena, Node *, count);
    const CallArg *key = call_key(c, "axis");
    int64_t axis = 0;
    for (int i = 0; i < count; i++)
        if (!(in[i] = real_arg(s, c, i)))
            return NULL;
    if (key && !one_axis(s, b, key, in[0]->type.rank, &axis))
        return NULL;
    Attrs at = attrs_new(s->arena);
    attrs_int(&at, "axis", axis);
    return value_node(s, op_checked(s, b->op, in, count, &at, c->range,
                                    DL2005));
}

static Value *call_reshape(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Node *n = value_to_node(s, call_position(c, 0), s->module->real, c->range);
    const Value *v = call_position(c, 1);
    if (!n)
        return NULL;
    if (v->kind != VALUE_LIST || v->len > MAX_RANK) {
        diag_error(s->diag, c->range, DL2007,
                   "reshape needs a list of sizes: reshape(x, [a, b])");
        return NULL;
    }
    Dim d[MAX_RANK];
    for (int i = 0; i < v->len; i++)
        if (!value_to_size(s, v->items[i], c->range, &d[i]))
            return NULL;
    Attrs at = attrs_new(s->arena);
    attrs_dims(&at, "shape", d, v->len);
    return value_node(s, op_checked(s, &op_reshape, &n, 1, &at, c->range,
                                    DL2005));
}

static Value *call_reverse(Sema *s, Call *c, const Builtin *b)
{
    Node *n = value_to_node(s, call_position(c, 0), s->module->real, c->range);
    const CallArg *key = call_key(c, "axis");
    int64_t axes[MAX_RANK] = {0};
    int count = 1;
    if (!n || (key && !axis_argument(s, key->value, key->range, n->type.rank,
                                     axes, &count)))
        return NULL;
    Attrs at = attrs_new(s->arena);
    attrs_list(&at, "axes", axes, count);
    return value_node(s, op_checked(s, b->op, &n, 1, &at, c->range, DL2027));
}

static Value *call_transpose(Sema *s, Call *c, const Builtin *b)
{
    Node *n = value_to_node(s, call_position(c, 0), s->module->real, c->range);
    const Value *v = call_position(c, 1);
    int64_t perm[MAX_RANK];
    int count = 0;
    if (!n || !axis_argument(s, v, c->range, n->type.rank, perm, &count))
        return NULL;
    Attrs at = attrs_new(s->arena);
    attrs_list(&at, "perm", perm, count);
    return value_node(s, op_checked(s, b->op, &n, 1, &at, c->range, DL2005));
}

/* pad(x, [before, after], axis = a): zeros. */
static Value *call_pad(Sema *s, Call *c, const Builtin *b)
{
    Node *n = real_arg(s, c, 0);
    const Value *v = call_position(c, 1);
    const CallArg *key = call_key(c, "axis");
    int64_t low[MAX_RANK] = {0}, high[MAX_RANK] = {0}, axis = 0;
    if (!n || (key && !one_axis(s, b, key, n->type.rank, &axis)))
        return NULL;
    if (v->kind != VALUE_LIST || v->len != 2 ||
        v->items[0]->kind != VALUE_INT || v->items[1]->kind != VALUE_INT) {
        diag_error(s->diag, c->range, DL2007,
                   "pad needs [before, after], two integers");
        return NULL;
    }
    low[axis] = v->items[0]->i;
    high[axis] = v->items[1]->i;
    Attrs at = attrs_new(s->arena);
    attrs_list(&at, "low", low, n->type.rank);
    attrs_list(&at, "high", high, n->type.rank);
    return value_node(s, op_checked(s, b->op, &n, 1, &at, c->range, DL2005));
}

static Value *call_onehot(Sema *s, Call *c, const Builtin *b)
{
    Node *n = value_to_node(s, call_position(c, 0), ELEM_I32, c->range);
    const Value *v = call_position(c, 1);
    if (!n)
        return NULL;
    int64_t classes = v ? (v->kind == VALUE_INT ? v->i : 0) : n->type.bound;
    Attrs at = attrs_new(s->arena);
    attrs_int(&at, "classes", classes);
    return value_node(s, op_checked(s, b->op, &n, 1, &at, c->range, DL2007));
}

static Value *call_gather(Sema *s, Call *c, const Builtin *b)
{
    Node *in[2] = {real_arg(s, c, 0), NULL};
    in[1] = value_to_node(s, call_position(c, 1), ELEM_I32, c->range);
    if (!in[0] || !in[1])
        return NULL;
    return value_node(s, op_checked(s, b->op, in, 2, NULL, c->range, DL2007));
}

/* ---- random draws ---- */

static bool call_sizes(Sema *s, Call *c, Dim *d, int *rank)
{
    *rank = 0;
    for (int i = 0; i < c->args.len; i++)
        if (*rank == MAX_RANK ||
            !value_to_size(s, c->args.data[i].value, c->args.data[i].range,
                           &d[(*rank)++]))
            return false;
    return true;
}

static Value *call_draw(Sema *s, Call *c, const Builtin *b)
{
    Dim d[MAX_RANK];
    int rank;
    if (!call_sizes(s, c, d, &rank))
        return NULL;
    return value_node(s, draw(s, b->op, d, rank));
}

/* 1 with probability p; no gradient. */
static Value *call_bernoulli(Sema *s, Call *c, const Builtin *b)
{
    (void)b;
    Node *p = real_arg(s, c, 0);
    if (!p)
        return NULL;
    Node *u = draw(s, &op_uniform, p->type.dim, p->type.rank);
    Node *less = u ? build2(&s->b, &op_lt, u, build1(&s->b, &op_stop, p))
                   : NULL;
    return less ? value_node(s, build1(&s->b, &op_real, less)) : NULL;
}

/* ---- sums over parameters ---- */

/* Every tensor an argument of l1, l2 stands for. */
static bool penalised(Sema *s, const CallArg *a, NodeArray *out)
{
    const Value *v = a->value;
    if (v->kind == VALUE_NODE) {
        array_push(s->arena, out, v->node);
        return true;
    }
    const char *path = v->kind == VALUE_INSTANCE ? v->instance->path
                       : v->kind == VALUE_PATH   ? v->text
                       : v->kind == VALUE_ALL    ? ""
                                                 : NULL;
    if (!path) {
        diag_error(s->diag, a->range, DL2007,
                   "a tensor, an instance or 'all' is needed, not %s",
                   user_value(s, v));
        return false;
    }
    size_t n = strlen(path);
    for (int i = 0; i < s->module->globals.len; i++) {
        Global *g = s->module->globals.data[i];
        if (g->kind == GLOBAL_PARAM && !g->frozen &&
            (n == 0 || (strncmp(g->name, path, n) == 0 && g->name[n] == '.')))
            array_push(s->arena, out, node_param(&s->b, g));
    }
    return true;
}

/* l1 = sum of |w|, l2 = sum of w^2, over all elements of all arguments. */
static Value *call_penalty(Sema *s, Call *c, const Builtin *b)
{
    bool squares = strcmp(b->name, "l2") == 0;
    NodeArray all = {0};
    Node *total = NULL;
    for (int i = 0; i < c->args.len; i++)
        if (!penalised(s, &c->args.data[i], &all))
            return NULL;
    for (int i = 0; i < all.len; i++) {
        int64_t axes[MAX_RANK];
        Node *w = all.data[i];
        for (int k = 0; k < w->type.rank; k++)
            axes[k] = k;
        Node *e = squares ? build2(&s->b, &op_mul, w, w)
                          : build1(&s->b, &op_abs, w);
        if (w->type.rank > 0)
            e = build_sum(&s->b, e, axes, w->type.rank);
        total = total ? build2(&s->b, &op_add, total, e) : e;
    }
    return total ? value_node(s, total) : value_real(s, 0.0);
}

const Builtin builtin_table[] = {
    {"exp", 1, 1, "", call_unary, &op_exp},
    {"log", 1, 1, "", call_unary, &op_log},
    {"log1p", 1, 1, "", call_unary, &op_log1p},
    {"sqrt", 1, 1, "", call_unary, &op_sqrt},
    {"abs", 1, 1, "", call_unary, &op_abs},
    {"sign", 1, 1, "", call_unary, &op_sign},
    {"floor", 1, 1, "", call_unary, &op_floor},
    {"erf", 1, 1, "", call_unary, &op_erf},
    {"sin", 1, 1, "", call_unary, &op_sin},
    {"cos", 1, 1, "", call_unary, &op_cos},
    {"tanh", 1, 1, "", call_unary, &op_tanh},
    {"sigmoid", 1, 1, "", call_unary, &op_sigmoid},
    {"relu", 1, 1, "", call_unary, &op_relu},
    {"softplus", 1, 1, "", call_unary, &op_softplus},
    {"pow", 2, 2, "", call_pow, &op_pow},
    {"max", 1, 2, "axis", call_extreme, &op_max},
    {"min", 1, 2, "axis", call_extreme, &op_min},
    {"sum", 1, 1, "axis", call_reduce, &op_sum},
    {"mean", 1, 1, "axis", call_reduce, &op_mean},
    {"prod", 1, 1, "axis", call_reduce, &op_prod},
    {"softmax", 1, 1, "axis", call_last, &op_softmax},
    {"logsumexp", 1, 1, "axis", call_last, &op_logsumexp},
    {"argmax", 1, 1, "axis", call_last, &op_argmax},
    {"stop", 1, 1, "", call_stop, &op_stop},
    {"grad", 2, 2, "", call_grad, &op_grad},
    {"flatten", 1, 1, "", call_flatten, &op_reshape},
    {"squeeze", 1, 1, "axis", call_squeeze, &op_reshape},
    {"concat", 1, -1, "axis", call_concat, &op_concat},
    {"reshape", 2, 2, "", call_reshape, &op_reshape},
    {"reverse", 1, 1, "axis", call_reverse, &op_reverse},
    {"transpose", 2, 2, "", call_transpose, &op_transpose},
    {"pad", 2, 2, "axis", call_pad, &op_pad},
    {"onehot", 1, 2, "", call_onehot, &op_onehot},
    {"gather", 2, 2, "", call_gather, &op_gather},
    {"randn", 0, MAX_RANK, "", call_draw, &op_randn},
    {"uniform", 0, MAX_RANK, "", call_draw, &op_uniform},
    {"bernoulli", 1, 1, "", call_bernoulli, NULL},
    {"l1", 1, -1, "", call_penalty, NULL},
    {"l2", 1, -1, "", call_penalty, NULL},
};
const int builtin_count = (int)(sizeof builtin_table / sizeof *builtin_table);
