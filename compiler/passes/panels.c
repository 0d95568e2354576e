/* panels: matrices of parameters are stored as inference reads them.
 *
 * In infer and eval, the second operand of a product of matrices that depends
 * on parameters only is cut into panels of columns, which pass hoist then moves
 * to @pack. What was packed at every call is packed once, and a product with
 * few rows reads its weights in one stream. With --blas nothing changes.
 *
 *     before  %y = matmul %x, @W {b = t} : f32[N,512]
 *     after   %W.block = block @W {axis = 0, size = 16} : f32[32,784,16]
 *             %y = matmul_panels %x, %W.block {columns = 512} : f32[N,512]
 * Needs: collapse, absorb.  Keeps: names of all values.
 */
#include "../layout.h"
#include "../lowering.h"
#include "choice.h"
#include "op_list.h"
#include "rewrite.h"
#include <string.h>

enum { FEW_COLUMNS = 4 }; /* inner products are as good */

typedef struct Panels {
    NodeMap *fixed;
    const Func *func;
    const Options *options;
} Panels;

static bool is_fixed(const Panels *p, const Node *n)
{
    if (n->global)
        return n->global->kind == GLOBAL_PARAM;
    return nodemap_get(p->fixed, n) != 0;
}

static bool fits(const Panels *p, const Node *n)
{
    if (n->op != &op_matmul || n->type.rank != 2 || !is_fixed(p, n->in[1]))
        return false;
    MatMul m = lowering_matmul(n);
    ElemType elem = n->in[0]->type.elem;
    return !m.ta && dim_is_const(m.n) && dim_is_const(m.k) &&
           m.n.c >= FEW_COLUMNS && (elem == ELEM_F32 || elem == ELEM_F64) &&
           !is_fixed(p, n->in[0]);
}

/* The product with panels of that width would take so long. */
static double seconds(const Panels *p, const Node *n, int64_t width)
{
    Arena *a = arena_new();
    MatMul m = lowering_matmul(n);
    Dim d[] = {dim_const((m.n.c + width - 1) / width), m.k, dim_const(width)};
    Type w = type_of(n->in[0]->type.elem, 3, d);
    Attrs at = attrs_new(a);
    attrs_int(&at, "columns", m.n.c);
    Node *y = blocks_pretend(a, &op_matmul_panels, &n->in[0]->type, &w, &at);
    const Impl *impl = choice_best(p->func, y, p->options);
    double s = choice_cost(impl, y, p->options->target).seconds;
    arena_free(a);
    return s;
}

/* That of the tile, or of AMX's where its products are faster. */
static int64_t width(const Panels *p, const Node *n)
{
    const Target *t = p->options->target;
    int64_t tile = lowering_panel(n, t), amx = 32;
    return t->tile_gflops > 0 && seconds(p, n, amx) < seconds(p, n, tile)
               ? amx
               : tile;
}

static Node *visit(Rewriter *r, Node *n)
{
    Panels *p = r->ctx;
    if (!fits(p, n))
        return n;
    Arena *a = r->b.module->arena;
    MatMul m = lowering_matmul(n);
    Node *w = n->in[1];
    r->b.hint = w->global ? w->global->name : w->name;
    r->b.loc = n->loc;
    if (!m.tb) {
        Attrs at = attrs_new(a);
        attrs_list(&at, "perm", (const int64_t[]){1, 0}, 2);
        w = node_new(&r->b, &op_transpose, &w, 1, &at);
    }
    Attrs cut = attrs_new(a);
    attrs_int(&cut, "axis", 0);
    attrs_int(&cut, "size", width(p, n));
    Node *in[] = {n->in[0], node_new(&r->b, &op_block, &w, 1, &cut)};
    Attrs at = attrs_new(a);
    attrs_int(&at, "columns", m.n.c);
    r->b.hint = n->name;
    Node *y = node_new(&r->b, &op_matmul_panels, in, 2, &at);
    rewrite_take_name(r->b.func, y, n);
    return y;
}

static void run(Module *m, const Options *o)
{
    for (int i = 0; i < m->funcs.len; i++) {
        Func *f = m->funcs.data[i];
        if ((f->kind != FUNC_INFER && f->kind != FUNC_EVAL) || o->blas)
            continue;
        Panels p = {.fixed = rewrite_fixed_values(f), .func = f, .options = o};
        rewrite_func(&(Rewriter){.ctx = &p, .visit = visit}, f);
    }
}

const Pass pass_panels = {
    .name = "panels",
    .doc = "store matrices of parameters in panels, as inference reads them",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
