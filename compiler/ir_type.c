/* Sizes and types. */
#include "ir.h"
#include <inttypes.h>

#define MOST_ELEMENTS INT64_C(2147483647)

Dim dim_const(int64_t c)
{
    return (Dim){0, c};
}

bool dim_is_const(Dim d)
{
    return d.k == 0;
}

bool dim_equal(Dim a, Dim b)
{
    return a.k == b.k && a.c == b.c;
}

Dim dim_add(Dim a, Dim b)
{
    return (Dim){a.k + b.k, a.c + b.c};
}

int64_t dim_at(Dim d, int64_t n)
{
    return d.k * n + d.c;
}

/* Products of sizes may overflow only after type_check has failed. */
static int64_t times(int64_t a, int64_t b)
{
    int64_t most = INT64_C(1) << 40;
    if (a == 0 || b == 0)
        return 0;
    int64_t size_a = a < 0 ? -a : a, size_b = b < 0 ? -b : b;
    if (size_a > most / size_b)
        return (a < 0) == (b < 0) ? most : -most;
    return a * b;
}

bool dim_mul(Dim a, Dim b, Dim *out)
{
    if (a.k != 0 && b.k != 0)
        return false;
    out->k = times(a.k, b.c) + times(a.c, b.k);
    out->c = times(a.c, b.c);
    return true;
}

bool dim_div(Dim a, Dim b, Dim *out)
{
    if (b.k != 0) {
        /* (2n + 4) / (n + 2) */
        if (a.k % b.k != 0 || times(a.k / b.k, b.c) != a.c)
            return false;
        *out = dim_const(a.k / b.k);
        return true;
    }
    if (b.c == 0 || a.k % b.c != 0 || a.c % b.c != 0)
        return false;
    *out = (Dim){a.k / b.c, a.c / b.c};
    return true;
}

const char *dim_text(Arena *a, Dim d, const char *n)
{
    if (d.k == 0)
        return arena_printf(a, "%" PRId64, d.c);
    const char *s = n ? n : "N";
    if (d.k != 1)
        s = arena_printf(a, "%" PRId64 "*%s", d.k, s);
    if (d.c != 0)
        s = arena_printf(a, "%s%+" PRId64, s, d.c);
    return s;
}

Type type_scalar(ElemType elem)
{
    return (Type){.elem = elem};
}

Type type_of(ElemType elem, int rank, const Dim *dims)
{
    Type t = {.elem = elem, .rank = rank};
    if (rank > MAX_RANK)
        internal_error("a type with %d axes", rank);
    for (int i = 0; i < rank; i++)
        t.dim[i] = dims[i];
    return t;
}

bool type_same_shape(const Type *a, const Type *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (!dim_equal(a->dim[i], b->dim[i]))
            return false;
    return true;
}

bool type_equal(const Type *a, const Type *b)
{
    if (a->rank < 0) /* none has no elements */
        return b->rank < 0;
    return a->elem == b->elem && a->bound == b->bound && type_same_shape(a, b);
}

bool type_count(const Type *t, Dim *out)
{
    *out = dim_const(1);
    for (int i = 0; i < t->rank; i++)
        if (!dim_mul(*out, t->dim[i], out))
            return false;
    return true;
}

int64_t type_count_at(const Type *t, int64_t n)
{
    int64_t count = 1;
    for (int i = 0; i < t->rank; i++)
        count = times(count, dim_at(t->dim[i], n));
    return count;
}

const char *type_check(Arena *a, const Type *t, int64_t bound)
{
    for (int i = 0; i < t->rank; i++) {
        int64_t k = t->dim[i].k, c = t->dim[i].c;
        int64_t size = times(k, bound) + c;
        if (k < 0 || k > MOST_ELEMENTS || c > MOST_ELEMENTS ||
            c < -MOST_ELEMENTS || size > MOST_ELEMENTS)
            return arena_printf(a, "axis %d is too large", i);
        if (size < 1)
            return arena_printf(a, "axis %d is empty (size %" PRId64 ")", i,
                                size);
    }
    if (t->rank > 0 && type_count_at(t, bound) > MOST_ELEMENTS)
        return "more than 2147483647 elements";
    return NULL;
}

const char *type_text(Arena *a, const Type *t, const char *n)
{
    if (t->rank < 0)
        return "none";
    Text s = {.arena = a};
    text_add(&s, elem_name(t->elem));
    if (t->bound)
        text_printf(&s, "<%" PRId64 ">", t->bound);
    for (int i = 0; i < t->rank; i++)
        text_printf(&s, "%s%s", i ? "," : "[", dim_text(a, t->dim[i], n));
    if (t->rank > 0)
        text_add(&s, "]");
    return s.data;
}

const char *type_user_text(Arena *a, const Type *t, const char *n)
{
    if (t->rank < 0)
        return "nothing";
    Text s = {.arena = a};
    text_add(&s, elem_is_real(t->elem)  ? "real"
                 : t->elem == ELEM_BOOL ? "bool"
                                        : "int");
    if (t->bound)
        text_printf(&s, "<%" PRId64 ">", t->bound);
    for (int i = 0; i < t->rank; i++)
        text_printf(&s, "%s%s", i ? ", " : "[", dim_text(a, t->dim[i], n));
    if (t->rank > 0)
        text_add(&s, "]");
    return s.data;
}
