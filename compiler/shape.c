#include "shape.h"
#include "op_list.h"

int shape_own(const Node *n)
{
    return n->fused.expr ? n->fused.own : n->nin;
}

Dim shape_size(const Node *n, const char *name)
{
    const Attr *at = node_attr(n, name);
    if (at && at->kind != ATTR_INT)
        return attr_dim(n, name, 0);
    return dim_const(attr_int(n, name));
}

void shape_set_size(Attrs *at, const char *name, Dim d)
{
    if (dim_is_const(d))
        attrs_int(at, name, d.c);
    else
        attrs_dims(at, name, &d, 1);
}

const char *shape_axes(Arena *a, const Node *n, const Type *x, uint32_t *mask)
{
    const Attr *at = node_attr(n, "axes");
    int len = at && at->kind == ATTR_INT ? 1 : attr_len(n, "axes");
    *mask = 0;
    for (int i = 0; i < len; i++) {
        int64_t axis = attr_list(n, "axes", i);
        if (axis < 0 || axis >= x->rank)
            return arena_printf(a, "there is no axis %d in %s", (int)axis,
                                type_text(a, x, "N"));
        if (*mask >> axis & 1)
            return arena_printf(a, "axis %d is there twice", (int)axis);
        *mask |= 1u << axis;
    }
    return NULL;
}

uint32_t shape_mask(const Node *n)
{
    Arena *a = arena_new();
    uint32_t mask;
    const char *error = shape_axes(a, n, &n->in[0]->type, &mask);
    if (error)
        internal_error("%%%s: %s", n->name, error);
    arena_free(a);
    return mask;
}

/* The axes of x that are in mask, or that are not. */
static int axes_in(const Type *x, uint32_t mask, bool in, int64_t *axes)
{
    int count = 0;
    for (int i = 0; i < x->rank; i++)
        if ((mask >> i & 1) == in)
            axes[count++] = i;
    return count;
}

const char *shape_reduce(Arena *a, Node *n)
{
    const Type *x = &n->in[0]->type;
    uint32_t mask;
    const char *error = shape_axes(a, n, x, &mask);
    if (error)
        return error;
    int64_t kept[MAX_RANK];
    int rank = axes_in(x, mask, false, kept);
    Dim d[MAX_RANK];
    for (int i = 0; i < rank; i++)
        d[i] = x->dim[kept[i]];
    n->type = type_of(x->elem, rank, d);
    return NULL;
}

Node *shape_repeat(Builder *b, const Node *n, Node *dy)
{
    const Type *x = &n->in[0]->type;
    int64_t kept[MAX_RANK];
    if (axes_in(x, shape_mask(n), false, kept) == x->rank)
        return dy;
    return build_broadcast(b, dy, x, kept);
}

/* The order [kept.., axes of mask..]; whether it is not the order of x. */
static bool order_to_last(const Type *x, uint32_t mask, int64_t *perm)
{
    int kept = axes_in(x, mask, false, perm);
    axes_in(x, mask, true, perm + kept);
    bool moved = false;
    for (int i = 0; i < x->rank; i++)
        moved = moved || perm[i] != i;
    return moved;
}

Node *shape_to_last(Builder *b, Node *x, uint32_t mask)
{
    const Type t = x->type;
    int64_t perm[MAX_RANK];
    if (order_to_last(&t, mask, perm))
        x = build_transpose(b, x, perm);
    Dim d[MAX_RANK + 1], last = dim_const(1);
    int rank = 0;
    for (int i = 0; i < t.rank; i++)
        if (!(mask >> i & 1))
            d[rank++] = t.dim[i];
        else if (!dim_mul(last, t.dim[i], &last))
            internal_error("%%%s: a size would be n*n", x->name);
    d[rank++] = last;
    return rank == t.rank ? x : build_reshape(b, x, rank, d);
}

Node *shape_from_last(Builder *b, Node *y, const Type *x, uint32_t mask)
{
    int64_t perm[MAX_RANK], back[MAX_RANK];
    Dim d[MAX_RANK];
    bool moved = order_to_last(x, mask, perm);
    for (int i = 0; i < x->rank; i++) {
        d[i] = x->dim[perm[i]];
        back[perm[i]] = i;
    }
    Type moved_type = type_of(x->elem, x->rank, d);
    if (!type_same_shape(&y->type, &moved_type))
        y = build_reshape(b, y, x->rank, d);
    return moved ? build_transpose(b, y, back) : y;
}

Node *shape_along_last(Builder *b, Node *y, const Type *to)
{
    int64_t axes[MAX_RANK];
    for (int i = 0; i < y->type.rank; i++)
        axes[i] = i;
    return build_broadcast(b, y, to, axes);
}

Node *shape_grad_extreme(Builder *b, Node *n, Node *key, Node *dy)
{
    uint32_t mask = shape_mask(n);
    if (mask == 0)
        return dy;
    Node *rows = shape_to_last(b, key, mask);
    const Type last = rows->type;
    Attrs at = attrs_new(b->module->arena);
    shape_set_size(&at, "classes", last.dim[last.rank - 1]);
    Node *place = build1(b, &op_argmax, rows);
    Node *first = node_new(b, &op_onehot, &place, 1, &at);
    Node *dx = build2(b, &op_mul, first, shape_along_last(b, dy, &last));
    return shape_from_last(b, dx, &n->in[0]->type, mask);
}
