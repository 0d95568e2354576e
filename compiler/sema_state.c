/* State: what entries change without a gradient.
 *
 * In an optimiser a `state` belongs to the train block, one for each
 * parameter. In a model or a layer it belongs to the model: changed by steps
 * of training only, it lives among the parameters; changed by inference too,
 * it is memory that the caller keeps between calls. `next` gives the value
 * after the entry; where an instance is applied twice, the second application
 * starts from what the first one left.
 */
#include "sema_impl.h"
#include "op_list.h"
#include <string.h>

static const char *state_name(Sema *s, const Stmt *st)
{
    const char *name = st->name.text;
    if (s->optimised)
        return arena_printf(s->arena, "%s.%s.%s", s->train->name.text,
                            s->optimised, name);
    return s->scope->path
               ? arena_printf(s->arena, "%s.%s", s->scope->path, name)
               : name;
}

void run_state(Sema *s, const Stmt *st)
{
    const char *name = state_name(s, st);
    Value *v = NULL;
    Global *g =
        declare_global(s, st, name, s->optimised ? GLOBAL_OPTIM : GLOBAL_STATE);
    if (g && s->optimised)
        g->owner = s->train->name.text;
    if (g) {
        Node *now = map_get(s->state_now, name);
        v = value_node(s, now ? now : node_param(&s->b, g));
        v->state = g;
    }
    scope_bind(s, s->scope, st->name, v, false);
}

/* In a `for`, `next` collects the carry's value for the next turn. */
static void next_carry(Sema *s, const Stmt *st)
{
    Value *v = eval(s, st->value);
    if (map_get(s->next_values, st->name.text))
        diag_error(s->diag, st->name.range, DL2003, "'next %s' is given twice",
                   st->name.text);
    else
        map_set(s->next_values, st->name.text, v);
}

static void next_state(Sema *s, const Stmt *st, Global *g)
{
    if (s->b.body != &s->b.func->nodes) {
        diag_error(s->diag, place(s, st->range), DL2022,
                   "the state '%s' cannot change inside scan", g->name);
        diag_help(s->diag, "carry a value of the loop, and set the state after "
                           "it");
        return;
    }
    if (g->kind == GLOBAL_STATE && !s->in_train)
        g->kind = GLOBAL_MEMORY;
    const char *hint = s->b.hint;
    int before = s->b.body->len;
    s->b.hint = arena_printf(s->arena, "%s.new", g->name);
    Node *v = eval_real(s, st->value);
    for (int i = before; i < s->b.body->len; i++)
        if (s->b.body->data[i] == v)
            node_rename(s->b.func, v, s->b.hint);
    s->b.hint = hint;
    if (!v)
        return;
    if (!type_same_shape(&v->type, &g->type)) {
        diag_error(s->diag, place(s, st->value->range), DL2008,
                   "'%s' is %s, its next value is %s", st->name.text,
                   user_type(s, &g->type), user_type(s, &v->type));
        return;
    }
    if (g->kind == GLOBAL_OPTIM) {
        Store store = {g, v};
        array_push(s->arena, &s->state_stores, store);
        return;
    }
    StateStore kept = {{g, v}, NULL};
    map_set(s->state_now, g->name, v);
    array_push(s->arena, &s->kept, kept);
}

void run_next(Sema *s, const Stmt *st)
{
    if (s->next_values && map_has(s->next_values, st->name.text)) {
        next_carry(s, st);
        return;
    }
    Binding *b = scope_find(s->scope, st->name.text);
    if (b && b->value && b->value->state)
        next_state(s, st, b->value->state);
    else if (s->next_values)
        diag_error(s->diag, st->name.range, DL2001,
                   "'%s' is not carried by this loop", st->name.text);
    else
        diag_error(s->diag, st->name.range, DL2022,
                   "'next' needs a carry of a loop or a state, and '%s' is "
                   "neither",
                   st->name.text);
}

/* Stores added since `from` belong to the application that gave v. */
void state_applied(Sema *s, int from, const Value *v)
{
    for (int i = from; i < s->kept.len; i++)
        if (!s->kept.data[i].result)
            s->kept.data[i].result = v;
}

static bool is_live(const Value *v)
{
    bool live = v->kind == VALUE_NODE && v->node->mark;
    for (int i = 0; v->kind == VALUE_TUPLE && i < v->len; i++)
        live = live || is_live(v->items[i]);
    return live;
}

/* The last next value of each state, where the function needs what was
 * computed with it. */
void store_states(Sema *s, Func *f)
{
    func_mark_live(f);
    for (int i = 0; i < s->kept.len; i++) {
        const StateStore *k = &s->kept.data[i];
        bool last = !k->result || is_live(k->result);
        for (int j = i + 1; j < s->kept.len; j++) {
            const StateStore *later = &s->kept.data[j];
            if (later->store.global == k->store.global)
                last = last && later->result && !is_live(later->result);
        }
        if (last)
            func_store(f, k->store.global, k->store.value);
    }
}
