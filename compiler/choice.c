/* Implementations of a node and their costs: see choice.h. */
#include "choice.h"
#include "impl_list.h"
#include "layout.h"
#include "tuned.h"
#include <string.h>

bool choice_applies(const Impl *impl, const Func *f, const Node *n,
                    const Options *o)
{
    bool has_weights = f->kind == FUNC_INFER || f->kind == FUNC_EVAL;
    if ((impl == &impl_matmul_blas && !o->blas) || impl->math > o->math ||
        (impl->tiles && !has_weights))
        return false;
    return !impl->applies || impl->applies(n, o->target);
}

Cost choice_cost(const Impl *impl, const Node *n, const Target *t)
{
    if (impl->cost)
        return impl->cost(n, t);
    double elements = (double)type_count_at(&n->type, 1);
    Cost c = {.flops = elements};
    c.bytes = 2 * elements * elem_bytes(n->type.elem);
    c.seconds = c.bytes / (t->l2_gbs * 1e9) + t->call_ns * 1e-9;
    return c;
}

/* With channels in whole blocks of `size`. */
static double value_bytes(const Node *n, const Module *m, int64_t size)
{
    double bytes = (double)type_count_at(&n->type, m->dim ? m->bound : 1) *
                   elem_bytes(n->type.elem);
    if (size == 1)
        return bytes;
    int64_t channels = n->type.dim[1].c;
    int64_t blocks = (channels + size - 1) / size;
    return bytes * (double)(blocks * size) / (double)channels;
}

double choice_excess(const Impl *impl, const Func *f, const Node *n,
                     const Options *o)
{
    if (o->max_ram == 0)
        return 0;
    bool blocks = impl->expand && !impl->plain;
    int64_t size = blocks ? blocks_size(o->target, n->type.elem) : 1;
    double bytes = (double)choice_cost(impl, n, o->target).scratch +
                   value_bytes(n, f->module, size) - (double)o->max_ram;
    for (int i = 0; i < n->nin; i++)
        if (!op_has(n->in[i]->op, OP_LEAF))
            bytes += value_bytes(n->in[i], f->module, size);
    return bytes > 0 ? bytes : 0;
}

/* By the measured times of e, by estimates when it is NULL. */
static const Impl *cheapest(const Func *f, const Node *n, const Options *o,
                            const TunedEntry *e)
{
    const Impl *best = NULL;
    double seconds = 0, excess = 0;
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++) {
        const Impl *impl = n->op->impl[i];
        if (!impl->lower || !choice_applies(impl, f, n, o))
            continue;
        if (impl->wins && !e)
            return impl;
        double s = e ? e->seconds[i] : choice_cost(impl, n, o->target).seconds;
        double over = choice_excess(impl, f, n, o);
        if (s >= 0 &&
            (!best || over < excess || (over == excess && s < seconds))) {
            best = impl;
            seconds = s;
            excess = over;
        }
    }
    return best;
}

const Impl *choice_best(const Func *f, const Node *n, const Options *o)
{
    const TunedEntry *e = tuned_find(o, f, n);
    const Impl *best = e ? cheapest(f, n, o, e) : NULL;
    return best ? best : cheapest(f, n, o, NULL);
}

const Impl *choice_find(const OpDef *op, const char *name)
{
    for (int i = 0; i < OP_IMPLS && op->impl[i]; i++) {
        if (strcmp(op->impl[i]->name, name) == 0)
            return op->impl[i];
    }
    return NULL;
}

/* What a step has to take alone before threads share it: to start and to end
 * them takes a microsecond or two, a barrier half of one, and what one thread
 * makes comes to another from its cache. */
#define LEAST_SECONDS 7e-6
#define LEAST_TOGETHER 0.8e-6
#define START_SECONDS 3e-6
#define BARRIER_SECONDS 0.6e-6

int choice_parts(const Node *n, const Target *t, bool together)
{
    if (t->threads < 2 || !n->impl || !n->impl->split ||
        choice_cost(n->impl, n, t).seconds <
            (together ? LEAST_TOGETHER : LEAST_SECONDS) ||
        n->impl->split(n, t) == SPLIT_NONE)
        return 1;
    return t->threads;
}

typedef struct Gain {
    const Target *target;
    double alone, saved; /* seconds */
} Gain;

static void add_gain(Gain *g, const NodeArray *body, double turns)
{
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        if (n->region) {
            add_gain(g, &n->region->nodes,
                     turns * (double)dim_at(attr_dim(n, "count", 0), 1));
            continue;
        }
        if (!n->impl || op_has(n->op, OP_VIEW))
            continue;
        double seconds = choice_cost(n->impl, n, g->target).seconds;
        int parts = choice_parts(n, g->target, true);
        g->alone += turns * seconds;
        if (parts > 1)
            g->saved += turns * (seconds * (parts - 1) / parts -
                                 BARRIER_SECONDS);
    }
}

bool choice_together(const Func *f, const Target *t)
{
    Gain g = {.target = t};
    if (t->threads > 1)
        add_gain(&g, &f->nodes, 1);
    return g.saved > START_SECONDS + 0.1 * g.alone;
}
