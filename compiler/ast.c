/* The printer of the syntax tree: canonical text that parses back.
 *
 * It writes no parentheses of its own, EXPR_PAREN has them all; so a tree that
 * was not parsed must bring them where precedence needs them.
 */
#include "ast.h"

static void print_string(Text *out, const char *s)
{
    text_add(out, "\"");
    for (; *s; s++) {
        const char *escape = *s == '"'    ? "\\\""
                             : *s == '\\' ? "\\\\"
                             : *s == '\n' ? "\\n"
                             : *s == '\t' ? "\\t"
                                          : NULL;
        text_addn(out, escape ? escape : s, escape ? 2 : 1);
    }
    text_add(out, "\"");
}

static void print_args(Text *out, const ArgArray *args)
{
    for (int i = 0; i < args->len; i++) {
        const Arg *arg = &args->data[i];
        text_add(out, i ? ", " : "");
        if (arg->name.text)
            text_printf(out, "%s = ", arg->name.text);
        expr_print(out, arg->value);
    }
}

static void print_indices(Text *out, const IndexArray *indices)
{
    for (int i = 0; i < indices->len; i++) {
        const Index *x = &indices->data[i];
        text_add(out, i ? ", " : "");
        switch (x->kind) {
        case INDEX_EXPR:
            expr_print(out, x->a);
            break;
        case INDEX_RANGE:
            expr_print(out, x->a);
            text_add(out, " .. ");
            expr_print(out, x->b);
            break;
        case INDEX_REST:
            text_add(out, "..");
            break;
        case INDEX_ALL:
            text_add(out, ":");
            break;
        case INDEX_GUARD:
            text_add(out, "|");
            expr_print(out, x->a);
            text_add(out, "|");
            break;
        }
    }
}

static void print_infix(Text *out, const Expr *a, const char *op, const Expr *b)
{
    expr_print(out, a);
    text_printf(out, " %s ", op);
    expr_print(out, b);
}

/* Something in brackets after (or, with no head, instead of) an operand. */
static void print_bracketed(Text *out, const Expr *head, char open,
                            const ArgArray *args, char close)
{
    if (head)
        expr_print(out, head);
    text_addn(out, &open, 1);
    print_args(out, args);
    text_addn(out, &close, 1);
}

void expr_print(Text *out, const Expr *e)
{
    switch (e->kind) {
    case EXPR_NAME:
    case EXPR_REAL:
        text_add(out, e->name);
        break;
    case EXPR_INT:
        text_printf(out, "%lld", (long long)e->integer);
        break;
    case EXPR_STRING:
        print_string(out, e->name);
        break;
    case EXPR_BOOL:
        text_add(out, e->integer ? "true" : "false");
        break;
    case EXPR_TUPLE:
        print_bracketed(out, NULL, '(', &e->args, ')');
        break;
    case EXPR_LIST:
        print_bracketed(out, NULL, '[', &e->args, ']');
        break;
    case EXPR_CAST:
        text_printf(out, "%s(", e->name);
        expr_print(out, e->a);
        text_add(out, ")");
        break;
    case EXPR_CALL:
        print_bracketed(out, e->a, '(', &e->args, ')');
        break;
    case EXPR_CONFIG:
        print_bracketed(out, e->a, '{', &e->args, '}');
        break;
    case EXPR_INDEX:
        expr_print(out, e->a);
        text_add(out, "[");
        print_indices(out, &e->indices);
        text_add(out, "]");
        break;
    case EXPR_FIELD:
        expr_print(out, e->a);
        /* "5.x" would read as a malformed number. */
        text_printf(out, "%s.%s", e->a->kind == EXPR_INT ? " " : "", e->name);
        break;
    case EXPR_TRANSPOSE:
        expr_print(out, e->a);
        text_add(out, "'");
        break;
    case EXPR_UNARY:
        text_add(out, e->name);
        expr_print(out, e->a);
        break;
    case EXPR_BINARY:
    case EXPR_PIPE:
        print_infix(out, e->a, e->name, e->b);
        break;
    case EXPR_COND:
        print_infix(out, e->a, "?", e->b);
        text_add(out, " : ");
        expr_print(out, e->c);
        break;
    case EXPR_PAREN:
        text_add(out, "(");
        expr_print(out, e->a);
        text_add(out, ")");
        break;
    }
}

static void print_type(Text *out, const TypeExpr *t)
{
    if (!t->scalar) {
        for (int i = 0; i < t->parts.len; i++) {
            text_add(out, i ? ", " : "(");
            print_type(out, t->parts.data[i]);
        }
        text_add(out, ")");
        return;
    }
    text_add(out, t->scalar);
    if (t->bound) {
        text_add(out, "<");
        expr_print(out, t->bound);
        text_add(out, ">");
    }
    for (int i = 0; i < t->sizes.len; i++) {
        const Size *size = &t->sizes.data[i];
        text_add(out, i ? ", " : "[");
        if (size->kind == SIZE_NAMED)
            text_printf(out, "%s:", size->name.text);
        if (size->kind == SIZE_REST)
            text_add(out, "..");
        else
            expr_print(out, size->expr);
    }
    text_add(out, t->has_sizes ? "]" : "");
}

static void print_idents(Text *out, const char *open, const IdentArray *names,
                         const char *close)
{
    text_add(out, open);
    for (int i = 0; i < names->len; i++)
        text_printf(out, "%s%s", i ? ", " : "", names->data[i].text);
    text_add(out, close);
}

static void print_formals(Text *out, const char *open,
                          const FormalArray *formals, const char *close)
{
    text_add(out, open);
    for (int i = 0; i < formals->len; i++) {
        const Formal *f = &formals->data[i];
        text_printf(out, "%s%s: ", i ? ", " : "", f->name.text);
        print_type(out, f->type);
        if (f->value) {
            text_add(out, " = ");
            expr_print(out, f->value);
        }
    }
    text_add(out, close);
}

static void print_gens(Text *out, const GenArray *gens)
{
    for (int i = 0; i < gens->len; i++) {
        const Gen *g = &gens->data[i];
        text_printf(out, "%s%s in ", i ? ", " : "", g->name.text);
        if (g->b) {
            print_infix(out, g->a, g->is_range ? ".." : "along", g->b);
        } else {
            expr_print(out, g->a);
        }
    }
}

static void print_typed(Text *out, const char *name, const TypeExpr *type)
{
    text_add(out, name);
    if (type) {
        text_add(out, " : ");
        print_type(out, type);
    }
}

static void indent(Text *out, int depth)
{
    text_printf(out, "%*s", depth * 4, "");
}

static void print_stmt(Text *out, const Stmt *s, int depth);

static void print_block(Text *out, const StmtArray *body, int depth)
{
    text_add(out, " {\n");
    for (int i = 0; i < body->len; i++) {
        indent(out, depth + 1);
        print_stmt(out, body->data[i], depth + 1);
        text_add(out, "\n");
    }
    indent(out, depth);
    text_add(out, "}");
}

static void print_clauses(Text *out, const ClauseArray *clauses, int depth)
{
    text_add(out, " {\n");
    for (int i = 0; i < clauses->len; i++) {
        const Clause *c = &clauses->data[i];
        indent(out, depth + 1);
        text_printf(out, "%s%s", c->name.text, c->args.len ? " " : "");
        print_args(out, &c->args);
        text_add(out, ";\n");
    }
    indent(out, depth);
    text_add(out, "}");
}

static void print_attributes(Text *out, const AttributeArray *attributes)
{
    for (int i = 0; i < attributes->len; i++) {
        const Attribute *a = &attributes->data[i];
        text_printf(out, "%s%s", i ? ", " : "[[", a->name.text);
        if (a->has_args)
            print_bracketed(out, NULL, '(', &a->args, ')');
    }
    text_add(out, attributes->len ? "]] " : "");
}

static void print_target(Text *out, const Stmt *s)
{
    if (s->target == TARGET_NAME) {
        print_typed(out, s->name.text, s->type);
    } else if (s->target == TARGET_INDEX) {
        text_add(out, s->name.text);
        print_idents(out, "[", &s->names, "]");
    } else {
        print_idents(out, "(", &s->names, ")");
    }
}

static void print_loop_head(Text *out, const Stmt *s)
{
    text_add(out, "(");
    print_gens(out, &s->gens);
    for (int i = 0; i < s->carries.len; i++) {
        const Carry *c = &s->carries.data[i];
        text_add(out, i ? ", " : "; ");
        print_typed(out, c->name.text, c->type);
        text_add(out, " = ");
        expr_print(out, c->value);
    }
    text_add(out, ")");
}

/* [n, k](x: real[n, k]) -> real[n], what fn and layer share. */
static void print_signature(Text *out, const Stmt *s)
{
    text_add(out, s->name.text);
    if (s->has_statics)
        print_formals(out, "{", &s->statics, "}");
    if (s->binders.len)
        print_idents(out, "[", &s->binders, "]");
    print_formals(out, "(", &s->formals, ")");
    text_add(out, " -> ");
    print_type(out, s->type);
}

static const char *const words[] = {
    [STMT_IMPORT] = "import",
    [STMT_FN] = "fn",
    [STMT_DERIVATIVE] = "derivative",
    [STMT_LAYER] = "layer",
    [STMT_MODEL] = "model",
    [STMT_CONST] = "const",
    [STMT_DIM] = "dim",
    [STMT_INPUT] = "input",
    [STMT_PARAM] = "param",
    [STMT_STATE] = "state",
    [STMT_LET] = "let",
    [STMT_OUTPUT] = "output",
    [STMT_LOSS] = "loss",
    [STMT_METRIC] = "metric",
    [STMT_NEXT] = "next",
    [STMT_EMIT] = "emit",
    [STMT_RETURN] = "return",
    [STMT_ASSERT] = "assert",
    [STMT_IF] = "if",
    [STMT_SCAN] = "scan",
    [STMT_FOR] = "for",
    [STMT_TRAIN] = "train",
    [STMT_FIT] = "fit",
};

/* What stands between the keyword and the value. */
static void print_head(Text *out, const Stmt *s)
{
    switch (s->kind) {
    case STMT_IMPORT:
        print_string(out, s->text);
        if (s->name.text)
            text_printf(out, " as %s", s->name.text);
        break;
    case STMT_FN:
    case STMT_LAYER:
        print_signature(out, s);
        break;
    case STMT_DERIVATIVE:
        text_add(out, s->name.text);
        print_idents(out, "(", &s->names, ")");
        break;
    case STMT_LET:
        print_target(out, s);
        break;
    case STMT_RETURN:
    case STMT_ASSERT:
        expr_print(out, s->value);
        break;
    case STMT_IF:
        text_add(out, "(");
        expr_print(out, s->value);
        text_add(out, ")");
        break;
    case STMT_SCAN:
    case STMT_FOR:
        print_loop_head(out, s);
        break;
    default:
        print_typed(out, s->name.text, s->type);
        break;
    }
}

static void print_stmt(Text *out, const Stmt *s, int depth)
{
    print_attributes(out, &s->attributes);
    text_printf(out, "%s ", words[s->kind]);
    print_head(out, s);
    bool value_in_head =
        s->kind == STMT_RETURN || s->kind == STMT_ASSERT || s->kind == STMT_IF;
    if (s->value && !value_in_head) {
        text_add(out, s->is_bound ? " <= " : s->is_random ? " ~ " : " = ");
        expr_print(out, s->value);
    }
    if (s->kind == STMT_LET && s->gens.len) {
        text_add(out, " where ");
        print_gens(out, &s->gens);
    }
    if (s->kind == STMT_ASSERT && s->text) {
        text_add(out, " : ");
        print_string(out, s->text);
    }
    if (s->kind == STMT_TRAIN || s->kind == STMT_FIT)
        print_clauses(out, &s->clauses, depth);
    else if (s->has_body)
        print_block(out, &s->body, depth);
    else
        text_add(out, ";");
    if (s->has_else) {
        text_add(out, " else");
        if (!s->is_else_if) {
            print_block(out, &s->otherwise, depth);
        } else {
            text_add(out, " ");
            print_stmt(out, s->otherwise.data[0], depth);
        }
    }
}

void ast_print(Text *out, const Program *p)
{
    text_add(out, "");
    for (int i = 0; i < p->items.len; i++) {
        const Stmt *s = p->items.data[i];
        /* A blank line on both sides of what has a block. */
        if (i && (s->has_body || p->items.data[i - 1]->has_body))
            text_add(out, "\n");
        print_stmt(out, s, 0);
        text_add(out, "\n");
    }
}
