/* Gradients of what every turn of a scan reads, computed behind the loop.
 *
 * Each turn contributes to the gradient of a captured matrix. Where the
 * contribution is a product A B, the sum over the turns is one product of A's
 * side by side with B's on top of each other: the operands are stacked along
 * the inner axis, which then is turns times inner size long. A sum of what the
 * loop stacks already is a sum over the stack. Everything else is added up in
 * a carry.
 *
 *     turn    %W.grad = matmul %dz, %h {a = t} : f32[8,4]  %dz: f32[N,8]
 *     behind  %W.grad = matmul %dzs, %hs {a = t} : f32[8,4]  %dzs: f32[50*N,8]
 */
#include "scan_grad.h"
#include "op_list.h"
#include <string.h>

/* The inner axis of operand i of a product, as it is stored. */
static int inner_axis(const Node *product, int i)
{
    bool turned = strcmp(attr_sym(product, i ? "b" : "a"), "t") == 0;
    int rank = product->in[i]->type.rank;
    return turned == (i == 0) ? rank - 2 : rank - 1;
}

static bool is_outer_product(const Node *product)
{
    const Type *t = &product->in[0]->type;
    return dim_equal(t->dim[inner_axis(product, 0)], dim_const(1));
}

/* Where operand i is stacked; both sides of an outer product become rows. */
static int64_t stack_axis(const Node *product, int i, int order)
{
    if (is_outer_product(product))
        return product->in[i]->type.rank - 2;
    return inner_axis(product, i) + order;
}

/* The sequence that n is a cut of; -1 when it is none. */
static int sequence_of(const ScanGrad *g, const Node *n)
{
    for (int i = g->carries; i < g->scan->nin; i++)
        if (g->region->args.data[i] == n)
            return i;
    return -1;
}

static bool is_stacked_at(const ScanGrad *g, const Node *n, int64_t axis)
{
    int i = sequence_of(g, n);
    return i >= 0 && attr_list(g->scan, "along", i - g->carries) == axis;
}

static bool can_contract(const ScanGrad *g, const Node *part)
{
    Dim turns = attr_dim(g->scan, "count", 0), depth;
    if (part->op != &op_matmul ||
        nodemap_get(g->home, part) != HOME_BACKWARD ||
        part->in[0]->type.rank == MAX_RANK ||
        !dim_mul(turns, part->in[0]->type.dim[inner_axis(part, 0)], &depth))
        return false;
    for (int i = 0; i < 2; i++) {
        Dim count;
        Type t = part->in[i]->type;
        t.dim[t.rank++] = turns;
        if (node_is_inline(part->in[i]) ||
            !nodemap_get(g->home, part->in[i]) || !type_count(&t, &count))
            return false;
    }
    return true;
}

static void stack(ScanGrad *g, Pending *p, int i)
{
    Node *x = p->part->in[i];
    int64_t axis = stack_axis(p->part, i, p->order);
    if (is_stacked_at(g, x, axis))
        p->whole[i] = g->scan->in[sequence_of(g, x)];
    else if (nodemap_get(g->home, x) == HOME_FORWARD)
        p->whole[i] = scan_grad_stack(g, x, axis);
    else
        p->stack[i] = scan_grad_emit(g, x, axis);
}

static bool is_among(const NodeArray *values, const Node *n)
{
    for (int i = 0; i < values->len; i++)
        if (values->data[i] == n)
            return true;
    return false;
}

static bool is_used(const NodeArray *body, const Node *n)
{
    for (int i = 0; i < body->len; i++) {
        const Node *by = body->data[i];
        for (int k = 0; k < by->nin; k++)
            if (by->in[k] == n)
                return true;
        if (by->region && (is_used(&by->region->nodes, n) ||
                           is_among(&by->region->results, n)))
            return true;
    }
    return false;
}

/* n is computed behind the loop: in it, nothing else needs it as a rule. */
static void drop_node(ScanGrad *g, const Node *n)
{
    if (is_used(&g->nodes, n) || is_among(&g->next, n) ||
        is_among(&g->emitted, n))
        return;
    int kept = 0;
    for (int i = 0; i < g->nodes.len; i++)
        if (g->nodes.data[i] != n)
            g->nodes.data[kept++] = g->nodes.data[i];
    g->nodes.len = kept;
}

void scan_grad_defer(ScanGrad *g, Node *v, NodeArray *parts,
                     PendingArray *pending)
{
    int kept = 0;
    for (int i = 0; i < parts->len; i++) {
        Node *part = parts->data[i];
        if (!can_contract(g, part)) {
            parts->data[kept++] = part;
            continue;
        }
        Pending p = {.of = v, .part = part, .is_product = true};
        if (!is_outer_product(part))
            for (int k = 0; k < 2; k++)
                p.order |= is_stacked_at(g, part->in[k],
                                         stack_axis(part, k, 1));
        stack(g, &p, 0);
        stack(g, &p, 1);
        drop_node(g, part);
        array_push(g->arena, pending, p);
    }
    parts->len = kept;
}

static int stack_number(const ScanGrad *g, const Node *n)
{
    for (int i = 0; i < g->emitted.len; i++)
        if (g->emitted.data[i] == n)
            return i;
    return -1;
}

void scan_grad_defer_sums(ScanGrad *g, Node *v, NodeArray *parts,
                          PendingArray *pending)
{
    int kept = 0;
    for (int i = 0; i < parts->len; i++) {
        Node *part = parts->data[i];
        bool sum = part->op == &op_sum &&
                   nodemap_get(g->home, part) == HOME_BACKWARD;
        Pending p = {.of = v, .part = part};
        p.stack[0] = stack_number(g, sum ? part->in[0] : part);
        if (p.stack[0] < 0) {
            parts->data[kept++] = part;
            continue;
        }
        if (sum)
            drop_node(g, part);
        array_push(g->arena, pending, p);
    }
    parts->len = kept;
}

/* ---- behind the loop ---- */

static Node *stack_value(ScanGrad *g, const Pending *p, int i, Node *backward)
{
    if (p->whole[i])
        return p->whole[i];
    Attrs at = attrs_new(g->arena);
    attrs_int(&at, "index", g->next.len + p->stack[i]);
    return node_new(g->b, &op_result, &backward, 1, &at);
}

/* Stacked operand i as a matrix: the turns and the inner axis are one. */
static Node *flat_value(ScanGrad *g, const Pending *p, int i, Node *backward)
{
    const Node *x = p->part->in[i];
    Node *stacked = stack_value(g, p, i, backward);
    Dim turns = attr_dim(g->scan, "count", 0);
    Type t = x->type;
    int inner = inner_axis(p->part, i), rank = t.rank;
    if (is_outer_product(p->part)) {
        t.dim[rank - 1] = x->type.dim[inner == rank - 1 ? rank - 2 : rank - 1];
        t.dim[rank - 2] = turns;
    } else if (!dim_mul(turns, t.dim[inner], &t.dim[inner])) {
        internal_error("gradient of scan: n*n rows");
    }
    return build_reshape(g->b, stacked, t.rank, t.dim);
}

static Node *product(ScanGrad *g, const Pending *p, Node *backward)
{
    Node *in[2];
    Attrs at = attrs_new(g->arena);
    for (int i = 0; i < 2; i++) {
        in[i] = flat_value(g, p, i, backward);
        bool rows = is_outer_product(p->part) ||
                    inner_axis(p->part, i) == in[i]->type.rank - 2;
        if (rows == (i == 0))
            attrs_sym(&at, i ? "b" : "a", "t");
    }
    return node_new(g->b, &op_matmul, in, 2, &at);
}

static Node *sum(ScanGrad *g, const Pending *p, Node *backward)
{
    Node *x = stack_value(g, p, 0, backward);
    int64_t turn = g->emits.data[p->stack[0]], axes[MAX_RANK];
    int count = 0;
    axes[count++] = turn;
    bool reduced = g->emitted.data[p->stack[0]] != p->part;
    for (int i = 0; reduced && i < attr_len(p->part, "axes"); i++) {
        int64_t axis = attr_list(p->part, "axes", i);
        axes[count++] = axis + (axis >= turn);
    }
    return build_sum(g->b, x, axes, count);
}

Node *scan_grad_contract(ScanGrad *g, const Pending *p, Node *backward)
{
    g->b->hint = arena_printf(g->arena, "%s.grad", grad_name(p->of));
    return p->is_product ? product(g, p, backward) : sum(g, p, backward);
}
