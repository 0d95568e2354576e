/* Measuring implementations: see tune.h.
 *
 * Each candidate becomes a module of its own with one function, whose inputs
 * are the node's operands in the form the node finds them in: the first one in
 * blocks or plain, the weights packed or not. All of a node's candidates are
 * compiled into one program with runtime/tune/tune.c, which runs them in turns.
 */
#include "tune.h"
#include "cgen.h"
#include "choice.h"
#include "embed.h"
#include "layout.h"
#include "op_list.h"
#include "toolchain.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const double hopeless = 10; /* times the least estimate */

typedef struct Tune {
    Arena *arena;
    const Options *options;
    const Func *func;
    const Node *node;
    int64_t size; /* the run-time size */
} Tune;

/* ---- a candidate as a module ---- */

static Node *operand(Func *f, const Node *x, int number)
{
    return func_input(f, arena_printf(f->module->arena, "x%d", number),
                      x->type);
}

/* The node on inputs of its own. */
static Node *isolate(Builder *b, const Node *n)
{
    Node *in[8];
    if (n->nin > 8)
        internal_error("'%s' with %d operands", op_name(n->op), n->nin);
    for (int i = 0; i < n->nin; i++) {
        const Node *x = n->in[i];
        bool blocked = i == 0 && blocks_are(x);
        in[i] = operand(b->func, blocked ? x->in[0] : x, i);
        if (blocked)
            in[i] = node_copy(b, x, &in[i]);
    }
    Node *y = node_copy(b, n, in);
    y->impl = NULL;
    return y;
}

/* What an expansion computes in blocks, before it leaves them; weights that
 * are packed before the call are inputs. */
static Node *in_blocks(Func *f, Node *y)
{
    bool packed = tuned_packs(f);
    if (y->op == &op_unblock || op_has(y->op, OP_VIEW))
        y = y->in[0];
    for (int i = 1; packed && i < y->nin; i++)
        y->in[i] = operand(f, y->in[i], i + 8);
    return y;
}

static void keep_used_inputs(Func *f)
{
    int kept = 0;
    func_count_uses(f);
    for (int i = 0; i < f->inputs.len; i++)
        if (f->inputs.data[i]->mark > 0)
            f->inputs.data[kept++] = f->inputs.data[i];
    f->inputs.len = kept;
}

typedef struct Forced {
    const OpDef *op;
    const Impl *impl;
} Forced;

static void force(Node *n, void *ctx)
{
    const Forced *f = ctx;
    if (n->op == f->op && f->impl->lower)
        n->impl = f->impl;
}

static Module *module_of(const Tune *t, const Impl *impl, int number)
{
    Arena *a = t->arena;
    Diag *d = ARENA_NEW(a, Diag);
    *d = (Diag){.arena = a, .out = stderr};
    Module *m = module_new(a, d, arena_printf(a, "m%d", number));
    m->real = t->func->module->real;
    m->dim = t->func->module->dim;
    m->bound = t->func->module->dim ? t->size : 0;
    Func *f = func_new(m, t->func->kind, "run");
    Builder b = builder_new(f);
    Node *y = isolate(&b, t->node);
    if (impl->expand) {
        Blocks k = {.b = &b,
                    .target = t->options->target,
                    .made = values_new(a)};
        y = in_blocks(f, impl->expand(&k, y));
    }
    func_result(f, RESULT_OUTPUT, "y", y);
    pass_run(pass_find("dce"), m, t->options);
    keep_used_inputs(f);
    pass_run(pass_find("select"), m, t->options);
    func_walk(f, force, &(Forced){t->node->op, impl});
    f->kind = FUNC_PLAIN;
    pass_run(pass_find("fuse"), m, t->options);
    pass_run(pass_find("plan"), m, t->options);
    return m;
}

/* ---- the program ---- */

static const char *c_type(ElemType e)
{
    switch (e) {
    case ELEM_F64:
        return "double";
    case ELEM_F32:
        return "float";
    case ELEM_I32:
        return "int32_t";
    default:
        return "uint8_t";
    }
}

static void array(Text *c, const Tune *t, const char *name, const Type *type)
{
    text_printf(c, "static %s %s[%" PRId64 "];\n", c_type(type->elem), name,
                type_count_at(type, t->size));
}

/* m's arrays, a function that fills its inputs and one that calls it. */
static void adaptor(Text *c, const Tune *t, const Module *m)
{
    const Func *f = m->funcs.data[0];
    Text fill = {.arena = t->arena}, call = {.arena = t->arena};
    bool sized = false;
    for (int i = 0; i < f->inputs.len; i++) {
        const Node *x = f->inputs.data[i];
        const char *name = arena_printf(t->arena, "%s_%s", m->name, x->name);
        array(c, t, name, &x->type);
        if (elem_is_real(x->type.elem))
            text_printf(&fill,
                        "    tune_fill_%s(%s, sizeof %s / sizeof *%s);\n",
                        c_type(x->type.elem), name, name, name);
        text_printf(&call, "%s, ", name);
        for (int k = 0; k < x->type.rank; k++)
            sized |= !dim_is_const(x->type.dim[k]);
    }
    array(c, t, arena_printf(t->arena, "%s_y", m->name),
          &f->results.data[0].value->type);
    text_printf(c, "static unsigned char %s_workspace[%" PRId64
                   "] __attribute__((aligned(64)));\n",
                m->name, f->workspace_bytes + 1);
    text_printf(c, "static void %s_fill(void)\n{\n%s}\n", m->name,
                fill.len ? fill.data : "");
    text_printf(c, "static int %s_call(void)\n{\n    return %s_run(", m->name,
                m->name);
    if (sized)
        text_printf(c, "%" PRId64 ", ", t->size);
    text_printf(c, "%s%s_y, %s_workspace);\n}\n", call.data, m->name, m->name);
}

static void program(Text *c, const Tune *t, Module *const *modules,
                    const Impl *const *impls, int count)
{
    text_add(c, "#include \"tune.h\"\n#include \"model.h\"\n\n");
    for (int i = 0; i < count; i++)
        adaptor(c, t, modules[i]);
    text_add(c, "\nconst TuneCandidate tune_table[] = {\n");
    for (int i = 0; i < count; i++)
        text_printf(c, "    {\"%s\", %s_fill, %s_call, %d},\n",
                    impls[i]->name, modules[i]->name, modules[i]->name,
                    impls[i]->tiles);
    text_printf(c, "};\nconst int tune_count = %d;\nconst int tune_threads = "
                   "%d;\n",
                count, t->options->target->threads);
    text_printf(c, "\nint tune_amx;\n%s\n%s\nvoid tune_ask(void)\n{\n    "
                   "tune_amx = amx_ask();\n}\n",
                embed_find("kernels/amx.c")->text,
                embed_find("kernels/amx_ask.c")->text);
}

static const char *run(const Tune *t, const Impl *const *impls, int count)
{
    Arena *a = t->arena;
    Module **modules = ARENA_ARRAY(a, Module *, count);
    Text c = {.arena = a}, h = {.arena = a}, main = {.arena = a};
    for (int i = 0; i < count; i++)
        modules[i] = module_of(t, impls[i], i);
    CgenOptions o = {.pass = t->options,
                     .header_name = "model.h",
                     .compiled_by = "dlc tune",
                     .amx = "tune_amx"};
    cgen_source(&c, modules, count, &o);
    cgen_header(&h, modules, count, &o);
    program(&main, t, modules, impls, count);
    BuildFile files[] = {
        {"model.c", &c}, {"model.h", &h}, {"table.c", &main}};
    return toolchain_times(a, files, 3, t->options);
}

/* ---- the candidates ---- */

static int candidates(const Tune *t, const Impl **impls)
{
    const OpDef *op = t->node->op;
    const Target *target = t->options->target;
    double least = 0, seconds[OP_IMPLS];
    int count = 0;
    for (int i = 0; i < OP_IMPLS && op->impl[i]; i++) {
        seconds[i] = -1;
        if (!choice_applies(op->impl[i], t->func, t->node, t->options))
            continue;
        seconds[i] = choice_cost(op->impl[i], t->node, target).seconds;
        if (least == 0 || seconds[i] < least)
            least = seconds[i];
    }
    for (int i = 0; i < OP_IMPLS && op->impl[i]; i++)
        if (seconds[i] >= 0 && seconds[i] <= hopeless * least)
            impls[count++] = op->impl[i];
    return count;
}

void tune_measure(TunedEntry *e, const Options *o, const Func *f,
                  const Node *n)
{
    Options quiet = *o;
    const Impl *impls[OP_IMPLS];
    quiet.tuned = NULL;
    quiet.conv = NULL;
    Tune t = {arena_new(), &quiet, f, n, tuned_size(f)};
    fprintf(stderr, "%s\n", e->key);
    int count = candidates(&t, impls);
    const char *line = run(&t, impls, count);
    for (char *next; *line; line = next + (*next == '\n')) {
        size_t word = strcspn(line, " ");
        double ns = strtod(line + word, &next);
        for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++)
            if (strlen(n->op->impl[i]->name) == word &&
                strncmp(n->op->impl[i]->name, line, word) == 0)
                e->seconds[i] = ns * 1e-9;
        fprintf(stderr, "  %.*s %.0f ns\n", (int)word, line, ns);
    }
    arena_free(t.arena);
}
