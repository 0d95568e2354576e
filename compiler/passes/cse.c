/* cse: a value computed twice is computed once.
 *
 * Two nodes are equal when operator, attributes and operands are; of
 * commutative element-wise operators the operands may be swapped. A node
 * inside a region may use an equal one outside, not the other way round.
 * Random draws are never merged, though equal keys draw equal numbers: inside
 * a scan the turn counts too, and no program has one key twice. A scan is not
 * compared with another scan.
 *
 *     before  %a = exp %x : f32[8]
 *             %b = exp %x : f32[8]
 *             %c = add %a, %b : f32[8]
 *     after   %a = exp %x : f32[8]
 *             %c = add %a, %a : f32[8]
 * Needs: nothing.  Keeps: names, order.
 * Paper: Briggs, Cooper, Simpson, Value Numbering, 1997.
 */
#include "rewrite.h"
#include "op_list.h"

typedef struct Scope {
    ValueTable *table;
    IntArray lens; /* of the table where each open region began */
} Scope;

static bool is_commutative(Arena *a, const Node *n)
{
    if (n->nin != 2 || !op_is_elementwise(n->op))
        return false;
    const Scalar *s = n->op->expr(a);
    return (s->op == SC_ADD || s->op == SC_MUL || s->op == SC_EQ ||
            s->op == SC_NE || s->op == SC_AND || s->op == SC_OR) &&
           s->a->op == SC_ARG && s->b->op == SC_ARG;
}

static Node *find_equal(Rewriter *r, Node *n, const ValueTable *t)
{
    Node *found = values_find(t, n);
    if (found || !is_commutative(r->b.module->arena, n))
        return found;
    Node *swapped[] = {n->in[1], n->in[0]};
    Node probe = *n;
    probe.in = swapped;
    return values_find(t, &probe);
}

static Node *visit(Rewriter *r, Node *n)
{
    Scope *s = r->ctx;
    if (n->region || op_has(n->op, OP_RANDOM))
        return n;
    Node *found = find_equal(r, n, s->table);
    if (found)
        return found;
    values_add(s->table, n);
    return n;
}

static void open_region(Rewriter *r, Node *scan)
{
    Scope *s = r->ctx;
    (void)scan;
    array_push(r->b.module->arena, &s->lens, values_len(s->table));
}

static void close_region(Rewriter *r, Node *scan)
{
    Scope *s = r->ctx;
    (void)scan;
    values_cut(s->table, (int)s->lens.data[--s->lens.len]);
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++) {
        Scope s = {.table = values_new(m->arena)};
        Rewriter r = {.ctx = &s,
                      .visit = visit,
                      .open = open_region,
                      .close = close_region};
        rewrite_func(&r, m->funcs.data[i]);
    }
}

const Pass pass_cse = {
    .name = "cse",
    .doc = "compute equal values once",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
