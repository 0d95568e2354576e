/* collapse: chains of linear layers become as few products as is cheaper.
 *
 * (x@A + b)@B equals x@(A@B) + b@B, and a product of parameters alone costs
 * nothing at inference, where pass hoist computes it once. A chain is a tree
 * of matmuls whose inner values have no other use, with bias vectors between;
 * dynamic programming over its factors finds the cheapest association. It is
 * taken when it is estimated faster and neither counted operations nor bytes
 * rise, with n at its bound and with n = 1. In train functions products of
 * parameters are paid, and the gradient's uses end most chains.
 *
 *     before  %h = matmul %x, @A : f32[32,4]
 *             %y = matmul %h, @B : f32[32,8]
 *     after   %y.matmul = matmul @A, @B : f32[8,8]
 *             %y = matmul %x, %y.matmul : f32[32,8]
 * Needs: fold (transposes are flags), cse.  Keeps: the name of the result.
 * Paper: Godbole, On Efficient Computation of Matrix Chain Products, 1973.
 */
#include "rewrite.h"
#include "op_list.h"
#include <string.h>

enum { MAX_CHAIN = 12 };

/* Factor i is rows[i] times rows[i+1]. After the product of factors 0..i,
 * bias[i] is added. split[i][j]: factors i..split and split+1..j come first. */
typedef struct Chain {
    Node *root;
    int count;
    int size; /* factors there will be */
    Node *factor[MAX_CHAIN];
    bool transposed[MAX_CHAIN];
    bool fixed[MAX_CHAIN]; /* made of parameters only */
    bool bias_fixed[MAX_CHAIN];
    Dim rows[MAX_CHAIN + 1];
    Node *bias[MAX_CHAIN];
    int split[MAX_CHAIN][MAX_CHAIN];
} Chain;
typedef ARRAY_OF(Chain) ChainArray;

typedef struct Price {
    double ops, bytes, seconds;
} Price;

typedef struct Search {
    Func *func;
    const Options *options;
    const NodeMap *fixed; /* rewrite_fixed_values */
    NodeMap *body;        /* number of the body each node is in */
    ChainArray found;
} Search;

/* Whether fixed products are computed once and not at every call. */
static bool is_packed(const Func *f)
{
    return f->kind == FUNC_INFER || f->kind == FUNC_EVAL;
}

/* ---- finding chains ---- */

static bool is_product(const Node *n)
{
    return n->op == &op_matmul && n->type.rank == 2;
}

static bool is_transposed(const Node *n, const char *operand)
{
    return strcmp(attr_sym(n, operand), "t") == 0;
}

/* Inside a chain: computed in the same body as `of`, for it alone. */
static bool is_inner(const Search *s, const Node *n, const Node *of)
{
    return n->mark == 1 &&
           nodemap_get(s->body, n) == nodemap_get(s->body, of) &&
           nodemap_get(s->body, n) != 0;
}

/* The product that n adds a bias vector to, NULL when n is something else. */
static Node *biased_product(const Search *s, const Node *n, Node **bias)
{
    if (n->op != &op_add || n->type.rank != 2)
        return NULL;
    for (int i = 0; i < 2; i++) {
        Node *p = n->in[i];
        *bias = n->in[1 - i];
        if (is_product(p) && is_inner(s, p, n) && (*bias)->type.rank == 1)
            return p;
    }
    return NULL;
}

static void add_factor(const Search *s, Chain *c, Node *n, bool t)
{
    int i = c->count++;
    c->factor[i] = n;
    c->transposed[i] = t;
    c->fixed[i] = nodemap_get(s->fixed, n) == 1;
    c->rows[i] = n->type.dim[t ? 1 : 0];
    c->rows[i + 1] = n->type.dim[t ? 0 : 1];
}

static void flatten(const Search *s, Chain *c, Node *n, bool t, bool leftmost);

/* Factors of the product p; inner ones are taken apart while there is room. */
static void flatten_product(const Search *s, Chain *c, Node *p, bool t,
                            bool leftmost)
{
    int first = c->count;
    bool ta = is_transposed(p, "a"), tb = is_transposed(p, "b");
    p->mark = 0; /* not the root of a chain of its own */
    c->size++;
    if (t)
        flatten(s, c, p->in[1], !tb, false);
    else
        flatten(s, c, p->in[0], ta, leftmost);
    int at = c->count - 1;
    if (t)
        flatten(s, c, p->in[0], !ta, false);
    else
        flatten(s, c, p->in[1], tb, false);
    c->split[first][c->count - 1] = at;
}

static void flatten(const Search *s, Chain *c, Node *n, bool t, bool leftmost)
{
    Node *bias, *p;
    bool room = c->size < MAX_CHAIN;
    if (room && is_product(n) && is_inner(s, n, c->root)) {
        flatten_product(s, c, n, t, leftmost && !t);
        return;
    }
    p = leftmost && !t && room && is_inner(s, n, c->root)
            ? biased_product(s, n, &bias)
            : NULL;
    if (!p) {
        add_factor(s, c, n, t);
        return;
    }
    n->mark = 0;
    flatten_product(s, c, p, false, true);
    c->bias[c->count - 1] = bias;
    c->bias_fixed[c->count - 1] = nodemap_get(s->fixed, bias) == 1;
}

static void find_chain(Search *s, Node *n)
{
    Chain c = {.root = n, .size = 1};
    Node *bias = NULL, *p = is_product(n) ? n : biased_product(s, n, &bias);
    if (n->mark == 0 || !p)
        return;
    flatten_product(s, &c, p, false, true);
    if (bias) {
        c.bias[c.count - 1] = bias;
        c.bias_fixed[c.count - 1] = nodemap_get(s->fixed, bias) == 1;
    }
    if (c.count > 2)
        array_push(s->func->module->arena, &s->found, c);
}

/* Users first, so that a chain is found from its end. */
static void find_chains(Search *s, const NodeArray *body)
{
    for (int i = body->len - 1; i >= 0; i--) {
        Node *n = body->data[i];
        if (n->region)
            find_chains(s, &n->region->nodes);
        else
            find_chain(s, n);
    }
}

static void number_bodies(NodeMap *map, const NodeArray *body, int *count)
{
    int number = ++*count;
    for (int i = 0; i < body->len; i++) {
        nodemap_set(map, body->data[i], number);
        if (body->data[i]->region)
            number_bodies(map, &body->data[i]->region->nodes, count);
    }
}

/* ---- prices ---- */

static Price add_price(Price a, Price b)
{
    return (Price){a.ops + b.ops, a.bytes + b.bytes, a.seconds + b.seconds};
}

static Price product_price(const Search *s, double m, double k, double n)
{
    const Target *t = s->options->target;
    double size = elem_bytes(s->func->module->real);
    double rate = t ? t->gflops * 1e9 : 50e9;
    double bandwidth = t ? t->l2_gbs * 1e9 : 60e9;
    Price p = {2 * m * k * n, size * (m * k + k * n + m * n), 0};
    double compute = p.ops / rate, move = p.bytes / bandwidth;
    p.seconds = (t ? t->call_ns * 1e-9 : 0) +
                (compute > move ? compute + 0.3 * move : move + 0.3 * compute);
    return p;
}

static double rows_at(const Chain *c, int i, int64_t n)
{
    return (double)dim_at(c->rows[i], n);
}

static bool all_fixed(const Chain *c, int first, int last)
{
    for (int i = first; i <= last; i++) {
        if (!c->fixed[i])
            return false;
    }
    return true;
}

/* The first bias that factors first..last-1 jump over, 0 when there is none.
 * It goes through the factors behind it as a vector. */
static int first_jumped(const Chain *c, int first, int last)
{
    for (int i = first; i < last; i++) {
        if (c->bias[i])
            return i;
    }
    return 0;
}

static Price jump_price(const Search *s, const Chain *c, int first, int last,
                        int64_t n)
{
    Price sum = {0, 0, 0};
    int from = first_jumped(c, first, last);
    if (!from)
        return sum;
    bool fixed = is_packed(s->func) && all_fixed(c, from + 1, last);
    for (int i = from; i < last; i++)
        fixed &= !c->bias[i] || c->bias_fixed[i];
    for (int i = from + 1; i <= last && !fixed; i++)
        sum = add_price(
            sum, product_price(s, 1, rows_at(c, i, n), rows_at(c, i + 1, n)));
    return sum;
}

/* The price of joining first..at and at+1..last. */
static Price join_price(const Search *s, const Chain *c, int first, int at,
                        int last, int64_t n)
{
    if (is_packed(s->func) && all_fixed(c, first, last))
        return (Price){0, 0, 0};
    Price p = product_price(s, rows_at(c, first, n), rows_at(c, at + 1, n),
                            rows_at(c, last + 1, n));
    if (first == 0)
        p = add_price(p, jump_price(s, c, at + 1, last, n));
    return p;
}

typedef int Splits[MAX_CHAIN];

static Price chain_price(const Search *s, const Chain *c, Splits *split,
                         int first, int last, int64_t n)
{
    if (first == last)
        return (Price){0, 0, 0};
    int at = split[first][last];
    return add_price(join_price(s, c, first, at, last, n),
                     add_price(chain_price(s, c, split, first, at, n),
                               chain_price(s, c, split, at + 1, last, n)));
}

/* Fixed products are free, but among themselves the cheapest is wanted too:
 * `tie` prices them as if they were paid. */
static void find_best(const Search *s, const Chain *c, int64_t n, Splits *split)
{
    double best[MAX_CHAIN][MAX_CHAIN] = {{0}},
           tie[MAX_CHAIN][MAX_CHAIN] = {{0}};
    for (int length = 2; length <= c->count; length++) {
        for (int i = 0; i + length <= c->count; i++) {
            int j = i + length - 1;
            for (int at = i; at < j; at++) {
                double cost = best[i][at] + best[at + 1][j] +
                              join_price(s, c, i, at, j, n).seconds;
                double paid =
                    tie[i][at] + tie[at + 1][j] +
                    product_price(s, rows_at(c, i, n), rows_at(c, at + 1, n),
                                  rows_at(c, j + 1, n))
                        .seconds;
                if (at > i && (cost > best[i][j] ||
                               (cost == best[i][j] && paid >= tie[i][j])))
                    continue;
                best[i][j] = cost;
                tie[i][j] = paid;
                split[i][j] = at;
            }
        }
    }
}

/* ---- remarks ---- */

/* The first run of at least two parameter-only factors. */
static bool fixed_run(const Chain *c, int *first, int *last)
{
    for (int i = 0; i + 1 < c->count; i++) {
        if (!c->fixed[i] || !c->fixed[i + 1])
            continue;
        *first = *last = i;
        while (*last + 1 < c->count && c->fixed[*last + 1])
            ++*last;
        return true;
    }
    return false;
}

static const char *chain_text(Arena *a, const Chain *c)
{
    Text t = {.arena = a};
    for (int i = 0; i < c->count; i++) {
        const Node *n = c->factor[i];
        text_printf(&t, "%s%s%s", i ? " @ " : "",
                    n->global ? n->global->name : n->name,
                    c->transposed[i] ? "'" : "");
    }
    return t.data;
}

static const char *rank_text(Arena *a, const Chain *c)
{
    int first, last;
    if (!fixed_run(c, &first, &last))
        return "";
    int64_t rank = c->rows[first].c;
    for (int i = first + 1; i <= last + 1; i++)
        rank = c->rows[i].c < rank ? c->rows[i].c : rank;
    return arena_printf(a, "; rank <= %lld", (long long)rank);
}

/* All parameters joined first, then from left to right. */
static void join_run(const Chain *c, Splits *split)
{
    int first, last;
    for (int i = 0; i < c->count; i++) {
        for (int j = i + 1; j < c->count; j++)
            split[i][j] = j - 1;
    }
    if (fixed_run(c, &first, &last) && first > 0) {
        for (int i = 0; i < first; i++)
            split[i][last] = first - 1;
    }
}

static void remark(const Search *s, const Chain *c, Price before, Price after,
                   bool taken)
{
    Module *m = s->func->module;
    double samples = m->bound > 0 ? (double)m->bound : 1;
    const char *unit = m->bound > 0 ? "operations a sample" : "operations";
    const char *name = chain_text(m->arena, c);
    const char *rank = rank_text(m->arena, c);
    if (taken)
        pass_remark(m, "collapse: @%s: %s: %.0f -> %.0f %s%s", s->func->name,
                    name, before.ops / samples, after.ops / samples, unit,
                    rank);
    else
        pass_remark(m,
                    "not collapsed: @%s: %s: %.0f %s, %.0f with the "
                    "parameters multiplied%s",
                    s->func->name, name, before.ops / samples, unit,
                    after.ops / samples, rank);
}

/* ---- building ---- */

static Node *join(Rewriter *r, Node *a, bool ta, Node *b, bool tb)
{
    Attrs at = attrs_new(r->b.module->arena);
    Node *in[] = {a, b};
    attrs_sym(&at, "a", ta ? "t" : "n");
    attrs_sym(&at, "b", tb ? "t" : "n");
    return node_new(&r->b, &op_matmul, in, 2, &at);
}

/* The vector v times factor i: matmul wants a matrix of one row. */
static Node *push_through(Rewriter *r, const Chain *c, Node *v, int i)
{
    Dim row[] = {dim_const(1), v->type.dim[0]};
    Node *y = join(r, build_reshape(&r->b, v, 2, row), false,
                   rewrite_final(c->factor[i]), c->transposed[i]);
    return build_reshape(&r->b, y, 1, &y->type.dim[1]);
}

/* What is added to the product of factors 0..last when its right half began
 * with factor first: jumped biases and its own; NULL when there is none. */
static Node *bias_of(Rewriter *r, const Chain *c, int first, int last)
{
    Node *v = NULL;
    int from = first_jumped(c, first, last);
    for (int i = from ? from : last; i <= last; i++) {
        if (v)
            v = push_through(r, c, v, i);
        Node *own = c->bias[i] ? rewrite_final(c->bias[i]) : NULL;
        if (v && own)
            v = build2(&r->b, &op_add, v, own);
        else if (own)
            v = own;
    }
    return v;
}

static Node *assemble(Rewriter *r, const Chain *c, int first, int last, bool *t)
{
    bool ta, tb;
    if (first == last) {
        *t = c->transposed[first];
        return rewrite_final(c->factor[first]);
    }
    *t = false;
    int at = c->split[first][last];
    Node *a = assemble(r, c, first, at, &ta);
    Node *b = assemble(r, c, at + 1, last, &tb);
    Node *p = join(r, a, ta, b, tb);
    Node *bias = first == 0 ? bias_of(r, c, at + 1, last) : NULL;
    return bias ? build2(&r->b, &op_add, p, bias) : p;
}

static Node *visit(Rewriter *r, Node *n)
{
    const ChainArray *chains = r->ctx;
    bool t;
    for (int i = 0; i < chains->len; i++) {
        if (chains->data[i].root != n)
            continue;
        const Chain *c = &chains->data[i];
        Node *y = assemble(r, c, 0, c->count - 1, &t);
        rewrite_take_name(r->b.func, y, n);
        return y;
    }
    return n;
}

/* Keeps the chains that get cheaper, with their new association. */
static void choose(Search *s)
{
    const Module *m = s->func->module;
    int64_t bound = m->bound > 0 ? m->bound : 1;
    int kept = 0, first, last;
    for (int i = 0; i < s->found.len; i++) {
        Chain c = s->found.data[i];
        Splits best[MAX_CHAIN], joined[MAX_CHAIN];
        int end = c.count - 1;
        find_best(s, &c, bound, best);
        Price was = chain_price(s, &c, c.split, 0, end, bound);
        Price is = chain_price(s, &c, best, 0, end, bound);
        Price was1 = chain_price(s, &c, c.split, 0, end, 1);
        Price is1 = chain_price(s, &c, best, 0, end, 1);
        bool taken = is.seconds < was.seconds && is.ops <= was.ops &&
                     is.bytes <= was.bytes && is1.ops <= was1.ops &&
                     is1.bytes <= was1.bytes;
        if (taken) {
            remark(s, &c, was, is, true);
            memcpy(c.split, best, sizeof best);
            s->found.data[kept++] = c;
        } else if (fixed_run(&c, &first, &last)) {
            join_run(&c, joined);
            remark(s, &c, was, chain_price(s, &c, joined, 0, end, bound),
                   false);
        }
    }
    s->found.len = kept;
}

static void run(Module *m, const Options *o)
{
    for (int i = 0; i < m->funcs.len; i++) {
        Func *f = m->funcs.data[i];
        int bodies = 0;
        Search s = {f, o, rewrite_fixed_values(f), nodemap_new(m->arena), {0}};
        number_bodies(s.body, &f->nodes, &bodies);
        func_count_uses(f);
        find_chains(&s, &f->nodes);
        choose(&s);
        Rewriter r = {.ctx = &s.found, .visit = visit};
        if (s.found.len)
            rewrite_func(&r, f);
    }
}

const Pass pass_collapse = {
    .name = "collapse",
    .doc = "multiply chains of matrices in the cheapest order",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
