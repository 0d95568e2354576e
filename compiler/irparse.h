/* Between the files of the parser: irparse.c (module, types, attributes),
 * irparse_func.c (functions, nodes), irparse_place.c. */
#ifndef DLC_IRPARSE_H
#define DLC_IRPARSE_H

#include "irlex.h"

typedef struct Symbol {
    Node *node;
    bool hidden; /* its region has ended */
} Symbol;

typedef struct IrParser {
    Lexer lex;
    Module *module;
    Map *globals;         /* name -> Global * */
    Map *sources;         /* path of a comment -> Source * */
    int64_t source_lines; /* in all of them */
    Func *func;
    Map *values; /* name -> Symbol * */
    int nesting, most_nesting;
} IrParser;

/* What stands in a node's braces. */
typedef struct Line {
    Attrs attrs;
    const Impl *impl;
    const Scalar *fused;
    int64_t own;
    Attrs masks; /* at most one list */
    bool has_raw;
    ElemType raw;
} Line;

bool irparse_type(IrParser *p, Type *t);
bool irparse_attrs(IrParser *p, const OpDef *op, Line *line);
/* %value, @global, 0.5, 3, true; NULL after an error. */
Node *irparse_operand(IrParser *p);
/* "@ ws+128" and the like, when it is there. */
bool irparse_place(IrParser *p, Node *n);
/* "// mlp.dl:4" behind a node tells where it came from. NULL: no comment. */
void irparse_comment(IrParser *p, const char *comment, Node *n);
bool irparse_func(IrParser *p); /* behind "func" */

#endif
