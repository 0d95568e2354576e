/* Types of results from the types of inputs: what the signature says.
 *
 * In order: number of inputs, attributes, element types, sizes. The first three
 * and the capital names are checked for every operator; the shape then comes
 * from the operator's .shape, from the longest input (element-wise), or from
 * the pattern of the result.
 */
#include "op.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 16 };

/* What the names of a signature stand for in one node. */
typedef struct Binding {
    const char *name[MOST_NAMES];
    size_t len[MOST_NAMES];
    Dim dim[MOST_NAMES];
    int count;
    bool has_rest;
    int rest_rank;
    Dim rest[MAX_RANK];
} Binding;

typedef struct Infer {
    Arena *arena;
    Node *n;
    const OpSig *sig;
    const char *dim; /* name of the run-time size */
} Infer;

static const char *user_type(const Infer *f, const Node *in)
{
    return type_user_text(f->arena, &in->type, f->dim);
}

static const OpParam *param_of(const OpSig *sig, int i)
{
    return &sig->param[i < sig->nparam ? i : sig->nparam - 1];
}

/* ---- number of inputs ---- */

static const char *check_arity(const Infer *f)
{
    const OpSig *sig = f->sig;
    int nin = f->n->nin, least = sig->nparam;
    bool variadic = least > 0 && sig->param[least - 1].variadic;
    if (variadic ? nin >= least : nin == least)
        return NULL;
    return arena_printf(f->arena, "'%s' takes %s%d input%s, got %d", sig->name,
                        variadic ? "at least " : "", least,
                        least == 1 ? "" : "s", nin);
}

/* ---- attributes ---- */

/* What an attribute holds: one meaning a name, everywhere. Others go by their
 * default. */
static const struct {
    const char *name;
    AttrKind kind;
} kinds[] = {
    {"along", ATTR_LIST},  {"axes", ATTR_LIST},     {"axis", ATTR_INT},
    {"carries", ATTR_INT}, {"emits", ATTR_LIST},    {"groups", ATTR_INT},
    {"high", ATTR_LIST},   {"index", ATTR_INT},     {"key", ATTR_SYM},
    {"low", ATTR_LIST},    {"perm", ATTR_LIST},     {"shape", ATTR_DIMS},
    {"size", ATTR_LIST},   {"start", ATTR_DIMS},    {"stop", ATTR_DIMS},
    {"value", ATTR_REAL},  {"values", ATTR_VALUES},
};

static bool all_const(const Attr *at)
{
    for (int i = 0; i < at->len; i++)
        if (at->kind != ATTR_DIMS || at->dims[i].k != 0)
            return false;
    return true;
}

static bool fits(const Attr *at, AttrKind kind)
{
    switch (kind) {
    case ATTR_REAL:
        return at->kind == ATTR_REAL || at->kind == ATTR_INT;
    case ATTR_LIST:
        return at->kind == ATTR_LIST || at->kind == ATTR_INT ||
               (at->kind >= ATTR_LIST && all_const(at));
    case ATTR_DIMS:
        return at->kind == ATTR_DIMS || at->kind == ATTR_LIST ||
               (at->kind == ATTR_VALUES && at->len == 0);
    case ATTR_VALUES:
        return at->kind == kind || at->kind == ATTR_LIST;
    default:
        return at->kind == kind;
    }
}

static bool has_kind(const Attr *at, const char *fallback)
{
    /* One size: an integer, or (N). */
    if (strcmp(at->name, "rows") == 0 || strcmp(at->name, "count") == 0 ||
        strcmp(at->name, "classes") == 0)
        return at->kind == ATTR_INT || (fits(at, ATTR_DIMS) && at->len == 1);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, at->name) == 0)
            return fits(at, kinds[i].kind);
    if (strcmp(fallback, "?") == 0)
        return true;
    if (!isdigit((unsigned char)*fallback) && *fallback != '-')
        return at->kind == ATTR_SYM;
    if (strpbrk(fallback, ".e"))
        return fits(at, ATTR_REAL);
    return fits(at, ATTR_LIST);
}

static bool in_range(int64_t v)
{
    return v >= -INT32_MAX && v <= INT32_MAX;
}

static bool small(const Attr *at)
{
    if (at->kind == ATTR_INT)
        return in_range(at->i);
    for (int i = 0; i < at->len; i++) {
        if (at->kind == ATTR_LIST && !in_range(at->list[i]))
            return false;
        if (at->kind == ATTR_DIMS &&
            (!in_range(at->dims[i].k) || !in_range(at->dims[i].c)))
            return false;
    }
    return true;
}

static const char *check_attr(const Infer *f, const Attr *at)
{
    const OpSig *sig = f->sig;
    const char *names[sizeof sig->attr / sizeof *sig->attr];
    for (int i = 0; i < sig->nattr; i++) {
        names[i] = sig->attr[i].name;
        if (strcmp(names[i], at->name) != 0)
            continue;
        if (!has_kind(at, sig->attr[i].fallback))
            return arena_printf(f->arena,
                                "'%s': attribute '%s' cannot have such a value",
                                sig->name, at->name);
        if (!small(at))
            return arena_printf(f->arena, "'%s': attribute '%s' is too large",
                                sig->name, at->name);
        return NULL;
    }
    const char *near = diag_suggest(at->name, names, sig->nattr);
    const char *hint =
        near ? arena_printf(f->arena, "; did you mean '%s'?", near) : "";
    return arena_printf(f->arena, "'%s' has no attribute '%s'%s", sig->name,
                        at->name, hint);
}

static const char *check_attrs(const Infer *f)
{
    for (int i = 0; i < f->n->nattr; i++) {
        const char *error = check_attr(f, &f->n->attrs[i]);
        for (int k = 0; k < i && !error; k++)
            if (strcmp(f->n->attrs[k].name, f->n->attrs[i].name) == 0)
                error = arena_printf(f->arena,
                                     "'%s': attribute '%s' is given twice",
                                     f->sig->name, f->n->attrs[i].name);
        if (error)
            return error;
    }
    for (int i = 0; i < f->sig->nattr; i++)
        if (strcmp(f->sig->attr[i].fallback, "?") == 0 &&
            !node_attr(f->n, f->sig->attr[i].name))
            return arena_printf(f->arena, "'%s' needs the attribute '%s'",
                                f->sig->name, f->sig->attr[i].name);
    return NULL;
}

/* ---- element types ---- */

static bool starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static const char *check_elem(const Infer *f, int i)
{
    const OpParam *p = param_of(f->sig, i);
    const Type *t = &f->n->in[i]->type;
    const char *wanted = NULL;
    if (t->rank < 0 && !starts_with(p->pattern, "any"))
        wanted = "a value";
    else if (starts_with(p->pattern, "int") && t->elem != ELEM_I32)
        wanted = "integers";
    else if (starts_with(p->pattern, "bool") && t->elem != ELEM_BOOL)
        wanted = "booleans";
    else if (*p->pattern == '[' && !elem_is_real(t->elem))
        wanted = "real numbers";
    if (!wanted)
        return NULL;
    return arena_printf(f->arena, "'%s' needs %s for '%s', got %s",
                        f->sig->name, wanted, p->name,
                        user_type(f, f->n->in[i]));
}

/* Real inputs share one type; so do the `any` inputs of element-wise ones. */
static const char *check_elems(const Infer *f)
{
    const Node *real = NULL, *any = NULL;
    for (int i = 0; i < f->n->nin; i++) {
        const Node *in = f->n->in[i];
        const char *error = check_elem(f, i);
        if (error)
            return error;
        const char *pattern = param_of(f->sig, i)->pattern;
        const Node **first = *pattern == '[' ? &real : &any;
        bool alike =
            *pattern == '[' || (op_is_elementwise(f->n->op) && *pattern == 'a');
        if (!alike)
            continue;
        if (*first && (*first)->type.elem != in->type.elem)
            return arena_printf(
                f->arena, "'%s' needs equal element types, got %s and %s",
                f->sig->name, type_text(f->arena, &(*first)->type, f->dim),
                type_text(f->arena, &in->type, f->dim));
        *first = in;
    }
    return NULL;
}

/* ---- sizes ---- */

/* The items of a pattern: "[...,M,K]" has three. */
typedef struct Items {
    const char *text[MAX_RANK + 1];
    size_t len[MAX_RANK + 1];
    int count;
    int rest; /* which one is "...", -1: none */
} Items;

static Items items_of(const char *pattern)
{
    Items it = {.rest = -1};
    const char *s = strchr(pattern, '[');
    while (s && *s && *s != ']' && it.count <= MAX_RANK) {
        s++;
        size_t len = strcspn(s, ",]");
        if (len > 0) {
            if (len == 3 && strncmp(s, "...", 3) == 0)
                it.rest = it.count;
            it.text[it.count] = s;
            it.len[it.count++] = len;
        }
        s += len;
    }
    return it;
}

/* Binds or compares one size; false when they differ. */
static bool bind(Binding *b, const char *text, size_t len, Dim d)
{
    if (isdigit((unsigned char)*text))
        return dim_equal(d, dim_const(strtoll(text, NULL, 10)));
    for (size_t i = 0; i < len; i++)
        if (!isupper((unsigned char)text[i]))
            return true; /* an expression: for reading */
    for (int i = 0; i < b->count; i++)
        if (b->len[i] == len && strncmp(b->name[i], text, len) == 0)
            return dim_equal(b->dim[i], d);
    if (b->count < MOST_NAMES) {
        b->name[b->count] = text;
        b->len[b->count] = len;
        b->dim[b->count++] = d;
    }
    return true;
}

static bool bind_rest(Binding *b, const Dim *dims, int rank)
{
    if (!b->has_rest) {
        b->has_rest = true;
        b->rest_rank = rank;
        for (int i = 0; i < rank; i++)
            b->rest[i] = dims[i];
        return true;
    }
    if (b->rest_rank != rank)
        return false;
    for (int i = 0; i < rank; i++)
        if (!dim_equal(b->rest[i], dims[i]))
            return false;
    return true;
}

static bool unify(Binding *b, const char *pattern, const Type *t, bool strict)
{
    Items it = items_of(pattern);
    int fixed = it.count - (it.rest >= 0);
    if (t->rank < 0)
        return true;
    if (it.rest >= 0 ? t->rank < fixed : t->rank != fixed)
        return false;
    int axis = 0;
    for (int i = 0; i < it.count; i++) {
        if (i == it.rest) {
            int rank = t->rank - fixed;
            if (strict && !bind_rest(b, t->dim + axis, rank))
                return false;
            axis += rank;
        } else if (!bind(b, it.text[i], it.len[i], t->dim[axis++])) {
            return false;
        }
    }
    return true;
}

/* "'dot' needs a: [K] and b: [K], got real[3] and real[4]" */
static const char *mismatch(const Infer *f)
{
    Text s = {.arena = f->arena};
    text_printf(&s, "'%s' needs ", f->sig->name);
    for (int i = 0; i < f->sig->nparam; i++)
        text_printf(&s, "%s%s: %s", i ? " and " : "", f->sig->param[i].name,
                    f->sig->param[i].pattern);
    text_add(&s, ", got ");
    for (int i = 0; i < f->n->nin && i < 8; i++)
        text_printf(&s, "%s%s", i ? " and " : "", user_type(f, f->n->in[i]));
    return s.data;
}

/* Element type of the result when neither .expr nor .shape says it. */
static void result_elem(const Infer *f, Type *t)
{
    const char *result = f->sig->result;
    t->elem = f->n->type.elem;
    if (starts_with(result, "bool"))
        t->elem = ELEM_BOOL;
    else if (starts_with(result, "int"))
        t->elem = ELEM_I32;
    for (int i = 0; i < f->n->nin; i++) {
        const Type *in = &f->n->in[i]->type;
        char kind = *param_of(f->sig, i)->pattern;
        if ((*result == '[' && kind == '[') ||
            (*result == 'a' && kind == 'a')) {
            t->elem = in->elem;
            t->bound = in->bound;
            return;
        }
    }
}

static const char *from_pattern(const Infer *f, const Binding *b)
{
    Type t = {0};
    Items it = items_of(f->sig->result);
    result_elem(f, &t);
    for (int i = 0; i < it.count; i++) {
        bool rest = i == it.rest, found = rest;
        for (int k = 0; rest && k < b->rest_rank && t.rank < MAX_RANK; k++)
            t.dim[t.rank++] = b->rest[k];
        if (!rest && isdigit((unsigned char)*it.text[i])) {
            t.dim[t.rank++] = dim_const(strtoll(it.text[i], NULL, 10));
            found = true;
        }
        for (int k = 0; k < b->count && !found; k++)
            if (b->len[k] == it.len[i] &&
                strncmp(b->name[k], it.text[i], it.len[i]) == 0) {
                t.dim[t.rank++] = b->dim[k];
                found = true;
            }
        if (!found)
            internal_error("'%s' needs a .shape: its signature says '%s'",
                           f->sig->name, f->sig->result);
    }
    f->n->type = t;
    return NULL;
}

/* ---- element-wise ---- */

/* Bound of the values of an integer tree: they are in 0..bound-1; 0: unknown.
 */
static int64_t bound_of(const Scalar *s, const Node *n)
{
    if (s->op == SC_ARG)
        return n->in[s->arg]->type.bound;
    if (s->op == SC_CONST)
        return s->value >= 0 && s->value < INT32_MAX ? (int64_t)s->value + 1
                                                     : 0;
    if (s->op == SC_INT || (s->op < SC_ADD && s->op != SC_ABS))
        return 0;
    if (s->op == SC_ABS)
        return bound_of(s->a, n);
    bool select = s->op == SC_SELECT;
    int64_t x = bound_of(select ? s->b : s->a, n);
    int64_t y = bound_of(select ? s->c : s->b, n), bound = 0;
    if (x == 0 || y == 0)
        return 0;
    if (s->op == SC_ADD)
        bound = x + y - 1;
    else if (s->op == SC_MUL)
        bound = (x - 1) * (y - 1) + 1;
    else if (s->op == SC_MIN)
        bound = x < y ? x : y;
    else if (s->op == SC_MAX || select)
        bound = x > y ? x : y;
    return bound <= INT32_MAX ? bound : 0;
}

static const char *elementwise(const Infer *f)
{
    Node *n = f->n;
    const Scalar *expr = op_expr(n->op);
    ElemType elems[sizeof f->sig->param / sizeof *f->sig->param];
    const Type *longest = &n->in[0]->type;
    for (int i = 0; i < n->nin; i++) {
        elems[i] = n->in[i]->type.elem;
        if (n->in[i]->type.rank > longest->rank)
            longest = &n->in[i]->type;
    }
    for (int i = 0; i < n->nin; i++) {
        const Type *t = &n->in[i]->type;
        int skip = longest->rank - t->rank;
        for (int k = 0; k < t->rank; k++) {
            if (dim_equal(t->dim[k], longest->dim[skip + k]))
                continue;
            Text got = {.arena = f->arena};
            for (int j = 0; j < n->nin; j++)
                text_printf(&got, "%s%s", j ? " and " : "",
                            user_type(f, n->in[j]));
            return arena_printf(f->arena,
                                "'%s' needs equal shapes or missing leading "
                                "axes, got %s",
                                f->sig->name, got.data);
        }
    }
    Type t = *longest;
    t.elem = scalar_type(expr, elems, n->type.elem);
    t.bound = t.elem == ELEM_I32 ? bound_of(expr, n) : 0;
    n->type = t;
    return NULL;
}

const char *op_infer_for(Arena *a, Node *n, const char *dim)
{
    Infer f = {a, n, op_sig(n->op), dim};
    Binding b = {.count = 0};
    const char *error = check_arity(&f);
    if (!error)
        error = check_attrs(&f);
    if (!error)
        error = check_elems(&f);
    if (error)
        return error;
    if (op_is_elementwise(n->op))
        return elementwise(&f);
    for (int i = 0; i < n->nin; i++)
        if (!unify(&b, param_of(f.sig, i)->pattern, &n->in[i]->type,
                   !n->op->shape))
            return mismatch(&f);
    return n->op->shape ? n->op->shape(a, n) : from_pattern(&f, &b);
}

const char *op_infer(Arena *a, Node *n)
{
    return op_infer_for(a, n, NULL);
}
