/* Constructors of the syntax tree for the grammar's actions.
 *
 * A constructor takes the node by value, so that an action names only the
 * fields it sets. Each computes the node's height: later walks recurse, and
 * the bound on the height is what keeps them on the stack.
 */
#include "ast_build.h"

static int highest(int height, int child)
{
    return child > height ? child : height;
}

static int expr_height(const Expr *e)
{
    return e ? e->height : 0;
}

static int args_height(const ArgArray *args)
{
    int height = 0;
    for (int i = 0; i < args->len; i++)
        height = highest(height, expr_height(args->data[i].value));
    return height;
}

static int type_height(const TypeExpr *t)
{
    return t ? t->height : 0;
}

static int stmts_height(const StmtArray *stmts)
{
    int height = 0;
    for (int i = 0; i < stmts->len; i++)
        height = highest(height, stmts->data[i]->height);
    return height;
}

static int check_height(Parser *p, Range r, int height)
{
    if (height > HEIGHT_MAX)
        nested_too_deeply(p, r);
    return height;
}

Expr *expr_new(Parser *p, Expr e)
{
    int height = args_height(&e.args);
    height = highest(height, expr_height(e.a));
    height = highest(height, expr_height(e.b));
    height = highest(height, expr_height(e.c));
    for (int i = 0; i < e.indices.len; i++) {
        height = highest(height, expr_height(e.indices.data[i].a));
        height = highest(height, expr_height(e.indices.data[i].b));
    }
    e.height = check_height(p, e.range, height + 1);
    Expr *node = ARENA_NEW(p->arena, Expr);
    *node = e;
    return node;
}

Expr *binary_new(Parser *p, Range r, const char *op, Range op_range, Expr *a,
                 Expr *b)
{
    return expr_new(p, (Expr){.kind = EXPR_BINARY,
                              .range = r,
                              .name = op,
                              .name_range = op_range,
                              .a = a,
                              .b = b});
}

Expr *unary_new(Parser *p, Range r, const char *op, Range op_range, Expr *a)
{
    return expr_new(p, (Expr){.kind = EXPR_UNARY,
                              .range = r,
                              .name = op,
                              .name_range = op_range,
                              .a = a});
}

Expr *tuple_new(Parser *p, Range r, Expr *first, ArgArray rest)
{
    ArgArray args = {0};
    array_push(p->arena, &args, (Arg){.value = first});
    for (int i = 0; i < rest.len; i++)
        array_push(p->arena, &args, rest.data[i]);
    return expr_new(p, (Expr){.kind = EXPR_TUPLE, .range = r, .args = args});
}

TypeExpr *type_new(Parser *p, TypeExpr t)
{
    int height = expr_height(t.bound);
    for (int i = 0; i < t.sizes.len; i++)
        height = highest(height, expr_height(t.sizes.data[i].expr));
    for (int i = 0; i < t.parts.len; i++)
        height = highest(height, type_height(t.parts.data[i]));
    t.height = check_height(p, t.range, height + 1);
    TypeExpr *node = ARENA_NEW(p->arena, TypeExpr);
    *node = t;
    return node;
}

TypeExpr *type_tuple(Parser *p, Range r, TypeExpr *first, TypeArray rest)
{
    TypeExpr t = {.range = r};
    array_push(p->arena, &t.parts, first);
    for (int i = 0; i < rest.len; i++)
        array_push(p->arena, &t.parts, rest.data[i]);
    return type_new(p, t);
}

Stmt *stmt_new(Parser *p, Stmt s)
{
    int height = highest(type_height(s.type), expr_height(s.value));
    height = highest(height, stmts_height(&s.body));
    height = highest(height, stmts_height(&s.otherwise));
    for (int i = 0; i < s.gens.len; i++) {
        height = highest(height, expr_height(s.gens.data[i].a));
        height = highest(height, expr_height(s.gens.data[i].b));
    }
    for (int i = 0; i < s.carries.len; i++) {
        height = highest(height, type_height(s.carries.data[i].type));
        height = highest(height, expr_height(s.carries.data[i].value));
    }
    for (int i = 0; i < s.clauses.len; i++)
        height = highest(height, args_height(&s.clauses.data[i].args));
    s.height = check_height(p, s.range, height + 1);
    Stmt *node = ARENA_NEW(p->arena, Stmt);
    *node = s;
    return node;
}

Stmt *let_new(Parser *p, Range r, Stmt *target, Expr *value, GenArray where)
{
    Stmt s = *target;
    s.range = r;
    s.value = value;
    s.gens = where;
    return stmt_new(p, s);
}

Stmt *if_new(Parser *p, Range r, Expr *condition, StmtArray body)
{
    return stmt_new(p, (Stmt){.kind = STMT_IF,
                              .range = r,
                              .value = condition,
                              .has_body = true,
                              .body = body});
}

Stmt *if_else(Parser *p, Range r, Stmt *s, StmtArray body)
{
    Stmt whole = *s;
    whole.range = r;
    whole.has_else = true;
    whole.otherwise = body;
    return stmt_new(p, whole);
}

Stmt *if_else_if(Parser *p, Range r, Stmt *s, Stmt *otherwise)
{
    StmtArray body = {0};
    array_push(p->arena, &body, otherwise);
    s->is_else_if = true;
    return if_else(p, r, s, body);
}

Stmt *stmt_with_attributes(Stmt *s, Range r, AttributeArray attributes)
{
    s->range = r;
    s->attributes = attributes;
    return s;
}
