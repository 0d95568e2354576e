/* What the grammar's actions call; private to the parser.
 *
 * grammar/lexer.l turns bytes into tokens, compiler/syntax.c feeds them to
 * grammar/parser.y and words its errors, compiler/ast.c builds the nodes.
 */
#ifndef DLC_AST_BUILD_H
#define DLC_AST_BUILD_H

#include "ast.h"

/* No tree is higher: every later walk may recurse. */
enum { HEIGHT_MAX = 500 };

/* An opening bracket that waits for its partner. */
typedef struct Bracket {
    char kind;        /* ( [ { */
    bool is_block;    /* of statements or clauses, not {config} */
    bool has_clauses; /* the block of train or fit */
    bool is_head;     /* the ( of if, scan or for: a block follows */
    bool is_skipped;  /* opened by tokens that an error made us skip */
    bool has_statements;
    Range range;
} Bracket;

typedef struct Feed Feed;
typedef struct Parser {
    Arena *arena;
    Diag *diag;
    const Source *source;
    Program *program;
    Feed *feed;         /* tokens on their way from scanner to parser */
    int offset;         /* the scanner has read so far */
    int malformed;      /* where the last malformed token was reported, or -1 */
    bool stop;          /* give up quietly: the reason was reported */
    bool is_recovering; /* the parser waits for its `error ';'` */
    ARRAY_OF(Bracket) brackets;
} Parser;

/* Copies of the node given, with its height; too high a tree is an error. */
Expr *expr_new(Parser *p, Expr e);
TypeExpr *type_new(Parser *p, TypeExpr t);
Stmt *stmt_new(Parser *p, Stmt s);
Expr *binary_new(Parser *p, Range r, const char *op, Range op_range, Expr *a,
                 Expr *b);
Expr *unary_new(Parser *p, Range r, const char *op, Range op_range, Expr *a);
/* (first, rest...) */
Expr *tuple_new(Parser *p, Range r, Expr *first, ArgArray rest);
TypeExpr *type_tuple(Parser *p, Range r, TypeExpr *first, TypeArray rest);
Stmt *let_new(Parser *p, Range r, Stmt *target, Expr *value, GenArray where);
Stmt *if_new(Parser *p, Range r, Expr *condition, StmtArray body);
Stmt *if_else(Parser *p, Range r, Stmt *s, StmtArray body);
Stmt *if_else_if(Parser *p, Range r, Stmt *s, Stmt *otherwise);
Stmt *stmt_with_attributes(Stmt *s, Range r, AttributeArray attributes);
/* The block just opened is one of statements or of clauses. */
void block_open(Parser *p, bool has_clauses);
void block_close(Parser *p);

/* A syntax error at the token just fed; expected are token names. */
void syntax_error(Parser *p, const char *const *expected, int count);
void nested_too_deeply(Parser *p, Range r);
/* The parser found its feet again after an error. */
void syntax_recovered(Parser *p);

#endif
