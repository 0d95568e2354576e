/* Between the two files of the parser: irparse.c (module, types, attributes)
 * and irparse_func.c (functions, nodes). */
#ifndef DLC_IRPARSE_H
#define DLC_IRPARSE_H

#include "irlex.h"

typedef struct IrParser {
    Lexer lex;
    Module *module;
    Map *globals; /* name -> Global * */
    Map *sources; /* path of a comment -> Source * */
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
bool irparse_func(IrParser *p); /* behind "func" */

#endif
