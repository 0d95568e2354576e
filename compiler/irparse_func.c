/* Functions and nodes of the IR text. */
#include "irparse.h"
#include "op_list.h"
#include <string.h>

static bool define(IrParser *p, Node *n, const Token *t)
{
    Lexer *x = &p->lex;
    if (map_has(p->values, t->text))
        return lex_fail(x, (Range){x->src, t->begin, t->end}, DL3005,
                        "%%%s is defined twice", t->text);
    Symbol *s = ARENA_NEW(x->arena, Symbol);
    s->node = n;
    map_set(p->values, t->text, s);
    n->name = func_name(p->func, t->text);
    n->mark = t->begin + 1;
    n->loc = (Range){x->src, t->begin, t->end};
    return true;
}

static Node *find(IrParser *p, const Token *t)
{
    Lexer *x = &p->lex;
    Range at = {x->src, t->begin, t->end};
    Symbol *s = map_get(p->values, t->text);
    if (s && !s->hidden)
        return s->node;
    if (s)
        lex_fail(x, at, DL3002, "%%%s is known inside its region only",
                 t->text);
    else
        lex_fail(x, at, DL3002, "%%%s is not known here", t->text);
    return NULL;
}

/* ---- operands ---- */

static bool is_operand(const Token *t)
{
    static const char *const words[] = {"true", "false", "inf", "nan", NULL};
    if (t->kind == TOKEN_WORD)
        return irtext_word(words, t->text, strlen(t->text)) >= 0;
    return t->kind == TOKEN_VALUE || t->kind == TOKEN_GLOBAL ||
           t->kind == TOKEN_INT || t->kind == TOKEN_REAL ||
           (t->kind == TOKEN_MARK && strcmp(t->text, "-") == 0);
}

static Node *constant(IrParser *p, bool minus, const Token *t)
{
    Builder b = builder_new(p->func);
    double sign = minus ? -1 : 1;
    if (t->kind == TOKEN_REAL || !strcmp(t->text, "inf") ||
        !strcmp(t->text, "nan"))
        return build_real(&b, sign * double_read(t->text));
    if (t->kind == TOKEN_INT && t->integer <= INT32_MAX)
        return node_const(&b, ELEM_I32, sign * (double)t->integer);
    if (!minus && t->kind == TOKEN_WORD)
        return node_const(&b, ELEM_BOOL, strcmp(t->text, "true") == 0);
    return NULL;
}

/* %value, @global, 0.5, 3, true; NULL after an error. */
Node *irparse_operand(IrParser *p)
{
    Lexer *x = &p->lex;
    Token t = x->token;
    Node *n = NULL;
    if (is_operand(&t)) {
        bool minus = lex_accept(x, "-");
        t = x->token;
        lex_next(x);
        if (!minus && t.kind == TOKEN_VALUE)
            return find(p, &t);
        if (!minus && t.kind == TOKEN_GLOBAL) {
            Global *g = map_get(p->globals, t.text);
            Builder b = builder_new(p->func);
            if (g)
                return node_param(&b, g);
            lex_fail(x, (Range){x->src, t.begin, t.end}, DL3002,
                     "@%s is not known here", t.text);
            return NULL;
        }
        if (is_operand(&t))
            n = constant(p, minus, &t);
    }
    if (!n)
        lex_fail(x, (Range){x->src, t.begin, t.end}, DL3001,
                 "expected an operand: %%value, @global or a number");
    return n;
}

/* As many as there are on this line. */
static bool parse_operands(IrParser *p, NodeArray *list)
{
    Lexer *x = &p->lex;
    if (x->token.first || !is_operand(&x->token))
        return !x->failed;
    do {
        Node *n = irparse_operand(p);
        if (!n)
            return false;
        array_push(x->arena, list, n);
    } while (lex_accept(x, ","));
    return !x->failed;
}

/* ---- nodes ---- */

static bool parse_body(IrParser *p, NodeArray *body, const char *last);

static bool parse_region_arg(IrParser *p, NodeArray *args)
{
    Token t;
    Node *n = node_blank(p->lex.arena, &op_arg, NULL, 0, NULL);
    if (!lex_take(&p->lex, TOKEN_VALUE, "%name", &t) ||
        !lex_expect(&p->lex, ":") || !irparse_type(p, &n->type))
        return false;
    n->raw = n->type;
    array_push(p->lex.arena, args, n);
    return define(p, n, &t) && irparse_place(p, n);
}

static bool parse_args(IrParser *p, NodeArray *args)
{
    if (!lex_expect(&p->lex, "("))
        return false;
    if (lex_accept(&p->lex, ")"))
        return !p->lex.failed;
    do {
        if (!parse_region_arg(p, args))
            return false;
    } while (lex_accept(&p->lex, ","));
    return lex_expect(&p->lex, ")");
}

static bool parse_region(IrParser *p, Node *n)
{
    Lexer *x = &p->lex;
    int before = map_len(p->values);
    if (++p->nesting > p->most_nesting)
        return lex_fail(x, lex_range(x), DL3006,
                        "regions are nested too deeply");
    Region *r = n->region = ARENA_NEW(x->arena, Region);
    if (!parse_args(p, &r->args) || !lex_expect(x, "{") ||
        !parse_body(p, &r->nodes, "yield") || !lex_expect(x, "yield") ||
        !parse_operands(p, &r->results) || !lex_expect(x, "}"))
        return false;
    for (int i = before; i < map_len(p->values); i++)
        ((Symbol *)map_value(p->values, i))->hidden = true;
    p->nesting--;
    return true;
}

static bool set_fused(IrParser *p, Node *n, const Line *line)
{
    const Attr *masks = line->masks.items.len ? line->masks.items.data : NULL;
    int extra = masks ? masks->len : 0;
    Range at = n->loc;
    if (line->own < 0 || line->own > n->nin || extra != n->nin - line->own ||
        (masks && masks->kind != ATTR_LIST))
        return lex_fail(&p->lex, at, DL3003,
                        "%%%s needs own + masks to count its operands",
                        n->name);
    n->fused.expr = line->fused;
    n->fused.own = (int)line->own;
    n->fused.masks = ARENA_ARRAY(p->lex.arena, uint32_t, extra);
    for (int i = 0; i < extra; i++) {
        if (masks->list[i] < 0 || masks->list[i] >= 1 << MAX_RANK)
            return lex_fail(&p->lex, at, DL3003, "mask %d of %%%s", i, n->name);
        n->fused.masks[i] = (uint32_t)masks->list[i];
    }
    return true;
}

/* Types the node; `stated` is the type of the text, NULL when left out. */
static bool infer(IrParser *p, Node *n, const Line *line, const Type *stated)
{
    Lexer *x = &p->lex;
    const char *dim = p->module->dim;
    bool told = op_has(n->op, OP_LEAF) || n->op == &op_map;
    if (told && !stated)
        return lex_fail(x, n->loc, DL3001, "'%s' needs a type", op_name(n->op));
    n->type = told ? *stated : type_scalar(p->module->real);
    int nin = n->nin;
    if (n->fused.expr)
        n->nin = n->fused.own;
    const char *error =
        n->op == &op_map ? NULL : op_infer_for(x->arena, n, dim);
    n->nin = nin;
    if (!error)
        error = type_check(x->arena, &n->type, p->module->bound);
    if (error)
        return lex_fail(x, n->loc, DL3003, "%s", error);
    n->raw = n->type;
    if (n->fused.expr && stated) {
        n->type.elem = stated->elem;
        n->type.bound = stated->bound;
    }
    if (line->has_raw)
        n->raw.elem = line->raw;
    if (stated && !type_equal(&n->type, stated))
        return lex_fail(x, n->loc, DL3003, "'%s' makes %s, not %s",
                        op_name(n->op), type_text(x->arena, &n->type, dim),
                        type_text(x->arena, stated, dim));
    return true;
}

static const OpDef *parse_op(IrParser *p)
{
    Lexer *x = &p->lex;
    Range at = lex_range(x);
    Token t;
    if (!lex_take(x, TOKEN_WORD, "an operator", &t))
        return NULL;
    const OpDef *op = op_find(t.text);
    if (op && (!op_has(op, OP_LEAF) || op == &op_const))
        return op;
    const char **names = ARENA_ARRAY(x->arena, const char *, op_count);
    for (int i = 0; i < op_count; i++)
        names[i] = op_name(op_table[i]);
    const char *near = diag_suggest(t.text, names, op_count);
    lex_fail(x, at, DL3002, "there is no operator '%s'", t.text);
    if (near && strcmp(near, t.text) != 0)
        diag_help(x->diag, "did you mean '%s'?", near);
    return NULL;
}

/* %name = operator operands {attributes} [(args) {region}] : type @ place */
static bool parse_node(IrParser *p, NodeArray *body)
{
    Lexer *x = &p->lex;
    Token name;
    NodeArray in = {0};
    Line line = {.own = 0};
    Type stated;
    if (!lex_take(x, TOKEN_VALUE, "%name", &name) || !lex_expect(x, "="))
        return false;
    const OpDef *op = parse_op(p);
    if (!op || !parse_operands(p, &in) || !irparse_attrs(p, op, &line))
        return false;
    Node *n = node_blank(x->arena, op, in.data, in.len, &line.attrs);
    n->name = name.text;
    n->loc = (Range){x->src, name.begin, name.end};
    n->impl = line.impl;
    if (!n->impl && p->module->stage != STAGE_TYPED && !op->impl[1])
        n->impl = op->impl[0]; /* there is no other */
    if (line.fused && !set_fused(p, n, &line))
        return false;
    if (!x->token.first && lex_ahead(x, "(") && !parse_region(p, n))
        return false;
    bool has_type = !x->token.first && lex_accept(x, ":");
    if (has_type && !irparse_type(p, &stated))
        return false;
    if (!infer(p, n, &line, has_type ? &stated : NULL) ||
        !define(p, n, &name) || !irparse_place(p, n))
        return false;
    if (lex_accept(x, "scratch") && !lex_int(x, &n->scratch))
        return false;
    irparse_comment(p, x->comment, n);
    array_push(x->arena, body, n);
    return !x->failed;
}

/* Nodes up to the word `last` or a closing brace. */
static bool parse_body(IrParser *p, NodeArray *body, const char *last)
{
    while (!lex_ahead(&p->lex, last) && !lex_ahead(&p->lex, "store") &&
           !lex_ahead(&p->lex, "}"))
        if (!parse_node(p, body))
            return false;
    return true;
}

/* ---- functions ---- */

static bool parse_inputs(IrParser *p)
{
    NodeArray args = {0};
    if (!parse_args(p, &args))
        return false;
    for (int i = 0; i < args.len; i++)
        args.data[i]->op = &op_input;
    p->func->inputs = args;
    return true;
}

static bool parse_store(IrParser *p)
{
    Lexer *x = &p->lex;
    Range at = lex_range(x);
    Token t;
    if (!lex_take(x, TOKEN_GLOBAL, "@name", &t) || !lex_expect(x, ","))
        return false;
    Global *g = map_get(p->globals, t.text);
    if (!g)
        return lex_fail(x, at, DL3002, "@%s is not known here", t.text);
    Node *value = irparse_operand(p);
    if (!value)
        return false;
    func_store(p->func, g, value);
    return true;
}

static bool parse_result(IrParser *p)
{
    Lexer *x = &p->lex;
    ResultKind kind = RESULT_OUTPUT;
    Token t = x->token;
    if (t.kind == TOKEN_WORD && !is_operand(&t)) {
        int k = irtext_word(irtext_results, t.text, strlen(t.text));
        if (k < 0)
            return lex_fail(x, lex_range(x), DL3002,
                            "unknown kind of result '%s'", t.text);
        kind = (ResultKind)k;
        lex_next(x);
    }
    Range at = lex_range(x);
    Node *value = irparse_operand(p);
    if (!value)
        return false;
    t.text = value->name;
    if (lex_accept(x, "as")) {
        if (!lex_take(x, TOKEN_WORD, "the result's name", &t))
            return false;
    } else if (value->op == &op_const && node_is_inline(value)) {
        return lex_fail(x, at, DL3001, "a constant result needs 'as NAME'");
    }
    func_result(p->func, kind, t.text, value);
    return true;
}

static bool parse_end(IrParser *p)
{
    Lexer *x = &p->lex;
    while (lex_accept(x, "store"))
        if (!parse_store(p))
            return false;
    if (lex_accept(x, "return")) {
        do {
            if (!parse_result(p))
                return false;
        } while (lex_accept(x, ","));
    }
    return lex_expect(x, "}");
}

bool irparse_func(IrParser *p)
{
    Lexer *x = &p->lex;
    FuncKind kind = FUNC_PLAIN;
    Token t;
    if (x->token.kind == TOKEN_WORD) {
        int k = irtext_word(irtext_funcs, x->token.text, strlen(x->token.text));
        if (k < 0)
            return lex_fail(x, lex_range(x), DL3002,
                            "unknown kind of function '%s'", x->token.text);
        kind = (FuncKind)k;
        lex_next(x);
    }
    Range at = lex_range(x);
    if (!lex_take(x, TOKEN_GLOBAL, "@name", &t))
        return false;
    if (module_func(p->module, t.text))
        return lex_fail(x, at, DL3005, "@%s is defined twice", t.text);
    p->func = func_new(p->module, kind, t.text);
    p->values = map_new(x->arena);
    if (!parse_inputs(p))
        return false;
    if (lex_accept(x, "of")) {
        if (!lex_take(x, TOKEN_WORD, "a train block", &t))
            return false;
        p->func->block = t.text;
    }
    if (lex_accept(x, "workspace") &&
        (!lex_int(x, &p->func->workspace_bytes) || !lex_expect(x, "bound") ||
         !lex_int(x, &p->func->lower_bound)))
        return false;
    return lex_expect(x, "{") && parse_body(p, &p->func->nodes, "return") &&
           parse_end(p);
}
