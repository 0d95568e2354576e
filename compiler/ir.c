/* Modules, functions, nodes: making them and walking them. */
#include "op.h"
#include "op_list.h"
#include <string.h>

Module *module_new(Arena *a, Diag *d, const char *name)
{
    Module *m = ARENA_NEW(a, Module);
    m->arena = a;
    m->diag = d;
    m->name = arena_strdup(a, name);
    return m;
}

Func *module_func(const Module *m, const char *name)
{
    for (int i = 0; i < m->funcs.len; i++)
        if (strcmp(m->funcs.data[i]->name, name) == 0)
            return m->funcs.data[i];
    return NULL;
}

Global *module_global(const Module *m, const char *name)
{
    for (int i = 0; i < m->globals.len; i++)
        if (strcmp(m->globals.data[i]->name, name) == 0)
            return m->globals.data[i];
    return NULL;
}

Global *global_new(Module *m, GlobalKind kind, const char *name, Type type)
{
    Global *g = ARENA_NEW(m->arena, Global);
    g->kind = kind;
    g->name = arena_strdup(m->arena, name);
    g->type = type;
    g->lr_mult = 1;
    array_push(m->arena, &m->globals, g);
    return g;
}

Func *func_new(Module *m, FuncKind kind, const char *name)
{
    Func *f = ARENA_NEW(m->arena, Func);
    f->module = m;
    f->kind = kind;
    f->name = arena_strdup(m->arena, name);
    f->names = map_new(m->arena);
    array_push(m->arena, &m->funcs, f);
    return f;
}

/* Func.names holds, for each name, the last number tried behind it. */
const char *func_name(Func *f, const char *hint)
{
    Arena *a = f->module->arena;
    int *last = map_get(f->names, hint);
    if (!last) {
        last = ARENA_NEW(a, int);
        *last = 1;
        map_set(f->names, hint, last);
        return arena_strdup(a, hint);
    }
    const char *name;
    do {
        name = arena_printf(a, "%s.%d", hint, ++*last);
    } while (map_has(f->names, name));
    int *one = ARENA_NEW(a, int);
    *one = 1;
    map_set(f->names, name, one);
    return name;
}

void node_rename(Func *f, Node *n, const char *name)
{
    if (strcmp(n->name, name) != 0)
        n->name = func_name(f, name);
}

Builder builder_new(Func *f)
{
    return (Builder){.module = f->module, .func = f, .body = &f->nodes};
}

static Node *blank(Arena *a, const OpDef *op, const char *name, Type type)
{
    Node *n = ARENA_NEW(a, Node);
    n->op = op;
    n->name = name;
    n->type = n->raw = type;
    n->scratch = -1;
    return n;
}

static Node **copy_operands(Arena *a, Node *const *in, int nin)
{
    Node **list = ARENA_ARRAY(a, Node *, nin);
    for (int i = 0; i < nin; i++)
        list[i] = in[i];
    return list;
}

/* In the signature's order, without those that say what is the default. */
static void set_attrs(Arena *a, Node *n, const Attrs *attrs)
{
    const OpSig *sig = op_sig(n->op);
    if (!attrs || attrs->items.len == 0)
        return;
    Attr *list = ARENA_ARRAY(a, Attr, attrs->items.len);
    for (int k = -1; k < sig->nattr; k++)
        for (int i = 0; i < attrs->items.len; i++) {
            const Attr *attr = &attrs->items.data[i];
            int at = 0;
            while (at < sig->nattr && strcmp(sig->attr[at].name, attr->name))
                at++;
            /* Unknown ones first: op_infer complains about them. */
            if ((at == sig->nattr) != (k < 0) || (k >= 0 && at != k))
                continue;
            if (k < 0 || !attr_is_default(attr, sig->attr[k].fallback))
                list[n->nattr++] = *attr;
        }
    n->attrs = list;
}

Node *node_blank(Arena *a, const OpDef *op, Node *const *in, int nin,
                 const Attrs *attrs)
{
    Node *n = blank(a, op, NULL, (Type){.elem = ELEM_F32});
    n->in = copy_operands(a, in, nin);
    n->nin = nin;
    set_attrs(a, n, attrs);
    return n;
}

/* HINT.OP; but what adds for the sake of h.add, or of h.add.2, is the next of
 * these names, not h.add.add. */
static const char *name_for(Builder *b, const OpDef *op)
{
    const char *name = op_name(op), *hint = b->hint;
    if (!hint)
        return func_name(b->func, name);
    size_t len = strlen(hint), most = strlen(name);
    while (len > 0 && hint[len - 1] >= '0' && hint[len - 1] <= '9')
        len--;
    if (len == strlen(hint) || len == 0 || hint[--len] != '.')
        len = strlen(hint);
    if (len > most && hint[len - most - 1] == '.' &&
        strncmp(hint + len - most, name, most) == 0)
        name = arena_strndup(b->module->arena, hint, len);
    else
        name = arena_printf(b->module->arena, "%s.%s", hint, name);
    return func_name(b->func, name);
}

Node *node_try(Builder *b, const OpDef *op, Node *const *in, int nin,
               const Attrs *attrs, const char **error)
{
    Module *m = b->module;
    Node *n = node_blank(m->arena, op, in, nin, attrs);
    n->type.elem = m->real;
    n->loc = b->loc;
    *error = op_infer_for(m->arena, n, m->dim);
    if (!*error) {
        const char *why =
            type_check(m->arena, &n->type, m->bound ? m->bound : 1);
        if (why)
            *error =
                arena_printf(m->arena, "'%s' cannot make %s: %s", op_name(op),
                             type_user_text(m->arena, &n->type, m->dim), why);
    }
    if (*error)
        return NULL;
    n->raw = n->type;
    n->name = name_for(b, op);
    array_push(m->arena, b->body, n);
    return n;
}

Node *node_new(Builder *b, const OpDef *op, Node *const *in, int nin,
               const Attrs *attrs)
{
    const char *error;
    Node *n = node_try(b, op, in, nin, attrs, &error);
    if (!n)
        internal_error("%s (for %%%s in @%s)", error,
                       b->hint ? b->hint : op_name(op), b->func->name);
    return n;
}

Node *node_copy(Builder *b, const Node *n, Node *const *in)
{
    Arena *a = b->module->arena;
    Node *c = ARENA_NEW(a, Node);
    *c = *n;
    c->name = name_for(b, n->op);
    c->in = copy_operands(a, in, n->nin);
    c->region = NULL;
    c->mark = 0;
    c->repl = NULL;
    c->place = (Place){0};
    c->scratch = -1;
    array_push(a, b->body, c);
    return c;
}

Node *node_const(Builder *b, ElemType elem, double value)
{
    Arena *a = b->module->arena;
    Attrs at = attrs_new(a);
    if (elem_is_real(elem))
        attrs_real(&at, "value", value);
    else
        attrs_int(&at, "value", (int64_t)value);
    Node *n = blank(a, &op_const, double_text(a, value), type_scalar(elem));
    n->attrs = at.items.data;
    n->nattr = 1;
    n->loc = b->loc;
    return n;
}

/* The cache shares Func.names: no node's name begins with '@'. */
Node *node_param(Builder *b, Global *g)
{
    Arena *a = b->module->arena;
    const char *key = arena_printf(a, "@%s", g->name);
    Node *n = map_get(b->func->names, key);
    if (n && n->global == g)
        return n;
    n = blank(a, &op_param, g->name, g->type);
    n->global = g;
    n->loc = g->loc;
    map_set(b->func->names, key, n);
    return n;
}

bool node_is_inline(const Node *n)
{
    return n->op == &op_param || (n->op == &op_const && n->type.rank == 0);
}

bool node_is_const(const Node *n, double *value)
{
    if (n->op != &op_const || n->type.rank != 0)
        return false;
    *value = attr_real(n, "value");
    return true;
}

Node *func_input(Func *f, const char *name, Type type)
{
    Arena *a = f->module->arena;
    Node *n = blank(a, &op_input, func_name(f, name), type);
    array_push(a, &f->inputs, n);
    return n;
}

Node *region_arg(Func *f, Region *r, const char *name, Type type)
{
    Arena *a = f->module->arena;
    Node *n = blank(a, &op_arg, func_name(f, name), type);
    array_push(a, &r->args, n);
    return n;
}

void func_result(Func *f, ResultKind kind, const char *name, Node *value)
{
    Arena *a = f->module->arena;
    Result r = {kind, arena_strdup(a, name), value};
    array_push(a, &f->results, r);
}

void func_store(Func *f, Global *g, Node *value)
{
    Store s = {g, value};
    array_push(f->module->arena, &f->stores, s);
}
