/* select: every operator gets the cheapest implementation that applies.
 *
 * Each implementation says whether it applies and estimates its time on the
 * target; the least wins. Where --plan has measured times, those decide.
 * --conv=ALGO decides for every convolution that it applies to (an error when
 * it applies to none, a warning when there is none), and the attribute `algo`
 * of one convolution asks for it; an `algo` that is none or does not apply is a
 * remark. --blas takes matmul. Element-wise operators have no implementation:
 * pass fuse puts them, and broadcasts, into others.
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
    const Node *refused; /* the first that --conv does not apply to, in `in` */
    const Func *in;
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
    if (!s->refused) {
        s->refused = n;
        s->in = s->func;
    }
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

static bool applies(const Selection *s, const Node *n, int i)
{
    if (s->module->choices.len > 0)
        return s->module->choices.data[0].seconds[i] >= 0;
    return n->op->impl[i]->lower &&
           choice_applies(n->op->impl[i], s->in, n, s->options);
}

/* --conv that decides nothing, also where pass layout has expanded all. */
static void refuse(Selection *s)
{
    Module *m = s->module;
    const Node *n = m->choices.len > 0 ? m->choices.data[0].conv : s->refused;
    if (!n) {
        diag_warning(m->diag, (Range){0}, DL4003,
                     "--conv=%s decides nothing: there is no convolution",
                     s->options->conv);
        return;
    }
    diag_error(m->diag, n->loc, DL4003,
               "--conv=%s applies to no convolution, not to %%%s",
               s->options->conv, n->name);
    Text names = {.arena = m->arena};
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++)
        if (applies(s, n, i))
            text_printf(&names, "%s%s", names.len ? ", " : "",
                        n->op->impl[i]->name);
    diag_help(m->diag, "to this one apply: %s", names.data);
}

static void run(Module *m, const Options *o)
{
    Selection s = {.module = m, .options = o};
    for (int i = 0; i < m->funcs.len; i++) {
        s.func = m->funcs.data[i];
        func_walk(m->funcs.data[i], choose, &s);
    }
    if (o->conv && m->conv_forced == 0)
        refuse(&s);
    m->stage = STAGE_CHOSEN;
}

const Pass pass_select = {
    .name = "select",
    .doc = "choose an implementation for every operator",
    .from = STAGE_TYPED,
    .to = STAGE_CHOSEN,
    .run = run,
};
