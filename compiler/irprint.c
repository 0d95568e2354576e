/* The IR as text: see docs/ir.md. irparse.c reads it back. */
#include "irtext.h"
#include "op_list.h"
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

const char *const irtext_stages[] = {"typed", "chosen", "planned", NULL};
const char *const irtext_elems[] = {"f32", "f64", "c128", "i32", "bool", NULL};
const char *const irtext_globals[] = {"param", "state", "memory", "optim",
                                      "weight", NULL};
const char *const irtext_funcs[] = {
    "plain", "init", "state", "memory",   "pack",   "infer",
    "eval",  "step", "gradient", "update", NULL};
const char *const irtext_results[] = {"output", "loss", "metric", "gradient",
                                      NULL};

int irtext_word(const char *const *words, const char *s, size_t len)
{
    for (int i = 0; words[i]; i++)
        if (strlen(words[i]) == len && strncmp(words[i], s, len) == 0)
            return i;
    return -1;
}

bool irtext_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

bool irtext_is_name(const char *s)
{
    if (!*s)
        return false;
    while (*s && irtext_name_char(*s))
        s++;
    return !*s;
}

bool irtext_is_word(const char *s)
{
    if (isdigit((unsigned char)*s) || !*s || !strcmp(s, "inf") ||
        !strcmp(s, "nan"))
        return false;
    while (isalnum((unsigned char)*s) || *s == '_')
        s++;
    return !*s;
}

typedef struct Printer {
    Text *t;
    const Module *m;
} Printer;

static const char *type_of_node(const Printer *p, const Type *t)
{
    return type_text(p->t->arena, t, p->m->dim);
}

/* Reals always have a point or an exponent, so that they read back as reals. */
static void print_real(Text *t, double v)
{
    if (isnan(v)) {
        text_add(t, "nan");
        return;
    }
    const char *s = double_text(t->arena, v);
    text_add(t, s);
    if (!isinf(v) && !strpbrk(s, ".e"))
        text_add(t, ".0");
}

static void print_operand(const Printer *p, const Node *n)
{
    double value;
    if (n->op == &op_param)
        text_printf(p->t, "@%s", n->global->name);
    else if (!node_is_const(n, &value))
        text_printf(p->t, "%%%s", n->name);
    else if (n->type.elem == ELEM_BOOL)
        text_add(p->t, value != 0 ? "true" : "false");
    else if (n->type.elem == ELEM_I32)
        text_printf(p->t, "%.0f", value);
    else
        print_real(p->t, value);
}

static void print_operands(const Printer *p, Node *const *list, int count)
{
    for (int i = 0; i < count; i++) {
        text_add(p->t, i ? ", " : " ");
        print_operand(p, list[i]);
    }
}

/* ---- attributes ---- */

static void print_string(Text *t, const char *s)
{
    text_add(t, "\"");
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            text_printf(t, "\\%c", c);
        else if (c < 32 || c == 127)
            text_printf(t, "\\x%02x", c);
        else
            text_addn(t, s, 1);
    }
    text_add(t, "\"");
}

static void print_list(const Printer *p, const Attr *a)
{
    text_add(p->t, "(");
    for (int i = 0; i < a->len; i++) {
        if (i)
            text_add(p->t, ", ");
        if (a->kind == ATTR_LIST)
            text_printf(p->t, "%" PRId64, a->list[i]);
        else if (a->kind == ATTR_DIMS)
            text_add(p->t, dim_text(p->t->arena, a->dims[i], p->m->dim));
        else
            print_real(p->t, a->values[i]);
    }
    text_add(p->t, ")");
}

static void print_attr(const Printer *p, const Attr *a)
{
    switch (a->kind) {
    case ATTR_INT:
        text_printf(p->t, "%" PRId64, a->i);
        break;
    case ATTR_REAL:
        print_real(p->t, a->r);
        break;
    case ATTR_SYM:
        if (irtext_is_word(a->sym))
            text_add(p->t, a->sym);
        else
            print_string(p->t, a->sym);
        break;
    default:
        print_list(p, a);
    }
}

static void print_fused(const Printer *p, const Node *n, const char **separator)
{
    const Fused *f = &n->fused;
    int extra = n->nin - f->own;
    text_printf(p->t, "%sfused = \"%s\"", *separator,
                scalar_text(p->t->arena, f->expr));
    *separator = ", ";
    if (f->own)
        text_printf(p->t, ", own = %d", f->own);
    if (extra > 0)
        text_add(p->t, ", masks = (");
    for (int i = 0; i < extra; i++)
        text_printf(p->t, "%s%" PRIu32, i ? ", " : "", f->masks[i]);
    if (extra > 0)
        text_add(p->t, ")");
    if (n->raw.elem != n->type.elem)
        text_printf(p->t, ", raw = %s", elem_name(n->raw.elem));
}

/* The operator's own; returns what separates more from them. */
static const char *print_own_attrs(const Printer *p, const Node *n)
{
    const OpSig *sig = op_sig(n->op);
    const char *separator = " {";
    for (int k = 0; k < sig->nattr; k++) {
        const Attr *a = node_attr(n, sig->attr[k].name);
        if (!a || attr_is_default(a, sig->attr[k].fallback))
            continue;
        text_printf(p->t, "%s%s = ", separator, a->name);
        print_attr(p, a);
        separator = ", ";
    }
    return separator;
}

static void print_attrs(const Printer *p, const Node *n)
{
    const char *separator = print_own_attrs(p, n);
    if (n->impl) {
        text_printf(p->t, "%simpl = %s", separator, n->impl->name);
        separator = ", ";
    }
    if (n->fused.expr)
        print_fused(p, n, &separator);
    if (*separator == ',')
        text_add(p->t, "}");
}

void ir_print_attrs(Text *out, const Module *m, const Node *n)
{
    Printer p = {.t = out, .m = m};
    if (*print_own_attrs(&p, n) == ',')
        text_add(out, "}");
}

/* ---- nodes ---- */

static void print_place(const Printer *p, const Node *n)
{
    const Place *at = &n->place;
    if (at->view_of) {
        text_add(p->t, " @ view ");
        print_operand(p, at->view_of);
        return;
    }
    switch (at->kind) {
    case PLACE_NONE:
        return;
    case PLACE_WORKSPACE:
        text_printf(p->t, " @ ws+%" PRId64, at->offset);
        return;
    case PLACE_INPUT:
        text_add(p->t, " @ input");
        return;
    case PLACE_OUTPUT:
        text_printf(p->t, " @ output %d", at->index);
        return;
    case PLACE_GLOBAL:
        text_printf(p->t, " @ global @%s", n->global ? n->global->name : "");
        return;
    case PLACE_DATA:
        text_printf(p->t, " @ data %d", at->index);
        return;
    case PLACE_LOCAL:
        text_add(p->t, " @ local");
        return;
    }
}

static void print_value(const Printer *p, const Node *n)
{
    text_printf(p->t, "%%%s: %s", n->name, type_of_node(p, &n->type));
    print_place(p, n);
}

/* The source line, unless it is a line of IR text itself. */
static void print_loc(const Printer *p, const Node *n)
{
    const char *path = n->loc.src ? n->loc.src->path : NULL;
    size_t len = path ? strlen(path) : 0;
    if (!path || (len >= 5 && strcmp(path + len - 5, ".dlir") == 0))
        return;
    const char *slash = strrchr(path, '/');
    text_printf(p->t, "  // %s:%d", slash ? slash + 1 : path,
                range_line(n->loc));
}

static void print_node(const Printer *p, const Node *n, int indent);

static void print_region(const Printer *p, const Region *r, int indent)
{
    text_add(p->t, " (");
    for (int i = 0; i < r->args.len; i++) {
        if (i)
            text_add(p->t, ", ");
        print_value(p, r->args.data[i]);
    }
    text_add(p->t, ") {\n");
    for (int i = 0; i < r->nodes.len; i++)
        print_node(p, r->nodes.data[i], indent + 2);
    text_printf(p->t, "%*syield", indent + 2, "");
    print_operands(p, r->results.data, r->results.len);
    text_printf(p->t, "\n%*s}", indent, "");
}

static void print_node(const Printer *p, const Node *n, int indent)
{
    text_printf(p->t, "%*s%%%s = %s", indent, "", n->name, op_name(n->op));
    print_operands(p, n->in, n->nin);
    print_attrs(p, n);
    if (n->region)
        print_region(p, n->region, indent);
    text_printf(p->t, " : %s", type_of_node(p, &n->type));
    print_place(p, n);
    if (n->scratch >= 0)
        text_printf(p->t, " scratch %" PRId64, n->scratch);
    print_loc(p, n);
    text_add(p->t, "\n");
}

void ir_print_node(Text *out, const Module *m, const Node *n)
{
    Printer p = {out, m};
    if (node_is_inline(n))
        print_operand(&p, n);
    else
        print_node(&p, n, 2);
}

/* ---- functions ---- */

static void print_result(const Printer *p, const Result *r)
{
    double value;
    text_printf(p->t, "%s ", irtext_results[r->kind]);
    print_operand(p, r->value);
    if (node_is_const(r->value, &value) || strcmp(r->name, r->value->name) != 0)
        text_printf(p->t, " as %s", r->name);
}

static void print_func(const Printer *p, const Func *f)
{
    text_add(p->t, "func ");
    if (f->kind != FUNC_PLAIN)
        text_printf(p->t, "%s ", irtext_funcs[f->kind]);
    text_printf(p->t, "@%s(", f->name);
    for (int i = 0; i < f->inputs.len; i++) {
        if (i)
            text_add(p->t, ", ");
        print_value(p, f->inputs.data[i]);
    }
    text_add(p->t, ")");
    if (f->block)
        text_printf(p->t, " of %s", f->block);
    if (p->m->stage == STAGE_PLANNED)
        text_printf(p->t, " workspace %" PRId64 " bound %" PRId64,
                    f->workspace_bytes, f->lower_bound);
    text_add(p->t, " {\n");
    for (int i = 0; i < f->nodes.len; i++)
        print_node(p, f->nodes.data[i], 2);
    for (int i = 0; i < f->stores.len; i++) {
        text_printf(p->t, "  store @%s, ", f->stores.data[i].global->name);
        print_operand(p, f->stores.data[i].value);
        text_add(p->t, "\n");
    }
    for (int i = 0; i < f->results.len; i++) {
        text_add(p->t, i ? ", " : "  return ");
        print_result(p, &f->results.data[i]);
    }
    text_add(p->t, f->results.len ? "\n}\n" : "}\n");
}

static void print_global(const Printer *p, const Global *g)
{
    text_printf(p->t, "%s @%s: %s", irtext_globals[g->kind], g->name,
                type_of_node(p, &g->type));
    if (g->owner)
        text_printf(p->t, " of %s", g->owner);
    if (g->frozen)
        text_add(p->t, " frozen");
    if (g->lr_mult != 1) {
        text_add(p->t, " lr_mult ");
        print_real(p->t, g->lr_mult);
    }
    if (p->m->stage == STAGE_PLANNED)
        text_printf(p->t, " offset %" PRId64, g->offset);
    text_add(p->t, "\n");
}

void ir_print(Text *out, const Module *m)
{
    Printer p = {out, m};
    text_printf(out, "stage %s\n", irtext_stages[m->stage]);
    if (m->name && *m->name)
        text_printf(out, "model %s\n", m->name);
    text_printf(out, "real %s\n", elem_name(m->real));
    if (m->dim)
        text_printf(out, "dim %s <= %" PRId64 "\n", m->dim, m->bound);
    for (int i = 0; i < m->globals.len; i++)
        print_global(&p, m->globals.data[i]);
    for (int i = 0; i < m->funcs.len; i++)
        print_func(&p, m->funcs.data[i]);
}
