/* Identities of operators that move, repeat or reduce elements. */
#include "algebra.h"
#include "op_list.h"
#include "shape.h"
#include <string.h>

static bool once(const Node *n)
{
    return n->mark <= 1;
}

static bool same_shape(const Node *a, const Node *b)
{
    return type_same_shape(&a->type, &b->type);
}

static bool is_one(Dim d)
{
    return d.k == 0 && d.c == 1;
}

/* x with n's shape: x itself when it has it. */
static Node *view_as(Rewriter *r, Node *x, const Node *n)
{
    if (same_shape(x, n))
        return x;
    return build_reshape(&r->b, x, n->type.rank, n->type.dim);
}

/* A repeated scalar in n's shape when n only rearranges one. */
static Node *of_scalar(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    if (x->op != &op_broadcast || x->in[0]->type.rank != 0)
        return n;
    if (n->type.rank == 0)
        return x->in[0];
    return build_broadcast(&r->b, x->in[0], &n->type, NULL);
}

static Node *rule_reshape(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    if (same_shape(x, n))
        return x;
    if (x->op == &op_reshape)
        return view_as(r, x->in[0], n);
    return of_scalar(r, n);
}

/* Whether the axes longer than one keep their order. */
static bool moves_only_ones(const Node *n)
{
    int64_t last = -1;
    for (int i = 0; i < n->type.rank; i++) {
        int64_t from = attr_list(n, "perm", i);
        if (is_one(n->type.dim[i]))
            continue;
        if (from < last)
            return false;
        last = from;
    }
    return true;
}

/* Whether n exchanges its last two axes and nothing else. */
static bool swaps_last(const Node *n)
{
    int rank = n->type.rank;
    if (n->op != &op_transpose || rank < 2)
        return false;
    for (int i = 0; i < rank - 2; i++) {
        if (attr_list(n, "perm", i) != i)
            return false;
    }
    return attr_list(n, "perm", rank - 1) == rank - 2;
}

static Node *matmul_with(Rewriter *r, Node *a, bool ta, Node *b, bool tb)
{
    Attrs at = attrs_new(r->b.module->arena);
    Node *in[] = {a, b};
    attrs_sym(&at, "a", ta ? "t" : "n");
    attrs_sym(&at, "b", tb ? "t" : "n");
    return node_new(&r->b, &op_matmul, in, 2, &at);
}

static bool is_transposed(const Node *n, const char *operand)
{
    return strcmp(attr_sym(n, operand), "t") == 0;
}

/* (a @ b)' is b' @ a'. */
static Node *transpose_matmul(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    if (x->op != &op_matmul || !once(x) || !swaps_last(n))
        return n;
    return matmul_with(r, x->in[1], !is_transposed(x, "b"), x->in[0],
                       !is_transposed(x, "a"));
}

static Node *rule_transpose(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    int64_t perm[MAX_RANK];
    if (moves_only_ones(n))
        return view_as(r, x, n);
    if (x->op == &op_transpose) {
        for (int i = 0; i < n->type.rank; i++)
            perm[i] = attr_list(x, "perm", (int)attr_list(n, "perm", i));
        return build_transpose(&r->b, x->in[0], perm);
    }
    Node *with = of_scalar(r, n);
    return with != n ? with : transpose_matmul(r, n);
}

static Node *rule_matmul(Rewriter *r, Node *n)
{
    bool a = swaps_last(n->in[0]), b = swaps_last(n->in[1]);
    if (!a && !b)
        return n;
    return matmul_with(
        r, a ? n->in[0]->in[0] : n->in[0], is_transposed(n, "a") != a,
        b ? n->in[1]->in[0] : n->in[1], is_transposed(n, "b") != b);
}

static Node *rule_broadcast(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    int64_t axes[MAX_RANK];
    if (same_shape(x, n))
        return x;
    if (x->op != &op_broadcast)
        return n;
    for (int i = 0; i < x->in[0]->type.rank; i++)
        axes[i] = attr_list(n, "axes", (int)attr_list(x, "axes", i));
    return build_broadcast(&r->b, x->in[0], &n->type, axes);
}

static Node *slice(Rewriter *r, Node *x, const Dim *start, const Dim *stop)
{
    Attrs at = attrs_new(r->b.module->arena);
    attrs_dims(&at, "start", start, x->type.rank);
    attrs_dims(&at, "stop", stop, x->type.rank);
    return node_new(&r->b, &op_slice, &x, 1, &at);
}

/* Does n keep one place of an axis, and all of the others? */
static bool keeps_one(const Node *n, int axis, Dim place)
{
    const Type *x = &n->in[0]->type;
    for (int i = 0; i < x->rank; i++) {
        Dim from = i == axis ? place : dim_const(0);
        Dim to = i == axis ? dim_add(place, dim_const(1)) : x->dim[i];
        if (!dim_equal(attr_dim(n, "start", i), from) ||
            !dim_equal(attr_dim(n, "stop", i), to))
            return false;
    }
    return true;
}

/* The last of what a scan stacks is its carry where that is the same value. */
static Node *last_turn(Rewriter *r, Node *n)
{
    Node *stack = n->in[0], *scan = stack->in[0];
    int64_t carries = attr_int(scan, "carries");
    int64_t index = attr_int(stack, "index");
    const NodeArray *next = &scan->region->results;
    bool back = strcmp(attr_sym(scan, "order"), "backward") == 0;
    if (index < carries ||
        !keeps_one(n, (int)attr_list(scan, "emits", (int)(index - carries)),
                   back ? dim_const(0)
                        : dim_add(attr_dim(scan, "count", 0), dim_const(-1))))
        return n;
    for (int i = 0; i < carries; i++) {
        if (next->data[i] != next->data[index])
            continue;
        Attrs at = attrs_new(r->b.module->arena);
        attrs_int(&at, "index", i);
        Node *last = node_new(&r->b, &op_result, &scan, 1, &at);
        return build_reshape(&r->b, last, n->type.rank, n->type.dim);
    }
    return n;
}

/* Of slices one is left, and only what a slice keeps is transposed. */
static Node *rule_slice(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    Dim start[MAX_RANK], stop[MAX_RANK];
    int64_t perm[MAX_RANK];
    if (same_shape(x, n))
        return x;
    if (x->op == &op_slice) {
        for (int i = 0; i < n->type.rank; i++) {
            Dim from = attr_dim(x, "start", i);
            start[i] = dim_add(from, attr_dim(n, "start", i));
            stop[i] = dim_add(from, attr_dim(n, "stop", i));
        }
        return slice(r, x->in[0], start, stop);
    }
    if (x->op == &op_result)
        return last_turn(r, n);
    if (x->op != &op_transpose || !once(x))
        return of_scalar(r, n);
    for (int i = 0; i < n->type.rank; i++) {
        perm[i] = attr_list(x, "perm", i);
        start[perm[i]] = attr_dim(n, "start", i);
        stop[perm[i]] = attr_dim(n, "stop", i);
    }
    return build_transpose(&r->b, slice(r, x->in[0], start, stop), perm);
}

/* The operand when it has the shape of the result: nothing was added. */
static Node *rule_same_shape(Rewriter *r, Node *n)
{
    (void)r;
    return same_shape(n->in[0], n) ? n->in[0] : n;
}

static Node *rule_reverse(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    uint32_t mask = shape_mask(n);
    for (int i = 0; i < n->type.rank; i++) {
        if (is_one(n->type.dim[i]))
            mask &= ~(1u << i);
    }
    if (mask == 0)
        return x;
    if (x->op == &op_reverse && shape_mask(x) == mask)
        return x->in[0];
    return of_scalar(r, n);
}

/* ---- reductions ---- */

static Node *reduce(Rewriter *r, const OpDef *op, Node *x, uint32_t mask)
{
    Attrs at = attrs_new(r->b.module->arena);
    int64_t axes[MAX_RANK];
    int count = 0;
    for (int i = 0; i < x->type.rank; i++) {
        if (mask >> i & 1)
            axes[count++] = i;
    }
    attrs_list(&at, "axes", axes, count);
    return node_new(&r->b, op, &x, 1, &at);
}

/* The product of the sizes of mask's axes. */
static bool count_of(const Type *t, uint32_t mask, Dim *count)
{
    *count = dim_const(1);
    for (int i = 0; i < t->rank; i++) {
        if ((mask >> i & 1) && !dim_mul(*count, t->dim[i], count))
            return false;
    }
    return true;
}

/* Axes of x's operand that are reduced first, seen from x's axes. */
static uint32_t joined_mask(const Node *x, uint32_t mask)
{
    uint32_t inner = shape_mask(x), all = inner;
    for (int i = 0, k = 0; i < x->in[0]->type.rank; i++) {
        if (inner >> i & 1)
            continue;
        if (mask >> k & 1)
            all |= 1u << i;
        k++;
    }
    return all;
}

/* Only repeated axes go away: nothing is left to add up. */
static Node *reduce_broadcast(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    uint32_t mask = shape_mask(n);
    int64_t axes[MAX_RANK];
    Dim count;
    if (x->op != &op_broadcast || n->op == &op_prod)
        return n;
    for (int i = 0; i < x->in[0]->type.rank; i++) {
        int64_t axis = attr_list(x, "axes", i);
        if (mask >> axis & 1)
            return n;
        axes[i] = axis;
        for (int k = 0; k < axis; k++)
            axes[i] -= mask >> k & 1;
    }
    double times = 1;
    if (n->op == &op_sum) {
        if (!count_of(&x->type, mask, &count) || !dim_is_const(count))
            return n;
        times = (double)count.c;
    }
    Node *y = x->in[0];
    if (!same_shape(y, n))
        y = build_broadcast(&r->b, y, &n->type, axes);
    if (times == 1)
        return y;
    return build2(&r->b, &op_mul, y, node_const(&r->b, n->type.elem, times));
}

/* sum(x*s) is sum(x)*s for a scalar s, and the same for mean, / and neg. */
static Node *reduce_scaled(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    uint32_t mask = shape_mask(n);
    if ((n->op != &op_sum && n->op != &op_mean) || !once(x))
        return n;
    if (x->op == &op_neg)
        return build1(&r->b, &op_neg, reduce(r, n->op, x->in[0], mask));
    if (x->op == &op_div && x->in[1]->type.rank == 0 && x->type.rank)
        return build2(&r->b, &op_div, reduce(r, n->op, x->in[0], mask),
                      x->in[1]);
    for (int i = 0; x->op == &op_mul && x->type.rank && i < 2; i++) {
        if (x->in[i]->type.rank == 0)
            return build2(&r->b, &op_mul, x->in[i],
                          reduce(r, n->op, x->in[1 - i], mask));
    }
    return n;
}

static Node *rule_reduce(Rewriter *r, Node *n)
{
    Node *x = n->in[0];
    uint32_t mask = shape_mask(n);
    bool longer = false;
    for (int i = 0; i < x->type.rank; i++)
        longer |= (mask >> i & 1) && !is_one(x->type.dim[i]);
    if (!longer)
        return view_as(r, x, n);
    if (x->op == n->op)
        return reduce(r, n->op, x->in[0], joined_mask(x, mask));
    Node *with = reduce_broadcast(r, n);
    return with != n ? with : reduce_scaled(r, n);
}

static Node *rule_extent(Rewriter *r, Node *n)
{
    Dim count;
    if (!count_of(&n->in[0]->type, shape_mask(n), &count) ||
        !dim_is_const(count))
        return n;
    return node_const(&r->b, n->type.elem, (double)count.c);
}

static const struct {
    const OpDef *op;
    Node *(*rule)(Rewriter *r, Node *n);
} rules[] = {
    {&op_reshape, rule_reshape},   {&op_transpose, rule_transpose},
    {&op_matmul, rule_matmul},     {&op_broadcast, rule_broadcast},
    {&op_slice, rule_slice},       {&op_pad, rule_same_shape},
    {&op_concat, rule_same_shape}, {&op_reverse, rule_reverse},
    {&op_sum, rule_reduce},        {&op_mean, rule_reduce},
    {&op_max_of, rule_reduce},     {&op_min_of, rule_reduce},
    {&op_prod, rule_reduce},       {&op_extent, rule_extent},
};

Node *algebra_tensor(Rewriter *r, Node *n)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].op == n->op)
            return rules[i].rule(r, n);
    }
    return n;
}
