/* C text as a row of tokens. */
#include "ctext_tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_keyword(const char *word, size_t len)
{
    static const char *const all[] = {
        "for",      "if",     "else",     "while",       "do",
        "switch",   "return", "break",    "continue",    "int",
        "enum",     "const",  "UNROLL",   "UNROLL_2",    "UNROLL_4",
        "UNROLL_8", "ROLLED", "PARALLEL", "INDEPENDENT", "INDEPENDENT_LANES",
        "UNROLL_AROUND"};
    for (int i = 0; i < (int)(sizeof all / sizeof *all); i++)
        if (strncmp(all[i], word, len) == 0 && all[i][len] == 0)
            return true;
    return false;
}

/* The length of the token at p; its kind. */
static size_t token_length(const char *p, bool begins_line, TokenKind *kind)
{
    static const char *const signs[] = {
        "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==",
        "!=",  "&&",  "||",  "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
    size_t n = 0;
    if (*p == '#' && begins_line) {
        *kind = OTHER;
        while (p[n] && !(p[n] == '\n' && p[n - 1] != '\\'))
            n++;
        return n;
    }
    if (p[0] == '/' && p[1] == '*') {
        *kind = OTHER;
        const char *end = strstr(p + 2, "*/");
        return end ? (size_t)(end + 2 - p) : strlen(p);
    }
    if (*p == '"' || *p == '\'') {
        *kind = OTHER;
        for (n = 1; p[n] && p[n] != *p; n++)
            n += p[n] == '\\' && p[n + 1];
        return n + (p[n] != 0);
    }
    if (is_word(*p)) {
        *kind = isdigit((unsigned char)*p) ? NUMBER : WORD;
        while (is_word(p[n]) || (*kind == NUMBER && p[n] == '.'))
            n++;
        if (*kind == WORD && is_keyword(p, n))
            *kind = KEYWORD;
        return n;
    }
    *kind = SIGN;
    if (!strchr("<>.-+=!&|*/%^", *p) || strchr(" (", p[1]))
        return 1;
    for (int i = 0; i < (int)(sizeof signs / sizeof *signs); i++)
        if (strncmp(p, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return 1;
}

Token *token_at(Tokens *t, int i)
{
    return &t->all.data[i];
}

bool token_is(Tokens *t, int i, const char *text)
{
    const char *mine = token_at(t, i)->text;
    return *mine == *text && strcmp(mine, text) == 0;
}

bool token_among(Tokens *t, int i, const char *list)
{
    const Token *token = token_at(t, i);
    if (token->kind != SIGN && token->kind != KEYWORD)
        return false;
    size_t n = strlen(token->text);
    for (const char *p = list; (p = strchr(p + 1, *token->text)) != NULL;)
        if (p[-1] == ' ' && strncmp(p, token->text, n) == 0 && p[n] == ' ')
            return true;
    return false;
}

bool token_is_comment(const Token *token)
{
    return token->kind == OTHER && token->text[0] == '/';
}

int token_next(Tokens *t, int i)
{
    while (i < t->all.len - 1 &&
           (token_at(t, ++i)->gone || token_is_comment(token_at(t, i))))
        ;
    return i;
}

int token_before(Tokens *t, int i)
{
    while (i > 0 &&
           (token_at(t, --i)->gone || token_is_comment(token_at(t, i))))
        ;
    return i;
}

void token_remove(Tokens *t, int i)
{
    token_at(t, i)->gone = t->changed = true;
}

void tokens_remove(Tokens *t, int from, int to)
{
    for (int i = from; i <= to; i++)
        if (!token_is_comment(token_at(t, i)))
            token_remove(t, i);
}

void token_replace(Tokens *t, int i, int64_t value)
{
    token_at(t, i)->text = arena_printf(t->arena, "%lld", (long long)value);
    token_at(t, i)->kind = NUMBER;
    t->changed = true;
}

static void split(Tokens *t, const char *text)
{
    Token empty = {.space = "", .text = "", .kind = OTHER};
    array_push(t->arena, &t->all, empty);
    for (const char *p = text; *p;) {
        size_t space = strspn(p, " \n");
        bool begins_line = p == text || memchr(p, '\n', space) != NULL;
        Token token = {.space = p, .space_len = (int)space};
        p += space;
        size_t n = *p ? token_length(p, begins_line, &token.kind) : 0;
        if (!*p)
            token.kind = OTHER;
        token.text = arena_strndup(t->arena, p, n);
        array_push(t->arena, &t->all, token);
        p += n;
    }
    array_push(t->arena, &t->all, empty);
}

/* Ends of brackets. */
static bool match_brackets(Tokens *t)
{
    enum { DEEPEST = 64 };
    int open[DEEPEST], depth = 0;
    for (int i = 0; i < t->all.len; i++) {
        if (token_among(t, i, " ( [ { ")) {
            if (depth == DEEPEST)
                return false;
            open[depth++] = i;
        } else if (token_among(t, i, " ) ] } ")) {
            if (depth == 0)
                return false;
            token_at(t, i)->match = open[--depth];
            token_at(t, open[depth])->match = i;
        }
    }
    return depth == 0;
}

bool tokens_read(Tokens *t, const char *text)
{
    split(t, text);
    return match_brackets(t);
}

bool token_number(Tokens *t, int i, int64_t *value)
{
    const char *text = token_at(t, i)->text;
    if (token_at(t, i)->kind != NUMBER || strlen(text) > 12 ||
        text[strspn(text, "0123456789")] || (*text == '0' && text[1]))
        return false;
    *value = strtoll(text, NULL, 10);
    return true;
}

bool token_is_number(Tokens *t, int i, int64_t value)
{
    int64_t v;
    return token_number(t, i, &v) && v == value;
}

int token_around(Tokens *t, int i)
{
    while (--i > 0) {
        if (token_among(t, i, " ) ] } "))
            i = token_at(t, i)->match;
        else if (token_among(t, i, " ( [ { "))
            return i;
    }
    return 0;
}

int token_find(Tokens *t, int i, const char *list)
{
    for (; i < t->all.len - 1; i = token_next(t, i)) {
        if (token_among(t, i, list))
            return i;
        if (token_among(t, i, " ( [ { "))
            i = token_at(t, i)->match;
        else if (token_among(t, i, " ) ] } ; "))
            return -1;
    }
    return -1;
}
