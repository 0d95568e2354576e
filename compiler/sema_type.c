/* Types as the program writes them, and arguments against them. */
#include "sema_impl.h"
#include <ctype.h>
#include <string.h>

static bool eval_scalar_type(Sema *s, const TypeExpr *t, Type *out)
{
    *out = type_scalar(s->module->real);
    if (strcmp(t->scalar, "f32") == 0)
        out->elem = ELEM_F32;
    else if (strcmp(t->scalar, "f64") == 0)
        out->elem = ELEM_F64;
    else if (strcmp(t->scalar, "bool") == 0)
        out->elem = ELEM_BOOL;
    else if (strcmp(t->scalar, "int") == 0)
        out->elem = ELEM_I32;
    if (!t->bound)
        return true;
    if (!eval_const_int(s, t->bound, &out->bound))
        return false;
    if (out->bound < 1 || out->bound > INT32_MAX) {
        diag_error(s->diag, t->bound->range, DL2013,
                   "int<V> needs V between 1 and 2147483647, got %lld",
                   (long long)out->bound);
        return false;
    }
    return true;
}

static bool add_size(Sema *s, Type *out, Dim d, Range r)
{
    if (out->rank == MAX_RANK) {
        diag_error(s->diag, place(s, r), DL2013, "at most %d axes", MAX_RANK);
        return false;
    }
    if (d.k == 0 && d.c < 1) {
        diag_error(s->diag, place(s, r), DL2013,
                   "a size must be at least 1, got %lld", (long long)d.c);
        return false;
    }
    if (d.k != 0 && out->rank != 0) {
        diag_error(s->diag, place(s, r), DL2014,
                   "the run-time size '%s' can only be the first axis",
                   s->module->dim);
        return false;
    }
    out->dim[out->rank++] = d;
    return true;
}

/* A list in a shape stands for all its sizes. */
static bool add_sizes(Sema *s, Type *out, const Value *v, Range r)
{
    Dim d;
    if (v->kind == VALUE_LIST) {
        for (int i = 0; i < v->len; i++)
            if (!add_sizes(s, out, v->items[i], r))
                return false;
        return true;
    }
    return value_to_size(s, v, r, &d) && add_size(s, out, d, r);
}

static bool check_count(Sema *s, const Type *t, Range r)
{
    int64_t count = 1, n = s->module->bound > 0 ? s->module->bound : 1;
    for (int i = 0; i < t->rank; i++) {
        int64_t d = dim_at(t->dim[i], n);
        if (d > INT32_MAX / count) {
            diag_error(s->diag, place(s, r), DL2013,
                       "a tensor of more than 2^31-1 elements");
            return false;
        }
        count *= d;
    }
    return true;
}

bool eval_type(Sema *s, const TypeExpr *t, Type *out)
{
    if (!t->scalar) {
        diag_error(s->diag, t->range, DL2007, "a tuple type is not possible "
                                              "here");
        return false;
    }
    if (!eval_scalar_type(s, t, out))
        return false;
    for (int i = 0; i < t->sizes.len; i++) {
        const Size *z = &t->sizes.data[i];
        if (z->kind == SIZE_REST) {
            Scope *sc = s->scope;
            while (sc && !sc->has_rest)
                sc = sc->parent;
            if (!sc) {
                diag_error(s->diag, z->range, DL2011,
                           "'..' stands for no axes here");
                return false;
            }
            for (int k = 0; k < sc->rest_len; k++)
                if (!add_size(s, out, sc->rest[k], z->range))
                    return false;
            continue;
        }
        Value *v = eval(s, z->expr);
        const Expr *e = z->expr;
        if (!v && e->kind == EXPR_NAME && isupper((unsigned char)*e->name) &&
            !scope_find(s->scope, e->name))
            diag_help(s->diag, "declare it: dim %s <= 32; or const %s = 32;",
                      e->name, e->name);
        if (!v || !add_sizes(s, out, v, z->range))
            return false;
    }
    return check_count(s, out, t->range);
}

/* A size in a formal's type that is one free binder. */
static const char *free_binder(Scope *sc, const Stmt *decl, const Size *z)
{
    const Expr *e = z->expr;
    if (z->kind == SIZE_REST || e->kind != EXPR_NAME)
        return NULL;
    for (int i = 0; i < decl->binders.len; i++)
        if (strcmp(decl->binders.data[i].text, e->name) == 0 &&
            !map_has(sc->names, e->name))
            return e->name;
    return NULL;
}

static bool unify_size(Sema *s, Scope *sc, const Stmt *decl, const Size *z,
                       Dim got, bool *equal)
{
    const char *free = free_binder(sc, decl, z);
    if (free) {
        Ident id = {free, z->range};
        return scope_bind(s, sc, id, value_dim(s, got), false);
    }
    Scope *outer = s->scope;
    s->scope = sc;
    Dim want;
    bool ok = eval_size(s, z->expr, &want);
    s->scope = outer;
    if (ok && !dim_equal(want, got))
        *equal = false;
    return ok;
}

static const char *type_source(Sema *s, const TypeExpr *t)
{
    const Source *src = t->range.src;
    return arena_strndup(s->arena, src->text + t->range.begin,
                         (size_t)(t->range.end - t->range.begin));
}

/* The formal's type with the sizes that other arguments have given. */
static const char *wanted_type(Sema *s, Scope *sc, const TypeExpr *t)
{
    const char *source = type_source(s, t);
    Text out = {.arena = s->arena};
    if (!t->scalar || !t->has_sizes)
        return source;
    text_addn(&out, source, strcspn(source, "["));
    text_add(&out, "[");
    for (int i = 0; i < t->sizes.len; i++) {
        const Size *z = &t->sizes.data[i];
        bool rest = z->kind == SIZE_REST;
        text_add(&out, i && (!rest || !sc->has_rest || sc->rest_len) ? ", "
                                                                     : "");
        for (int k = 0; rest && sc->has_rest && k < sc->rest_len; k++)
            text_printf(&out, "%s%s", k ? ", " : "",
                        dim_text(s->arena, sc->rest[k], s->module->dim));
        const Binding *b = !rest && z->expr->kind == EXPR_NAME
                               ? map_get(sc->names, z->expr->name)
                               : NULL;
        if (rest && !sc->has_rest)
            text_add(&out, "..");
        else if (b)
            text_add(&out, user_value(s, b->value));
        else if (!rest)
            text_addn(&out, z->range.src->text + z->range.begin,
                      (size_t)(z->range.end - z->range.begin));
    }
    text_add(&out, "]");
    return out.data;
}

static void report_argument(Sema *s, Scope *sc, const Formal *f,
                            const Stmt *decl, const Type *got, Range r)
{
    diag_error(s->diag, place(s, r), DL2005, "%s: '%s' must be %s, got %s",
               decl->name.text, f->name.text, wanted_type(s, sc, f->type),
               user_type(s, got));
    if (f->type->scalar && strcmp(f->type->scalar, "int") == 0 &&
        elem_is_real(got->elem))
        diag_help(s->diag, "labels and indices are declared as int<V>: whole "
                           "numbers from 0 to V - 1");
    if (decl->range.src == s->user->source)
        diag_note(s->diag, f->type->range, "'%s' is declared here",
                  f->name.text);
}

static bool elem_fits(const TypeExpr *t, ElemType elem)
{
    if (strcmp(t->scalar, "int") == 0)
        return elem == ELEM_I32;
    if (strcmp(t->scalar, "bool") == 0)
        return elem == ELEM_BOOL;
    return elem_is_real(elem);
}

bool type_unify(Sema *s, Scope *sc, const Stmt *decl, const Formal *f,
                const Value *v, Range r)
{
    const TypeExpr *t = f->type;
    if (v->kind != VALUE_NODE)
        return true; /* a compile-time number: broadcast where it is used */
    const Type *got = &v->node->type;
    if (!t->scalar || !elem_fits(t, got->elem)) {
        report_argument(s, sc, f, decl, got, r);
        return false;
    }
    if (!t->has_sizes)
        return true; /* a scalar formal lifts to tensors */
    int rest = -1, n = t->sizes.len;
    for (int i = 0; i < n; i++)
        if (t->sizes.data[i].kind == SIZE_REST)
            rest = i;
    if (rest < 0 ? got->rank != n : got->rank < n - 1) {
        report_argument(s, sc, f, decl, got, r);
        return false;
    }
    bool equal = true;
    int at = 0;
    for (int i = 0; i < n; i++) {
        if (i != rest) {
            if (!unify_size(s, sc, decl, &t->sizes.data[i], got->dim[at++],
                            &equal))
                return false;
            continue;
        }
        if (sc->has_rest) {
            if (sc->rest_len != got->rank - (n - 1) ||
                memcmp(sc->rest, got->dim + at,
                       (size_t)sc->rest_len * sizeof(Dim)) != 0)
                equal = false;
        } else {
            sc->has_rest = true;
            sc->rest_len = got->rank - (n - 1);
            memcpy(sc->rest, got->dim + at,
                   (size_t)sc->rest_len * sizeof(Dim));
        }
        at += got->rank - (n - 1);
    }
    if (!equal)
        report_argument(s, sc, f, decl, got, r);
    return equal;
}

bool type_claim(Sema *s, const TypeExpr *t, const Type *got, Range r,
                const char *what)
{
    Type want;
    for (int i = 0; i < t->sizes.len; i++)
        if (t->sizes.data[i].kind == SIZE_REST)
            return true;
    if (!eval_type(s, t, &want))
        return false;
    bool same = want.elem == got->elem && type_same_shape(&want, got);
    if (!same) {
        diag_error(s->diag, t->range, DL2008, "%s is %s, not %s", what,
                   user_type(s, got), user_type(s, &want));
        diag_note(s->diag, r, "%s comes from here", user_type(s, got));
    }
    return same;
}
