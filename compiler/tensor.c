#include "tensor.h"
#include <string.h>

Tensor *tensor_new(Arena *a, const Type *t, int64_t n)
{
    Tensor *x = ARENA_NEW(a, Tensor);
    x->elem = t->elem;
    x->rank = t->rank < 0 ? 0 : t->rank;
    x->count = 1;
    for (int i = 0; i < x->rank; i++) {
        x->dim[i] = dim_at(t->dim[i], n);
        x->count *= x->dim[i];
    }
    x->data = ARENA_ARRAY(a, double, x->count);
    return x;
}

void tensor_index(const Tensor *t, int64_t e, int64_t *index)
{
    for (int i = t->rank - 1; i >= 0; i--) {
        index[i] = e % t->dim[i];
        e /= t->dim[i];
    }
}

int64_t tensor_place(const Tensor *t, const int64_t *index)
{
    int64_t e = 0;
    for (int i = 0; i < t->rank; i++)
        e = e * t->dim[i] + index[i];
    return e;
}

int64_t tensor_reduced(const Tensor *x, uint32_t mask, int64_t e)
{
    int64_t index[MAX_RANK], y = 0;
    tensor_index(x, e, index);
    for (int i = 0; i < x->rank; i++)
        if (!(mask >> i & 1))
            y = y * x->dim[i] + index[i];
    return y;
}

int64_t tensor_span(const Tensor *t, int from, int to)
{
    int64_t count = 1;
    for (int i = from; i < to; i++)
        count *= t->dim[i];
    return count;
}

bool tensor_above(double v, double best)
{
    return best == best && !(v <= best);
}

void tensor_copy(Tensor *y, const Tensor *x)
{
    memcpy(y->data, x->data, sizeof(double) * (size_t)y->count);
}

int64_t tensor_row(const Tensor *index, int64_t i, int64_t rows, const Node *n)
{
    double v = index->data[i];
    if (!(v >= 0 && v < (double)rows))
        internal_error("%%%s: index %g is not in 0..%d", n->name, v,
                       (int)rows - 1);
    return (int64_t)v;
}
