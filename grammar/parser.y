/* The grammar: LALR(1) without a conflict. Actions are a line each and call
 * compiler/ast.c; the tokens come through compiler/syntax.c, which also words
 * the errors and leads the parser to the next statement after one.
 *
 * Three rules keep it LALR(1): the heads of if, scan and for are in
 * parentheses, so that a block never follows an expression that could take
 * {config}; sizes are additive expressions, so that int<n> has no comparison;
 * and [[attributes]] only stand where a statement starts.
 */
%require "3.8"
%define api.pure full
%define api.location.type {Range}
%define parse.error custom
%define parse.lac full
%expect 0
%locations
%param {Parser *p}
%initial-action { @$ = (Range){p->source, 0, 0}; }

%code requires {
#include "ast_build.h"
}
%code provides {
/* The parser's source of tokens (compiler/syntax.c) and what is behind it
 * (grammar/lexer.l). */
int yylex(YYSTYPE *value, Range *range, Parser *p);
void *scanner_new(Parser *p);
void scanner_free(void *scanner);
int scan_token(YYSTYPE *value, Range *range, void *scanner);
}
%code {
#include <stdlib.h>

static void yyerror(const Range *r, Parser *p, const char *message);

#define YYMALLOC mem_alloc
#define YYFREE free
#define YYLLOC_DEFAULT(whole, rhs, n)                                          \
    ((whole) = (n) ? range_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n))            \
                   : (Range){p->source, YYRHSLOC(rhs, 0).end,                  \
                             YYRHSLOC(rhs, 0).end})
#define LIST(list, old, item)                                                  \
    ((list) = (old), array_push(p->arena, &(list), item))
}

%union {
    Ident ident;
    const char *text;
    StmtKind kind;
    Expr *expr;
    TypeExpr *type;
    Stmt *stmt;
    Size size;
    Index index;
    Gen gen;
    Carry carry;
    Formal formal;
    Arg arg;
    Attribute attribute;
    Clause clause;
    IdentArray idents;
    ArgArray args;
    TypeArray types;
    StmtArray stmts;
    SizeArray sizes;
    IndexArray indices;
    GenArray gens;
    CarryArray carries;
    FormalArray formals;
    AttributeArray attributes;
    ClauseArray clauses;
}

%token END 0 "end of file" IMPORT "import" AS "as" CONST "const" DIM "dim"
%token FN "fn" DERIVATIVE "derivative" LAYER "layer" MODEL "model"
%token INPUT "input" PARAM "param" STATE "state" LET "let" WHERE "where"
%token OUTPUT "output" LOSS "loss" METRIC "metric" TRAIN "train" FIT "fit"
%token SCAN "scan" FOR "for" IN "in" ALONG "along" NEXT "next" EMIT "emit"
%token IF "if" ELSE "else" RETURN "return" ASSERT "assert"
%token TRUE "true" FALSE "false"
%token T_REAL "real" T_F32 "f32" T_F64 "f64" T_INT "int" T_BOOL "bool"
%token PIPE "|>" ARROW "->" EQ "==" NE "!=" LE "<=" GE ">=" AND "&&" OR "||"
%token DOTS ".."
%token <expr> REALLIT "real number" INTLIT "integer" STRING "string"
%token <ident> ID "name"

%type <stmt> item const_decl dim_decl fn_decl deriv_decl layer_decl model_decl
%type <stmt> stmt plain target ifstmt
%type <stmts> block stmts
%type <idents> dimvars ids
%type <formals> statics params0 params
%type <formal> param1
%type <type> type opttype scalar
%type <types> types
%type <sizes> dims
%type <size> dim1
%type <attributes> attrs attrl
%type <attribute> attr
%type <kind> stored result turn loop driver
%type <gens> gens where
%type <gen> gen
%type <carries> carries carryl
%type <carry> carry
%type <clauses> clauses
%type <clause> clause
%type <expr> expr tern orx andx cmp addexpr mul unary power postfix primary
%type <args> exprs args0 args
%type <arg> arg
%type <indices> idxs
%type <index> idx
%type <text> cast cmpop
%%
program : %empty
        | program item { if ($2) array_push(p->arena, &p->program->items, $2); }
        ;
item : IMPORT STRING ';'
         { $$ = stmt_new(p, (Stmt){STMT_IMPORT, @$, .text = $2->name}); }
     | IMPORT STRING AS ID ';'
         { $$ = stmt_new(p, (Stmt){STMT_IMPORT, @$, $4, .text = $2->name}); }
     | const_decl | dim_decl | fn_decl | deriv_decl | layer_decl | model_decl
     | error ';' { $$ = NULL; yyerrok; syntax_recovered(p); }
     ;
const_decl : CONST ID opttype '=' expr ';'
     { $$ = stmt_new(p, (Stmt){STMT_CONST, @$, $2, .type = $3, .value = $5}); }
     ;
dim_decl : DIM ID ';'
     { $$ = stmt_new(p, (Stmt){STMT_DIM, @$, .name = $2}); }
     | DIM ID LE addexpr ';'
     { $$ = stmt_new(p, (Stmt){STMT_DIM, @$, $2, .value = $4, .is_bound = 1}); }
     | DIM ID '=' addexpr ';'
     { $$ = stmt_new(p, (Stmt){STMT_DIM, @$, $2, .value = $4}); }
     ;
fn_decl : FN ID dimvars '(' params0 ')' ARROW type '=' expr ';'
     { $$ = stmt_new(p, (Stmt){STMT_FN, @$, $2, .binders = $3, .formals = $5,
                               .type = $8, .value = $10}); }
     | FN ID dimvars '(' params0 ')' ARROW type block
     { $$ = stmt_new(p, (Stmt){STMT_FN, @$, $2, .binders = $3, .formals = $5,
                               .type = $8, .has_body = true, .body = $9}); }
     ;
deriv_decl : DERIVATIVE ID '(' ids ')' '=' expr ';'
     { $$ = stmt_new(p, (Stmt){STMT_DERIVATIVE, @$, $2, .names = $4,
                               .value = $7}); }
     ;
layer_decl : LAYER ID dimvars '(' params0 ')' ARROW type block
     { $$ = stmt_new(p, (Stmt){STMT_LAYER, @$, $2, .binders = $3,
                               .formals = $5, .type = $8, .has_body = true,
                               .body = $9}); }
     | LAYER ID statics dimvars '(' params0 ')' ARROW type block
     { $$ = stmt_new(p, (Stmt){STMT_LAYER, @$, $2, .has_statics = true,
                               .statics = $3, .binders = $4, .formals = $6,
                               .type = $9, .has_body = true, .body = $10}); }
     ;
model_decl : MODEL ID block
     { $$ = stmt_new(p, (Stmt){STMT_MODEL, @$, $2, .has_body = true,
                               .body = $3}); }
     ;
dimvars : %empty { $$ = (IdentArray){0}; } | '[' ids ']' { $$ = $2; } ;
statics : '{' params0 '}' { $$ = $2; } ;
params0 : %empty { $$ = (FormalArray){0}; } | params ;
params  : param1 { LIST($$, (FormalArray){0}, $1); }
        | params ',' param1 { LIST($$, $1, $3); }
        ;
param1  : ID ':' type { $$ = (Formal){$1, $3, NULL}; }
        | ID ':' type '=' expr { $$ = (Formal){$1, $3, $5}; }
        ;
ids     : ID { LIST($$, (IdentArray){0}, $1); }
        | ids ',' ID { LIST($$, $1, $3); }
        ;

/* ---- types ---- */
type    : scalar
        | scalar '[' dims ']'
     { $$ = type_new(p, (TypeExpr){@$, $1->scalar, $1->bound, true,
                                   .sizes = $3}); }
        | '(' type ',' types ')' { $$ = type_tuple(p, @$, $2, $4); }
        ;
types   : type { LIST($$, (TypeArray){0}, $1); }
        | types ',' type { LIST($$, $1, $3); }
        ;
scalar  : cast { $$ = type_new(p, (TypeExpr){@$, .scalar = $1}); }
        | T_INT '<' addexpr '>'
     { $$ = type_new(p, (TypeExpr){@$, "int", .bound = $3}); }
        ;
dims    : dim1 { LIST($$, (SizeArray){0}, $1); }
        | dims ',' dim1 { LIST($$, $1, $3); }
        ;
dim1    : addexpr { $$ = (Size){SIZE_EXPR, .expr = $1, .range = @$}; }
        | ID ':' addexpr { $$ = (Size){SIZE_NAMED, $1, $3, @$}; }
        | DOTS { $$ = (Size){SIZE_REST, .range = @$}; }
        ;

/* ---- statements ---- */
block   : open stmts '}' { $$ = $2; block_close(p); } ;
open    : '{' { block_open(p, false); } ;
openc   : '{' { block_open(p, true); } ;
stmts   : %empty { $$ = (StmtArray){0}; }
        | stmts stmt { $$ = $1; if ($2) array_push(p->arena, &$$, $2); }
        ;
stmt    : attrs plain { $$ = stmt_with_attributes($2, @$, $1); }
        | plain
        | error ';' { $$ = NULL; yyerrok; syntax_recovered(p); }
        ;
attrs   : '[' '[' attrl ']' ']' { $$ = $3; } ;
attrl   : attr { LIST($$, (AttributeArray){0}, $1); }
        | attrl ',' attr { LIST($$, $1, $3); }
        ;
attr    : ID { $$ = (Attribute){.name = $1}; }
        | ID '(' args0 ')' { $$ = (Attribute){$1, true, $3}; }
        ;
plain   : INPUT ID ':' type ';'
     { $$ = stmt_new(p, (Stmt){STMT_INPUT, @$, $2, .type = $4}); }
        | stored ID ':' type '~' expr ';'
     { $$ = stmt_new(p, (Stmt){$1, @$, $2, .type = $4, .value = $6,
                               .is_random = true}); }
        | stored ID ':' type '=' expr ';'
     { $$ = stmt_new(p, (Stmt){$1, @$, $2, .type = $4, .value = $6}); }
        | LET target '=' expr where ';'
     { $$ = let_new(p, @$, $2, $4, $5); }
        | result ID opttype '=' expr ';'
     { $$ = stmt_new(p, (Stmt){$1, @$, $2, .type = $3, .value = $5}); }
        | turn ID '=' expr ';'
     { $$ = stmt_new(p, (Stmt){$1, @$, $2, .value = $4}); }
        | RETURN expr ';'
     { $$ = stmt_new(p, (Stmt){STMT_RETURN, @$, .value = $2}); }
        | ASSERT expr ';'
     { $$ = stmt_new(p, (Stmt){STMT_ASSERT, @$, .value = $2}); }
        | ASSERT expr ':' STRING ';'
     { $$ = stmt_new(p, (Stmt){STMT_ASSERT, @$, .value = $2,
                               .text = $4->name}); }
        | const_decl | dim_decl | ifstmt
        | loop '(' gens carries ')' block
     { $$ = stmt_new(p, (Stmt){$1, @$, .gens = $3, .carries = $4,
                               .has_body = true, .body = $6}); }
        | driver ID openc clauses '}'
     { block_close(p); $$ = stmt_new(p, (Stmt){$1, @$, $2, .clauses = $4}); }
        ;
stored  : PARAM { $$ = STMT_PARAM; } | STATE { $$ = STMT_STATE; } ;
result  : OUTPUT { $$ = STMT_OUTPUT; } | LOSS { $$ = STMT_LOSS; }
        | METRIC { $$ = STMT_METRIC; }
        ;
turn    : NEXT { $$ = STMT_NEXT; } | EMIT { $$ = STMT_EMIT; } ;
loop    : SCAN { $$ = STMT_SCAN; } | FOR { $$ = STMT_FOR; } ;
driver  : TRAIN { $$ = STMT_TRAIN; } | FIT { $$ = STMT_FIT; } ;
opttype : %empty { $$ = NULL; } | ':' type { $$ = $2; } ;
target  : ID opttype
     { $$ = stmt_new(p, (Stmt){STMT_LET, @$, $1, .type = $2}); }
        | ID '[' ids ']'
     { $$ = stmt_new(p, (Stmt){STMT_LET, @$, $1, .target = TARGET_INDEX,
                               .names = $3}); }
        | '(' ids ')'
     { $$ = stmt_new(p, (Stmt){STMT_LET, @$, .target = TARGET_TUPLE,
                               .names = $2}); }
        ;
where   : %empty { $$ = (GenArray){0}; } | WHERE gens { $$ = $2; } ;
ifstmt  : IF '(' expr ')' block
     { $$ = if_new(p, @$, $3, $5); }
        | IF '(' expr ')' block ELSE block
     { $$ = if_else(p, @$, if_new(p, @$, $3, $5), $7); }
        | IF '(' expr ')' block ELSE ifstmt
     { $$ = if_else_if(p, @$, if_new(p, @$, $3, $5), $7); }
        ;
gens    : gen { LIST($$, (GenArray){0}, $1); }
        | gens ',' gen { LIST($$, $1, $3); }
        ;
gen     : ID IN addexpr DOTS addexpr { $$ = (Gen){$1, true, $3, $5}; }
        | ID IN expr { $$ = (Gen){$1, false, $3, NULL}; }
        | ID IN expr ALONG addexpr { $$ = (Gen){$1, false, $3, $5}; }
        ;
carries : %empty { $$ = (CarryArray){0}; } | ';' carryl { $$ = $2; } ;
carryl  : carry { LIST($$, (CarryArray){0}, $1); }
        | carryl ',' carry { LIST($$, $1, $3); }
        ;
carry   : ID opttype '=' expr { $$ = (Carry){$1, $2, $4}; } ;
clauses : %empty { $$ = (ClauseArray){0}; }
        | clauses clause { LIST($$, $1, $2); }
        | clauses error ';' { $$ = $1; yyerrok; syntax_recovered(p); }
        ;
clause  : ID args0 ';' { $$ = (Clause){$1, $2, @$}; } ;

/* ---- expressions: lowest to highest ---- */
expr    : tern
        | expr PIPE tern
     { $$ = expr_new(p, (Expr){EXPR_PIPE, @$, "|>", .name_range = @2, .a = $1,
                               .b = $3}); }
        ;
tern    : orx
        | orx '?' tern ':' tern
     { $$ = expr_new(p, (Expr){EXPR_COND, @$, .name_range = @2, .a = $1,
                               .b = $3, .c = $5}); }
        ;
orx     : andx | orx OR andx { $$ = binary_new(p, @$, "||", @2, $1, $3); } ;
andx    : cmp | andx AND cmp { $$ = binary_new(p, @$, "&&", @2, $1, $3); } ;
cmp     : addexpr
        | addexpr cmpop addexpr { $$ = binary_new(p, @$, $2, @2, $1, $3); }
        ;
cmpop   : EQ { $$ = "=="; } | NE { $$ = "!="; } | '<' { $$ = "<"; }
        | LE { $$ = "<="; } | '>' { $$ = ">"; } | GE { $$ = ">="; }
        ;
addexpr : mul
        | addexpr '+' mul { $$ = binary_new(p, @$, "+", @2, $1, $3); }
        | addexpr '-' mul { $$ = binary_new(p, @$, "-", @2, $1, $3); }
        ;
mul     : unary
        | mul '*' unary { $$ = binary_new(p, @$, "*", @2, $1, $3); }
        | mul '/' unary { $$ = binary_new(p, @$, "/", @2, $1, $3); }
        | mul '@' unary { $$ = binary_new(p, @$, "@", @2, $1, $3); }
        ;
unary   : power
        | '-' unary { $$ = unary_new(p, @$, "-", @1, $2); }
        | '!' unary { $$ = unary_new(p, @$, "!", @1, $2); }
        ;
power   : postfix
        | postfix '^' unary { $$ = binary_new(p, @$, "^", @2, $1, $3); }
        ;
postfix : primary
        | postfix '(' args0 ')' /* apply */
     { $$ = expr_new(p, (Expr){EXPR_CALL, @$, .a = $1, .args = $3}); }
        | postfix '{' args0 '}' /* configure */
     { $$ = expr_new(p, (Expr){EXPR_CONFIG, @$, .a = $1, .args = $3}); }
        | postfix '[' idxs ']' /* index, slice */
     { $$ = expr_new(p, (Expr){EXPR_INDEX, @$, .a = $1, .indices = $3}); }
        | postfix '.' ID /* parameter of an instance */
     { $$ = expr_new(p, (Expr){EXPR_FIELD, @$, $3.text, .name_range = @3,
                               .a = $1}); }
        | postfix '\'' /* transpose */
     { $$ = expr_new(p, (Expr){EXPR_TRANSPOSE, @$, .name_range = @2,
                               .a = $1}); }
        ;
primary : ID
     { $$ = expr_new(p, (Expr){EXPR_NAME, @$, $1.text, .name_range = @1}); }
        | INTLIT | REALLIT | STRING
        | TRUE { $$ = expr_new(p, (Expr){EXPR_BOOL, @$, .integer = 1}); }
        | FALSE { $$ = expr_new(p, (Expr){EXPR_BOOL, .range = @$}); }
        | '(' expr ')' { $$ = expr_new(p, (Expr){EXPR_PAREN, @$, .a = $2}); }
        | '(' expr ',' exprs ')' { $$ = tuple_new(p, @$, $2, $4); }
        | '[' args0 ']' { $$ = expr_new(p, (Expr){EXPR_LIST, @$, .args = $2}); }
        | cast '(' expr ')'
     { $$ = expr_new(p, (Expr){EXPR_CAST, @$, $1, .name_range = @1,
                               .a = $3}); }
        ;
cast    : T_REAL { $$ = "real"; } | T_F32 { $$ = "f32"; }
        | T_F64 { $$ = "f64"; } | T_INT { $$ = "int"; }
        | T_BOOL { $$ = "bool"; }
        ;
exprs   : expr { LIST($$, (ArgArray){0}, ((Arg){.value = $1})); }
        | exprs ',' expr { LIST($$, $1, ((Arg){.value = $3})); }
        ;
args0   : %empty { $$ = (ArgArray){0}; } | args ;
args    : arg { LIST($$, (ArgArray){0}, $1); }
        | args ',' arg { LIST($$, $1, $3); }
        ;
arg     : expr { $$ = (Arg){.value = $1}; }
        | ID '=' expr { $$ = (Arg){$1, $3}; }
        ;
idxs    : idx { LIST($$, (IndexArray){0}, $1); }
        | idxs ',' idx { LIST($$, $1, $3); }
        ;
idx     : expr { $$ = (Index){INDEX_EXPR, $1, NULL, @$}; }
        | addexpr DOTS addexpr { $$ = (Index){INDEX_RANGE, $1, $3, @$}; }
        | DOTS { $$ = (Index){INDEX_REST, .range = @$}; }
        | ':' { $$ = (Index){INDEX_ALL, .range = @$}; }
        | '|' addexpr '|' { $$ = (Index){INDEX_GUARD, $2, NULL, @$}; }
        ;
%%
/* Only names cross to compiler/syntax.c: the numbers of bison's symbols are
 * private to this file. */
static int yyreport_syntax_error(const yypcontext_t *context, Parser *p)
{
    yysymbol_kind_t kinds[YYNTOKENS];
    const char *names[YYNTOKENS];
    int n = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
    for (int i = 0; i < n; i++)
        names[i] = yysymbol_name(kinds[i]);
    syntax_error(p, names, n < 0 ? 0 : n);
    return 0;
}

/* With custom messages this is only called when a stack is full. */
static void yyerror(const Range *r, Parser *p, const char *message)
{
    (void)message;
    nested_too_deeply(p, *r);
}
