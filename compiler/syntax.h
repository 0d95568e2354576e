/* Between scanner and parser; private to compiler/syntax*.c. */
#ifndef DLC_SYNTAX_H
#define DLC_SYNTAX_H

#include "ast_build.h"
#include "parser.tab.h"

typedef struct Token {
    int kind;
    YYSTYPE value;
    Range range;
} Token;

struct Feed {
    void *scanner;
    Token token;    /* the parser's lookahead */
    Token previous; /* the one before it */
    ARRAY_OF(Token) queue;
    int next;           /* of the queue */
    bool is_tracked;    /* the brackets know token already */
    bool has_semicolon; /* it has had the ';' of that rule */
    bool is_replayable; /* an error at a token that can start afresh */
    int replayed;       /* where a token was given again, or -1 */
};

/* The innermost open bracket, NULL when there is none. */
Bracket *bracket_top(const Parser *p);
/* The block that token is in, NULL outside of all. */
const Bracket *block_top(const Parser *p);
bool starts_item(int kind);      /* model, layer, ...; not const and dim */
bool starts_statement(int kind); /* with const and dim */
/* The token is the first one on its line. */
bool is_first_on_line(const Feed *f, const Token *t);
Range range_after(Range r); /* the empty range right behind */

#endif
