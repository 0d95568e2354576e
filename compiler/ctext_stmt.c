/* Rules of c_simplify for statements: loops of one turn, constants of 0 and 1.
 */
#include "ctext_tokens.h"

#include <string.h>

/* Words that say something about the loop behind them. */
static bool is_note(Tokens *t, int i)
{
    return token_among(t, i,
                       " INDEPENDENT INDEPENDENT_LANES UNROLL UNROLL_2 "
                       "UNROLL_4 UNROLL_8 UNROLL_AROUND ROLLED PARALLEL ") ||
           strncmp(token_at(t, i)->text, "#pragma GCC unroll", 18) == 0;
}

/* The last token of the statement that begins at i; -1: not known. */
static int statement_end(Tokens *t, int i)
{
    while (is_note(t, i))
        i = token_next(t, i);
    if (token_is(t, i, "{"))
        return token_at(t, i)->match;
    if (token_among(t, i, " for if while switch ")) {
        int open = token_next(t, i);
        int end =
            token_is(t, open, "(")
                ? statement_end(t, token_next(t, token_at(t, open)->match))
                : -1;
        if (end < 0 || !token_is(t, i, "if") ||
            !token_is(t, token_next(t, end), "else"))
            return end;
        return statement_end(t, token_next(t, token_next(t, end)));
    }
    return token_among(t, i, " do else ") ? -1 : token_find(t, i, " ; ");
}

static bool occurs(Tokens *t, const char *name, int from, int to)
{
    for (int i = from; i < to; i++)
        if (!token_at(t, i)->gone && token_at(t, i)->kind == WORD &&
            token_is(t, i, name))
            return true;
    return false;
}

/* Does the block around this one use a name that the declaration from first
 * to last makes? */
static bool declares_clash(Tokens *t, int first, int last, int open)
{
    int close = token_at(t, open)->match, outer = token_around(t, open);
    int outer_end = outer ? token_at(t, outer)->match : t->all.len;
    bool in_value = false;
    for (int i = token_next(t, first); i < last; i = token_next(t, i)) {
        const char *name = token_at(t, i)->text;
        if (token_among(t, i, " ( [ ") || (in_value && token_is(t, i, "{")))
            i = token_at(t, i)->match;
        else if (token_among(t, i, " = , "))
            in_value = token_is(t, i, "=");
        else if (!in_value && token_at(t, i)->kind == WORD &&
                 token_among(t, token_next(t, i), " = [ , ; } ") &&
                 (occurs(t, name, outer, open) ||
                  occurs(t, name, close, outer_end)))
            return true;
    }
    return false;
}

/* Does the block around this one use a name that this one declares? */
static bool names_clash(Tokens *t, int open)
{
    int close = token_at(t, open)->match;
    for (int i = token_next(t, open), end; i < close; i = token_next(t, end)) {
        end = statement_end(t, i);
        int second = token_next(t, i);
        bool is_declaration = token_among(t, i, " int enum const ") ||
                              (token_at(t, i)->kind == WORD &&
                               (token_at(t, second)->kind == WORD ||
                                token_among(t, second, " * const int ")));
        if (end < 0 || (is_declaration && declares_clash(t, i, end, open)))
            return true;
    }
    return false;
}

/* Is the name only read between these tokens? */
static bool is_constant(Tokens *t, const char *name, int from, int to)
{
    for (int i = from; i <= to; i++)
        if (!token_at(t, i)->gone && token_at(t, i)->kind == WORD &&
            token_is(t, i, name) &&
            (token_among(t, token_next(t, i), " = += -= *= /= ++ -- ") ||
             token_among(t, token_before(t, i), " ++ -- & int . -> ")))
            return false;
    return true;
}

static void substitute(Tokens *t, const char *name, int64_t value, int from,
                       int to)
{
    for (int i = from; i <= to; i++)
        if (!token_at(t, i)->gone && token_at(t, i)->kind == WORD &&
            token_is(t, i, name))
            token_replace(t, i, value);
}

/* for (int NAME = FIRST; NAME < END; NAME++) or NAME += STEP, of one turn. */
static bool is_one_turn(Tokens *t, int loop, const char **name, int64_t *first)
{
    int i[11] = {token_next(t, loop)};
    for (int k = 1; k < 11; k++)
        i[k] = token_next(t, i[k - 1]);
    static const char *const head[] = {"(",  "int", NULL, "=", NULL, ";",
                                       NULL, "<",   NULL, ";", NULL};
    for (int k = 0; k < 11; k++)
        if (head[k] && !token_is(t, i[k], head[k]))
            return false;
    *name = token_at(t, i[2])->text;
    int64_t end, step = 1; /* at the least */
    int change = token_next(t, i[10]), close = token_next(t, change);
    if (token_is(t, change, "+=")) {
        token_number(t, close, &step);
        close = token_next(t, close);
    } else if (!token_is(t, change, "++")) {
        return false;
    }
    return token_is(t, i[6], *name) && token_is(t, i[10], *name) &&
           close == token_at(t, i[0])->match && token_number(t, i[4], first) &&
           token_number(t, i[8], &end) && *first < end && *first + step >= end;
}

/* Is there a `continue` or a `break` that belongs to the loop with this body?
 */
static bool leaves_turn(Tokens *t, int body, int end)
{
    for (int i = body; i <= end; i = token_next(t, i)) {
        if (token_among(t, i, " continue break "))
            return true;
        if (token_among(t, i, " for while "))
            i = statement_end(t, i);
        if (i < 0)
            return true;
    }
    return false;
}

static void unwrap_loop(Tokens *t, int loop)
{
    const char *name;
    int64_t first;
    if (!is_one_turn(t, loop, &name, &first))
        return;
    int close = token_at(t, token_next(t, loop))->match,
        body = token_next(t, close);
    int end = statement_end(t, body), start = loop;
    while (is_note(t, token_before(t, start)))
        start = token_before(t, start);
    if (end < 0 || !is_constant(t, name, body, end) ||
        leaves_turn(t, body, end))
        return;
    bool is_block = token_is(t, body, "{");
    bool is_whole = token_among(t, token_before(t, start), " ) else ");
    if (is_block && !is_whole && names_clash(t, body))
        return;
    tokens_remove(t, start, close);
    substitute(t, name, first, body, end);
    if (is_block && !is_whole) {
        token_remove(t, body);
        token_remove(t, end);
    }
}

/* int NAME = 0; or 1, never assigned: the number goes where the name is. */
static void spread_constant(Tokens *t, int type)
{
    int name = token_next(t, type), equal = token_next(t, name),
        value = token_next(t, equal);
    int end = token_next(t, value), scope = token_around(t, type), start = type;
    if (token_is(t, token_before(t, type), "const"))
        start = token_before(t, type);
    int64_t v;
    if (!token_is(t, equal, "=") || !token_number(t, value, &v) || v > 1 ||
        !token_is(t, end, ";") || !token_is(t, scope, "{") ||
        !token_among(t, token_before(t, start), " { } ; ") ||
        !is_constant(t, token_at(t, name)->text, end,
                     token_at(t, scope)->match))
        return;
    substitute(t, token_at(t, name)->text, v, end, token_at(t, scope)->match);
    tokens_remove(t, start, end);
}

/* enum { RUNS = 1, TURNS = 5 }: those of 0 and 1 go where they are used. */
static void spread_enumerators(Tokens *t, int word)
{
    int open = token_next(t, word), close = token_at(t, open)->match;
    int scope = token_around(t, word);
    if (!token_is(t, open, "{") || !token_is(t, token_next(t, close), ";") ||
        !scope)
        return;
    for (int i = token_next(t, open); i < close; i = token_next(t, i)) {
        int equal = token_next(t, i), value = token_next(t, equal),
            comma = token_next(t, value);
        int64_t v;
        if (token_at(t, i)->kind != WORD || !token_is(t, equal, "=") ||
            !token_number(t, value, &v) || v > 1 ||
            !token_among(t, comma, " , } ") ||
            !is_constant(t, token_at(t, i)->text, comma,
                         token_at(t, scope)->match))
            continue;
        substitute(t, token_at(t, i)->text, v, comma,
                   token_at(t, scope)->match);
        tokens_remove(t, i, value);
        if (token_is(t, comma, ","))
            token_remove(t, comma);
        else if (token_is(t, token_before(t, comma), ","))
            token_remove(t, token_before(t, comma));
    }
    if (token_next(t, open) != close)
        return;
    int last = token_next(t, close);
    tokens_remove(t, word, last);
    for (int i = word - 1;
         i > 0 && (token_at(t, i)->gone || token_is_comment(token_at(t, i)));
         i--)
        token_remove(t, i);
}

void simplify_statement(Tokens *t, int i)
{
    if (token_is(t, i, "for"))
        unwrap_loop(t, i);
    else if (token_is(t, i, "enum"))
        spread_enumerators(t, i);
    else if (token_is(t, i, "int"))
        spread_constant(t, i);
}
