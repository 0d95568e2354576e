/* Rules of c_simplify for expressions.
 *
 * Each looks at one operator and the tokens around it, and applies only where
 * they show that precedence cannot matter.
 */
#include "ctext_tokens.h"

#include <ctype.h>
#include <string.h>

/* A sum or a product may begin behind these, and end before those. */
static bool begins_sum(Tokens *t, int i)
{
    return token_among(t, i,
                       " ( [ { , ; = += -= < > <= >= == != ? : && || "
                       "return ");
}

static bool ends_sum(Tokens *t, int i)
{
    return token_among(t, i, " ) ] } , ; < > <= >= == != ? : && || ");
}

static bool ends_product(Tokens *t, int i)
{
    return ends_sum(t, i) || token_among(t, i, " + - ");
}

static bool begins_product(Tokens *t, int i)
{
    return begins_sum(t, i) || token_is(t, i, "+");
}

/* How often the function around token i has its text; enough are three. */
static int count_in_function(Tokens *t, int i)
{
    const char *text = token_at(t, i)->text;
    int first = i, count = 0;
    for (int outer = i; outer > 0; outer = token_around(t, outer))
        first = outer;
    int last = first == i ? t->all.len : token_at(t, first)->match;
    while (first > 0 && !token_among(t, first - 1, " } ; "))
        first--;
    for (int k = first; k < last && count < 3; k++)
        count += !token_at(t, k)->gone && token_is(t, k, text);
    return count;
}

bool may_vanish(Tokens *t, int first, int last)
{
    for (int i = first; i <= last; i++) {
        const Token *token = token_at(t, i);
        if (token->gone || token->kind == NUMBER ||
            token_among(t, i, " ( ) + - * / % "))
            continue;
        if (token->kind != WORD || token_is(t, token_next(t, i), "(") ||
            (!isupper((unsigned char)*token->text) &&
             count_in_function(t, i) < 3))
            return false;
    }
    return true;
}

/* The last token of the factor that begins at i: a name, a number or what is
 * in parentheses; -1 for any other. */
static int factor_end(Tokens *t, int i)
{
    int last = token_is(t, i, "(") ? token_at(t, i)->match : i;
    if (last == i && token_at(t, i)->kind != WORD &&
        token_at(t, i)->kind != NUMBER)
        return -1;
    return token_among(t, token_next(t, last), " ( [ . -> ++ -- ") ? -1 : last;
}

/* 2 - 2, 0 - 2, 0 + 28. */
static void add_numbers(Tokens *t, int op)
{
    int left = token_before(t, op), right = token_next(t, op);
    int64_t x, y;
    if (!token_number(t, left, &x) || !token_number(t, right, &y) ||
        !ends_product(t, token_next(t, right)))
        return;
    int64_t sum = token_is(t, op, "+") ? x + y : x - y;
    if (!begins_sum(t, token_before(t, left)) &&
        !(token_is(t, token_before(t, left), "+") && sum > 0))
        return;
    token_replace(t, left, sum);
    tokens_remove(t, op, right);
}

/* x + 0, x - 0, 0 + x, -0. */
static void drop_zero_terms(Tokens *t, int op)
{
    int left = token_before(t, op), right = token_next(t, op);
    bool is_binary = token_at(t, left)->kind == WORD ||
                     token_at(t, left)->kind == NUMBER ||
                     token_among(t, left, " ) ] ");
    if (is_binary && token_is_number(t, right, 0) &&
        ends_product(t, token_next(t, right)))
        tokens_remove(t, op, right);
    else if (token_is(t, op, "+") && token_is_number(t, left, 0) &&
             begins_sum(t, token_before(t, left)))
        tokens_remove(t, left, op);
    else if (token_is(t, op, "-") && begins_sum(t, left) &&
             token_is_number(t, right, 0) &&
             ends_product(t, token_next(t, right)))
        token_remove(t, op);
}

/* The first token of the product that ends at i; -1: not known. */
static int product_start(Tokens *t, int i)
{
    for (;; i = token_before(t, token_before(t, i))) {
        if (token_is(t, i, ")"))
            i = token_at(t, i)->match;
        else if (token_at(t, i)->kind != WORD && token_at(t, i)->kind != NUMBER)
            return -1;
        int first = token_before(t, i);
        if (begins_product(t, first) || token_is(t, first, "-"))
            return i;
        if (!token_among(t, first, " * / % "))
            return -1;
    }
}

/* 1 * x, x * 1, 0 * x, x * 0. */
static void simplify_product(Tokens *t, int op)
{
    int left = token_before(t, op), right = token_next(t, op),
        first = token_before(t, left);
    if (token_is_number(t, right, 1)) {
        if (!token_among(t, token_next(t, right), " ( [ . -> "))
            tokens_remove(t, op, right);
    } else if (token_is_number(t, left, 1)) {
        if (begins_product(t, first) || token_among(t, first, " - * "))
            tokens_remove(t, left, op);
    } else if (token_is_number(t, left, 0)) {
        int last = factor_end(t, right);
        if ((begins_product(t, first) || token_is(t, first, "-")) &&
            last >= 0 && may_vanish(t, right, last))
            tokens_remove(t, op, last);
    } else if (token_is_number(t, right, 0) && begins_product(t, first) &&
               factor_end(t, left) == left && !token_is(t, left, ")") &&
               may_vanish(t, left, left)) {
        tokens_remove(t, left, op);
    }
}

/* x / 1, x % 1, 0 / x, 0 % x, 6 / 3. */
static void simplify_quotient(Tokens *t, int op)
{
    int left = token_before(t, op), right = token_next(t, op),
        first = token_before(t, left);
    bool is_product = begins_product(t, first) || token_is(t, first, "-");
    int last = factor_end(t, right);
    int64_t x, y;
    if (token_is_number(t, right, 1) && token_is(t, op, "/")) {
        tokens_remove(t, op, right);
    } else if (token_number(t, left, &x) && token_number(t, right, &y) &&
               y > 0 && x % y == 0 && token_is(t, op, "/") && is_product) {
        token_replace(t, left, x / y);
        tokens_remove(t, op, right);
    } else if (token_is_number(t, right, 1)) {
        int start = product_start(t, left);
        if (start < 0 || !may_vanish(t, start, left))
            return;
        tokens_remove(t, token_next(t, start), right);
        token_replace(t, start, 0);
    } else if (token_is_number(t, left, 0) && is_product && last >= 0 &&
               may_vanish(t, right, last)) {
        tokens_remove(t, op, last);
    }
}

/* Was something there between the two? */
static bool is_gap(Tokens *t, int from, int to)
{
    while (++from < to)
        if (token_at(t, from)->gone)
            return true;
    return false;
}

/* (2 * n) and the like. */
static bool is_plain_product(Tokens *t, int open)
{
    int close = token_at(t, open)->match, count = 0;
    for (int i = token_next(t, open); i != close;
         i = token_next(t, i), count++) {
        bool is_value =
            token_at(t, i)->kind == WORD || token_at(t, i)->kind == NUMBER;
        if (count % 2 == 0 ? !is_value : !token_among(t, i, " * / "))
            return false;
    }
    return count >= 3 && count % 2 == 1;
}

/* (a * b + c) and the like. */
static bool is_plain_sum(Tokens *t, int open)
{
    int close = token_at(t, open)->match, operators = 0;
    for (int i = token_next(t, open); i != close; i = token_next(t, i)) {
        operators += token_among(t, i, " + - * / % ");
        if (token_among(t, i, " ( [ "))
            i = token_at(t, i)->match;
        else if (token_at(t, i)->kind == SIGN &&
                 !token_among(t, i, " + - * / % . -> "))
            return false;
    }
    return operators > 0 && !token_among(t, token_before(t, close), " * ");
}

/* (x) where (0 + x) was, ((x)) where (0 + (x)) was, = (x); where = 0 + (x);
 * was; and (4), (2 * n) alone or as a sum's last term, (a + b) as its first. f(x) and (type)x
 * stay. */
static void drop_parentheses(Tokens *t, int open)
{
    int inner = token_next(t, open), close = token_at(t, open)->match;
    int left = token_before(t, open), last = token_before(t, close);
    bool is_alone = inner == last && token_at(t, inner)->kind == NUMBER;
    is_alone |= inner == last && token_at(t, inner)->kind == WORD &&
                token_at(t, open)->shrunk;
    if (token_among(t, left, " ( [ , = += return ") &&
        token_among(t, token_next(t, close), " + - ") &&
        is_plain_sum(t, open)) {
        token_remove(t, open);
        token_remove(t, close);
    } else if (is_plain_product(t, open) &&
        token_among(t, left, " ( , < = + return ") &&
        token_among(t, token_next(t, close), " ) ] , ; ")) {
        token_remove(t, open);
        token_remove(t, close);
    } else if (token_is(t, inner, "(") && token_at(t, inner)->match == last &&
               (is_gap(t, open, inner) || is_gap(t, last, close))) {
        token_remove(t, inner);
        token_remove(t, last);
    } else if ((is_alone && !token_among(t, left, " ) ] ") &&
                (token_at(t, left)->kind == SIGN ||
                 token_is(t, left, "return"))) ||
               (token_is(t, left, "=") && is_gap(t, left, open) &&
                token_is(t, token_next(t, close), ";"))) {
        token_remove(t, open);
        token_remove(t, close);
    }
}

static bool compare(const char *op, int64_t x, int64_t y, bool *value)
{
    int order = x < y ? -1 : x > y;
    *value = strcmp(op, "<") == 0    ? order < 0
             : strcmp(op, ">") == 0  ? order > 0
             : strcmp(op, "<=") == 0 ? order <= 0
             : strcmp(op, ">=") == 0 ? order >= 0
             : strcmp(op, "==") == 0 ? order == 0
                                     : order != 0;
    return *op == '<' || *op == '>' || strcmp(op, "==") == 0 ||
           strcmp(op, "!=") == 0;
}

/* 28 < 28 ? a : b and 0 ? a : b, not behind another operator. */
static void decide(Tokens *t, int question)
{
    int y = token_before(t, question), op = token_before(t, y),
        x = token_before(t, op);
    int colon = token_find(t, token_next(t, question), " ? : ");
    int end =
        colon < 0 ? -1 : token_find(t, token_next(t, colon), " ? ) ] } , ; ");
    int64_t left, right;
    bool value;
    if (end < 0 || token_is(t, colon, "?") || token_is(t, end, "?") ||
        !token_number(t, y, &right))
        return;
    if (token_among(t, op, " ( [ , = return ")) {
        value = right != 0;
        x = y;
    } else if (!token_number(t, x, &left) ||
               !compare(token_at(t, op)->text, left, right, &value) ||
               !token_among(t, token_before(t, x), " ( [ , = return ")) {
        return;
    }
    int from = value ? colon : question,
        to = value ? token_before(t, end) : colon;
    for (int i = from; i <= to; i++)
        if (token_at(t, i)->kind == WORD && !may_vanish(t, i, i))
            return;
    tokens_remove(t, x, question);
    tokens_remove(t, from, to);
}

/* 1 && x, not behind an operator. */
static void drop_truth(Tokens *t, int op)
{
    int left = token_before(t, op);
    if (token_is_number(t, left, 1) &&
        token_among(t, token_before(t, left), " ( [ , = return "))
        tokens_remove(t, left, op);
}

/* x += 0; among other statements. */
static void drop_increment(Tokens *t, int op)
{
    int name = token_before(t, op), value = token_next(t, op),
        end = token_next(t, value);
    if (token_is_number(t, value, 0) && token_is(t, end, ";") &&
        token_at(t, name)->kind == WORD &&
        token_among(t, token_before(t, name), " { } ; "))
        tokens_remove(t, name, end);
}

void simplify_expression(Tokens *t, int i)
{
    if (token_among(t, i, " + - "))
        add_numbers(t, i);
    if (!token_at(t, i)->gone && token_among(t, i, " + - "))
        drop_zero_terms(t, i);
    else if (token_is(t, i, "*"))
        simplify_product(t, i);
    else if (token_among(t, i, " / % "))
        simplify_quotient(t, i);
    else if (token_is(t, i, "("))
        drop_parentheses(t, i);
    else if (token_is(t, i, "?"))
        decide(t, i);
    else if (token_is(t, i, "&&"))
        drop_truth(t, i);
    else if (token_is(t, i, "+="))
        drop_increment(t, i);
}
