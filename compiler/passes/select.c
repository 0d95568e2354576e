/* select: every operator gets the cheapest implementation that applies.
 *
 * Each implementation says whether it applies and estimates its time on the
 * target; the least wins. Where --plan has measured times, those decide.
 * --conv=ALGO decides for every convolution that it applies to (an error when
 * there is none), and the attribute `algo` of one convolution asks for it; an
 * `algo` that is none or does not apply is a remark. --blas takes matmul.
 * Element-wise operators have no implementation: pass fuse puts them, and
 * broadcasts, into others.
 *
 *     before  %h = matmul %x, @W : f32[32,128]
 *     after   %h = matmul %x, @W {impl = blocked} : f32[32,128]
 * Needs: grad.  Keeps: names, order, types.
 */
#include "choice.h"
#include "op_list.h"
#include <string.h>

typedef struct Selection {
    Module *module;
    const Options *options;
    const Func *func;
    const Node *refused; /* the first it does not apply to */
} Selection;

/* --conv=ALGO where it applies; elsewhere (a gradient, say) the cost decides.
 */
static const Impl *forced(Selection *s, const Node *n)
{
    const Impl *impl = choice_find(n->op, s->options->conv);
    if (impl && impl->lower && choice_applies(impl, s->func, n, s->options)) {
        s->module->conv_forced++;
        return impl;
    }
    if (!s->refused)
        s->refused = n;
    return choice_best(s->func, n, s->options);
}

static const Impl *asked(const Selection *s, const Node *n)
{
    const char *name = attr_sym(n, "algo");
    if (strcmp(name, "auto") != 0) {
        const Impl *impl = choice_find(n->op, name);
        if (impl && impl->lower &&
            choice_applies(impl, s->func, n, s->options))
            return impl;
        pass_remark(s->module, "select: %%%s: %s %s, chosen by cost", n->name,
                    name, impl ? "does not apply" : "is none that applies");
    }
    return choice_best(s->func, n, s->options);
}

static void choose(Node *n, void *ctx)
{
    Selection *s = ctx;
    n->raw = n->type;
    if (!n->op->impl[0] || op_has(n->op, OP_VIEW))
        return;
    if (n->op == &op_conv)
        n->impl = s->options->conv ? forced(s, n) : asked(s, n);
    else
        n->impl = choice_best(s->func, n, s->options);
    if (!n->impl)
        internal_error("no implementation of '%s' applies to %%%s",
                       op_name(n->op), n->name);
}

static void run(Module *m, const Options *o)
{
    Selection s = {.module = m, .options = o};
    for (int i = 0; i < m->funcs.len; i++) {
        s.func = m->funcs.data[i];
        func_walk(m->funcs.data[i], choose, &s);
    }
    if (s.refused && m->conv_forced == 0)
        diag_error(m->diag, s.refused->loc, DL4003,
                   "--conv=%s applies to no convolution, not to %%%s", o->conv,
                   s.refused->name);
    m->stage = STAGE_CHOSEN;
}

const Pass pass_select = {
    .name = "select",
    .doc = "choose an implementation for every operator",
    .from = STAGE_TYPED,
    .to = STAGE_CHOSEN,
    .run = run,
};
