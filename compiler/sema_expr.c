/* Expressions: compile-time numbers are folded, tensors become nodes. */
#include "sema_impl.h"
#include "op_list.h"
#include <math.h>
#include <string.h>

/* Is in[1] an index that nothing keeps in the range of in[0]'s axis? */
static bool any_index(const OpDef *op, Node *const *in, int *axis)
{
    if (op != &op_pick && op != &op_gather)
        return false;
    *axis = op == &op_pick ? in[0]->type.rank - 1 : 0;
    return in[1]->type.bound < 1 && in[1]->type.elem == ELEM_I32 &&
           *axis >= 0 && in[0]->type.rank > 0;
}

Node *op_checked(Sema *s, const OpDef *op, Node *const *in, int nin,
                 const Attrs *at, Range r, DiagCode code)
{
    const char *error = NULL;
    int axis;
    Node *n = node_try(&s->b, op, in, nin, at, &error);
    if (n && any_index(op, in, &axis)) {
        const char *size = dim_text(s->arena, in[0]->type.dim[axis],
                                    s->module->dim);
        diag_error(s->diag, place(s, r), code,
                   "%s%san index may be any integer here, and must be below %s",
                   s->library_layer ? s->library_layer : "",
                   s->library_layer ? ": " : "", size);
        note_origin(s, in[1], r);
        diag_help(s->diag, "declare it as int<%s>: then every call checks it",
                  size);
        return NULL;
    }
    if (n)
        return n;
    diag_error(s->diag, place(s, r), code, "%s%s%s",
               s->library_layer ? s->library_layer : "",
               s->library_layer ? ": " : "", error);
    for (int i = 0; i < nin; i++)
        if (in[i]->type.rank > 0)
            note_origin(s, in[i], r);
    return NULL;
}

Node *cast_real(Sema *s, Node *n)
{
    double x;
    if (elem_is_real(n->type.elem))
        return n;
    if (node_is_const(n, &x))
        return build_real(&s->b, x);
    return build1(&s->b, &op_real, n);
}

Node *eval_node(Sema *s, const Expr *e)
{
    return value_to_node(s, eval(s, e), s->module->real, e->range);
}

Node *eval_real(Sema *s, const Expr *e)
{
    return value_to_real(s, eval(s, e), e->range);
}

bool eval_const_real(Sema *s, const Expr *e, double *out)
{
    Value *v = eval(s, e);
    if (!v)
        return false;
    if (value_is_number(v, out))
        return true;
    diag_error(s->diag, e->range, DL2011,
               "this must be a number known when the program is compiled, "
               "not %s",
               user_value(s, v));
    return false;
}

bool eval_const_int(Sema *s, const Expr *e, int64_t *out)
{
    Value *v = eval(s, e);
    Dim d;
    if (!v || !value_to_size(s, v, e->range, &d))
        return false;
    if (d.k != 0) {
        diag_error(s->diag, e->range, DL2011,
                   "the run-time size '%s' is not known here",
                   s->module->dim);
        return false;
    }
    *out = d.c;
    return true;
}

static Value *eval_unary(Sema *s, const Expr *e)
{
    Value *v = eval(s, e->a);
    if (!v)
        return NULL;
    bool minus = e->name[0] == '-';
    if (minus && v->kind == VALUE_INT)
        return value_int(s, -v->i);
    if (minus && v->kind == VALUE_REAL)
        return value_real(s, -v->r);
    if (!minus && v->kind == VALUE_BOOL)
        return value_bool(s, !v->i);
    Node *n = value_to_node(s, v, s->module->real, e->a->range);
    if (!n)
        return NULL;
    if (!minus && n->type.elem != ELEM_BOOL) {
        diag_error(s->diag, e->range, DL2007, "'!' needs bool, got %s",
                   user_type(s, &n->type));
        return NULL;
    }
    if (minus && n->type.elem == ELEM_BOOL)
        n = cast_real(s, n);
    return value_node(s, build1(&s->b, minus ? &op_neg : &op_not, n));
}

static Value *eval_cond(Sema *s, const Expr *e)
{
    Value *c = eval(s, e->a);
    if (!c)
        return NULL;
    if (c->kind == VALUE_BOOL)
        return eval(s, c->i ? e->b : e->c);
    Node *cond = value_to_node(s, c, ELEM_BOOL, e->a->range);
    Node *x = eval_node(s, e->b), *y = eval_node(s, e->c);
    if (!cond || !x || !y)
        return NULL;
    if (cond->type.elem != ELEM_BOOL) {
        diag_error(s->diag, e->a->range, DL2007,
                   "the condition must be bool, got %s",
                   user_type(s, &cond->type));
        return NULL;
    }
    if (x->type.elem != y->type.elem) {
        x = cast_real(s, x);
        y = cast_real(s, y);
    }
    Node *in[3] = {cond, x, y};
    return value_node(s, op_checked(s, &op_select, in, 3, NULL, e->range,
                                    DL2005));
}

static Value *eval_cast(Sema *s, const Expr *e)
{
    Value *v = eval(s, e->a);
    double x;
    if (!v)
        return NULL;
    bool to_int = strcmp(e->name, "int") == 0;
    if (strcmp(e->name, "bool") == 0) {
        diag_unsupported(s->diag, e->range, "bool(..)");
        return NULL;
    }
    if (value_is_number(v, &x))
        return to_int ? value_int(s, (int64_t)x) : value_real(s, x);
    Node *n = value_to_node(s, v, s->module->real, e->a->range);
    if (!n)
        return NULL;
    if (to_int)
        return value_node(s, n->type.elem == ELEM_I32
                                 ? n
                                 : build1(&s->b, &op_int, n));
    return value_node(s, cast_real(s, n));
}

static Value *eval_transpose(Sema *s, const Expr *e)
{
    Node *n = eval_node(s, e->a);
    if (!n)
        return NULL;
    int r = n->type.rank;
    if (r == 0)
        return value_node(s, n);
    if (r == 1)
        return value_node(s, as_matrix(s, n, true));
    int64_t perm[MAX_RANK];
    for (int i = 0; i < r; i++)
        perm[i] = i;
    perm[r - 1] = r - 2;
    perm[r - 2] = r - 1;
    return value_node(s, build_transpose(&s->b, n, perm));
}

/* ---- indexing ---- */

typedef struct Cut {
    Dim start[MAX_RANK], stop[MAX_RANK];
    bool drop[MAX_RANK];
    int axis;
    bool whole; /* nothing was cut */
} Cut;

static bool cut_axis(Sema *s, Cut *c, const Type *t, const Index *x)
{
    if (c->axis >= t->rank) {
        diag_error(s->diag, x->range, DL2027, "more subscripts than axes of %s",
                   user_type(s, t));
        return false;
    }
    Dim size = t->dim[c->axis], a = dim_const(0), b = size;
    if (x->kind != INDEX_ALL && !eval_size(s, x->a, &a))
        return false;
    if (x->kind == INDEX_EXPR)
        b = dim_add(a, dim_const(1));
    if (x->kind == INDEX_RANGE && !eval_size(s, x->b, &b))
        return false;
    bool inside = a.k == b.k || dim_is_const(a);
    if (dim_is_const(a) && dim_is_const(b) && dim_is_const(size))
        inside = a.c >= 0 && a.c < b.c && b.c <= size.c;
    if (!inside) {
        diag_error(s->diag, x->range, DL2027,
                   "%s .. %s is not inside an axis of size %s",
                   dim_text(s->arena, a, s->module->dim),
                   dim_text(s->arena, b, s->module->dim),
                   dim_text(s->arena, size, s->module->dim));
        return false;
    }
    if (x->kind != INDEX_ALL)
        c->whole = false;
    c->start[c->axis] = a;
    c->stop[c->axis] = b;
    c->drop[c->axis++] = x->kind == INDEX_EXPR;
    return true;
}

static Value *slice(Sema *s, Node *n, Cut *c)
{
    Type t = n->type;
    Attrs at = attrs_new(s->arena);
    if (c->whole)
        return value_node(s, n);
    attrs_dims(&at, "start", c->start, t.rank);
    attrs_dims(&at, "stop", c->stop, t.rank);
    n = node_new(&s->b, &op_slice, &n, 1, &at);
    Dim d[MAX_RANK];
    int rank = 0;
    for (int i = 0; i < t.rank; i++)
        if (!c->drop[i])
            d[rank++] = n->type.dim[i];
    return value_node(s, rank == t.rank ? n
                                        : build_reshape(&s->b, n, rank, d));
}

static Value *index_list(Sema *s, const Value *list, const Expr *e)
{
    int64_t i;
    if (e->indices.len != 1 || e->indices.data[0].kind != INDEX_EXPR ||
        !eval_const_int(s, e->indices.data[0].a, &i))
        return NULL;
    if (i < 0 || i >= list->len) {
        diag_error(s->diag, e->range, DL2027, "the list has %d entries",
                   list->len);
        return NULL;
    }
    return list->items[i];
}

/* E[w] with a tensor of integers: rows of E. */
static Value *look_up(Sema *s, Node *table, Node *index, Range r)
{
    Node *in[2] = {table, index};
    return value_node(s, op_checked(s, &op_gather, in, 2, NULL, r, DL2007));
}

static Value *eval_index(Sema *s, const Expr *e)
{
    Value *base = eval(s, e->a);
    if (!base)
        return NULL;
    if (base->kind == VALUE_LIST)
        return index_list(s, base, e);
    Node *n = value_to_node(s, base, s->module->real, e->a->range);
    if (!n)
        return NULL;
    const Index *first = &e->indices.data[0];
    if (e->indices.len == 1 && first->kind == INDEX_EXPR) {
        Value *v = eval(s, first->a);
        if (!v)
            return NULL;
        if (v->kind == VALUE_NODE)
            return look_up(s, n, v->node, e->range);
    }
    Cut c = {.whole = true};
    for (int i = 0; i < e->indices.len; i++) {
        const Index *x = &e->indices.data[i];
        if (x->kind == INDEX_GUARD) {
            diag_unsupported(s->diag, x->range, "x[|e|]");
            return NULL;
        }
        int skip = x->kind == INDEX_REST
                       ? n->type.rank - c.axis - (e->indices.len - i - 1)
                       : 1;
        const Index all = {INDEX_ALL, NULL, NULL, x->range};
        for (int k = 0; k < skip; k++)
            if (!cut_axis(s, &c, &n->type,
                          x->kind == INDEX_REST ? &all : x))
                return NULL;
    }
    const Index rest = {INDEX_ALL, NULL, NULL, e->range};
    while (c.axis < n->type.rank)
        if (!cut_axis(s, &c, &n->type, &rest))
            return NULL;
    return slice(s, n, &c);
}

/* ---- names and fields ---- */

static Value *eval_name(Sema *s, const Expr *e)
{
    Binding *b = scope_find(s->scope, e->name);
    bool hidden = b && b->value && b->value->kind == VALUE_OPS &&
                  e->range.src == s->user->source;
    if (b && !hidden) {
        b->used = true;
        return b->value; /* NULL after an error in its definition */
    }
    if (strcmp(e->name, "training") == 0)
        return value_bool(s, s->training);
    if (strcmp(e->name, "all") == 0)
        return value_new(s, VALUE_ALL);
    if (strcmp(e->name, "iter") == 0) {
        if (s->in_train)
            return value_node(s, node_new(&s->b, &op_iter, NULL, 0, NULL));
        diag_error(s->diag, e->range, DL2019,
                   "'iter' counts steps: it has a value in train blocks only");
        return NULL;
    }
    for (int i = 0; i < builtin_count; i++)
        if (strcmp(builtin_table[i].name, e->name) == 0) {
            Value *v = value_new(s, VALUE_BUILTIN);
            v->builtin = &builtin_table[i];
            return v;
        }
    if (word_is_symbol(e->name)) {
        Value *v = value_new(s, VALUE_SYMBOL);
        v->text = e->name;
        return v;
    }
    report_unknown(s, e->range, e->name);
    return NULL;
}

static bool is_function(const Sema *s, const char *name)
{
    for (int i = 0; i < builtin_count; i++)
        if (strcmp(builtin_table[i].name, name) == 0)
            return true;
    const Binding *b = scope_find(s->scope, name);
    return b && (b->value->kind == VALUE_FN || b->value->kind == VALUE_LAYER);
}

static void help_pipe(Sema *s, const char *name)
{
    diag_help(s->diag, "a function is applied with |>: .. |> %s", name);
}

static Value *instance_field(Sema *s, const char *path, const Expr *e)
{
    const char *name = arena_printf(s->arena, "%s.%s", path, e->name);
    Global *g = module_global(s->module, name);
    if (g)
        return value_node(s, node_param(&s->b, g));
    size_t n = strlen(name);
    for (int i = 0; i < s->module->globals.len; i++) {
        const char *other = s->module->globals.data[i]->name;
        if (strncmp(other, name, n) == 0 && other[n] == '.') {
            Value *v = value_new(s, VALUE_PATH);
            v->text = name;
            return v;
        }
    }
    diag_error(s->diag, e->name_range, DL2001, "'%s' has no parameter '%s'",
               path, e->name);
    if (is_function(s, e->name))
        help_pipe(s, e->name);
    else
        diag_help(s->diag, "an instance has its parameters once it is applied");
    return NULL;
}

static Value *eval_field(Sema *s, const Expr *e)
{
    Value *v = eval(s, e->a);
    if (!v)
        return NULL;
    if (v->kind == VALUE_OPS)
        return op_field(s, e);
    if (v->kind == VALUE_INSTANCE)
        return instance_field(s, v->instance->path, e);
    if (v->kind == VALUE_PATH)
        return instance_field(s, v->text, e);
    diag_error(s->diag, e->range, DL2007, "%s has no parts to name with '.'",
               user_value(s, v));
    if (is_function(s, e->name))
        help_pipe(s, e->name);
    return NULL;
}

static Value *eval_items(Sema *s, const Expr *e, ValueKind kind)
{
    Value *v = value_new(s, kind);
    v->len = e->args.len;
    v->items = ARENA_ARRAY(s->arena, Value *, v->len + 1);
    for (int i = 0; i < v->len; i++)
        if (!(v->items[i] = eval(s, e->args.data[i].value)))
            return NULL;
    return v;
}

static Value *eval_pipe(Sema *s, const Expr *e)
{
    Value *x = eval(s, e->a);
    if (!x)
        return NULL;
    if (e->b->kind == EXPR_CALL)
        return eval_call(s, e->b, x, e->a->range);
    Value *f = eval(s, e->b);
    Call c = {.range = e->b->range, .what = "the right side of '|>'"};
    CallArg arg = {.range = e->a->range, .value = x, .expr = e->a};
    array_push(s->arena, &c.args, arg);
    if (c.range.src == s->user->source)
        s->b.loc = c.range; /* eval of the whole pipe restores it */
    return f ? apply(s, f, &c) : NULL;
}

static Value *eval_kind(Sema *s, const Expr *e)
{
    switch (e->kind) {
    case EXPR_NAME:
        return eval_name(s, e);
    case EXPR_INT:
        return value_int(s, e->integer);
    case EXPR_REAL:
        return value_real(s, e->real);
    case EXPR_BOOL:
        return value_bool(s, e->integer != 0);
    case EXPR_STRING: {
        Value *v = value_new(s, VALUE_STRING);
        v->text = e->name;
        return v;
    }
    case EXPR_TUPLE:
        return eval_items(s, e, VALUE_TUPLE);
    case EXPR_LIST:
        return eval_items(s, e, VALUE_LIST);
    case EXPR_CAST:
        return eval_cast(s, e);
    case EXPR_CALL:
        return eval_call(s, e, NULL, e->range);
    case EXPR_CONFIG:
        return eval_config(s, e);
    case EXPR_INDEX:
        return eval_index(s, e);
    case EXPR_FIELD:
        return eval_field(s, e);
    case EXPR_TRANSPOSE:
        return eval_transpose(s, e);
    case EXPR_UNARY:
        return eval_unary(s, e);
    case EXPR_BINARY: {
        Value *x = eval(s, e->a), *y = eval(s, e->b);
        return binary(s, e->name, x, y, e->range, e->a->range, e->b->range);
    }
    case EXPR_COND:
        return eval_cond(s, e);
    case EXPR_PIPE:
        return eval_pipe(s, e);
    case EXPR_PAREN:
        return eval(s, e->a);
    }
    return NULL;
}

Value *eval(Sema *s, const Expr *e)
{
    Range outer = s->b.loc;
    if (e->range.src == s->user->source)
        s->b.loc = e->range;
    Value *v = eval_kind(s, e);
    s->b.loc = outer;
    return v;
}
