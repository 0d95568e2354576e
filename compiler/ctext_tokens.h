/* C text as a row of tokens that can be taken out: for c_simplify. */
#ifndef DLC_CTEXT_TOKENS_H
#define DLC_CTEXT_TOKENS_H

#include "util.h"

/* KEYWORD: of C, and the words that stand before a loop. OTHER: comments,
 * strings and directives. */
typedef enum TokenKind { WORD, KEYWORD, SIGN, NUMBER, OTHER } TokenKind;

typedef struct Token {
    const char *space; /* what stands before it */
    int space_len;
    TokenKind kind;
    const char *text;
    bool gone;
    bool shrunk; /* an opening parenthesis: something inside it is gone */
    int match;   /* of a bracket: its other end */
} Token;

typedef struct Tokens {
    Arena *arena;
    ARRAY_OF(Token) all; /* the first and the last are empty */
    bool changed;
} Tokens;

/* False when brackets do not match. */
bool tokens_read(Tokens *t, const char *text);

Token *token_at(Tokens *t, int i);
bool token_is(Tokens *t, int i, const char *text);
/* Is the sign or keyword one of these, each between two spaces? */
bool token_among(Tokens *t, int i, const char *list);
bool token_is_comment(const Token *token);
/* A plain decimal number of type int. */
bool token_number(Tokens *t, int i, int64_t *value);
bool token_is_number(Tokens *t, int i, int64_t value);

/* The next and the last one before that are there; comments are passed over. */
int token_next(Tokens *t, int i);
int token_before(Tokens *t, int i);
/* The first token from i on, at this depth, that the list has; -1: none. */
int token_find(Tokens *t, int i, const char *list);

/* The bracket or brace around token i, 0 if there is none. */
int token_around(Tokens *t, int i);

void token_remove(Tokens *t, int i);
/* Comments stay. */
void tokens_remove(Tokens *t, int from, int to);
void token_replace(Tokens *t, int i, int64_t value);

/* ---- rules, applied over and over until nothing changes ---- */

/* At an operator or a parenthesis. */
void simplify_expression(Tokens *t, int i);
/* At the `for` of a loop, the `int` or the `enum` of a constant. */
void simplify_statement(Tokens *t, int i);
/* May the value from first to last be left out? Not what calls, and no name
 * that is used nowhere else. */
bool may_vanish(Tokens *t, int first, int last);

#endif
