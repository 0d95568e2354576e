/* One region of threads for all steps of an entry.
 *
 * Where it pays (choice_together) every thread runs through the entry's steps:
 * it does its part of those that are shared, one of them does the others, and
 * all compute scalars that are variables. A step waits at a barrier only where
 * it touches memory that another thread may still be writing, or writes what
 * one may still be reading: the steps since the last barrier are known, and
 * their places in memory too. Steps whose threads touch the same elements each,
 * such as a product's columns and the element-wise work on them, need no
 * barrier between them.
 */
#include "cgen_impl.h"
#include "choice.h"
#include "plan.h"

#include <ctype.h>
#include <string.h>

int emit_parts(Emit *e, const Node *n)
{
    if (n == e->in_parts)
        return e->options->pass->target->threads;
    return choice_parts(n, e->options->pass->target, e->together);
}

/* ---- what a step touches ---- */

/* Memory that a step reads or writes. */
typedef struct Access {
    const Node *root; /* of the value; NULL: scratch */
    int64_t from, to; /* bytes of the workspace */
    bool writes;
    int64_t period; /* each thread has its equal part of each so many elements;
                       0: a thread may touch any */
    int bytes;      /* of an element */
} Access;
typedef struct Accesses {
    Access *data;
    int len;
} Accesses;

static const Node *root_of(const Node *n)
{
    while (n->place.view_of)
        n = n->place.view_of;
    return n;
}

/* Does the value begin where its root does? A turn's part of a sequence does
 * not. */
static bool begins_at_root(const Node *n)
{
    for (; n->place.view_of; n = n->place.view_of)
        if (plan_is(n, "arg"))
            return false;
    return true;
}

static Access access_to(const Node *n)
{
    Access a = {.root = root_of(n), .bytes = elem_bytes(n->type.elem)};
    if (a.root->place.kind == PLACE_WORKSPACE) {
        a.from = a.root->place.offset;
        a.to = a.from + a.root->place.bytes;
    }
    return a;
}

/* Does extra input i have an element for each of the result? */
static bool is_in_step(const Node *n, int i)
{
    int extra = i - n->fused.own;
    return n->fused.expr && extra >= 0 && n->type.rank > 0 &&
           n->fused.masks[extra] == (1u << n->type.rank) - 1 &&
           n->in[i]->type.rank == n->type.rank;
}

/* The elements of which each thread has as many, side by side, of a step's
 * result; 0 when it is not shared so. */
static int64_t equal_parts(const Step *s, const Target *t)
{
    const Node *n = s->node;
    int64_t step = 1, period = 0;
    if (s->how == STEP_IN_PARTS && n->impl->share)
        period = n->impl->share(n, t, &step);
    return period % (step * t->threads) == 0 ? period : 0;
}

static Accesses accesses_of(Emit *e, const Step *s)
{
    const Node *n = s->node;
    const Target *t = e->options->pass->target;
    Accesses all = {ARENA_ARRAY(e->arena, Access, n->nin + 2), 0};
    int64_t period = equal_parts(s, t);
    for (int i = -1; i < n->nin; i++) {
        const Node *v = i < 0 ? n : n->in[i];
        Access a = access_to(v);
        a.writes = i < 0;
        if ((i < 0 || is_in_step(n, i)) && begins_at_root(v))
            a.period = period;
        all.data[all.len++] = a;
    }
    if (n->scratch >= 0)
        all.data[all.len++] = (Access){.from = n->scratch,
                                       .writes = true,
                                       .to = n->scratch + n->scratch_bytes};
    return all;
}

static const Global *global_of(const Access *a)
{
    return a->root ? a->root->global : NULL;
}

static bool overlap(const Access *a, const Access *b)
{
    if (a->from < b->to && b->from < a->to)
        return true;
    if (!a->root || !b->root)
        return false;
    if (a->root == b->root)
        return a->root->place.kind != PLACE_LOCAL;
    if (global_of(a) || global_of(b))
        return global_of(a) == global_of(b);
    return a->root->place.kind == PLACE_OUTPUT &&
           b->root->place.kind == PLACE_OUTPUT &&
           a->root->place.index == b->root->place.index;
}

/* Does each thread touch the same bytes both times? */
static bool same_parts(const Access *a, const Access *b)
{
    return a->period && a->period == b->period && a->bytes == b->bytes &&
           a->from == b->from;
}

static bool conflict(Emit *e, const Step *x, const Step *y)
{
    if (x->how == STEP_ALONE && y->how == STEP_ALONE)
        return false;
    if (!x->node || !y->node)
        return true;
    Accesses of_x = accesses_of(e, x), of_y = accesses_of(e, y);
    for (int i = 0; i < of_x.len; i++)
        for (int k = 0; k < of_y.len; k++) {
            const Access *a = &of_x.data[i], *b = &of_y.data[k];
            if ((a->writes || b->writes) && overlap(a, b) && !same_parts(a, b))
                return true;
        }
    return false;
}

/* ---- steps ---- */

void emit_wait(Emit *e)
{
    if (e->pending.len)
        put(&e->body, "BARRIER");
    e->pending.len = 0;
}

static bool has_to_wait(Emit *e, const Step *s)
{
    for (int i = 0; i < e->pending.len; i++)
        if (conflict(e, &e->pending.data[i], s))
            return true;
    return false;
}

/* A small step that would have to wait for what each thread has made itself is
 * shared: the barrier takes longer. */
static bool saves_barrier(Emit *e, const Node *n)
{
    Step parts = {n, STEP_IN_PARTS};
    return equal_parts(&parts, e->options->pass->target) > 0 &&
           !has_to_wait(e, &parts);
}

/* What a step wrote behind its `ALONE {`, as one line, if that is a call. */
static const char *only_call(Emit *e)
{
    Text line = {.arena = e->arena};
    text_add(&line, "");
    for (const char *p = strchr(e->body.text.data + e->alone, '\n'); *p;) {
        p += strspn(p, " \n");
        size_t len = strcspn(p, "\n");
        bool joins = !line.len || line.data[line.len - 1] == '(';
        text_printf(&line, "%s%.*s", joins || !len ? "" : " ", (int)len, p);
        p += len;
    }
    size_t name = 0;
    while (isalnum((unsigned char)line.data[name]) || line.data[name] == '_')
        name++;
    const char *end = strchr(line.data, ';');
    bool loops = strncmp(line.data, "for (", 5) == 0;
    return line.data[name] == '(' && !loops && end && !end[1] ? line.data
                                                               : NULL;
}

/* `ALONE call(..);` needs no braces, as `SHARED for (..)` has none. */
static void end_alone(Emit *e)
{
    CText *t = &e->body;
    const char *call = only_call(e);
    if (!call) {
        put(t, "}");
        return;
    }
    t->text.len = e->alone;
    t->text.data[e->alone] = 0;
    t->indent--;
    put(t, "ALONE\n%s", call);
}

void emit_step_begin(Emit *e, const Node *n)
{
    if (!e->together || (n && plan_is_whole(n)))
        return;
    Step s = {n, STEP_ALONE};
    if (n && emit_parts(e, n) > 1)
        s.how = STEP_IN_PARTS;
    else if (n && n->place.kind == PLACE_LOCAL)
        s.how = STEP_BY_ALL;
    if (has_to_wait(e, &s)) {
        if (s.how == STEP_ALONE && n && saves_barrier(e, n)) {
            s.how = STEP_IN_PARTS;
            e->in_parts = n;
        } else {
            emit_wait(e);
        }
    }
    array_push(e->arena, &e->pending, s);
    e->has_parts = false;
    if (s.how == STEP_ALONE) {
        e->alone = e->body.text.len;
        put(&e->body, "ALONE {");
    }
}

void emit_step_end(Emit *e, const Node *n)
{
    if (!e->together || (n && plan_is_whole(n)))
        return;
    Step s = e->pending.data[e->pending.len - 1];
    if (s.how == STEP_ALONE)
        end_alone(e);
    if (e->has_parts != (s.how == STEP_IN_PARTS))
        internal_error("%%%s is not shared as it should be", n ? n->name : "");
    e->in_parts = NULL;
}
