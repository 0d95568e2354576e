/* shapes: every node's type follows from its operands again.
 *
 * Recomputes types in order with the operators' own rules, so that a change
 * of an input's type in a .dlir file, or of the run-time size, reaches all
 * that depends on it. Mistakes are reported at the node's place.
 *
 *     before  %y = relu %x : f32[1]     with %x: f32[8]
 *     after   %y = relu %x : f32[8]
 * Needs: nothing.  Keeps: everything but types.
 */
#include "pass.h"
#include "op_list.h"

static void set_arguments(const Node *scan)
{
    int carries = (int)attr_int(scan, "carries");
    const Region *r = scan->region;
    for (int i = 0; i < r->args.len && i < scan->nin; i++) {
        Type t = scan->in[i]->type;
        int along =
            i < carries ? -1 : (int)attr_list(scan, "along", i - carries);
        if (along >= 0 && along < t.rank) {
            for (int k = along; k + 1 < t.rank; k++)
                t.dim[k] = t.dim[k + 1];
            t.rank--;
        }
        r->args.data[i]->type = t;
    }
}

static void infer_body(Module *m, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        Node *n = body->data[i];
        if (n->region) {
            set_arguments(n);
            infer_body(m, &n->region->nodes);
        }
        const char *message = op_infer_for(m->arena, n, m->dim);
        if (message)
            diag_error(m->diag, n->loc, DIAG_NONE, "%%%s: %s", n->name,
                       message);
    }
}

static void run(Module *m, const Options *o)
{
    (void)o;
    for (int i = 0; i < m->funcs.len; i++)
        infer_body(m, &m->funcs.data[i]->nodes);
}

const Pass pass_shapes = {
    .name = "shapes",
    .doc = "compute every value's type from its operands",
    .from = STAGE_TYPED,
    .to = STAGE_TYPED,
    .run = run,
};
