/* Names, scopes and values of the language. */
#include "sema_impl.h"
#include <string.h>

Range place(const Sema *s, Range r)
{
    return r.src == s->user->source ? r : s->b.loc;
}

void note_origin(Sema *s, const Node *n, Range r)
{
    Range at = place(s, r);
    bool there = n->loc.begin == at.begin && n->loc.end == at.end;
    if (n->loc.src == s->user->source && !there)
        diag_note(s->diag, n->loc, "%s comes from here",
                  user_type(s, &n->type));
}

Scope *scope_new(Sema *s, Scope *parent, const char *path)
{
    Scope *sc = ARENA_NEW(s->arena, Scope);
    sc->parent = parent;
    sc->names = map_new(s->arena);
    sc->path = path;
    sc->in_loop = parent && parent->in_loop;
    return sc;
}

bool scope_bind(Sema *s, Scope *sc, Ident name, Value *v, bool warn)
{
    const Binding *old = map_get(sc->names, name.text);
    if (old && !(old->library && sc == s->file)) {
        diag_error(s->diag, name.range, DL2003, "'%s' is already defined",
                   name.text);
        diag_note(s->diag, old->range, "the first definition is here");
        return false;
    }
    Binding *b = ARENA_NEW(s->arena, Binding);
    b->value = v;
    b->range = name.range;
    b->warn = warn;
    map_set(sc->names, name.text, b);
    return true;
}

Binding *scope_find(Scope *sc, const char *name)
{
    for (; sc; sc = sc->parent) {
        Binding *b = map_get(sc->names, name);
        if (b)
            return b;
    }
    return NULL;
}

void scope_warn_unused(Sema *s, const Scope *sc)
{
    for (int i = 0; i < map_len(sc->names); i++) {
        const Binding *b = map_value(sc->names, i);
        if (b->warn && !b->used)
            diag_warning(s->diag, b->range, DL2010, "'%s' is never used",
                         map_key(sc->names, i));
    }
}

static void collect(StringArray *out, Arena *a, const Map *m)
{
    for (int i = 0; i < map_len(m); i++)
        array_push(a, out, map_key(m, i));
}

void report_unknown(Sema *s, Range r, const char *name)
{
    if (library_is_planned(name)) {
        diag_unsupported(s->diag, r, "'%s'", name);
        return;
    }
    StringArray all = {0};
    for (Scope *sc = s->scope; sc; sc = sc->parent)
        collect(&all, s->arena, sc->names);
    for (int i = 0; i < builtin_count; i++)
        array_push(s->arena, &all, builtin_table[i].name);
    word_symbols(s->arena, &all);
    diag_error(s->diag, r, DL2001, "unknown name '%s'", name);
    const char *near = diag_suggest(name, all.data, all.len);
    if (near)
        diag_help(s->diag, "did you mean '%s'?", near);
}

const char *list_text(Arena *a, const StringArray *names)
{
    Text t = {.arena = a};
    text_add(&t, "");
    for (int i = 0; i < names->len; i++)
        text_printf(&t, "%s%s", i ? ", " : "", names->data[i]);
    return t.data;
}

const char *user_type(Sema *s, const Type *t)
{
    Text out = {.arena = s->arena};
    if (elem_is_real(t->elem))
        text_add(&out, t->elem == s->module->real ? "real"
                                                  : elem_name(t->elem));
    else if (t->elem == ELEM_BOOL)
        text_add(&out, "bool");
    else if (t->bound > 0)
        text_printf(&out, "int<%lld>", (long long)t->bound);
    else
        text_add(&out, "int");
    for (int i = 0; i < t->rank; i++)
        text_printf(&out, "%s%s", i ? ", " : "[",
                    dim_text(s->arena, t->dim[i],
                             s->module->dim ? s->module->dim : "N"));
    if (t->rank > 0)
        text_add(&out, "]");
    return out.data;
}

const char *user_value(Sema *s, const Value *v)
{
    switch (v->kind) {
    case VALUE_NODE:
        return user_type(s, &v->node->type);
    case VALUE_INT:
        return arena_printf(s->arena, "%lld", (long long)v->i);
    case VALUE_REAL: {
        const char *text = double_text(s->arena, v->r);
        return text[strspn(text, "-0123456789")]
                   ? text
                   : arena_printf(s->arena, "%s.0", text);
    }
    case VALUE_BOOL:
        return v->i ? "true" : "false";
    case VALUE_DIM:
        return dim_text(s->arena, v->dim, s->module->dim);
    case VALUE_STRING:
        return "a string";
    case VALUE_SYMBOL:
        return arena_printf(s->arena, "the word '%s'", v->text);
    case VALUE_LIST:
        return "a list";
    case VALUE_TUPLE:
        return "a tuple";
    case VALUE_FN:
        return arena_printf(s->arena, "the function '%s'", v->decl->name.text);
    case VALUE_LAYER:
        return arena_printf(s->arena, "the layer '%s'", v->decl->name.text);
    case VALUE_INSTANCE:
        return arena_printf(s->arena, "an instance of the layer '%s'",
                            v->instance->decl->name.text);
    case VALUE_BUILTIN:
        return arena_printf(s->arena, "the function '%s'", v->builtin->name);
    case VALUE_PATH:
        return arena_printf(s->arena, "the instance '%s'", v->text);
    case VALUE_ALL:
        return "all parameters";
    case VALUE_OPS:
        return "the operators";
    }
    return "a value";
}

Value *value_new(Sema *s, ValueKind kind)
{
    Value *v = ARENA_NEW(s->arena, Value);
    v->kind = kind;
    return v;
}

Value *value_node(Sema *s, Node *n)
{
    if (!n)
        return NULL;
    Value *v = value_new(s, VALUE_NODE);
    v->node = n;
    return v;
}

Value *value_int(Sema *s, int64_t i)
{
    Value *v = value_new(s, VALUE_INT);
    v->i = i;
    return v;
}

Value *value_real(Sema *s, double r)
{
    Value *v = value_new(s, VALUE_REAL);
    v->r = r;
    return v;
}

Value *value_bool(Sema *s, bool b)
{
    Value *v = value_new(s, VALUE_BOOL);
    v->i = b;
    return v;
}

Value *value_dim(Sema *s, Dim d)
{
    if (dim_is_const(d))
        return value_int(s, d.c);
    Value *v = value_new(s, VALUE_DIM);
    v->dim = d;
    return v;
}

Value *value_list(Sema *s, Value **items, int len)
{
    Value *v = value_new(s, VALUE_LIST);
    v->items = items;
    v->len = len;
    return v;
}

bool value_is_number(const Value *v, double *x)
{
    if (v->kind == VALUE_INT || v->kind == VALUE_BOOL)
        *x = (double)v->i;
    else if (v->kind == VALUE_REAL)
        *x = v->r;
    else
        return false;
    return true;
}

/* The run-time size as a real scalar: the extent of an input's axis 0. */
static Node *size_node(Sema *s, Dim d, Range r)
{
    for (int i = 0; i < s->b.func->inputs.len; i++) {
        Node *in = s->b.func->inputs.data[i];
        if (in->type.rank == 0 || in->type.dim[0].k != 1 || in->type.dim[0].c)
            continue;
        int64_t axis = 0;
        Attrs at = attrs_new(s->arena);
        attrs_list(&at, "axes", &axis, 1);
        Node *n = node_new(&s->b, op_find("extent"), &in, 1, &at);
        n = build2(&s->b, op_find("mul"), n, build_real(&s->b, (double)d.k));
        return build2(&s->b, op_find("add"), n,
                      build_real(&s->b, (double)d.c));
    }
    diag_error(s->diag, r, DL2014,
               "the run-time size has no value here: no input has it");
    return NULL;
}

Node *value_to_node(Sema *s, Value *v, ElemType elem, Range r)
{
    if (!v)
        return NULL;
    double x = 0;
    if (v->kind == VALUE_NODE)
        return v->node;
    if (v->kind == VALUE_BOOL)
        return node_const(&s->b, elem == ELEM_I32 ? ELEM_I32 : ELEM_BOOL,
                          (double)v->i);
    if (v->kind == VALUE_DIM)
        return size_node(s, v->dim, r);
    if (value_is_number(v, &x)) {
        ElemType t = elem == ELEM_BOOL ? s->module->real : elem;
        if (t == ELEM_I32 && v->kind == VALUE_REAL)
            t = s->module->real;
        return node_const(&s->b, t, x);
    }
    diag_error(s->diag, r, DL2007, "a tensor is needed here, not %s",
               user_value(s, v));
    return NULL;
}

Node *value_to_real(Sema *s, Value *v, Range r)
{
    Node *n = value_to_node(s, v, s->module->real, r);
    return n ? cast_real(s, n) : NULL;
}

bool value_to_size(Sema *s, const Value *v, Range r, Dim *out)
{
    if (v->kind == VALUE_INT) {
        *out = dim_const(v->i);
        return true;
    }
    if (v->kind == VALUE_DIM) {
        *out = v->dim;
        return true;
    }
    if (v->kind == VALUE_REAL) {
        diag_error(s->diag, r, DL2012, "a size must be an integer, not %s",
                   double_text(s->arena, v->r));
        diag_help(s->diag, "write floor(a / b) to round down");
        return false;
    }
    diag_error(s->diag, r, DL2011,
               "a size must be known when the program is compiled");
    return false;
}

bool eval_size(Sema *s, const Expr *e, Dim *out)
{
    Value *v = eval(s, e);
    return v && value_to_size(s, v, e->range, out);
}
