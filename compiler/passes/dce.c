/* dce: values nobody uses go away.
 *
 * Alive is what a result or a store of its function reaches, through regions
 * too. A scan that is alive keeps its carries; a stacked value that no
 * `result` reads is not stacked any more.
 *
 *     before  %a = exp %x : f32[8]
 *             %b = neg %x : f32[8]
 *             return %b
 *     after   %b = neg %x : f32[8]
 *             return %b
 * Needs: nothing.  Keeps: inputs, globals, names, order.
 */
#include "pass.h"
#include "op_list.h"
#include <string.h>

/* Which stacked values of the scans are read, found before marking. */
typedef struct Reads {
    Arena *arena;
    Node *scan;
    bool *read; /* one for each result of the region */
} Reads;

static void note_read(Node *n, void *ctx)
{
    Reads *r = ctx;
    if (n->op == &op_result && n->in[0] == r->scan)
        r->read[attr_int(n, "index")] = true;
}

typedef struct Renumber {
    const Node *scan;
    const int *index; /* new index of each result */
    Arena *arena;
} Renumber;

static void renumber(Node *n, void *ctx)
{
    Renumber *r = ctx;
    if (n->op != &op_result || n->in[0] != r->scan)
        return;
    Attrs at = attrs_new(r->arena);
    attrs_int(&at, "index", r->index[attr_int(n, "index")]);
    n->attrs = at.items.data;
    n->nattr = at.items.len;
}

static void set_emits(Arena *a, Node *scan, const int64_t *emits, int len)
{
    Attrs at = attrs_new(a);
    for (int i = 0; i < scan->nattr; i++) {
        if (strcmp(scan->attrs[i].name, "emits") != 0)
            attrs_copy(&at, &scan->attrs[i]);
        else if (len)
            attrs_list(&at, "emits", emits, len);
    }
    scan->attrs = at.items.data;
    scan->nattr = at.items.len;
}

/* Leaves out the stacked values of one scan that are not read. */
static void trim_scan(Func *f, Node *scan)
{
    Arena *a = f->module->arena;
    NodeArray old = scan->region->results;
    int carries = (int)attr_int(scan, "carries");
    Reads r = {a, scan, ARENA_ARRAY(a, bool, old.len + 1)};
    func_walk(f, note_read, &r);
    int *index = ARENA_ARRAY(a, int, old.len + 1);
    int64_t *emits = ARENA_ARRAY(a, int64_t, old.len + 1);
    int kept = 0, stacked = 0;
    for (int i = 0; i < old.len; i++) {
        if (i >= carries && !r.read[i])
            continue;
        if (i >= carries)
            emits[stacked++] = attr_list(scan, "emits", i - carries);
        index[i] = kept;
        old.data[kept++] = old.data[i];
    }
    if (kept == old.len)
        return;
    scan->region->results.len = kept;
    set_emits(a, scan, emits, stacked);
    func_walk(f, renumber, &(Renumber){scan, index, a});
}

static void collect_scan(Node *n, void *ctx)
{
    NodeArray *scans = ctx;
    if (n->region && scans->len < scans->cap)
        scans->data[scans->len++] = n;
}

static void count_scan(Node *n, void *ctx)
{
    if (n->region)
        (*(int *)ctx)++;
}

/* Outer scans first: what an outer one no longer stacks may have been the
 * only reader of an inner one. */
static void trim_scans(Func *f)
{
    NodeArray scans = {0};
    func_walk(f, count_scan, &scans.cap);
    scans.data = ARENA_ARRAY(f->module->arena, Node *, scans.cap + 1);
    func_walk(f, collect_scan, &scans);
    for (int i = 0; i < scans.len; i++) {
        trim_scan(f, scans.data[i]);
        func_remove_dead(f);
    }
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++) {
        Func *f = m->funcs.data[i];
        func_remove_dead(f);
        trim_scans(f);
    }
}

const Pass pass_dce = {
    .name = "dce",
    .doc = "remove values that nothing uses",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
    .optional = true,
};
