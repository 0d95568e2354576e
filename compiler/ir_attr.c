/* Attribute lists: building, access, comparison with a signature's default. */
#include "op.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

Attrs attrs_new(Arena *a)
{
    return (Attrs){.arena = a};
}

static Attr *add(Attrs *at, const char *name, AttrKind kind)
{
    Attr attr = {.name = arena_strdup(at->arena, name), .kind = kind};
    array_push(at->arena, &at->items, attr);
    return &at->items.data[at->items.len - 1];
}

void attrs_int(Attrs *at, const char *name, int64_t v)
{
    add(at, name, ATTR_INT)->i = v;
}

void attrs_real(Attrs *at, const char *name, double v)
{
    add(at, name, ATTR_REAL)->r = v;
}

void attrs_sym(Attrs *at, const char *name, const char *v)
{
    add(at, name, ATTR_SYM)->sym = arena_strdup(at->arena, v);
}

static void *copy(Arena *a, const void *v, size_t size)
{
    void *p = arena_alloc(a, size);
    if (size)
        memcpy(p, v, size);
    return p;
}

void attrs_list(Attrs *at, const char *name, const int64_t *v, int len)
{
    Attr *attr = add(at, name, ATTR_LIST);
    attr->list = copy(at->arena, v, sizeof *v * (size_t)len);
    attr->len = len;
}

void attrs_dims(Attrs *at, const char *name, const Dim *v, int len)
{
    Attr *attr = add(at, name, ATTR_DIMS);
    attr->dims = copy(at->arena, v, sizeof *v * (size_t)len);
    attr->len = len;
}

void attrs_values(Attrs *at, const char *name, const double *v, int len)
{
    Attr *attr = add(at, name, ATTR_VALUES);
    attr->values = copy(at->arena, v, sizeof *v * (size_t)len);
    attr->len = len;
}

void attrs_copy(Attrs *at, const Attr *attr)
{
    array_push(at->arena, &at->items, *attr);
}

static bool same_real(double x, double y)
{
    return (x == y && signbit(x) == signbit(y)) || (isnan(x) && isnan(y));
}

/* Sizes that are all numbers and integers are the same list: (2, 3). */
static bool entry(const Attr *a, int i, Dim *out)
{
    if (a->kind == ATTR_LIST)
        *out = dim_const(a->list[i]);
    else if (a->kind == ATTR_DIMS)
        *out = a->dims[i];
    else
        return false;
    return true;
}

bool attr_equal(const Attr *a, const Attr *b)
{
    Dim x, y;
    if (strcmp(a->name, b->name) != 0 || a->len != b->len)
        return false;
    for (int i = 0; i < a->len; i++) {
        if (a->kind == ATTR_VALUES && b->kind == ATTR_VALUES) {
            if (!same_real(a->values[i], b->values[i]))
                return false;
        } else if (!entry(a, i, &x) || !entry(b, i, &y) || !dim_equal(x, y)) {
            return false;
        }
    }
    if (a->len > 0)
        return true;
    if (a->kind != b->kind)
        return a->kind >= ATTR_LIST && b->kind >= ATTR_LIST;
    switch (a->kind) {
    case ATTR_INT:
        return a->i == b->i;
    case ATTR_REAL:
        return same_real(a->r, b->r);
    case ATTR_SYM:
        return strcmp(a->sym, b->sym) == 0;
    default:
        return true;
    }
}

bool attr_is_default(const Attr *a, const char *fallback)
{
    if (strcmp(fallback, "?") == 0)
        return false;
    if (strcmp(fallback, "none") == 0)
        return a->kind >= ATTR_LIST && a->len == 0;
    int64_t i = strtoll(fallback, NULL, 10);
    switch (a->kind) {
    case ATTR_INT:
        return strpbrk(fallback, "0123456789") && a->i == i;
    case ATTR_REAL:
        return strpbrk(fallback, "0123456789") &&
               same_real(a->r, double_read(fallback));
    case ATTR_SYM:
        return strcmp(a->sym, fallback) == 0;
    case ATTR_LIST:
        for (int k = 0; k < a->len; k++)
            if (a->list[k] != i)
                return false;
        return a->len > 0 && strpbrk(fallback, "0123456789");
    default:
        return false;
    }
}

const Attr *node_attr(const Node *n, const char *name)
{
    for (int i = 0; i < n->nattr; i++)
        if (strcmp(n->attrs[i].name, name) == 0)
            return &n->attrs[i];
    return NULL;
}

static const char *fallback(const Node *n, const char *name)
{
    const OpSig *sig = op_sig(n->op);
    for (int i = 0; i < sig->nattr; i++)
        if (strcmp(sig->attr[i].name, name) == 0)
            return sig->attr[i].fallback;
    internal_error("operator '%s' has no attribute '%s'", sig->name, name);
}

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void
wrong(const Node *n, const char *name)
{
    internal_error("attribute '%s' of '%s' is missing or of another kind", name,
                   op_name(n->op));
}

static int64_t fallback_int(const Node *n, const char *name)
{
    const char *s = fallback(n, name);
    char *end;
    long long v = strtoll(s, &end, 10);
    if (end == s || *end)
        wrong(n, name);
    return v;
}

int64_t attr_int(const Node *n, const char *name)
{
    const Attr *a = node_attr(n, name);
    if (!a)
        return fallback_int(n, name);
    if (a->kind != ATTR_INT)
        wrong(n, name);
    return a->i;
}

double attr_real(const Node *n, const char *name)
{
    const Attr *a = node_attr(n, name);
    if (a && a->kind == ATTR_INT)
        return (double)a->i;
    if (a && a->kind != ATTR_REAL)
        wrong(n, name);
    return a ? a->r : double_read(fallback(n, name));
}

const char *attr_sym(const Node *n, const char *name)
{
    const Attr *a = node_attr(n, name);
    if (a && a->kind != ATTR_SYM)
        wrong(n, name);
    return a ? a->sym : fallback(n, name);
}

int attr_len(const Node *n, const char *name)
{
    const Attr *a = node_attr(n, name);
    return a ? a->len : 0;
}

Dim attr_dim(const Node *n, const char *name, int i)
{
    const Attr *a = node_attr(n, name);
    Dim d;
    if (!a)
        return dim_const(fallback_int(n, name));
    if (a->kind == ATTR_INT)
        return dim_const(a->i);
    if (i < 0 || i >= a->len || !entry(a, i, &d))
        wrong(n, name);
    return d;
}

int64_t attr_list(const Node *n, const char *name, int i)
{
    Dim d = attr_dim(n, name, i);
    if (d.k != 0)
        wrong(n, name);
    return d.c;
}
