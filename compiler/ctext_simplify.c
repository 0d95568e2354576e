/* Simplifying C whose holes are filled: what a size of 0 or 1 leaves behind.
 *
 * A loop of one turn becomes its body, a comparison of two numbers the side
 * that is taken, and sums, products and parentheses lose what changes nothing.
 * It works on tokens, not on a tree, and leaves alone what it does not know.
 * Only for C as the kernels are written: one statement a line, counters of
 * loops are `int`.
 */
#include "ctext.h"
#include "ctext_tokens.h"

static void note_shrunk(Tokens *t)
{
    for (int i = 1; i < t->all.len - 1; i++)
        if (token_is(t, i, "(") && !token_at(t, i)->gone)
            for (int k = i + 1;
                 k < token_at(t, i)->match && !token_at(t, i)->shrunk; k++)
                token_at(t, i)->shrunk = token_at(t, k)->gone;
}

/* The token whose space is written before token i; -1: none is. */
static int space_of(Tokens *t, int i)
{
    const Token *token = token_at(t, i);
    int first = i;
    while (first > 1 && token_at(t, first - 1)->gone)
        first--;
    if (first == i || token_is_comment(token))
        return i;
    if (token_among(t, first - 1, " ( [ "))
        return -1;
    return token->space_len == 0 && token->kind != SIGN ? first : i;
}

const char *c_simplify(Arena *a, const char *text)
{
    enum { MOST = 100 };
    Tokens t = {.arena = a};
    if (!tokens_read(&t, text))
        return text;
    for (int round = 0; round < MOST && (round == 0 || t.changed); round++) {
        t.changed = false;
        for (int i = 1; i < t.all.len - 1; i++) {
            if (token_at(&t, i)->gone)
                continue;
            if (token_at(&t, i)->kind == KEYWORD)
                simplify_statement(&t, i);
            else if (token_at(&t, i)->kind == SIGN)
                simplify_expression(&t, i);
        }
        note_shrunk(&t);
    }
    Text out = {.arena = a};
    text_add(&out, "");
    for (int i = 1; i < t.all.len - 1; i++)
        if (!token_at(&t, i)->gone) {
            int space = space_of(&t, i);
            if (space >= 0)
                text_addn(&out, token_at(&t, space)->space,
                          (size_t)token_at(&t, space)->space_len);
            if (out.len > 0 && out.data[out.len - 1] == '-' &&
                *token_at(&t, i)->text == '-')
                text_add(&out, " "); /* -(2 - 4): - -2 */
            text_add(&out, token_at(&t, i)->text);
        }
    return out.data;
}
