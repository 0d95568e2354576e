/* What a backward loop reads of the forward one: stored, or computed again.
 *
 * A carry and the value of an operator that is not cheap are stacked by the
 * forward loop and cut by the backward one; cuts of sequences are cut again;
 * what is cheap is computed again where that needs fewer bytes than a stack of
 * its own.
 */
#include "scan_grad.h"
#include "fuse_tree.h"
#include "op_list.h"
#include <string.h>

static Type cut_type(const Type *whole, int64_t along)
{
    Type t = *whole;
    t.rank--;
    for (int64_t i = along; i < t.rank; i++)
        t.dim[i] = whole->dim[i + 1];
    return t;
}

Node *scan_grad_sequence(ScanGrad *g, Node *whole, int64_t along,
                         const char *name)
{
    array_push(g->arena, &g->wholes, whole);
    array_push(g->arena, &g->along, along);
    Node *arg = region_arg(g->b->func, &g->sequence, name,
                           cut_type(&whole->type, along));
    nodemap_set(g->home, arg, HOME_BACKWARD);
    return arg;
}

int scan_grad_emit(ScanGrad *g, Node *n, int64_t axis)
{
    for (int i = 0; i < g->emitted.len; i++)
        if (g->emitted.data[i] == n && g->emits.data[i] == axis)
            return i;
    array_push(g->arena, &g->emitted, n);
    array_push(g->arena, &g->emits, axis);
    return g->emitted.len - 1;
}

/* ---- stacks of the forward loop ---- */

static void add_emit(ScanGrad *g, Node *n, int64_t axis)
{
    Attrs at = attrs_new(g->arena);
    int len = attr_len(g->scan, "emits");
    int64_t *emits = ARENA_ARRAY(g->arena, int64_t, len + 1);
    for (int i = 0; i < len; i++)
        emits[i] = attr_list(g->scan, "emits", i);
    emits[len] = axis;
    for (int i = 0; i < g->scan->nattr; i++)
        if (strcmp(g->scan->attrs[i].name, "emits") != 0)
            attrs_copy(&at, &g->scan->attrs[i]);
    attrs_list(&at, "emits", emits, len + 1);
    g->scan->attrs = at.items.data;
    g->scan->nattr = at.items.len;
    array_push(g->arena, &g->region->results, n);
}

static int64_t emit_axis(const ScanGrad *g, int result)
{
    return attr_list(g->scan, "emits", result - g->carries);
}

/* The result that stacks n along axis, or along any when it is negative. */
static int find_emit(const ScanGrad *g, const Node *n, int64_t axis)
{
    const NodeArray *results = &g->region->results;
    for (int i = g->carries; i < results->len; i++)
        if (results->data[i] == n && (axis < 0 || emit_axis(g, i) == axis))
            return i;
    return -1;
}

static bool is_result(const ScanGrad *g, const Node *n)
{
    return n->op == &op_result && n->in[0] == g->scan;
}

/* The `result` of that index; a new one stands right behind the scan's. */
static Node *result_of(ScanGrad *g, int index, const char *name)
{
    NodeArray *body = g->body;
    int at = 0;
    while (body->data[at] != g->scan)
        at++;
    for (at++; at < body->len && is_result(g, body->data[at]); at++)
        if (attr_int(body->data[at], "index") == index)
            return body->data[at];
    NodeArray made = {0};
    Builder b = *g->b;
    b.body = &made;
    b.hint = name;
    b.loc = g->scan->loc;
    Attrs attrs = attrs_new(g->arena);
    attrs_int(&attrs, "index", index);
    Node *n = node_new(&b, &op_result, &g->scan, 1, &attrs);
    rewrite_free_name(b.func, n);
    n->name = func_name(b.func, arena_printf(g->arena, "%s.turns", name));
    array_push(g->arena, body, n);
    for (int i = body->len - 1; i > at; i--)
        body->data[i] = body->data[i - 1];
    body->data[at] = n;
    return n;
}

Node *scan_grad_stack(ScanGrad *g, Node *n, int64_t axis)
{
    int index = find_emit(g, n, axis);
    if (index < 0) {
        Type t = n->type;
        Dim count;
        if (t.rank == MAX_RANK) {
            diag_unsupported(g->b->module->diag, n->loc,
                             "gradient of a scan over values of so many axes");
            axis = --t.rank; /* the error stops the compilation */
        }
        t.dim[t.rank++] = attr_dim(g->scan, "count", 0);
        if (!type_count(&t, &count))
            diag_unsupported(g->b->module->diag, g->scan->loc,
                             "gradient of a scan that stores a value of the "
                             "run-time size in a run-time number of turns");
        index = g->region->results.len;
        add_emit(g, n, axis);
    }
    return result_of(g, index, n->name);
}

/* ---- stored or computed again ---- */

static bool is_cheap(const Node *n)
{
    if (op_is_elementwise(n->op))
        return !fuse_is_heavy(op_expr(n->op));
    return op_has(n->op, OP_VIEW) || n->op == &op_transpose ||
           n->op == &op_broadcast || n->op == &op_slice ||
           n->op == &op_reverse || n->op == &op_onehot || n->op == &op_iter ||
           n->op == &op_const;
}

static int64_t bytes_of(const ScanGrad *g, const Node *n)
{
    int64_t bound = g->b->module->bound ? g->b->module->bound : 1;
    return type_count_at(&n->type, bound) * elem_bytes(n->type.elem);
}

static int argument(const ScanGrad *g, const Node *n)
{
    for (int i = 0; i < g->region->args.len; i++)
        if (g->region->args.data[i] == n)
            return i;
    return -1;
}

static int64_t price(ScanGrad *g, const Node *n);

/* Bytes of a turn to store so that n can be computed from its operands. */
static int64_t operands_price(ScanGrad *g, const Node *n)
{
    int64_t sum = 0;
    for (int i = 0; i < n->nin; i++)
        sum += price(g, n->in[i]);
    return sum;
}

/* Bytes of a turn to store for n, in addition to what is stored already. */
static int64_t price(ScanGrad *g, const Node *n)
{
    int arg;
    if (node_is_inline(n) || nodemap_get(g->home, n) != HOME_FORWARD ||
        nodemap_get(g->copied, n) || find_emit(g, n, -1) >= 0)
        return 0;
    arg = argument(g, n);
    if (arg >= g->carries)
        return 0;
    if (nodemap_get(g->price, n))
        return nodemap_get(g->price, n) - 1;
    int64_t own = bytes_of(g, n);
    if (arg < 0 && is_cheap(n)) {
        int64_t parts = operands_price(g, n);
        own = parts < own ? parts : own;
    }
    if (own > INT32_MAX / 2)
        own = INT32_MAX / 2;
    nodemap_set(g->price, n, 1 + (int)own);
    return own;
}

static bool is_computed_again(ScanGrad *g, const Node *n)
{
    return is_cheap(n) && (op_has(n->op, OP_VIEW) ||
                           operands_price(g, n) < bytes_of(g, n));
}

static Node *import(ScanGrad *g, Node *n);

static Node *copy(ScanGrad *g, const Node *n)
{
    Node **in = ARENA_ARRAY(g->arena, Node *, n->nin + 1);
    for (int i = 0; i < n->nin; i++)
        in[i] = import(g, n->in[i]);
    g->b->hint = n->name;
    Node *made = node_copy(g->b, n, in);
    rewrite_free_name(g->b->func, made);
    made->name = func_name(g->b->func, n->name);
    return made;
}

static Node *fetch(ScanGrad *g, Node *n)
{
    int arg = argument(g, n);
    if (arg == g->region->args.len - 1)
        return g->turn;
    if (arg >= g->carries)
        return scan_grad_sequence(
            g, g->scan->in[arg],
            attr_list(g->scan, "along", arg - g->carries), n->name);
    if (arg < 0 && is_computed_again(g, n))
        return copy(g, n);
    int made = find_emit(g, n, -1);
    int64_t axis = made < 0 ? 0 : emit_axis(g, made);
    return scan_grad_sequence(g, scan_grad_stack(g, n, axis), axis, n->name);
}

/* What stands for operand n in the backward loop. */
static Node *import(ScanGrad *g, Node *n)
{
    if (node_is_inline(n) || nodemap_get(g->home, n) != HOME_FORWARD)
        return n;
    if (!nodemap_get(g->copied, n)) {
        Node *made = fetch(g, n);
        array_push(g->arena, &g->copies, made);
        nodemap_set(g->copied, n, g->copies.len);
    }
    return g->copies.data[nodemap_get(g->copied, n) - 1];
}

static void import_all(ScanGrad *g, NodeArray *values)
{
    for (int i = 0; i < values->len; i++)
        values->data[i] = import(g, values->data[i]);
}

static void import_operands(ScanGrad *g, Node *n)
{
    for (int i = 0; i < n->nin; i++)
        n->in[i] = import(g, n->in[i]);
    if (!n->region)
        return;
    for (int i = 0; i < n->region->nodes.len; i++)
        import_operands(g, n->region->nodes.data[i]);
    import_all(g, &n->region->results);
}

void scan_grad_import(ScanGrad *g)
{
    NodeArray old = g->nodes;
    g->nodes = (NodeArray){0};
    for (int i = 0; i < old.len; i++) {
        import_operands(g, old.data[i]);
        array_push(g->arena, &g->nodes, old.data[i]);
    }
    import_all(g, &g->next);
    import_all(g, &g->emitted);
}
