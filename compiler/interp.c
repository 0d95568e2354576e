/* The reference interpreter: what a module means, in float64.
 *
 * Nodes run in order; each operator's .eval (its loop nest is the
 * specification) or its scalar tree makes the value, then the work fused into
 * the node, if any, is applied to every element. Sizes are concrete: the
 * run-time size is given. Nothing is planned or reused but the arrays of a
 * scan's body, which are made again in every turn.
 *
 * Contract: globals are read as they are at the function's entry and stored
 * all at once at its end (into the caller's array when it has the size, else
 * into a new one). Inputs, globals and indices that do not fit are
 * internal errors: callers check what comes from users.
 */
#include "op.h"
#include "op_list.h"
#include "shape.h"
#include "tensor.h"
#include <string.h>

/* What is known of a node: its value, or a scan's results. */
typedef struct Slot {
    const Node *node;
    Tensor *value;
    Tensor **results;
} Slot;

typedef struct Frame {
    Arena *arena; /* freed when the function ends */
    InterpArgs *args;
    Slot *slots; /* open addressing by address; cap is a power of 2 */
    int len, cap;
    uint32_t turn;
} Frame;

/* ---- slots ---- */

static Slot *probe(Slot *slots, int cap, const Node *n)
{
    uint64_t h = (uint64_t)(uintptr_t)n * 0x9e3779b97f4a7c15u;
    uint64_t i = h >> 32;
    while (slots[i & (uint64_t)(cap - 1)].node &&
           slots[i & (uint64_t)(cap - 1)].node != n)
        i++;
    return &slots[i & (uint64_t)(cap - 1)];
}

static void grow(Frame *f)
{
    int cap = f->cap ? f->cap * 2 : 64;
    Slot *slots = ARENA_ARRAY(f->arena, Slot, cap);
    for (int i = 0; i < f->cap; i++)
        if (f->slots[i].node)
            *probe(slots, cap, f->slots[i].node) = f->slots[i];
    f->slots = slots;
    f->cap = cap;
}

/* n's slot. The pointer holds until the next call. */
static Slot *slot_of(Frame *f, const Node *n)
{
    if (2 * f->len >= f->cap)
        grow(f);
    Slot *s = probe(f->slots, f->cap, n);
    if (!s->node) {
        s->node = n;
        f->len++;
    }
    return s;
}

/* An array of zeros for n's value, of type t: the one it had in the last turn
 * of a scan, or a new one. */
static Tensor *make_value(Frame *f, const Node *n, const Type *t)
{
    Slot *s = slot_of(f, n);
    if (!s->value)
        s->value = tensor_new(f->arena, t, f->args->n);
    else
        memset(s->value->data, 0, sizeof(double) * (size_t)s->value->count);
    s->value->elem = t->elem;
    return s->value;
}

static Tensor *read_global(Frame *f, const Node *n)
{
    Tensor *t =
        f->args->globals ? map_get(f->args->globals, n->global->name) : NULL;
    if (!t)
        internal_error("interpreter: @%s has no value", n->global->name);
    if (t->count != type_count_at(&n->type, f->args->n))
        internal_error("interpreter: @%s has another size", n->global->name);
    return t;
}

static Tensor *value_of(Frame *f, const Node *n)
{
    double v;
    Slot *s = slot_of(f, n);
    if (s->value)
        return s->value;
    if (n->op == &op_param)
        return s->value = read_global(f, n);
    if (!node_is_const(n, &v))
        internal_error("interpreter: %%%s used before it is made", n->name);
    s->value = tensor_new(f->arena, &n->type, f->args->n);
    s->value->data[0] = v;
    return s->value;
}

/* ---- one node ---- */

/* The element of an input with axes `mask` of out that belongs to element e
 * of out. */
static int64_t masked(const Tensor *out, uint32_t mask, int64_t e)
{
    int64_t index[MAX_RANK], at = 0;
    tensor_index(out, e, index);
    for (int i = 0; i < out->rank; i++)
        if (mask >> i & 1)
            at = at * out->dim[i] + index[i];
    return at;
}

static void apply_fused(const Node *n, const Tensor *const *in, Tensor *out,
                        double *args)
{
    int extra = n->nin - n->fused.own;
    for (int64_t e = 0; e < out->count; e++) {
        args[0] = out->data[e];
        for (int k = 0; k < extra; k++) {
            const Tensor *x = in[n->fused.own + k];
            args[k + 1] = x->data[masked(out, n->fused.masks[k], e)];
        }
        out->data[e] = scalar_eval(n->fused.expr, args);
    }
    out->elem = n->type.elem;
}

/* Inputs may lack leading axes, so their elements repeat. */
static void eval_elementwise(const Node *n, const Tensor *const *in,
                             Tensor *out, double *args)
{
    const Scalar *expr = op_expr(n->op);
    int own = n->fused.expr ? n->fused.own : n->nin;
    for (int64_t e = 0; e < out->count; e++) {
        for (int k = 0; k < own; k++)
            args[k] = in[k]->data[e % in[k]->count];
        out->data[e] = scalar_eval(expr, args);
    }
}

static void eval_node(Frame *f, const Node *n)
{
    InterpArgs *a = f->args;
    const Tensor **in = ARENA_ARRAY(f->arena, const Tensor *, n->nin);
    double *args = ARENA_ARRAY(f->arena, double, n->nin + 1);
    for (int i = 0; i < n->nin; i++)
        in[i] = value_of(f, n->in[i]);
    Tensor *out = make_value(f, n, n->fused.expr ? &n->raw : &n->type);
    if (a->no_random && op_has(n->op, OP_RANDOM))
        internal_error("interpreter: %%%s draws random numbers", n->name);
    EvalCall call = {
        .node = n,
        .in = in,
        .out = out,
        .n = a->n,
        .seed = a->seed,
        .step = a->step,
        .iter = a->iter,
        .turn = f->turn,
    };
    if (op_is_elementwise(n->op))
        eval_elementwise(n, in, out, args);
    else if (n->op->eval)
        n->op->eval(&call);
    else
        internal_error("interpreter: '%s' has no value", op_name(n->op));
    if (n->fused.expr)
        apply_fused(n, in, out, args);
}

/* ---- scan ---- */

static void eval_body(Frame *f, const NodeArray *body);

/* slice = x[.., turn, ..] at `axis`, or x[.., turn, ..] = slice. */
static void copy_slice(Tensor *x, int axis, int64_t turn, Tensor *slice,
                       bool back)
{
    int64_t outer = tensor_span(x, 0, axis);
    int64_t inner = tensor_span(x, axis + 1, x->rank);
    for (int64_t o = 0; o < outer; o++) {
        double *whole = x->data + (o * x->dim[axis] + turn) * inner;
        double *part = slice->data + o * inner;
        memcpy(back ? whole : part, back ? part : whole,
               sizeof(double) * (size_t)inner);
    }
}

static Type stacked_type(const Node *scan, int emit, const Type *t)
{
    Type s = *t;
    int axis = (int)attr_list(scan, "emits", emit);
    for (int i = s.rank++; i > axis; i--)
        s.dim[i] = s.dim[i - 1];
    s.dim[axis] = shape_size(scan, "count");
    return s;
}

/* The scan's results, made on its first run: carries, then stacks. */
static Tensor **scan_results(Frame *f, const Node *scan, int carries)
{
    const NodeArray *made = &scan->region->results;
    if (!slot_of(f, scan)->results) {
        Tensor **r = ARENA_ARRAY(f->arena, Tensor *, made->len);
        for (int i = 0; i < made->len; i++) {
            Type t = made->data[i]->type;
            if (i >= carries)
                t = stacked_type(scan, i - carries, &t);
            r[i] = tensor_new(f->arena, &t, f->args->n);
        }
        slot_of(f, scan)->results = r;
    }
    return slot_of(f, scan)->results;
}

/* Arguments of the body for one turn: carries, slices, the turn. */
static void set_arguments(Frame *f, const Node *scan, Tensor *const *carried,
                          int carries, int64_t turn)
{
    const NodeArray *args = &scan->region->args;
    for (int i = 0; i < args->len; i++) {
        Tensor *t = make_value(f, args->data[i], &args->data[i]->type);
        if (i < carries)
            tensor_copy(t, carried[i]);
        else if (i < scan->nin)
            copy_slice(value_of(f, scan->in[i]),
                       (int)attr_list(scan, "along", i - carries), turn, t,
                       false);
        else
            t->data[0] = (double)turn;
    }
}

static void eval_scan(Frame *f, const Node *scan)
{
    const NodeArray *made = &scan->region->results;
    int carries = (int)attr_int(scan, "carries");
    Tensor **r = scan_results(f, scan, carries);
    uint32_t outer = f->turn;
    for (int i = 0; i < carries; i++)
        tensor_copy(r[i], value_of(f, scan->in[i]));
    int64_t count = dim_at(shape_size(scan, "count"), f->args->n);
    bool backward = strcmp(attr_sym(scan, "order"), "backward") == 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t t = backward ? count - 1 - i : i;
        f->turn = (uint32_t)t;
        set_arguments(f, scan, r, carries, t);
        eval_body(f, &scan->region->nodes);
        for (int k = 0; k < made->len; k++) {
            Tensor *v = value_of(f, made->data[k]);
            if (k < carries)
                tensor_copy(r[k], v);
            else
                copy_slice(r[k], (int)attr_list(scan, "emits", k - carries), t,
                           v, true);
        }
    }
    f->turn = outer;
}

static void eval_body(Frame *f, const NodeArray *body)
{
    for (int i = 0; i < body->len; i++) {
        const Node *n = body->data[i];
        if (n->region)
            eval_scan(f, n);
        else if (n->op == &op_result)
            slot_of(f, n)->value =
                slot_of(f, n->in[0])->results[attr_int(n, "index")];
        else
            eval_node(f, n);
    }
}

/* ---- functions ---- */

static void set_inputs(Frame *f, const Func *fn)
{
    for (int i = 0; i < fn->inputs.len; i++) {
        const Node *n = fn->inputs.data[i];
        const Tensor *given = f->args->in[i];
        Tensor *t = make_value(f, n, &n->type);
        if (!given || given->count != t->count)
            internal_error("interpreter: input %%%s has another size", n->name);
        tensor_copy(t, given);
    }
}

static Tensor *copy_out(Frame *f, const Node *n)
{
    Tensor *t = tensor_new(f->args->arena, &n->type, f->args->n);
    tensor_copy(t, value_of(f, n));
    return t;
}

/* Two stores may exchange two globals, so all values are copied first. */
static void store_globals(Frame *f, const Func *fn)
{
    Tensor **values = ARENA_ARRAY(f->arena, Tensor *, fn->stores.len);
    for (int i = 0; i < fn->stores.len; i++) {
        const Node *n = fn->stores.data[i].value;
        values[i] = tensor_new(f->arena, &n->type, f->args->n);
        tensor_copy(values[i], value_of(f, n));
    }
    for (int i = 0; i < fn->stores.len; i++) {
        const Global *g = fn->stores.data[i].global;
        Tensor *t = map_get(f->args->globals, g->name);
        if (!t || t->count != values[i]->count) {
            t = tensor_new(f->args->arena, &g->type, f->args->n);
            map_set(f->args->globals, g->name, t);
        }
        tensor_copy(t, values[i]);
    }
}

void interp_run(const Func *fn, InterpArgs *args)
{
    Frame f = {.arena = arena_new(), .args = args};
    set_inputs(&f, fn);
    eval_body(&f, &fn->nodes);
    for (int i = 0; i < fn->results.len; i++)
        args->out[i] = copy_out(&f, fn->results.data[i].value);
    store_globals(&f, fn);
    arena_free(f.arena);
}

/* ---- random numbers ---- */

/* Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", 2011. The counter holds 32 bits of the step. */
void interp_philox(uint64_t seed, uint32_t stream, uint64_t step, uint32_t turn,
                   uint32_t block, uint32_t out[4])
{
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t c[4] = {block, turn, (uint32_t)step, stream};
    for (int round = 0; round < 10; round++) {
        uint64_t x = (uint64_t)0xd2511f53u * c[0];
        uint64_t y = (uint64_t)0xcd9e8d57u * c[2];
        c[0] = (uint32_t)(y >> 32) ^ c[1] ^ key[0];
        c[2] = (uint32_t)(x >> 32) ^ c[3] ^ key[1];
        c[1] = (uint32_t)y;
        c[3] = (uint32_t)x;
        key[0] += 0x9e3779b9u;
        key[1] += 0xbb67ae85u;
    }
    memcpy(out, c, sizeof c);
}
