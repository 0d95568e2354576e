/* scan: a run-time loop with shared weights. The body becomes a region; after
 * it a carry's name is its last value and an emitted name the stack of its
 * values along the scanned axis (axis 0 for a range).
 */
#include "sema_impl.h"
#include "op_list.h"
#include <string.h>

typedef struct Loop {
    const Stmt *stmt;
    Region *region;
    NodeArray inputs;  /* first carries, then sequences */
    IntArray along;    /* of each sequence */
    Dim count;
    int64_t axis;      /* where emitted values are stacked */
} Loop;

static bool first_carry(Sema *s, Loop *l, const Carry *c)
{
    Value *v = eval(s, c->value);
    Node *n = value_to_real(s, v, c->value->range);
    Type t;
    if (!n)
        return false;
    t = n->type;
    if (c->type && !eval_type(s, c->type, &t))
        return false;
    if (n->type.rank == 0 && t.rank > 0)
        n = build_broadcast(&s->b, n, &t, NULL);
    if (!type_same_shape(&n->type, &t)) {
        diag_error(s->diag, c->value->range, DL2008, "'%s' is %s, not %s",
                   c->name.text, user_type(s, &n->type), user_type(s, &t));
        return false;
    }
    array_push(s->arena, &l->inputs, n);
    return true;
}

static bool set_count(Sema *s, Loop *l, Dim count, int64_t axis, Range r,
                      bool first)
{
    if (first) {
        l->count = count;
        l->axis = axis;
    } else if (!dim_equal(l->count, count)) {
        diag_error(s->diag, r, DL2005, "the sequences have %s and %s turns",
                   dim_text(s->arena, l->count, s->module->dim),
                   dim_text(s->arena, count, s->module->dim));
        return false;
    }
    return true;
}

/* `xt in x along a`: x is cut along axis a. */
static bool sequence(Sema *s, Loop *l, const Gen *g, bool first)
{
    Node *x = value_to_node(s, eval(s, g->a), s->module->real, g->a->range);
    int64_t axis = 0;
    if (!x || (g->b && !eval_const_int(s, g->b, &axis)))
        return false;
    if (axis < 0 || axis >= x->type.rank) {
        diag_error(s->diag, g->b ? g->b->range : g->a->range, DL2027,
                   "%s has no axis %d", user_type(s, &x->type), (int)axis);
        return false;
    }
    array_push(s->arena, &l->inputs, x);
    array_push(s->arena, &l->along, axis);
    return set_count(s, l, x->type.dim[axis], axis, g->name.range, first);
}

static bool range(Sema *s, Loop *l, const Gen *g, bool first)
{
    int64_t from, to;
    if (!eval_const_int(s, g->a, &from) || !eval_const_int(s, g->b, &to))
        return false;
    if (from >= to) {
        diag_error(s->diag, g->name.range, DL2013, "the loop has no turns");
        return false;
    }
    return set_count(s, l, dim_const(to - from), 0, g->name.range, first);
}

static Type slice_type(const Type *t, int64_t axis)
{
    Type out = *t;
    out.rank--;
    for (int64_t i = axis; i < out.rank; i++)
        out.dim[i] = t->dim[i + 1];
    return out;
}

/* Arguments of the region and the names the body knows them by. */
static void bind_args(Sema *s, Loop *l)
{
    const Stmt *st = l->stmt;
    int carries = st->carries.len, at = carries;
    for (int i = 0; i < carries; i++) {
        const Ident *id = &st->carries.data[i].name;
        Node *n = region_arg(s->b.func, l->region, id->text,
                             l->inputs.data[i]->type);
        scope_bind(s, s->scope, *id, value_node(s, n), false);
    }
    for (int i = 0; i < st->gens.len; i++) {
        const Gen *g = &st->gens.data[i];
        if (g->is_range)
            continue;
        Type t = slice_type(&l->inputs.data[at]->type,
                            l->along.data[at - carries]);
        at++;
        scope_bind(s, s->scope, g->name,
                   value_node(s, region_arg(s->b.func, l->region,
                                            g->name.text, t)), true);
    }
    Type turn = type_scalar(ELEM_I32);
    turn.bound = dim_is_const(l->count) ? l->count.c : 0;
    Node *t = region_arg(s->b.func, l->region, "turn", turn);
    for (int i = 0; i < st->gens.len; i++) {
        const Gen *g = &st->gens.data[i];
        int64_t from = 0;
        if (!g->is_range)
            continue;
        eval_const_int(s, g->a, &from);
        Node *v = from ? build2(&s->b, &op_add, t,
                                node_const(&s->b, ELEM_I32, (double)from))
                       : t;
        scope_bind(s, s->scope, g->name, value_node(s, v), true);
    }
}

static bool next_carries(Sema *s, Loop *l)
{
    for (int i = 0; i < l->stmt->carries.len; i++) {
        const Ident *id = &l->stmt->carries.data[i].name;
        Value *v = map_get(s->next_values, id->text);
        const Type *want = &l->region->args.data[i]->type;
        if (!v) {
            diag_error(s->diag, id->range, DL2022,
                       "the loop gives '%s' no next value", id->text);
            return false;
        }
        Node *n = value_to_real(s, v, id->range);
        if (n && !type_same_shape(&n->type, want)) {
            diag_error(s->diag, id->range, DL2008,
                       "'%s' is %s before the turn and %s after it", id->text,
                       user_type(s, want), user_type(s, &n->type));
            return false;
        }
        if (!n)
            return false;
        array_push(s->arena, &l->region->results, n);
    }
    return true;
}

static bool emitted(Sema *s, Loop *l)
{
    for (int i = 0; i < map_len(s->emits); i++) {
        Value *v = map_value(s->emits, i);
        Node *n = value_to_real(s, v, l->stmt->range);
        if (!n)
            return false;
        if (l->axis > n->type.rank) {
            diag_error(s->diag, l->stmt->range, DL2027,
                       "'%s' is %s: it cannot be stacked on axis %d",
                       map_key(s->emits, i), user_type(s, &n->type),
                       (int)l->axis);
            return false;
        }
        array_push(s->arena, &l->region->results, n);
    }
    return true;
}

/* The emitted names and values; NULL after an error. */
static Map *run_body(Sema *s, Loop *l)
{
    Scope *outer = s->scope;
    Map *outer_next = s->next_values, *outer_emits = s->emits;
    NodeArray *outer_body = s->b.body;
    int errors = s->diag->errors;
    s->scope = scope_new(s, outer, outer->path);
    s->scope->in_loop = true;
    s->next_values = map_new(s->arena);
    s->emits = map_new(s->arena);
    s->b.body = &l->region->nodes;
    for (int i = 0; i < l->stmt->carries.len; i++)
        map_set(s->next_values, l->stmt->carries.data[i].name.text, NULL);
    bind_args(s, l);
    run_block(s, &l->stmt->body, false);
    bool ok = s->diag->errors == errors && next_carries(s, l) && emitted(s, l);
    if (ok && s->survey)
        scope_warn_unused(s, s->scope);
    Map *emits = s->emits;
    s->b.body = outer_body;
    s->scope = outer;
    s->next_values = outer_next;
    s->emits = outer_emits;
    return ok ? emits : NULL;
}

static Node *scan_node(Sema *s, const Loop *l)
{
    int carries = l->stmt->carries.len;
    int emits = l->region->results.len - carries;
    Attrs at = attrs_new(s->arena);
    int64_t *axes = ARENA_ARRAY(s->arena, int64_t, emits + 1);
    for (int i = 0; i < emits; i++)
        axes[i] = l->axis;
    attrs_int(&at, "carries", carries);
    if (l->along.len)
        attrs_list(&at, "along", l->along.data, l->along.len);
    attrs_dims(&at, "count", &l->count, 1);
    if (emits)
        attrs_list(&at, "emits", axes, emits);
    Node *n = node_new(&s->b, &op_scan, l->inputs.data, l->inputs.len, &at);
    n->region = l->region;
    return n;
}

/* A carry was read in the loop; what is emitted is for what follows. */
static void bind_result(Sema *s, Node *scan, int index, Ident name)
{
    Attrs at = attrs_new(s->arena);
    attrs_int(&at, "index", index);
    Node *n = node_new(&s->b, &op_result, &scan, 1, &at);
    node_rename(s->b.func, n,
                arena_printf(s->arena, "%s.all", name.text));
    scope_bind(s, s->scope, name, value_node(s, n),
               index >= attr_int(scan, "carries"));
}

void run_scan(Sema *s, const Stmt *st)
{
    Loop l = {.stmt = st, .region = ARENA_NEW(s->arena, Region)};
    bool ok = true;
    for (int i = 0; ok && i < st->carries.len; i++)
        ok = first_carry(s, &l, &st->carries.data[i]);
    for (int i = 0; ok && i < st->gens.len; i++)
        ok = st->gens.data[i].is_range
                 ? range(s, &l, &st->gens.data[i], i == 0)
                 : sequence(s, &l, &st->gens.data[i], i == 0);
    const Map *emits = ok ? run_body(s, &l) : NULL;
    ok = emits != NULL;
    Node *scan = ok ? scan_node(s, &l) : NULL;
    for (int i = 0; i < st->carries.len; i++) {
        if (ok)
            bind_result(s, scan, i, st->carries.data[i].name);
        else
            scope_bind(s, s->scope, st->carries.data[i].name, NULL, false);
    }
    for (int i = 0; ok && i < map_len(emits); i++) {
        Ident id = {map_key(emits, i), st->range};
        bind_result(s, scan, st->carries.len + i, id);
    }
}

void run_emit(Sema *s, const Stmt *st)
{
    if (!s->emits) {
        diag_error(s->diag, st->range, DL2022, "'emit' belongs into scan");
        return;
    }
    Value *v = eval(s, st->value);
    if (map_has(s->emits, st->name.text))
        diag_error(s->diag, st->name.range, DL2003, "'%s' is emitted twice",
                   st->name.text);
    else if (v)
        map_set(s->emits, st->name.text, v);
}
