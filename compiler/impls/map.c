/* map: one loop nest over any element-wise work.
 *
 * Neighbouring axes are one loop where every input has both or neither, so
 * that most maps are a single loop. An input that does not change along the
 * innermost loop is read before it.
 */
#include "../cgen_impl.h"
#include "../lowering.h"

#include <string.h>

static const char *const index_names[] = {"i", "j", "k", "q",
                                          "r", "u", "v", "i8"};

typedef struct Nest {
    Emit *e;
    const Node *n;
    MapWork work;
    int groups, axes[MAX_RANK], first[MAX_RANK];
    const char **texts; /* of $0 (unused), $1, ... */
    ElemType *types;
} Nest;

static bool is_one(Dim d)
{
    return dim_equal(d, dim_const(1));
}

/* May axis a be in one loop with axes from .. a-1? */
static bool merges(const Nest *s, int from, int a)
{
    const Type *t = &s->n->type;
    Dim count = dim_const(1);
    int last = -1;
    for (int i = from; i < a; i++)
        if (!is_one(t->dim[i]))
            last = i;
    for (int i = from; i <= a; i++)
        if (!dim_mul(count, t->dim[i], &count))
            return false;
    if (last < 0 || is_one(t->dim[a]))
        return true;
    for (int k = 0; k < s->work.count; k++)
        if ((s->work.masks[k] >> a & 1) != (s->work.masks[k] >> last & 1))
            return false;
    return true;
}

static void find_groups(Nest *s)
{
    for (int a = 0; a < s->n->type.rank; a++) {
        if (s->groups > 0 && merges(s, s->first[s->groups - 1], a)) {
            s->axes[s->groups - 1]++;
            continue;
        }
        s->first[s->groups] = a;
        s->axes[s->groups++] = 1;
    }
    Dim all;
    if (s->groups == 1 && type_count(&s->n->type, &all) && is_one(all))
        s->groups = 0;
}

/* The innermost loop along which input k changes, -1: none. */
static int level_of(const Nest *s, int k)
{
    for (int g = s->groups - 1; g >= 0; g--)
        for (int a = s->first[g]; a < s->first[g] + s->axes[g]; a++)
            if ((s->work.masks[k] >> a & 1) && !is_one(s->n->type.dim[a]))
                return g;
    return -1;
}

static const char *element(const Nest *s, int k)
{
    const Node *x = s->work.in[k];
    if (x->type.rank == 0)
        return emit_ref(s->e, x);
    const char *index = s->groups == 0
                            ? "0"
                            : expr_index(s->e, &s->n->type, s->work.masks[k],
                                         index_names, s->axes, s->groups);
    return arena_printf(s->e->arena, "%s[%s]", emit_pointer(s->e, x), index);
}

/* Reads the inputs that do not change along loops deeper than `level`. */
static void hoist(Nest *s, int level)
{
    for (int k = 0; k < s->work.count; k++) {
        const Node *x = s->work.in[k];
        double v;
        if (level_of(s, k) != level)
            continue;
        s->types[k + 1] = x->type.elem;
        s->texts[k + 1] = element(s, k);
        if (level == s->groups - 1 || node_is_const(x, &v) ||
            scalar_uses(s->work.expr, k + 1) == 0 ||
            map_has(s->e->scalars, x->name))
            continue;
        const char *name = emit_local(
            s->e, arena_printf(s->e->arena, "%s_%s",
                               node_is_inline(x) ? x->global->name : x->name,
                               level < 0 ? "0" : index_names[level]));
        put(&s->e->body, "const %s %s = %s;", c_elem(x->type.elem), name,
            s->texts[k + 1]);
        s->texts[k + 1] = name;
    }
}

static void put_element(Nest *s)
{
    Emit *e = s->e;
    const Type *t = &s->n->type;
    const char *value = expr_c(e, s->work.expr, s->texts, s->types, &e->body);
    const char *cast = t->elem == ELEM_BOOL ? "(uint8_t)(" : "";
    const char *index = expr_index(e, t, ~0u, index_names, s->axes, s->groups);
    if (s->groups == 0)
        index = "0";
    if (t->rank == 0)
        emit_scalar(e, s->n, value);
    else
        put(&e->body, "%s[%s] = %s%s%s;", emit_pointer(e, s->n), index, cast,
            value, *cast ? ")" : "");
}

static bool is_copy(const Nest *s)
{
    return s->work.expr->op == SC_ARG && s->groups == 1 &&
           level_of(s, s->work.expr->arg - 1) == 0 &&
           s->work.in[s->work.expr->arg - 1]->type.elem == s->n->type.elem;
}

/* The part of a copy that a thread does. */
static void put_copy_part(const Nest *s, int parts)
{
    Emit *e = s->e;
    const char *size = expr_count(e, &s->n->type, 0, s->n->type.rank);
    emit_parts_begin(e, parts);
    put(&e->body, "const int from = %s;",
        expr_bare(e->arena, emit_part(e, "part", size, MAP_STEP, parts)));
    put(&e->body, "const int end = %s;",
        expr_bare(e->arena, emit_part(e, "(part + 1)", size, MAP_STEP, parts)));
    put(&e->body,
        "memcpy(%s + from, %s + from, (size_t)(end - from) * sizeof(%s));",
        emit_pointer(e, s->n),
        emit_pointer(e, s->work.in[s->work.expr->arg - 1]),
        c_elem(s->n->type.elem));
    emit_parts_end(e, parts);
}

/* The same elements in the same order: memcpy. */
static void put_copy(const Nest *s)
{
    Emit *e = s->e;
    const Type *t = &s->n->type;
    int parts = emit_parts(e, s->n);
    if (parts > 1) {
        put_copy_part(s, parts);
        return;
    }
    Dim count;
    bool fixed = type_count(t, &count) && dim_is_const(count);
    put(&e->body, fixed ? "memcpy(%s, %s, %s * sizeof(%s));"
                        : "memcpy(%s, %s, (size_t)(%s) * sizeof(%s));",
        emit_pointer(e, s->n),
        emit_pointer(e, s->work.in[s->work.expr->arg - 1]),
        expr_count(e, t, 0, t->rank), c_elem(t->elem));
}

/* Are vectors worth their while? */
static bool is_long(const Nest *s, int g)
{
    Dim count = dim_const(1);
    for (int a = s->first[g]; a < s->first[g] + s->axes[g]; a++)
        if (!dim_mul(count, s->n->type.dim[a], &count))
            return true;
    return count.k > 0 || count.c >= 16;
}

/* The head of loop g. Threads share the outermost in whole lines of the
 * cache, so that the same elements are done as vectors for any number. */
static void put_loop(Nest *s, int g, int parts)
{
    Emit *e = s->e;
    const char *i = index_names[g], *from = "0";
    const char *to = expr_count(e, &s->n->type, s->first[g],
                                s->first[g] + s->axes[g]);
    if (g == 0 && parts > 1) {
        int step = s->groups == 1 ? MAP_STEP : 1;
        const char *end = emit_local(e, "end");
        from = emit_part(e, "part", to, step, parts);
        put(&e->body, "const int %s = %s;", end,
            expr_bare(e->arena, emit_part(e, "(part + 1)", to, step, parts)));
        to = end;
    }
    if (g == s->groups - 1 && is_long(s, g))
        put(&e->body, "INDEPENDENT");
    put(&e->body, "for (int %s = %s; %s < %s; %s++) {", i, from, i, to, i);
}

static void put_nest(Nest *s)
{
    Emit *e = s->e;
    int parts = s->groups > 0 ? emit_parts(e, s->n) : 1;
    hoist(s, -1);
    emit_parts_begin(e, parts);
    for (int g = 0; g < s->groups; g++) {
        put_loop(s, g, parts);
        hoist(s, g);
    }
    put_element(s);
    for (int g = 0; g < s->groups; g++)
        put(&e->body, "}");
    emit_parts_end(e, parts);
}

static void lower(Emit *e, const Node *n)
{
    Nest s = {.e = e, .n = n, .work = map_work(e->arena, n)};
    s.texts = ARENA_ARRAY(e->arena, const char *, s.work.count + 1);
    s.types = ARENA_ARRAY(e->arena, ElemType, s.work.count + 1);
    find_groups(&s);
    if (is_copy(&s))
        put_copy(&s);
    else
        put_nest(&s);
}

static Cost cost(const Node *n, const Target *t)
{
    double per_element = 1;
    if (n->fused.expr)
        per_element = scalar_operations(n->fused.expr);
    else if (!op_is_elementwise(n->op))
        per_element = 0;
    return lowering_cost(n, t, per_element * lowering_elements(&n->type), 0.2,
                         0);
}

/* All elements are one loop. */
static int64_t share(const Node *n, const Target *t, int64_t *step)
{
    (void)t;
    Arena *a = arena_new();
    Nest s = {.n = n, .work = map_work(a, n)};
    find_groups(&s);
    arena_free(a);
    Dim count;
    *step = MAP_STEP;
    return s.groups == 1 && type_count(&n->type, &count) && dim_is_const(count)
               ? count.c
               : 0;
}

const Impl impl_map = {
    .name = "loop",
    .doc = "one loop nest, neighbouring axes merged",
    .cost = cost,
    .lower = lower,
    .split = split_outer,
    .share = share,
};
