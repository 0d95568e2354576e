/* Syntax tree and its printer.
 *
 * One struct for all expressions and one for all statements: the parser's
 * actions are a line each, and a walk is one switch. Every node has the range
 * of bytes it was read from. The tree says nothing about meaning: `sema`
 * decides whether `f(x)` is an operator, a layer or a function.
 */
#ifndef DLC_AST_H
#define DLC_AST_H

#include "diag.h"

typedef struct Expr Expr;
typedef struct Stmt Stmt;
typedef struct TypeExpr TypeExpr;

/* A name with its place. */
typedef struct Ident {
    const char *text;
    Range range;
} Ident;
typedef ARRAY_OF(Ident) IdentArray;

/* An argument: `expr` or `name = expr` (name.text NULL when positional). */
typedef struct Arg {
    Ident name;
    Expr *value;
} Arg;
typedef ARRAY_OF(Arg) ArgArray;

typedef enum IndexKind {
    INDEX_EXPR,  /* x[e] */
    INDEX_RANGE, /* x[a .. b], half-open */
    INDEX_REST,  /* x[..] any axes */
    INDEX_ALL,   /* x[:] a whole axis */
    INDEX_GUARD, /* x[|e|] out-of-range terms are skipped */
} IndexKind;
typedef struct Index {
    IndexKind kind;
    Expr *a, *b;
    Range range;
} Index;
typedef ARRAY_OF(Index) IndexArray;

typedef enum ExprKind {
    EXPR_NAME,      /* name */
    EXPR_INT,       /* integer */
    EXPR_REAL,      /* real; name keeps the spelling */
    EXPR_STRING,    /* name is the decoded text, name_raw the spelling */
    EXPR_BOOL,      /* integer 0 or 1 */
    EXPR_TUPLE,     /* (a, b): args, at least two */
    EXPR_LIST,      /* [a, b]: args */
    EXPR_CAST,      /* real(a): name = "real", "f32", "f64", "int", "bool" */
    EXPR_CALL,      /* a(args) */
    EXPR_CONFIG,    /* a{args} */
    EXPR_INDEX,     /* a[indices] */
    EXPR_FIELD,     /* a.name */
    EXPR_TRANSPOSE, /* a' */
    EXPR_UNARY,     /* name = "-" or "!" applied to a */
    EXPR_BINARY,    /* a name b; name = "+ - * / @ ^ == != < <= > >= && ||" */
    EXPR_COND,      /* a ? b : c */
    EXPR_PIPE,      /* a |> b */
    EXPR_PAREN,     /* (a): kept so that printing gives the source back */
} ExprKind;
struct Expr {
    ExprKind kind;
    Range range;
    const char *name;
    const char *name_raw;
    Range name_range; /* of the operator or the field's name */
    int64_t integer;
    double real;
    Expr *a, *b, *c;
    ArgArray args;
    IndexArray indices;
    int height; /* 1 + the highest below: the parser bounds it */
};

typedef enum SizeKind {
    SIZE_EXPR,  /* additive expression */
    SIZE_NAMED, /* c:3, a size named for reading */
    SIZE_REST,  /* .. any leading axes */
} SizeKind;
typedef struct Size {
    SizeKind kind;
    Ident name;
    Expr *expr;
    Range range;
} Size;
typedef ARRAY_OF(Size) SizeArray;

/* A scalar type with sizes, or a tuple of types. */
struct TypeExpr {
    Range range;
    const char *scalar; /* "real" "f32" "f64" "int" "bool"; NULL: a tuple */
    Expr *bound;        /* int<bound>, NULL when there is none */
    bool has_sizes;
    SizeArray sizes;
    ARRAY_OF(TypeExpr *) parts;
    int height; /* 1 + the highest type or size below */
};
typedef ARRAY_OF(TypeExpr *) TypeArray;

/* A parameter of a fn or layer: name : type [= value]. */
typedef struct Formal {
    Ident name;
    TypeExpr *type;
    Expr *value;
} Formal;
typedef ARRAY_OF(Formal) FormalArray;

/* name in a .. b   |   name in a along b   |   name in a */
typedef struct Gen {
    Ident name;
    bool is_range;
    Expr *a, *b; /* b NULL when neither a range nor along */
} Gen;
typedef ARRAY_OF(Gen) GenArray;

/* h : type = value in a scan or for head. */
typedef struct Carry {
    Ident name;
    TypeExpr *type;
    Expr *value;
} Carry;
typedef ARRAY_OF(Carry) CarryArray;

/* NAME args ; inside train or fit. */
typedef struct Clause {
    Ident name;
    ArgArray args;
    Range range;
} Clause;
typedef ARRAY_OF(Clause) ClauseArray;

typedef struct Attribute {
    Ident name;
    bool has_args;
    ArgArray args;
} Attribute;
typedef ARRAY_OF(Attribute) AttributeArray;

typedef ARRAY_OF(Stmt *) StmtArray;

typedef enum StmtKind {
    /* items */
    STMT_IMPORT, /* text = path; name = alias or empty */
    STMT_FN,     /* name binders formals type (value | body) */
    STMT_DERIVATIVE, /* name names = value */
    STMT_LAYER,  /* name statics binders formals type body */
    STMT_MODEL,  /* name body */
    /* both */
    STMT_CONST,  /* name [type] = value */
    STMT_DIM,    /* name [<= value | = value]; is_bound for <= */
    /* statements */
    STMT_INPUT,  /* name : type */
    STMT_PARAM,  /* name : type (~ | =) value; is_random for ~ */
    STMT_STATE,  /* the same */
    STMT_LET,    /* target = value [where gens] */
    STMT_OUTPUT, /* name [type] = value */
    STMT_LOSS,
    STMT_METRIC,
    STMT_NEXT,   /* name = value */
    STMT_EMIT,
    STMT_RETURN, /* value */
    STMT_ASSERT, /* value [text] */
    STMT_IF,     /* value body [otherwise]; is_else_if: otherwise holds one if */
    STMT_SCAN,   /* gens carries body */
    STMT_FOR,
    STMT_TRAIN,  /* name clauses */
    STMT_FIT,
} StmtKind;
typedef enum TargetKind {
    TARGET_NAME,  /* let x [: type] = */
    TARGET_INDEX, /* let x[i, j] = */
    TARGET_TUPLE, /* let (a, b) = */
} TargetKind;
struct Stmt {
    StmtKind kind;
    Range range;
    Ident name;
    AttributeArray attributes;
    TypeExpr *type;
    Expr *value;
    TargetKind target;
    IdentArray names;   /* subscripts, tuple parts, derivative's arguments */
    IdentArray binders; /* [n, c] of fn and layer */
    bool has_statics;
    FormalArray statics, formals;
    GenArray gens;
    CarryArray carries;
    ClauseArray clauses;
    bool has_body;
    StmtArray body, otherwise;
    bool has_else, is_else_if, is_bound, is_random, is_library;
    const char *text; /* import path, assert message (decoded) */
    int height;       /* 1 + the highest statement or expression below */
};

typedef struct Program {
    const Source *source;
    StmtArray items;
} Program;

/* Parses a whole source. Syntax errors go to diag; parsing resynchronises at
 * ';' and goes on. NULL only when nothing could be made of the text. */
Program *parse_program(Arena *a, Diag *d, const Source *source);

/* Canonical text (`--emit=ast`): 4 spaces, one statement a line. It parses
 * back, and printing that gives the same text again. */
void ast_print(Text *out, const Program *p);
void expr_print(Text *out, const Expr *e);

#endif
