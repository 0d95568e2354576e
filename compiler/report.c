/* What was chosen, and why: `dlc explain`.
 *
 * For every convolution and matrix product the candidates with their counted
 * operations, bytes, scratch and estimated time, and the measured one where
 * --plan has it; the chosen one marked; what the passes remarked; then each
 * entry's operators and its memory plan beside the lower bound no plan can go
 * below.
 */
#include "cgen.h"
#include "choice.h"
#include "op_list.h"
#include "tuned.h"
#include <inttypes.h>

/* 1234567 as "1.23 M". */
static const char *count_text(Arena *a, double x)
{
    static const char *const units[] = {"", " k", " M", " G", " T"};
    int unit = 0;
    while (x >= 999.5 && unit < 4) {
        x /= 1000;
        unit++;
    }
    return arena_printf(a, "%.3g%s", x, units[unit]);
}

static const char *time_text(Arena *a, double seconds)
{
    if (seconds < 999.5e-9)
        return arena_printf(a, "%.3g ns", seconds * 1e9);
    if (seconds < 999.5e-6)
        return arena_printf(a, "%.3g us", seconds * 1e6);
    return arena_printf(a, "%.3g ms", seconds * 1e3);
}

typedef struct Report {
    Text *text;
    const Module *module;
    const Options *options;
    const Func *func;
} Report;

/* seconds < 0: impl does not apply; measured < 0: not known. */
static void candidate(const Report *r, const Node *n, const Impl *impl,
                      bool chosen, double seconds, double measured)
{
    Arena *a = r->text->arena;
    const char *mark = chosen ? "*" : " ";
    if (impl->tiles && r->options->target->tile_gflops == 0)
        return;
    if (impl->math > r->options->math) {
        text_printf(r->text, "  %s %-10s needs --math=%s\n", mark, impl->name,
                    math_names[impl->math]);
        return;
    }
    if (seconds < 0) {
        text_printf(r->text, "  %s %-10s does not apply\n", mark, impl->name);
        return;
    }
    Cost c = choice_cost(impl, n, r->options->target);
    text_printf(r->text,
                "  %s %-10s %8s operations %8sB moved %8" PRId64
                " B scratch %9s",
                mark, impl->name, count_text(a, c.flops),
                count_text(a, c.bytes), c.scratch, time_text(a, seconds));
    if (measured >= 0)
        text_printf(r->text, ", measured %s", time_text(a, measured));
    text_add(r->text, "\n");
}

static void heading(const Report *r, const Node *n)
{
    Arena *a = r->text->arena;
    const char *dim = r->module->dim;
    text_printf(r->text, "  %s %%%s: %s, %s -> %s", op_name(n->op), n->name,
                type_text(a, &n->in[0]->type, dim),
                type_text(a, &n->in[1]->type, dim),
                type_text(a, &n->type, dim));
    if (range_line(n->loc))
        text_printf(r->text, "  (%s:%d)", n->loc.src->path, range_line(n->loc));
    text_add(r->text, "\n");
}

static void choice(const Report *r, const ConvChoice *c)
{
    heading(r, c->conv);
    for (int i = 0; i < OP_IMPLS && c->conv->op->impl[i]; i++) {
        const Impl *impl = c->conv->op->impl[i];
        candidate(r, c->conv, impl, impl == c->chosen, c->seconds[i],
                  c->measured ? c->measured[i] : -1);
    }
}

static void visit(Node *n, void *ctx)
{
    const Report *r = ctx;
    bool shown = n->op == &op_conv && r->module->choices.len > 0;
    bool product = n->op == &op_matmul || n->op == &op_matmul_panels;
    if ((n->op != &op_conv && !product) || shown)
        return;
    const TunedEntry *e = tuned_find(r->options, r->func, n);
    heading(r, n);
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++) {
        const Impl *impl = n->op->impl[i];
        bool applies =
            impl->lower && choice_applies(impl, r->func, n, r->options);
        candidate(r, n, impl, impl == n->impl,
                  applies ? choice_cost(impl, n, r->options->target).seconds
                          : -1,
                  e ? e->seconds[i] : -1);
    }
}

static void count_op(Node *n, void *ctx)
{
    int *counts = ctx;
    for (int i = 0; i < op_count; i++)
        counts[i] += op_table[i] == n->op;
}

static void function(Report *r, Func *f)
{
    r->func = f;
    int *counts = ARENA_ARRAY(r->text->arena, int, op_count);
    text_printf(r->text, "%s:\n", f->name);
    for (int i = 0; i < r->module->choices.len; i++)
        if (r->module->choices.data[i].func == f)
            choice(r, &r->module->choices.data[i]);
    func_walk(f, visit, (void *)r);
    func_walk(f, count_op, counts);
    text_add(r->text, "  operators:");
    for (int i = 0; i < op_count; i++) {
        if (counts[i])
            text_printf(r->text, " %s %d", op_name(op_table[i]), counts[i]);
    }
    text_printf(r->text,
                "\n  workspace: %" PRId64 " bytes, lower bound %" PRId64 "\n",
                f->workspace_bytes, f->lower_bound);
}

void report_module(Text *t, const Module *m, const Options *o)
{
    Report r = {t, m, o, NULL};
    text_printf(t, "model %s, target %s", m->name, o->target->name);
    if (m->bound > 0)
        text_printf(t, ", %s <= %" PRId64, m->dim, m->bound);
    text_add(t, "\n");
    for (int i = 0; i < m->remarks.len; i++)
        text_printf(t, "%s\n", m->remarks.data[i]);
    for (int i = 0; i < m->funcs.len; i++)
        function(&r, m->funcs.data[i]);
}
