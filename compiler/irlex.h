/* Tokens of the IR text, and the cursor that the parser moves over them. */
#ifndef DLC_IRLEX_H
#define DLC_IRLEX_H

#include "irtext.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_WORD,   /* stage, f32, N */
    TOKEN_VALUE,  /* %name */
    TOKEN_GLOBAL, /* @name */
    TOKEN_INT,
    TOKEN_REAL,
    TOKEN_STRING,
    TOKEN_MARK, /* one character, or <= */
    TOKEN_BAD,
} TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *text; /* names without % and @; strings decoded */
    int64_t integer;
    double real;
    int begin, end;
    bool first; /* of its line */
} Token;

typedef struct Lexer {
    Arena *arena;
    Diag *diag;
    const Source *src;
    int at;
    Token token; /* the one ahead */
    /* The comment behind the token before, on its line; NULL: none. */
    const char *comment;
    bool failed; /* an error was reported: everything returns false */
} Lexer;

void lex_start(Lexer *x, Arena *a, Diag *d, const Source *s);
void lex_next(Lexer *x);

/* Reports an error once; always returns false. */
bool lex_fail(Lexer *x, Range r, DiagCode code, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
Range lex_range(const Lexer *x); /* of the token ahead */
/* Whether the token ahead is this mark or word; takes it if so. */
bool lex_accept(Lexer *x, const char *text);
bool lex_ahead(const Lexer *x, const char *text);
/* The same, with an error when it is not. */
bool lex_expect(Lexer *x, const char *text);
/* Takes a token of that kind, saying what was expected if it is not there. */
bool lex_take(Lexer *x, TokenKind kind, const char *what, Token *out);
/* An optional minus and an integer. */
bool lex_int(Lexer *x, int64_t *out);

#endif
