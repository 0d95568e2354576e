/* Walks over a function's nodes: replacement, use counts, liveness. */
#include "op.h"

static void walk(const NodeArray *body, void (*visit)(Node *n, void *ctx),
                 void *ctx)
{
    for (int i = 0; i < body->len; i++) {
        visit(body->data[i], ctx);
        if (body->data[i]->region)
            walk(&body->data[i]->region->nodes, visit, ctx);
    }
}

void func_walk(Func *f, void (*visit)(Node *n, void *ctx), void *ctx)
{
    walk(&f->nodes, visit, ctx);
}

/* Calls touch for every place that holds an operand, results included. */
typedef struct Uses {
    void (*touch)(Node **slot, void *ctx);
    void *ctx;
} Uses;

static void visit_uses(Node *n, void *ctx)
{
    Uses *u = ctx;
    for (int i = 0; i < n->nin; i++)
        u->touch(&n->in[i], u->ctx);
    if (n->region)
        for (int i = 0; i < n->region->results.len; i++)
            u->touch(&n->region->results.data[i], u->ctx);
}

static void each_use(Func *f, void (*touch)(Node **slot, void *ctx), void *ctx)
{
    Uses u = {touch, ctx};
    func_walk(f, visit_uses, &u);
    for (int i = 0; i < f->results.len; i++)
        touch(&f->results.data[i].value, ctx);
    for (int i = 0; i < f->stores.len; i++)
        touch(&f->stores.data[i].value, ctx);
}

static void replace(Node **slot, void *ctx)
{
    (void)ctx;
    Node *end = *slot;
    while (end->repl)
        end = end->repl;
    *slot = end;
}

static void replace_view(Node *n, void *ctx)
{
    (void)ctx;
    while (n->place.view_of && n->place.view_of->repl)
        n->place.view_of = n->place.view_of->repl;
}

static void collect(Node **slot, void *ctx)
{
    NodeArray *all = ctx;
    if ((*slot)->repl)
        all->data[all->len++] = *slot;
}

static void count_slot(Node **slot, void *ctx)
{
    (void)slot;
    ++*(int *)ctx;
}

static void forget(Node *n, void *ctx)
{
    (void)ctx;
    n->repl = NULL;
}

void func_apply_repl(Func *f)
{
    /* Inline nodes are in no list: they are remembered by their uses. */
    int slots = 0;
    each_use(f, count_slot, &slots);
    NodeArray gone = {.data = ARENA_ARRAY(f->module->arena, Node *, slots)};
    each_use(f, collect, &gone);
    each_use(f, replace, NULL);
    func_walk(f, replace_view, NULL);
    func_walk(f, forget, NULL);
    for (int i = 0; i < gone.len; i++)
        gone.data[i]->repl = NULL;
}

static void clear_mark(Node **slot, void *ctx)
{
    (void)ctx;
    (*slot)->mark = 0;
}

static void clear_node(Node *n, void *ctx)
{
    (void)ctx;
    n->mark = 0;
    if (n->region)
        for (int i = 0; i < n->region->args.len; i++)
            n->region->args.data[i]->mark = 0;
}

static void clear_marks(Func *f)
{
    for (int i = 0; i < f->inputs.len; i++)
        f->inputs.data[i]->mark = 0;
    func_walk(f, clear_node, NULL);
    each_use(f, clear_mark, NULL);
}

static void count_use(Node **slot, void *ctx)
{
    (void)ctx;
    (*slot)->mark++;
}

void func_count_uses(Func *f)
{
    clear_marks(f);
    each_use(f, count_use, NULL);
}

/* From the last node to the first, so that uses come before what they use. */
static void mark_body(const NodeArray *body)
{
    for (int i = body->len - 1; i >= 0; i--) {
        Node *n = body->data[i];
        if (!n->mark)
            continue;
        for (int k = 0; k < n->nin; k++)
            n->in[k]->mark = 1;
        if (!n->region)
            continue;
        for (int k = 0; k < n->region->results.len; k++)
            n->region->results.data[k]->mark = 1;
        mark_body(&n->region->nodes);
    }
}

void func_mark_live(Func *f)
{
    clear_marks(f);
    for (int i = 0; i < f->results.len; i++)
        f->results.data[i].value->mark = 1;
    for (int i = 0; i < f->stores.len; i++)
        f->stores.data[i].value->mark = 1;
    mark_body(&f->nodes);
}

static void remove_dead(NodeArray *body)
{
    int kept = 0;
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (!n->mark)
            continue;
        body->data[kept++] = n;
        if (n->region)
            remove_dead(&n->region->nodes);
    }
    body->len = kept;
}

void func_remove_dead(Func *f)
{
    func_mark_live(f);
    remove_dead(&f->nodes);
}
