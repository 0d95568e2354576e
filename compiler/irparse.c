/* Reads the IR text that irprint.c writes: recursive descent, one token ahead.
 *
 * Types behind the colon are checked against what the operator makes; they are
 * needed only where the operator cannot know (const, map). Any bytes are
 * answered by a located error: the first one ends the reading.
 */
#include "irlex.h"
#include "irparse.h"
#include "op_list.h"
#include <inttypes.h>
#include <string.h>

enum { MOST_NESTING = 40 };

/* ---- sizes and types ---- */

/* 784 | N | 2*N | 2*N+1 | N-1 | -3 (the sign is for lists of integers) */
static bool parse_dim(IrParser *p, Dim *out)
{
    Lexer *x = &p->lex;
    Token t;
    *out = dim_const(0);
    if (x->token.kind == TOKEN_WORD) {
        out->k = 1;
    } else {
        if (!lex_int(x, &out->c))
            return false;
        if (!lex_accept(x, "*"))
            return true;
        *out = (Dim){out->c, 0};
    }
    Range at = lex_range(x);
    if (!lex_take(x, TOKEN_WORD, "the run-time size", &t))
        return false;
    if (!p->module->dim || strcmp(t.text, p->module->dim) != 0)
        return lex_fail(x, at, DL3002, "unknown size '%s'", t.text);
    bool minus = lex_ahead(x, "-");
    if (minus || lex_accept(x, "+"))
        return lex_int(x, &out->c);
    return true;
}

static bool parse_elem(IrParser *p, ElemType *out)
{
    Token t;
    Range at = lex_range(&p->lex);
    if (!lex_take(&p->lex, TOKEN_WORD, "a type", &t))
        return false;
    int e = irtext_word(irtext_elems, t.text, strlen(t.text));
    if (e < 0)
        return lex_fail(&p->lex, at, DL3002, "unknown element type '%s'",
                        t.text);
    *out = (ElemType)e;
    return true;
}

static bool parse_dims(IrParser *p, Type *t)
{
    do {
        if (t->rank == MAX_RANK)
            return lex_fail(&p->lex, lex_range(&p->lex), DL3006,
                            "more than %d axes", MAX_RANK);
        if (!parse_dim(p, &t->dim[t->rank++]))
            return false;
    } while (lex_accept(&p->lex, ","));
    return lex_expect(&p->lex, "]");
}

/* Where a type stands, in text that reads well. */
static Range since(const IrParser *p, int begin)
{
    return (Range){p->lex.src, begin, p->lex.token.begin};
}

bool irparse_type(IrParser *p, Type *t)
{
    Lexer *x = &p->lex;
    Range at = lex_range(x);
    *t = (Type){.rank = 0};
    if (lex_accept(x, "none")) {
        t->rank = -1;
        return true;
    }
    if (!parse_elem(p, &t->elem))
        return false;
    if (t->elem == ELEM_I32 && lex_accept(x, "<")) {
        if (!lex_int(x, &t->bound) || !lex_expect(x, ">"))
            return false;
        if (t->bound < 1 || t->bound > INT32_MAX)
            return lex_fail(x, at, DL3006, "a bound is 1 to 2147483647");
    }
    if (lex_accept(x, "[") && !parse_dims(p, t))
        return false;
    const char *why = type_check(x->arena, t, p->module->bound);
    return !why || lex_fail(x, since(p, at.begin), DL3006, "%s", why);
}

/* ---- attributes ---- */

typedef struct List {
    ARRAY_OF(Dim) dims;
    ARRAY_OF(double) reals;
    bool has_real, has_dim;
} List;

static bool parse_entry(IrParser *p, List *list)
{
    Lexer *x = &p->lex;
    Dim d = {0, 0};
    double r = 0;
    bool minus = false;
    Lexer before = *x;
    if (lex_accept(x, "-"))
        minus = true;
    if (x->token.kind == TOKEN_REAL) {
        r = x->token.real;
        list->has_real = true;
        lex_next(x);
    } else if (lex_ahead(x, "inf") || lex_ahead(x, "nan")) {
        r = double_read(x->token.text);
        list->has_real = true;
        lex_next(x);
    } else {
        *x = before;
        if (!parse_dim(p, &d))
            return false;
        list->has_dim |= d.k != 0;
        r = (double)d.c;
        minus = false;
    }
    array_push(x->arena, &list->dims, d);
    array_push(x->arena, &list->reals, minus ? -r : r);
    return !x->failed;
}

static bool parse_list(IrParser *p, const char *name, Attrs *at)
{
    Lexer *x = &p->lex;
    List list = {.has_real = false};
    if (!lex_accept(x, ")")) {
        do {
            if (!parse_entry(p, &list))
                return false;
        } while (lex_accept(x, ","));
        if (!lex_expect(x, ")"))
            return false;
    }
    int len = list.dims.len;
    if (list.has_real && list.has_dim)
        return lex_fail(x, lex_range(x), DL3001,
                        "a list of sizes and real numbers");
    if (list.has_real || strcmp(name, "values") == 0) {
        attrs_values(at, name, list.reals.data, len);
    } else if (list.has_dim || !strcmp(name, "shape") ||
               !strcmp(name, "start") || !strcmp(name, "stop")) {
        attrs_dims(at, name, list.dims.data, len);
    } else {
        int64_t *v = ARENA_ARRAY(x->arena, int64_t, len);
        for (int i = 0; i < len; i++)
            v[i] = list.dims.data[i].c;
        attrs_list(at, name, v, len);
    }
    return true;
}

static bool parse_value(IrParser *p, const char *name, Attrs *at)
{
    Lexer *x = &p->lex;
    if (lex_accept(x, "("))
        return parse_list(p, name, at);
    bool minus = lex_accept(x, "-");
    Token t = x->token;
    lex_next(x);
    if (t.kind == TOKEN_REAL || !strcmp(t.text, "inf") ||
        !strcmp(t.text, "nan"))
        attrs_real(at, name,
                   minus ? -double_read(t.text) : double_read(t.text));
    else if (t.kind == TOKEN_INT)
        attrs_int(at, name, minus ? -t.integer : t.integer);
    else if (!minus && (t.kind == TOKEN_WORD || t.kind == TOKEN_STRING))
        attrs_sym(at, name, t.text);
    else
        return lex_fail(x, (Range){x->src, t.begin, t.end}, DL3001,
                        "expected the value of '%s'", name);
    return !x->failed;
}

static bool parse_impl(IrParser *p, const OpDef *op, Line *line)
{
    Lexer *x = &p->lex;
    Range at = lex_range(x);
    Token t;
    if (!lex_take(x, TOKEN_WORD, "an implementation", &t))
        return false;
    int count = (int)(sizeof op->impl / sizeof *op->impl);
    for (int i = 0; i < count && op->impl[i]; i++)
        if (strcmp(op->impl[i]->name, t.text) == 0)
            line->impl = op->impl[i];
    return line->impl ||
           lex_fail(x, at, DL3002, "'%s' has no implementation '%s'",
                    op_name(op), t.text);
}

static bool parse_expr(IrParser *p, Line *line)
{
    Lexer *x = &p->lex;
    Range at = lex_range(x);
    const char *error;
    Token t;
    if (!lex_take(x, TOKEN_STRING, "a scalar expression in quotes", &t))
        return false;
    line->fused = scalar_parse(x->arena, t.text, &error);
    return line->fused || lex_fail(x, at, DL3001, "%s", error);
}

static bool parse_attr(IrParser *p, const OpDef *op, Line *line)
{
    Lexer *x = &p->lex;
    Token name;
    if (!lex_take(x, TOKEN_WORD, "the name of an attribute", &name) ||
        !lex_expect(x, "="))
        return false;
    if (strcmp(name.text, "impl") == 0)
        return parse_impl(p, op, line);
    if (strcmp(name.text, "fused") == 0)
        return parse_expr(p, line);
    if (strcmp(name.text, "own") == 0)
        return lex_int(x, &line->own);
    if (strcmp(name.text, "masks") == 0)
        return lex_expect(x, "(") && parse_list(p, name.text, &line->masks);
    if (strcmp(name.text, "raw") == 0) {
        line->has_raw = true;
        return parse_elem(p, &line->raw);
    }
    return parse_value(p, name.text, &line->attrs);
}

bool irparse_attrs(IrParser *p, const OpDef *op, Line *line)
{
    line->attrs = line->masks = attrs_new(p->lex.arena);
    if (p->lex.token.first || !lex_accept(&p->lex, "{"))
        return !p->lex.failed;
    do {
        if (!parse_attr(p, op, line))
            return false;
    } while (lex_accept(&p->lex, ","));
    return lex_expect(&p->lex, "}");
}

/* ---- head of the module ---- */

static bool parse_stage(IrParser *p)
{
    Token t;
    Range at = lex_range(&p->lex);
    if (!lex_take(&p->lex, TOKEN_WORD, "a stage", &t))
        return false;
    int s = irtext_word(irtext_stages, t.text, strlen(t.text));
    if (p->module->globals.len > 0 || p->module->funcs.len > 0)
        return lex_fail(&p->lex, at, DL3001, "a file holds one module");
    if (s < 0)
        return lex_fail(&p->lex, at, DL3002, "unknown stage '%s'", t.text);
    p->module->stage = (Stage)s;
    return true;
}

static bool parse_real(IrParser *p)
{
    Range at = lex_range(&p->lex);
    if (!parse_elem(p, &p->module->real))
        return false;
    return elem_is_real(p->module->real) ||
           lex_fail(&p->lex, at, DL3003, "real is f32, f64 or c128");
}

static bool parse_dim_line(IrParser *p)
{
    Token t;
    Range at = lex_range(&p->lex);
    if (!lex_take(&p->lex, TOKEN_WORD, "the name of the run-time size", &t) ||
        !lex_expect(&p->lex, "<=") || !lex_int(&p->lex, &p->module->bound))
        return false;
    if (p->module->bound < 1 || p->module->bound > INT32_MAX)
        return lex_fail(&p->lex, since(p, at.begin), DL3006,
                        "a bound is 1 to 2147483647");
    p->module->dim = t.text;
    return true;
}

static bool parse_global(IrParser *p, GlobalKind kind)
{
    Lexer *x = &p->lex;
    Range at = lex_range(x);
    Token name, owner;
    Type type;
    if (!lex_take(x, TOKEN_GLOBAL, "@name", &name) || !lex_expect(x, ":") ||
        !irparse_type(p, &type))
        return false;
    if (type.rank < 0)
        return lex_fail(x, at, DL3003, "a global has a value");
    if (map_has(p->globals, name.text))
        return lex_fail(x, at, DL3005, "@%s is defined twice", name.text);
    Global *g = global_new(p->module, kind, name.text, type);
    g->loc = at;
    map_set(p->globals, g->name, g);
    if (lex_accept(x, "of")) {
        if (!lex_take(x, TOKEN_WORD, "a train block", &owner))
            return false;
        g->owner = owner.text;
    }
    g->frozen = lex_accept(x, "frozen");
    if (lex_accept(x, "lr_mult")) {
        g->lr_mult = x->token.real;
        if (x->token.kind != TOKEN_REAL && x->token.kind != TOKEN_INT)
            return lex_fail(x, lex_range(x), DL3001, "expected a number");
        lex_next(x);
    }
    return !lex_accept(x, "offset") || lex_int(x, &g->offset);
}

static bool parse_item(IrParser *p)
{
    Lexer *x = &p->lex;
    Token t;
    if (lex_accept(x, "stage"))
        return parse_stage(p);
    if (lex_accept(x, "real"))
        return parse_real(p);
    if (lex_accept(x, "dim"))
        return parse_dim_line(p);
    if (lex_accept(x, "func"))
        return irparse_func(p);
    if (lex_accept(x, "model")) {
        if (!lex_take(x, TOKEN_WORD, "the model's name", &t))
            return false;
        p->module->name = t.text;
        return true;
    }
    if (x->token.kind == TOKEN_WORD) {
        const char *word = x->token.text;
        int kind = irtext_word(irtext_globals, word, strlen(word));
        if (kind >= 0) {
            lex_next(x);
            return parse_global(p, (GlobalKind)kind);
        }
    }
    return lex_fail(x, lex_range(x), DL3001,
                    "expected stage, model, real, dim, func or a global");
}

/* Where a node's name stands: irparse_func left the offset in its mark. */
static Range place_of(const Lexer *x, const Node *n)
{
    if (!n || n->mark <= 0)
        return (Range){x->src, 0, 1};
    int begin = n->mark - 1;
    return (Range){x->src, begin, begin + 1 + (int)strlen(n->name)};
}

Module *ir_parse(Arena *a, Diag *d, const Source *s)
{
    IrParser p = {.most_nesting = MOST_NESTING};
    p.module = module_new(a, d, "");
    p.module->bound = 1;
    p.globals = map_new(a);
    p.sources = map_new(a);
    lex_start(&p.lex, a, d, s);
    while (p.lex.token.kind != TOKEN_END && !p.lex.failed)
        parse_item(&p);
    if (p.lex.failed)
        return NULL;
    const Node *where = NULL;
    const char *broken = verify_find(p.module, &where);
    if (broken)
        lex_fail(&p.lex, place_of(&p.lex, where), DL3004, "%s", broken);
    return broken ? NULL : p.module;
}
