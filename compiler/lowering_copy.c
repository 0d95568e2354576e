/* Strided copies: transpose, slice, reverse, pad and concat. */
#include "lowering.h"

static void dense(const Type *t, Dim *stride)
{
    for (int i = 0; i < t->rank; i++)
        stride[i] = lowering_product(t->dim + i + 1, t->rank - i - 1);
}

Dim lowering_stride(const Type *t, int axis)
{
    Dim stride[MAX_RANK];
    dense(t, stride);
    return stride[axis];
}

Box box_new(const Type *size, const Type *x, const Type *y)
{
    Box b = {.rank = size->rank, .x0 = dim_const(0), .y0 = dim_const(0)};
    for (int i = 0; i < b.rank; i++)
        b.size[i] = size->dim[i];
    dense(x, b.xs);
    dense(y, b.ys);
    return b;
}

/* a * b + c */
static Dim fma_dim(Dim a, Dim b, Dim c)
{
    Dim both[] = {a, b};
    return dim_add(lowering_product(both, 2), c);
}

void box_skip_x(Box *b, int axis, Dim cells)
{
    b->x0 = fma_dim(cells, b->xs[axis], b->x0);
}

void box_skip_y(Box *b, int axis, Dim cells)
{
    b->y0 = fma_dim(cells, b->ys[axis], b->y0);
}

void box_reverse(Box *b, int axis)
{
    box_skip_x(b, axis, dim_add(b->size[axis], dim_const(-1)));
    b->xs[axis] = (Dim){-b->xs[axis].k, -b->xs[axis].c};
}

static void remove_axis(Box *b, int axis)
{
    b->rank--;
    for (int i = axis; i < b->rank; i++) {
        b->size[i] = b->size[i + 1];
        b->xs[i] = b->xs[i + 1];
        b->ys[i] = b->ys[i + 1];
    }
}

/* Are axes i and i + 1 one run in both arrays? */
static bool mergeable(const Box *b, int i)
{
    Dim x, y;
    return dim_mul(b->xs[i + 1], b->size[i + 1], &x) &&
           dim_mul(b->ys[i + 1], b->size[i + 1], &y) &&
           dim_equal(x, b->xs[i]) && dim_equal(y, b->ys[i]);
}

static void simplify(Box *b)
{
    for (int i = b->rank - 1; i >= 0; i--)
        if (dim_equal(b->size[i], dim_const(1)))
            remove_axis(b, i);
    for (int i = b->rank - 2; i >= 0; i--) {
        Dim both;
        if (!mergeable(b, i) || !dim_mul(b->size[i], b->size[i + 1], &both))
            continue;
        b->size[i + 1] = both;
        remove_axis(b, i);
    }
    if (b->rank == 0) {
        b->rank = 1;
        b->size[0] = b->xs[0] = b->ys[0] = dim_const(1);
    }
}

static bool is_one(Dim d)
{
    return dim_equal(d, dim_const(1));
}

static void move_axis(Box *b, int from, int to)
{
    for (int i = from; i < to; i++) {
        Dim size = b->size[i], xs = b->xs[i], ys = b->ys[i];
        b->size[i] = b->size[i + 1];
        b->xs[i] = b->xs[i + 1];
        b->ys[i] = b->ys[i + 1];
        b->size[i + 1] = size;
        b->xs[i + 1] = xs;
        b->ys[i + 1] = ys;
    }
}

/* A transposition for turn.c: the axis that is dense in x comes before the
 * last, which is dense in y. */
static bool turn(Box *b)
{
    int last = b->rank - 1;
    if (b->rank < 2 || b->rank > 5 || !is_one(b->ys[last]) ||
        is_one(b->xs[last]))
        return false;
    for (int i = 0; i < last; i++) {
        if (!is_one(b->xs[i]) || dim_at(b->size[i], LOWERING_N) < 8 ||
            dim_at(b->size[last], LOWERING_N) < 8)
            continue;
        move_axis(b, i, last - 1);
        return true;
    }
    return false;
}

/* What index i of the box is called. */
static const char *index_name(Emit *e, int i, int rank, bool turned)
{
    if (turned && i >= rank - 2)
        return i == rank - 1 ? "q" : "p";
    return arena_printf(emit_arena(e), "i%d", i);
}

/* "start + i0 * 784 + i1" */
static const char *index_text(Emit *e, int rank, const Dim *stride, Dim start,
                              bool turned)
{
    Text t = {.arena = emit_arena(e)};
    text_add(&t, "");
    if (!dim_equal(start, dim_const(0)))
        text_add(&t, emit_dim(e, start));
    for (int i = 0; i < rank; i++) {
        Dim s = stride[i];
        bool back = s.k < 0 || (s.k == 0 && s.c < 0);
        if (back)
            s = (Dim){-s.k, -s.c};
        text_add(&t, back ? t.len ? " - " : "-" : t.len ? " + " : "");
        text_add(&t, index_name(e, i, rank, turned));
        if (!dim_equal(s, dim_const(1)))
            text_printf(&t, " * %s", emit_dim(e, s));
    }
    return t.data;
}

void lowering_copy(Emit *e, const Node *n, const Node *x, Box b,
                   const double *fill)
{
    simplify(&b);
    bool turned = !fill && turn(&b);
    Kernel *k = kernel_new(e, n, turned ? "turn" : "copy");
    if (!turned)
        kernel_int(k, "FILL", fill != NULL);
    if (fill) {
        lowering_count(k, e, "COUNT", n->type.dim, n->type.rank);
        if (elem_is_real(n->type.elem))
            kernel_real(k, "FILL_VALUE", *fill);
        else
            kernel_int(k, "FILL_VALUE", (int64_t)*fill);
    }
    kernel_int(k, "RANK", b.rank);
    for (int i = 0; i < b.rank; i++) {
        const char *hole = arena_printf(emit_arena(e), "D%d", i);
        if (turned && i >= b.rank - 2)
            hole = i == b.rank - 1 ? "DQ" : "DP";
        kernel_dim(k, hole, b.size[i]);
    }
    kernel_text(k, "XINDEX", "%s", index_text(e, b.rank, b.xs, b.x0, turned));
    kernel_text(k, "YINDEX", "%s", index_text(e, b.rank, b.ys, b.y0, turned));
    kernel_arg(k, x);
    kernel_out(k);
    kernel_emit(k);
}
