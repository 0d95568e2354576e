/* Operators that move from plain into channel-blocked form: see layout.h. */
#include "layout.h"
#include "op_list.h"

enum { CHANNELS = 1 }; /* the axis that is cut */

int64_t blocks_size(const Target *t, ElemType elem)
{
    return t->vector_bytes / elem_bytes(elem);
}

bool blocks_are(const Node *x)
{
    return x->op == &op_unblock && attr_int(x, "axis") == CHANNELS;
}

static int64_t size_of(const Node *unblocked)
{
    const Type *t = &unblocked->in[0]->type;
    return t->dim[t->rank - 1].c;
}

Node *blocks_name(Blocks *k, Node *form, const Node *x)
{
    if (x->global && node_is_inline(x)) {
        rewrite_free_name(k->b->func, form);
        form->name = func_name(k->b->func, x->global->name);
    }
    return form;
}

Node *blocks_enter(Blocks *k, Node *x, int axis, int64_t size)
{
    if (x->op == &op_unblock && attr_int(x, "axis") == axis &&
        size_of(x) == size)
        return x->in[0];
    Attrs at = attrs_new(k->b->module->arena);
    if (x->type.rank == 1 && x->type.dim[0].c % size == 0) {
        const Dim d[] = {dim_const(x->type.dim[0].c / size), dim_const(size)};
        return blocks_name(k, build_reshape(k->b, x, 2, d), x);
    }
    attrs_int(&at, "axis", axis);
    attrs_int(&at, "size", size);
    Node *y = node_new(k->b, &op_block, &x, 1, &at);
    Node *known = values_find(k->made, y);
    if (known)
        return known;
    values_add(k->made, y);
    return blocks_name(k, y, x);
}

double blocks_change_seconds(double elements, const Target *t)
{
    const double cycles = 0.6, call_ns = 20; /* an element, inside L2 */
    if (elements == 0)
        return 0;
    return (cycles * elements / (t->gflops / t->vector_bytes) + call_ns) * 1e-9;
}

double blocks_enter_seconds(const Node *x, const Target *t)
{
    enum { N = 32 }; /* as the costs of implementations */
    double elements = (double)type_count_at(&x->type, N);
    return blocks_are(x) ? 0 : blocks_change_seconds(elements, t);
}

/* With nothing between the blocks and their places they lie in order. */
static bool is_in_order(const Type *y, int axis, int64_t count)
{
    for (int i = axis + 1; i < y->rank - 1; i++)
        if (!dim_equal(y->dim[i], dim_const(1)))
            return false;
    return y->dim[axis].c * y->dim[y->rank - 1].c == count;
}

Node *blocks_leave(Blocks *k, Node *y, int axis, int64_t count)
{
    Attrs at = attrs_new(k->b->module->arena);
    if (is_in_order(&y->type, axis, count)) {
        Dim d[MAX_RANK];
        for (int i = 0; i < y->type.rank - 1; i++)
            d[i] = i == axis ? dim_const(count) : y->type.dim[i];
        return build_reshape(k->b, y, y->type.rank - 1, d);
    }
    attrs_int(&at, "axis", axis);
    attrs_int(&at, "count", count);
    return node_new(k->b, &op_unblock, &y, 1, &at);
}

Node *blocks_factors(Node *w, int out, Node **plain)
{
    *plain = w;
    for (int i = 0; w->op == &op_mul && i < 2; i++) {
        Node *s = w->in[i], *a = w->in[1 - i];
        if (s->op == &op_broadcast && s->in[0]->type.rank == 1 &&
            attr_list(s, "axes", 0) == out &&
            type_same_shape(&a->type, &w->type)) {
            *plain = a;
            return s->in[0];
        }
    }
    return NULL;
}

Node *blocks_times(Blocks *k, Node *y, Node *s, int to)
{
    const int64_t axes[] = {to, y->type.rank - 1};
    return build2(k->b, &op_mul, y, build_broadcast(k->b, s, &y->type, axes));
}

Node *blocks_pack(Blocks *k, const OpDef *op, Node *w, int out, int to,
                  int64_t size, const Attrs *attrs)
{
    Node *plain, *s = blocks_factors(w, out, &plain);
    if (s) /* before the loop that multiplies by it */
        s = blocks_enter(k, s, 0, size);
    Node *y = node_new(k->b, op, &plain, 1, attrs);
    return blocks_name(k, s ? blocks_times(k, y, s, to) : y, plain);
}

Attrs blocks_attrs(Arena *a, const Node *n, const char *const *names, int count)
{
    Attrs at = attrs_new(a);
    for (int i = 0; i < count; i++) {
        const Attr *attr = node_attr(n, names[i]);
        if (attr)
            attrs_copy(&at, attr);
    }
    return at;
}

Node *blocks_pretend(Arena *a, const OpDef *op, const Type *x, const Type *w,
                     const Attrs *attrs)
{
    Node *in[] = {node_blank(a, &op_input, NULL, 0, NULL),
                  node_blank(a, &op_input, NULL, 0, NULL)};
    in[0]->type = *x;
    in[1]->type = *w;
    Node *n = node_blank(a, op, in, 2, attrs);
    n->type.elem = x->elem;
    n->name = "pretended";
    const char *error = op_infer(a, n);
    if (error)
        internal_error("%s: %s", op_name(op), error);
    n->raw = n->type;
    return n;
}

/* ---- which operators ---- */

/* Unused lanes hold what the operators before make of zeros: these keep them
 * finite. */
static bool is_tame(const Scalar *s)
{
    if (!s)
        return true;
    switch (s->op) {
    case SC_LOG:
    case SC_LOG1P:
    case SC_DIV:
    case SC_POW:
    case SC_SQRT:
    case SC_EXP:
        return false;
    default:
        return is_tame(s->a) && is_tame(s->b) && is_tame(s->c);
    }
}

static bool is_window(const Node *n)
{
    return (n->op == &op_maxpool || n->op == &op_sumpool ||
            n->op == &op_maxpick || n->op == &op_maxunpick ||
            n->op == &op_sumunpool) &&
           attr_int(n, "axis") > CHANNELS;
}

static bool is_reduction(const Node *n)
{
    if (n->op != &op_sum && n->op != &op_mean && n->op != &op_max_of &&
        n->op != &op_min_of)
        return false;
    for (int i = 0; i < attr_len(n, "axes"); i++)
        if (attr_list(n, "axes", i) == CHANNELS)
            return false;
    return true;
}

/* A slice of whole blocks. */
static bool is_part(const Node *n, int64_t size)
{
    if (n->op != &op_slice)
        return false;
    const Type *x = &n->in[0]->type;
    for (int i = 0; i < x->rank; i++) {
        Dim from = attr_dim(n, "start", i), to = attr_dim(n, "stop", i);
        bool all = dim_equal(from, dim_const(0)) && dim_equal(to, x->dim[i]);
        if (!all && (i != CHANNELS || from.c % size != 0 ||
                     (to.c % size != 0 && to.c != x->dim[i].c)))
            return false;
    }
    return true;
}

static bool is_whole(const Node *x, int64_t size)
{
    return x->type.rank > CHANNELS && x->type.dim[CHANNELS].c % size == 0;
}

static bool is_row_of(const Node *n, int64_t size)
{
    if (n->op != &op_concat || attr_int(n, "axis") != CHANNELS)
        return false;
    for (int i = 0; i < n->nin; i++)
        if (!is_whole(n->in[i], size))
            return false;
    return true;
}

static bool is_map(const Node *n, const Node *x, int64_t size)
{
    return op_is_elementwise(n->op) && type_same_shape(&n->type, &x->type) &&
           (is_whole(x, size) || is_tame(op_expr(n->op)));
}

bool blocks_may_sink(const Node *n, const Node *x, int64_t size)
{
    return is_map(n, x, size) || is_window(n) || is_reduction(n) ||
           is_part(n, size) || is_row_of(n, size);
}

/* ---- how ---- */

static Attrs attrs_of(Blocks *k, const Node *n)
{
    Attrs at = attrs_new(k->b->module->arena);
    for (int i = 0; i < n->nattr; i++)
        attrs_copy(&at, &n->attrs[i]);
    return at;
}

/* Operand x of an element-wise operator whose result has the blocked type. */
static Node *map_operand(Blocks *k, Node *x, const Type *plain,
                         const Type *blocked)
{
    int64_t axes[MAX_RANK], size = blocked->dim[blocked->rank - 1].c;
    if (x->type.rank == 0)
        return x;
    if (type_same_shape(&x->type, plain) && x->op != &op_broadcast)
        return blocks_enter(k, x, CHANNELS, size);
    bool repeated = x->op == &op_broadcast;
    Node *from = repeated ? x->in[0] : x;
    int rank = from->type.rank, cut = -1;
    for (int i = 0; i < rank; i++) {
        axes[i] = repeated ? attr_list(x, "axes", i) : plain->rank - rank + i;
        if (axes[i] == CHANNELS)
            cut = i;
    }
    if (cut >= 0) {
        from = blocks_enter(k, from, cut, size);
        axes[rank] = blocked->rank - 1;
    }
    Type to = *blocked;
    to.elem = from->type.elem;
    to.bound = 0;
    return build_broadcast(k->b, from, &to, axes);
}

static Node *sink_map(Blocks *k, Node *n, const Node *u)
{
    Node *in[8];
    int cheap = 0, paid = 0;
    if (n->nin > 8)
        return NULL;
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        bool whole = type_same_shape(&x->type, &n->type);
        cheap += blocks_are(x);
        paid += whole && !blocks_are(x) && x->op != &op_broadcast;
    }
    if (paid > cheap)
        return NULL;
    for (int i = 0; i < n->nin; i++)
        in[i] = map_operand(k, n->in[i], &n->type, &u->in[0]->type);
    return node_new(k->b, n->op, in, n->nin, NULL);
}

static Node *sink_all(Blocks *k, Node *n, int64_t size)
{
    Attrs at = attrs_of(k, n);
    Node **in = ARENA_ARRAY(k->b->module->arena, Node *, n->nin);
    int cheap = 0;
    for (int i = 0; i < n->nin; i++)
        cheap += blocks_are(n->in[i]);
    if (2 * cheap < n->nin)
        return NULL;
    for (int i = 0; i < n->nin; i++)
        in[i] = blocks_enter(k, n->in[i], CHANNELS, size);
    return node_new(k->b, n->op, in, n->nin, &at);
}

static Node *sink_part(Blocks *k, Node *n, const Node *u, int64_t size)
{
    Attrs at = attrs_new(k->b->module->arena);
    Dim start[MAX_RANK], stop[MAX_RANK];
    int rank = n->type.rank;
    for (int i = 0; i < rank; i++) {
        start[i] = attr_dim(n, "start", i);
        stop[i] = attr_dim(n, "stop", i);
    }
    start[CHANNELS] = dim_const(start[CHANNELS].c / size);
    stop[CHANNELS] = dim_const((stop[CHANNELS].c + size - 1) / size);
    start[rank] = dim_const(0);
    stop[rank] = dim_const(size);
    attrs_dims(&at, "start", start, rank + 1);
    attrs_dims(&at, "stop", stop, rank + 1);
    Node *y = u->in[0];
    return node_new(k->b, &op_slice, &y, 1, &at);
}

Node *blocks_sink(Blocks *k, Node *n)
{
    const Node *u = NULL;
    for (int i = 0; i < n->nin && !u; i++)
        if (blocks_are(n->in[i]))
            u = n->in[i];
    if (!u || !blocks_may_sink(n, u, size_of(u)))
        return NULL;
    int64_t size = size_of(u), count = u->type.dim[CHANNELS].c;
    int axis = CHANNELS;
    Node *y;
    if (op_is_elementwise(n->op)) {
        y = sink_map(k, n, u);
    } else if (is_part(n, size)) {
        y = sink_part(k, n, u, size);
        count = n->type.dim[CHANNELS].c;
    } else if (is_reduction(n)) {
        Attrs at = attrs_of(k, n);
        Node *x = u->in[0];
        y = node_new(k->b, n->op, &x, 1, &at);
        for (int i = 0; i < attr_len(n, "axes"); i++)
            axis -= attr_list(n, "axes", i) < CHANNELS;
    } else {
        y = sink_all(k, n, size);
        count = n->type.dim[CHANNELS].c;
    }
    if (!y)
        return NULL;
    rewrite_take_name(k->b->func, y, n);
    return blocks_leave(k, y, axis, count);
}
