/* Implementations of a node and their costs: see choice.h. */
#include "choice.h"
#include "impl_list.h"
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

/* By the measured times of e, by estimates when it is NULL. */
static const Impl *cheapest(const Func *f, const Node *n, const Options *o,
                            const TunedEntry *e)
{
    const Impl *best = NULL;
    double seconds = 0;
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++) {
        const Impl *impl = n->op->impl[i];
        if (!impl->lower || !choice_applies(impl, f, n, o))
            continue;
        if (impl->wins && !e)
            return impl;
        double s = e ? e->seconds[i] : choice_cost(impl, n, o->target).seconds;
        if (s >= 0 && (!best || s < seconds)) {
            best = impl;
            seconds = s;
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

/* A fork and a join take a microsecond or two, and what one thread does alone
 * comes from the other's cache. */
#define LEAST_SECONDS 7e-6

int choice_parts(const Node *n, const Target *t)
{
    if (t->threads < 2 || !n->impl || !n->impl->split ||
        choice_cost(n->impl, n, t).seconds < LEAST_SECONDS ||
        n->impl->split(n, t) == SPLIT_NONE)
        return 1;
    return t->threads;
}
