/* Tokens of the IR text. Any bytes give tokens: what is none is TOKEN_BAD. */
#include "irlex.h"
#include <ctype.h>
#include <string.h>

/* Larger integers occur nowhere: sizes, attributes and offsets are smaller. */
#define MOST_INT INT64_C(1000000000000000)

bool lex_fail(Lexer *x, Range r, DiagCode code, const char *fmt, ...)
{
    if (!x->failed) {
        va_list ap;
        va_start(ap, fmt);
        diag_error(x->diag, r, code, "%s", arena_vprintf(x->arena, fmt, ap));
        va_end(ap);
    }
    x->failed = true;
    return false;
}

Range lex_range(const Lexer *x)
{
    return (Range){x->src, x->token.begin, x->token.end};
}

static char peek(const Lexer *x, int ahead)
{
    return x->at + ahead < x->src->len ? x->src->text[x->at + ahead] : 0;
}

/* Skips space and comments; true when a line ended on the way. */
static bool skip_space(Lexer *x)
{
    bool newline = x->at == 0;
    x->comment = NULL;
    while (x->at < x->src->len) {
        char c = peek(x, 0);
        if (c == '\n') {
            newline = true;
        } else if (c == '/' && peek(x, 1) == '/') {
            int begin = x->at;
            while (x->at < x->src->len && peek(x, 0) != '\n')
                x->at++;
            if (!newline)
                x->comment = arena_strndup(x->arena, x->src->text + begin,
                                           (size_t)(x->at - begin));
            continue;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            break;
        }
        x->at++;
    }
    return newline;
}

static const char *taken(const Lexer *x, int begin)
{
    return arena_strndup(x->arena, x->src->text + begin,
                         (size_t)(x->at - begin));
}

static void lex_name(Lexer *x, TokenKind kind)
{
    int begin = x->at;
    while (irtext_name_char(peek(x, 0)))
        x->at++;
    x->token.kind = kind;
    x->token.text = taken(x, begin);
}

static void skip_digits(Lexer *x)
{
    while (isdigit((unsigned char)peek(x, 0)))
        x->at++;
}

static void lex_number(Lexer *x)
{
    Token *t = &x->token;
    int begin = x->at;
    t->kind = TOKEN_INT;
    skip_digits(x);
    if (peek(x, 0) == '.') {
        t->kind = TOKEN_REAL;
        x->at++;
        skip_digits(x);
    }
    int sign = peek(x, 1) == '-' || peek(x, 1) == '+';
    if (peek(x, 0) == 'e' && isdigit((unsigned char)peek(x, 1 + sign))) {
        t->kind = TOKEN_REAL;
        x->at += 1 + sign;
        skip_digits(x);
    }
    t->text = taken(x, begin);
    t->real = double_read(t->text);
    if (t->kind == TOKEN_INT && t->real < (double)MOST_INT)
        t->integer = (int64_t)t->real;
    else if (t->kind == TOKEN_INT)
        lex_fail(x, (Range){x->src, begin, x->at}, DL3006,
                 "the number %s is too large", t->text);
}

static int hex_digit(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "text" with \" \\ and \xhh; never a zero byte. */
static void lex_string(Lexer *x)
{
    Text s = {.arena = x->arena};
    text_add(&s, "");
    x->token.kind = TOKEN_BAD;
    for (x->at++; peek(x, 0) && peek(x, 0) != '\n'; x->at++) {
        char c = peek(x, 0);
        if (c == '"') {
            x->at++;
            x->token.kind = TOKEN_STRING;
            break;
        }
        if (c == '\\' && peek(x, 1) == 'x') {
            int high = hex_digit(peek(x, 2));
            int low = high < 0 ? -1 : hex_digit(peek(x, 3));
            if (low < 0 || high + low == 0)
                break;
            c = (char)(unsigned char)(high * 16 + low);
            x->at += 3;
        } else if (c == '\\') {
            c = peek(x, 1);
            if (c != '"' && c != '\\')
                break;
            x->at++;
        }
        text_addn(&s, &c, 1);
    }
    x->token.text = s.data;
}

void lex_next(Lexer *x)
{
    Token *t = &x->token;
    *t = (Token){.first = skip_space(x), .text = ""};
    t->begin = x->at;
    char c = peek(x, 0), next = peek(x, 1);
    if (x->at >= x->src->len) {
        t->kind = TOKEN_END;
    } else if ((c == '%' || c == '@') && irtext_name_char(next)) {
        x->at++;
        lex_name(x, c == '%' ? TOKEN_VALUE : TOKEN_GLOBAL);
    } else if (isdigit((unsigned char)c)) {
        lex_number(x);
    } else if (isalpha((unsigned char)c) || c == '_') {
        lex_name(x, TOKEN_WORD);
    } else if (c == '"') {
        lex_string(x);
    } else {
        t->kind = c && strchr("()[]{}<>,:=*+-@", c) ? TOKEN_MARK : TOKEN_BAD;
        int begin = x->at++;
        if (c == '<' && next == '=')
            x->at++;
        t->text = taken(x, begin);
    }
    t->end = x->at;
    if (t->kind == TOKEN_BAD)
        lex_fail(x, lex_range(x), DL3001, "unexpected character or text");
}

void lex_start(Lexer *x, Arena *a, Diag *d, const Source *s)
{
    *x = (Lexer){.arena = a, .diag = d, .src = s};
    lex_next(x);
}

bool lex_ahead(const Lexer *x, const char *text)
{
    return (x->token.kind == TOKEN_MARK || x->token.kind == TOKEN_WORD) &&
           strcmp(x->token.text, text) == 0;
}

bool lex_accept(Lexer *x, const char *text)
{
    if (!lex_ahead(x, text))
        return false;
    lex_next(x);
    return true;
}

bool lex_expect(Lexer *x, const char *text)
{
    if (lex_accept(x, text))
        return !x->failed;
    return lex_fail(x, lex_range(x), DL3001, "expected '%s'", text);
}

bool lex_take(Lexer *x, TokenKind kind, const char *what, Token *out)
{
    if (x->failed)
        return false;
    if (x->token.kind != kind)
        return lex_fail(x, lex_range(x), DL3001, "expected %s", what);
    *out = x->token;
    lex_next(x);
    return !x->failed;
}

bool lex_int(Lexer *x, int64_t *out)
{
    bool minus = lex_accept(x, "-");
    Token t = {.kind = TOKEN_END};
    if (!lex_take(x, TOKEN_INT, "an integer", &t))
        return false;
    *out = minus ? -t.integer : t.integer;
    return true;
}
