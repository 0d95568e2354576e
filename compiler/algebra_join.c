/* A sum of pieces that do not overlap is their concatenation.
 *
 * The gradient of a value of which parts were read, the gates of a matrix of
 * weights for instance, is a sum of as many padded arrays; joined, each piece
 * is copied once.
 */
#include "algebra.h"
#include "op_list.h"

/* x between zeros along one axis. */
typedef struct Piece {
    Node *x;
    int axis;
    int64_t low, high, size;
} Piece;

static bool is_piece(const Node *n, Piece *p)
{
    int padded = 0;
    if (n->op != &op_pad || n->mark > 1 || attr_real(n, "value") != 0)
        return false;
    for (int i = 0; i < n->type.rank; i++) {
        int64_t low = attr_list(n, "low", i), high = attr_list(n, "high", i);
        if (!low && !high)
            continue;
        *p = (Piece){n->in[0], i, low, high, n->in[0]->type.dim[i].c};
        padded++;
    }
    return padded == 1 && dim_is_const(p->x->type.dim[p->axis]);
}

/* The parts of x: those of a concatenation that nothing else reads. */
static void add_parts(Arena *a, NodeArray *parts, Node *x, int axis)
{
    bool whole = x->op != &op_concat || x->mark > 1 ||
                 attr_int(x, "axis") != axis;
    for (int i = 0; !whole && i < x->nin; i++)
        array_push(a, parts, x->in[i]);
    if (whole)
        array_push(a, parts, x);
}

static Node *join(Rewriter *r, const Node *n, const Piece *p, const Piece *q)
{
    Arena *a = r->b.module->arena;
    NodeArray parts = {0};
    int64_t low[MAX_RANK] = {0}, high[MAX_RANK] = {0};
    Attrs at = attrs_new(a), pad = attrs_new(a);
    add_parts(a, &parts, p->x, p->axis);
    add_parts(a, &parts, q->x, p->axis);
    attrs_int(&at, "axis", p->axis);
    Node *joined = node_new(&r->b, &op_concat, parts.data, parts.len, &at);
    if (!p->low && !q->high)
        return joined;
    low[p->axis] = p->low;
    high[p->axis] = q->high;
    attrs_list(&pad, "low", low, n->type.rank);
    attrs_list(&pad, "high", high, n->type.rank);
    return node_new(&r->b, &op_pad, &joined, 1, &pad);
}

Node *algebra_join(Rewriter *r, Node *n)
{
    Piece p, q;
    if (n->op != &op_add || n->in[0] == n->in[1] || !is_piece(n->in[0], &p) ||
        !is_piece(n->in[1], &q) || p.axis != q.axis ||
        !type_same_shape(&n->in[0]->type, &n->in[1]->type))
        return n;
    if (p.low + p.size == q.low)
        return join(r, n, &p, &q);
    if (q.low + q.size == p.low)
        return join(r, n, &q, &p);
    return n;
}
