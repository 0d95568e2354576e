/* Element-wise expressions and the indices of their arguments.
 *
 * A scalar tree may share subtrees; printed as one expression each would be
 * written, and computed, as often as it is used. They become constants of
 * their own instead: `const float t1 = ...;`.
 */
#include "cgen_impl.h"
#include "scalar_match.h"

#include <string.h>

/* ---- shared subtrees ---- */

typedef struct Unique {
    const Scalar *node; /* its operands are unique ones too */
    int a, b, c;        /* their numbers, -1: none */
    const Scalar *named; /* a is the number of this part of node */
    int uses;
    const char *name; /* of the constant it became */
    ElemType type;
} Unique;

typedef struct Sharing {
    Arena *arena;
    Map *by_address, *by_content;
    ARRAY_OF(Unique) list; /* operands before their users */
    int root;
} Sharing;

static int number_of(Sharing *s, const Scalar *x);

/* The argument of a shape that scalar_c prints as a call, x once: relu. */
static const Scalar *named(const Scalar *s)
{
    const Scalar *x = scalar_match_relu(s);
    if (!x)
        x = scalar_match_softplus(s);
    if (!x && s->op == SC_MUL && scalar_equal(s->a, s->b))
        x = s->a;
    return x;
}

static int intern(Sharing *s, const Scalar *x)
{
    Unique u = {.node = x, .a = -1, .b = -1, .c = -1,
                .named = named(x)};
    if (u.named) {
        u.a = number_of(s, u.named);
    } else {
        if (x->a)
            u.a = number_of(s, x->a);
        if (x->b)
            u.b = number_of(s, x->b);
        if (x->c)
            u.c = number_of(s, x->c);
    }
    uint64_t bits;
    memcpy(&bits, &x->value, sizeof bits);
    const char *key = arena_printf(s->arena, "%d %d %d %d %d %d %llx",
                                   (int)x->op, u.named != NULL, x->arg, u.a,
                                   u.b, u.c, (unsigned long long)bits);
    int *known = map_get(s->by_content, key);
    if (known)
        return *known;
    int *number = ARENA_NEW(s->arena, int);
    *number = s->list.len;
    array_push(s->arena, &s->list, u);
    map_set(s->by_content, key, number);
    return *number;
}

static int number_of(Sharing *s, const Scalar *x)
{
    const char *key = arena_printf(s->arena, "%p", (const void *)x);
    int *known = map_get(s->by_address, key);
    if (known)
        return *known;
    int *number = ARENA_NEW(s->arena, int);
    *number = intern(s, x);
    map_set(s->by_address, key, number);
    return *number;
}

static Sharing sharing_of(Arena *a, const Scalar *x)
{
    Sharing s = {.arena = a, .by_address = map_new(a),
                 .by_content = map_new(a)};
    s.root = number_of(&s, x);
    for (int i = 0; i < s.list.len; i++) {
        Unique *u = &s.list.data[i];
        if (u->a >= 0)
            s.list.data[u->a].uses++;
        if (u->b >= 0)
            s.list.data[u->b].uses++;
        if (u->c >= 0)
            s.list.data[u->c].uses++;
    }
    return s;
}

/* Worth a constant: used twice, and more than an argument or its sign. */
static bool is_shared(const Sharing *s, int i)
{
    const Unique *u = &s->list.data[i];
    if (u->uses < 2 || u->node->op == SC_ARG || u->node->op == SC_CONST)
        return false;
    if (u->node->op == SC_NEG || u->node->op == SC_REAL)
        return s->list.data[u->a].node->op != SC_ARG;
    return true;
}

bool expr_shares(Emit *e, const Scalar *x)
{
    Sharing s = sharing_of(e->arena, x);
    for (int i = 0; i < s.list.len; i++)
        if (is_shared(&s, i))
            return true;
    return false;
}

/* s with every `old` in it, as far as a named shape reaches, made `with`. */
static const Scalar *replace(Arena *a, const Scalar *s, const Scalar *old,
                             const Scalar *with)
{
    if (!s || s == old || scalar_equal(s, old))
        return s ? with : NULL;
    if (!s->a)
        return s;
    Scalar *x = ARENA_NEW(a, Scalar);
    *x = *s;
    x->a = replace(a, s->a, old, with);
    x->b = replace(a, s->b, old, with);
    x->c = replace(a, s->c, old, with);
    return x;
}

/* The tree of number i with the constants made so far as arguments. */
static const Scalar *rebuild(Sharing *s, int i, bool top, int first)
{
    const Unique *u = &s->list.data[i];
    if (u->name && !top)
        return scalar_arg(s->arena, first + i);
    if (u->a < 0)
        return u->node;
    if (u->named)
        return replace(s->arena, u->node, u->named,
                       rebuild(s, u->a, false, first));
    Scalar *x = ARENA_NEW(s->arena, Scalar);
    *x = *u->node;
    x->a = rebuild(s, u->a, false, first);
    if (u->b >= 0)
        x->b = rebuild(s, u->b, false, first);
    if (u->c >= 0)
        x->c = rebuild(s, u->c, false, first);
    return x;
}

const char *expr_c(Emit *e, const Scalar *x, const char *const *args,
                   const ElemType *types, CText *before)
{
    Arena *a = e->arena;
    Sharing s = sharing_of(a, x);
    int first = scalar_arg_count(x), count = first + s.list.len;
    const char **texts = ARENA_ARRAY(a, const char *, count);
    ElemType *elems = ARENA_ARRAY(a, ElemType, count);
    for (int k = 0; k < first; k++) {
        texts[k] = args[k];
        elems[k] = types[k];
    }
    ElemType real = e->module->real;
    bool own = e->options->pass->freestanding;
    int made = 0;
    for (int i = 0; i < s.list.len && before; i++) {
        if (!is_shared(&s, i) || i == s.root)
            continue;
        Unique *u = &s.list.data[i];
        const Scalar *tree = rebuild(&s, i, true, first);
        u->type = scalar_type(tree, elems, real);
        const char *text = scalar_c(a, tree, texts, elems, real, own);
        u->name = e->body.indent <= 1 && before == &e->body
                      ? c_unique(a, e->taken, "t_0")
                      : arena_printf(a, "t%d", ++made);
        texts[first + i] = u->name;
        elems[first + i] = u->type;
        put(before, u->type == ELEM_BOOL ? "const int %s = %s;"
                                         : "const %s %s = %s;",
            u->type == ELEM_BOOL ? u->name : c_elem(u->type),
            u->type == ELEM_BOOL ? text : u->name, text);
    }
    return scalar_c(a, rebuild(&s, s.root, true, first), texts, elems, real,
                    own);
}

/* ---- indices ---- */

/* Elements on axes [from, to) that are in the mask; false when n*n. */
static bool count_masked(const Type *t, uint32_t mask, int from, int to,
                         Dim *count)
{
    *count = dim_const(1);
    for (int i = from; i < to; i++)
        if (mask >> i & 1 && !dim_mul(*count, t->dim[i], count))
            return false;
    return true;
}

const char *expr_bare(Arena *a, const char *text)
{
    size_t len = strlen(text);
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0 && i + 1 < len)
            return text;
    }
    return *text == '(' ? arena_strndup(a, text + 1, len - 2) : text;
}

const char *expr_count(Emit *e, const Type *t, int from, int to)
{
    Dim count;
    if (count_masked(t, ~0u, from, to, &count))
        return expr_bare(e->arena, emit_dim(e, count));
    const char *text = emit_dim(e, t->dim[from]);
    for (int i = from + 1; i < to; i++)
        text = arena_printf(e->arena, "%s * %s", text,
                            emit_dim(e, t->dim[i]));
    return text;
}

static bool is_one(Dim d)
{
    return d.k == 0 && d.c == 1;
}

static bool is_plain(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                             "WXYZ_0123456789")] == 0;
}

static const char *in_parens(Arena *a, const char *text)
{
    return is_plain(text) ? text : arena_printf(a, "(%s)", text);
}

/* The number, in order, of the axes [from, to) of group [low, high) whose
 * index is `index`: index / inner % own. */
static const char *part_index(Emit *e, const Type *t, const char *index,
                              int low, int high, int from, int to)
{
    Dim inner, own;
    if (!count_masked(t, ~0u, to, high, &inner) ||
        !count_masked(t, ~0u, from, to, &own))
        internal_error("an index over n*n elements");
    const char *text = index;
    if (!is_one(inner))
        text = arena_printf(e->arena, "%s / %s", in_parens(e->arena, text),
                            emit_dim(e, inner));
    if (from > low)
        text = arena_printf(e->arena, "%s %% %s",
                            is_one(inner) ? in_parens(e->arena, text) : text,
                            emit_dim(e, own));
    return text;
}

/* Adds `text * stride` to a sum of such terms. */
static const char *add_term(Emit *e, const char *sum, const char *text,
                            Dim stride)
{
    Arena *a = e->arena;
    if (strcmp(text, "0") == 0)
        return sum;
    if (!is_one(stride))
        text = arena_printf(a, "%s * %s", in_parens(a, text),
                            emit_dim(e, stride));
    return sum ? arena_printf(a, "%s + %s", sum, text) : text;
}

/* Axes of size 1 count as neighbours of both sides: their index is 0. */
static bool in_mask(const Type *t, uint32_t mask, int axis)
{
    return (mask >> axis & 1) && !is_one(t->dim[axis]);
}

const char *expr_index(Emit *e, const Type *t, uint32_t mask,
                       const char *const *index, const int *axes, int groups)
{
    const char *sum = NULL;
    int low = 0;
    for (int g = 0; g < groups; g++) {
        int high = low + axes[g];
        for (int from = low; from < high;) {
            if (!in_mask(t, mask, from)) {
                from++;
                continue;
            }
            int to = from + 1;
            while (to < high && (in_mask(t, mask, to) || is_one(t->dim[to])))
                to++;
            Dim stride;
            if (!count_masked(t, mask, to, t->rank, &stride))
                internal_error("a stride of n*n elements");
            bool outer = true;
            for (int i = low; i < from; i++)
                outer &= is_one(t->dim[i]);
            const char *part = part_index(e, t, index[g], outer ? from : low,
                                          high, from, to);
            sum = add_term(e, sum, part, stride);
            from = to;
        }
        low = high;
    }
    return sum ? sum : "0";
}

/* ---- maps ---- */

/* The axes of n's value that operand x of an element-wise operator has: the
 * trailing ones. */
static uint32_t trailing(const Node *n, const Node *x)
{
    uint32_t all = (1u << n->type.rank) - 1;
    int skip = n->type.rank - (x->type.rank < 0 ? 0 : x->type.rank);
    return all & ~((1u << skip) - 1);
}

MapWork map_work(Arena *a, const Node *n)
{
    MapWork w = {.expr = n->fused.expr, .in = n->in + n->fused.own,
                 .masks = n->fused.masks, .count = n->nin - n->fused.own};
    if (strcmp(op_name(n->op), "broadcast") == 0) {
        uint32_t *mask = ARENA_NEW(a, uint32_t);
        for (int i = 0; i < n->in[0]->type.rank; i++)
            *mask |= 1u << attr_list(n, "axes", i);
        return (MapWork){scalar_arg(a, 1), n->in, mask, 1};
    }
    if (!op_is_elementwise(n->op))
        return w;
    /* An operator as it was: its tree counts arguments from 0. */
    const Scalar **with = ARENA_ARRAY(a, const Scalar *, n->nin);
    uint32_t *masks = ARENA_ARRAY(a, uint32_t, n->nin);
    for (int i = 0; i < n->nin; i++) {
        with[i] = scalar_arg(a, i + 1);
        masks[i] = trailing(n, n->in[i]);
    }
    w.expr = scalar_substitute(a, n->op->expr(a), with, n->nin);
    w.in = n->in;
    w.masks = masks;
    w.count = n->nin;
    return w;
}
