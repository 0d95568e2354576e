/* scan: a loop around the body's nodes.
 *
 * What moves when is in Note [Scans] of plan_live.c: carries are copied in
 * before the loop; a turn cuts its part of each sequence, runs the body, copies
 * what it emits to the stacks and the next values to the carries.
 */
#include "../cgen_impl.h"
#include "../plan.h"

#include <string.h>

typedef struct Scan {
    Emit *e;
    const Node *n;
    int carries, sequences, emits;
    const char *turn; /* C name of the turn's variable */
} Scan;

static const char *bytes_text(Emit *e, const Type *t, int from)
{
    const char *count = expr_count(e, t, from, t->rank);
    if (from == t->rank)
        count = "1";
    bool plain = count[strspn(count, "0123456789")] == 0;
    return arena_printf(e->arena, plain ? "%s * sizeof(%s)"
                                        : "(size_t)(%s) * sizeof(%s)",
                        count, c_elem(t->elem));
}

/* All of a value to a place of the same shape. */
static void put_copy(Emit *e, const Type *t, const char *to, const Node *from)
{
    if (t->rank == 0)
        put(&e->body, "%s[0] = %s;", to, emit_ref(e, from));
    else
        put(&e->body, "memcpy(%s, %s, %s);", to, emit_pointer(e, from),
            bytes_text(e, t, 0));
}

/* A pointer to turn t of `whole`, whose axis `along` has one entry a turn,
 * when the entries of the axes before it are at `outer`. */
static const char *cut(const Scan *s, const Type *whole, const char *pointer,
                       int along, const char *outer)
{
    Arena *a = s->e->arena;
    const char *step = along + 1 < whole->rank
                           ? expr_count(s->e, whole, along + 1, whole->rank)
                           : "1";
    const char *at = s->turn;
    if (outer)
        at = arena_printf(a, "(%s * %s + %s)", outer,
                          emit_dim(s->e, whole->dim[along]), at);
    if (strcmp(step, "1") == 0)
        return arena_printf(a, "%s + %s", pointer, at);
    return arena_printf(a, "%s + %s * %s", pointer, at, step);
}

/* One turn's part of `whole` to or from the contiguous array `part`. */
static void put_cut_copy(const Scan *s, const Type *whole, const char *pointer,
                         int along, const Node *part, bool out)
{
    Emit *e = s->e;
    bool outer = !plan_cut_is_view(whole, along);
    const char *index = outer ? "i" : NULL;
    const char *step = along + 1 < whole->rank
                           ? expr_count(e, whole, along + 1, whole->rank)
                           : "1";
    if (outer)
        put(&e->body, "for (int i = 0; i < %s; i++) {",
            expr_count(e, whole, 0, along));
    const char *place = cut(s, whole, pointer, along, index);
    if (part->type.rank == 0) {
        const char *value = emit_ref(e, part);
        if (out)
            put(&e->body, "*(%s) = %s;", place, value);
        else
            put(&e->body, "%s = *(%s);", value, place);
    } else {
        const char *own = emit_pointer(e, part);
        if (outer)
            own = arena_printf(e->arena, "%s + i * %s", own, step);
        put(&e->body, "memcpy(%s, %s, %s);", out ? place : own,
            out ? own : place, bytes_text(e, whole, along + 1));
    }
    if (outer)
        put(&e->body, "}");
}

/* ---- the parts of the loop ---- */

static void put_start(const Scan *s)
{
    const NodeArray *args = &s->n->region->args;
    for (int i = 0; i < s->carries; i++)
        emit_declare(s->e, args->data[i]);
    emit_step_begin(s->e, NULL);
    for (int i = 0; i < s->carries; i++)
        put_copy(s->e, &args->data[i]->type, emit_pointer(s->e, args->data[i]),
                 s->n->in[i]);
    emit_step_end(s->e, NULL);
    emit_wait(s->e);
}

static void put_sequences(const Scan *s)
{
    Emit *e = s->e;
    for (int i = 0; i < s->sequences; i++) {
        const Node *whole = s->n->in[s->carries + i];
        const Node *part = s->n->region->args.data[s->carries + i];
        int along = (int)attr_list(s->n, "along", i);
        const char *pointer = emit_pointer(e, whole);
        if (!part->place.view_of) {
            emit_declare(e, part);
            emit_step_begin(e, NULL);
            put_cut_copy(s, &whole->type, pointer, along, part, false);
            emit_step_end(e, NULL);
            continue;
        }
        const char *name = emit_local(e, part->name);
        bool fixed = emit_is_fixed(e, whole);
        emit_let(e, name, "%s%s *const %s = %s;", fixed ? "const " : "",
                 c_elem(part->type.elem), name,
                 cut(s, &whole->type, pointer, along, NULL));
        map_set(e->locals, part->name, (void *)name);
        if (fixed)
            map_set(e->fixed, part->name, "");
    }
}

typedef struct Search {
    const Node *scan;
    int64_t index;
    const Node *found;
} Search;

static void look(Node *n, void *ctx)
{
    Search *s = ctx;
    if (!s->found && plan_is(n, "result") && n->in[0] == s->scan &&
        attr_int(n, "index") == s->index)
        s->found = n;
}

/* The stack of emitted value i, NULL when nothing uses it. */
static const Node *stack_of(const Scan *s, int i)
{
    Search search = {s->n, s->carries + i, NULL};
    func_walk((Func *)s->e->func, look, &search);
    return search.found;
}

static void put_emits(const Scan *s)
{
    for (int i = 0; i < s->emits; i++) {
        const Node *stack = stack_of(s, i);
        if (stack)
            put_cut_copy(s, &stack->type, emit_pointer(s->e, stack),
                         (int)attr_list(s->n, "emits", i),
                         s->n->region->results.data[s->carries + i], true);
    }
}

static const Node *root_of(const Node *n)
{
    while (n->place.view_of)
        n = n->place.view_of;
    return n;
}

static void put_next(const Scan *s)
{
    Emit *e = s->e;
    const Region *r = s->n->region;
    int64_t offset = s->n->scratch;
    const char *aside[MAX_RANK * 4] = {0};
    for (int i = 0; i < s->carries && i < MAX_RANK * 4; i++) {
        if (!plan_carry_needs_copy(s->n, i))
            continue;
        const Type *t = &r->args.data[i]->type;
        aside[i] = emit_workspace(e, t->elem, offset);
        put(&e->body, "memcpy(%s, %s, %s);", aside[i],
            emit_pointer(e, r->results.data[i]), bytes_text(e, t, 0));
        offset += plan_carry_bytes(s->n, i,
                                   e->module->bound ? e->module->bound : 1);
    }
    for (int i = 0; i < s->carries; i++) {
        const Node *carry = r->args.data[i], *next = r->results.data[i];
        if (aside[i])
            put(&e->body, "memcpy(%s, %s, %s);", emit_pointer(e, carry),
                aside[i], bytes_text(e, &carry->type, 0));
        else if (root_of(next) != carry)
            put_copy(e, &carry->type, emit_pointer(e, carry), next);
    }
}

static void put_end(const Scan *s)
{
    const Region *r = s->n->region;
    bool hands = false, keeps = false;
    for (int i = 0; i < s->carries; i++)
        hands |= root_of(r->results.data[i]) != r->args.data[i];
    for (int i = 0; i < s->emits; i++)
        keeps |= stack_of(s, i) != NULL;
    if (!hands && !keeps)
        return;
    put_blank(&s->e->body);
    put_comment(&s->e->body, "%s",
                !keeps   ? "Handed to the next turn."
                : !hands ? "Kept of this turn."
                         : "Kept of this turn, and handed to the next.");
    emit_step_begin(s->e, NULL);
    put_emits(s);
    put_next(s);
    emit_step_end(s->e, NULL);
}

static const char *last_turn(Emit *e, Dim count)
{
    if (dim_is_const(count))
        return arena_printf(e->arena, "%lld", (long long)count.c - 1);
    return arena_printf(e->arena, "%s - 1", emit_dim(e, count));
}

static void lower(Emit *e, const Node *n)
{
    Scan s = {.e = e, .n = n, .carries = (int)attr_int(n, "carries")};
    s.sequences = n->nin - s.carries;
    s.emits = n->region->results.len - s.carries;
    s.turn = c_unique(e->arena, e->taken, e->turns == 0 ? "t" : "t_2");
    for (int i = 0; i < s.emits; i++)
        if (stack_of(&s, i))
            emit_declare(e, stack_of(&s, i));
    put_start(&s);
    const char *count = emit_dim(e, attr_dim(n, "count", 0));
    if (strcmp(attr_sym(n, "order"), "backward") == 0)
        put(&e->body, "for (int %s = %s; %s >= 0; %s--) {", s.turn,
            last_turn(e, attr_dim(n, "count", 0)), s.turn, s.turn);
    else
        put(&e->body, "for (int %s = 0; %s < %s; %s++) {", s.turn, s.turn,
            count, s.turn);
    const char *outer = e->turn;
    e->turn = s.turn;
    map_set(e->scalars, n->region->args.data[n->region->args.len - 1]->name,
            (void *)s.turn);
    put_sequences(&s);
    emit_nodes(e, &n->region->nodes);
    put_end(&s);
    emit_wait(e);
    put(&e->body, "}");
    e->turn = outer;
}

const Impl impl_scan = {
    .name = "loop",
    .doc = "a loop around the body",
    .lower = lower,
};
