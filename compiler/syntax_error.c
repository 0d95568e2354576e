/* Words for syntax errors.
 *
 * bison says which tokens would do; a list of twenty is of no help, so they
 * become "an expression", "a type", "a statement". A missing ';' or bracket is
 * reported behind the token it should follow, not where the parser noticed.
 * The helps at the end are for what people bring along from other languages.
 */
#include "syntax.h"

#include <string.h>

typedef struct Expected {
    const char *const *names;
    int count;
} Expected;

static bool expects(Expected e, const char *name)
{
    for (int i = 0; i < e.count; i++)
        if (!strcmp(e.names[i], name))
            return true;
    return false;
}

/* Binary operators may follow, and they are not the '>' of int<n>. */
static bool expects_operator(Expected e)
{
    return expects(e, "'+'") || expects(e, "|>");
}

static bool expects_only(Expected e, const char *name)
{
    return e.count == 1 && expects(e, name);
}

/* The bytes of a token, at most 40 of them. */
static const char *spelling(Parser *p, const Token *t)
{
    int n = t->range.end - t->range.begin;
    const char *text = p->source->text + t->range.begin;
    return n <= 40 ? arena_strndup(p->arena, text, (size_t)n)
                   : arena_printf(p->arena, "%.40s...", text);
}

static bool is_keyword(const Token *t)
{
    return t->kind >= IMPORT && t->kind <= T_BOOL;
}

static const char *describe(Parser *p, const Token *t)
{
    switch (t->kind) {
    case END:
        return "end of file";
    case ID:
        return arena_printf(p->arena, "name '%s'", spelling(p, t));
    case INTLIT:
    case REALLIT:
        return arena_printf(p->arena, "number %s", spelling(p, t));
    case STRING:
        return arena_printf(p->arena, "string %s", spelling(p, t));
    case '\'':
        return "\"'\"";
    default:
        return arena_printf(p->arena, "'%s'", spelling(p, t));
    }
}

/* The same where it is only a landmark. */
static const char *mention(Parser *p, const Token *t)
{
    return t->kind == ID ? arena_printf(p->arena, "'%s'", spelling(p, t))
                         : describe(p, t);
}

/* ---- what is expected, in a few words ---- */

static const char *const expression_starts[] = {
    "real number", "integer", "string", "name", "true", "false", "'('", "'['",
    "'-'",         "'!'",     "real",   "f32",  "f64",  "int",   "bool"};
/* With '=' (a named argument): behind an operand it is rarely what fails. */
static const char *const operators[] = {
    "'('", "'['", "'{'", "'.'", "'\\''", "'^'", "'*'", "'/'",
    "'@'", "'+'", "'-'", "==",  "!=",    "'<'", "<=",  "'>'",
    ">=",  "&&",  "||",  "'?'", "|>",    "'='"};
static const char *const statements[] = {
    "input", "param", "state", "let",    "output", "loss", "metric",
    "next",  "emit",  "if",    "return", "assert", "scan", "for",
    "train", "fit",   "const", "dim",    "'['"};
static const char *const items[] = {"import", "const",      "dim",  "fn",
                                    "layer",  "derivative", "model"};
static const char *const types[] = {"real", "f32", "f64", "int", "bool", "'('"};
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* The names without those of a group. */
static Expected without(Parser *p, Expected e, const char *const *group, int n)
{
    StringArray rest = {0};
    for (int i = 0; i < e.count; i++)
        if (!expects((Expected){group, n}, e.names[i]))
            array_push(p->arena, &rest, e.names[i]);
    return (Expected){rest.data, rest.len};
}

static const char *quoted(Parser *p, const char *name)
{
    if (!strcmp(name, "'\\''"))
        return "\"'\"";
    if (name[0] == '\'' || !strcmp(name, "end of file"))
        return name;
    if (!strcmp(name, "name") || !strcmp(name, "string"))
        return arena_printf(p->arena, "a %s", name);
    return arena_printf(p->arena, "'%s'", name);
}

/* "an expression, ')' or ','" */
static const char *expectation(Parser *p, Expected e)
{
    static const char *const end[] = {"end of file"};
    StringArray words = {0};
    if (e.count > 1)
        e = without(p, e, end, 1);
    if (expects(e, "real number")) {
        array_push(p->arena, &words, "an expression");
        e = without(p, e, expression_starts, COUNT(expression_starts));
    } else if (expects(e, "real")) {
        array_push(p->arena, &words, "a type");
        e = without(p, e, types, COUNT(types));
    } else if (expects(e, "let")) {
        array_push(p->arena, &words, "a statement");
        e = without(p, e, statements, COUNT(statements));
    } else if (expects(e, "model")) {
        array_push(p->arena, &words, "a declaration");
        e = without(p, e, items, COUNT(items));
    } else if (expects_operator(e)) {
        /* Behind an operand: what ends the expression says more. */
        Expected rest = without(p, e, operators, COUNT(operators));
        if (expects(e, "'>'") && !expects(e, "'<'"))
            array_push(p->arena, &words, "'>'");
        if (!rest.count && !words.len)
            array_push(p->arena, &words, "an operator");
        e = rest;
    }
    for (int i = 0; i < e.count && words.len < 5; i++)
        array_push(p->arena, &words, quoted(p, e.names[i]));
    Text t = {.arena = p->arena};
    text_add(&t, "");
    for (int i = 0; i < words.len; i++)
        text_printf(&t, "%s%s",
                    !i                   ? ""
                    : i == words.len - 1 ? " or "
                                         : ", ",
                    words.data[i]);
    return t.data;
}

/* ---- the obvious ones: each reports and returns true, or returns false ----
 */

static bool missing_brace(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    const Bracket *block = block_top(p);
    if (!block || block != bracket_top(p) || !expects(e, "'}'"))
        return false;
    bool leaves = starts_item(t->kind) ||
                  (starts_statement(t->kind) && block->has_clauses);
    if (t->kind == END)
        diag_error(p->diag, range_after(p->feed->previous.range), DL1001,
                   "missing '}' at the end of the file");
    else if (leaves && is_first_on_line(p->feed, t))
        diag_error(p->diag, t->range, DL1001, "missing '}' before %s",
                   mention(p, t));
    else
        return false;
    diag_note(p->diag, block->range, "this '{' is not closed");
    p->feed->is_replayable = true;
    return true;
}

/* for (i in 0 .. n { let ...: the block was taken for the {config} of n. */
static bool missing_head_end(Parser *p)
{
    int n = p->brackets.len;
    Bracket *b = bracket_top(p);
    if (n < 2 || b->kind != '{' || !b[-1].is_head ||
        !starts_statement(p->feed->token.kind))
        return false;
    diag_error(p->diag, b->range, DL1001, "missing ')' before '{'");
    diag_note(p->diag, b[-1].range, "to match this '('");
    b->is_skipped = b->has_statements = true;
    return true;
}

static bool missing_bracket(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    const Bracket *b = bracket_top(p);
    if (!b || b->is_block)
        return false;
    if (missing_head_end(p))
        return true;
    char closer = b->kind == '(' ? ')' : b->kind == '[' ? ']' : '}';
    if (!expects(e, arena_printf(p->arena, "'%c'", closer)))
        return false;
    if (!strchr(";{})]", t->kind) && t->kind != END && t->kind != ARROW &&
        !(is_keyword(t) && is_first_on_line(p->feed, t)))
        return false;
    diag_error(p->diag, range_after(p->feed->previous.range), DL1001,
               "missing '%c' before %s", closer, mention(p, t));
    diag_note(p->diag, b->range, "to match this '%c'", b->kind);
    return true;
}

static bool missing_semicolon(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    if (!expects(e, "';'"))
        return false;
    const Bracket *b = bracket_top(p);
    if (b && !b->is_block)
        return false;
    if (t->kind != '}' && t->kind != END && !starts_item(t->kind) &&
        !starts_statement(t->kind) && !is_first_on_line(p->feed, t))
        return false;
    diag_error(p->diag, range_after(p->feed->previous.range), DL1001,
               "missing ';' before %s", mention(p, t));
    p->feed->is_replayable = true;
    return true;
}

static bool reserved_word(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    if (!is_keyword(t) || !expects(e, "name") || t->kind == ELSE ||
        (is_first_on_line(p->feed, t) && p->feed->previous.kind != ','))
        return false;
    const char *word = spelling(p, t);
    if (t->kind == IF && expects(e, "real number")) {
        diag_error(p->diag, t->range, DL1001, "'if' is not an expression");
        diag_help(p->diag, "write c ? a : b");
        return true;
    }
    diag_error(p->diag, t->range, DL1001,
               "'%s' is a reserved word and cannot be used as a name", word);
    diag_help(p->diag, "choose another name, such as '%s_'", word);
    return true;
}

static bool misplaced(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    if (!expects(e, "model") || expects(e, "'}'"))
        return false;
    if (starts_statement(t->kind)) {
        diag_error(p->diag, t->range, DL1001,
                   "'%s' belongs inside a model, layer or fn", spelling(p, t));
        diag_help(p->diag, "is there one '}' too many above?");
        return true;
    }
    if (t->kind != '}')
        return false;
    diag_error(p->diag, t->range, DL1001, "this '}' closes nothing");
    return true;
}

/* ---- the others, with a help where one is likely to fit ---- */

/* Where a statement or a declaration should start there is a name. */
static const char *help_start(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    const char *name = spelling(p, t), *near;
    const char *after = p->source->text + t->range.end;
    after += strspn(after, " \t");
    bool in_block = expects(e, "let");
    if (in_block && after[0] == '=' && after[1] != '=')
        return arena_printf(p->arena, "to name a value write: let %s = ...",
                            name);
    near = in_block ? diag_suggest(name, statements, COUNT(statements) - 1)
                    : diag_suggest(name, items, COUNT(items));
    if (!near || *after == ';')
        return NULL;
    return arena_printf(p->arena, "did you mean '%s'?", near);
}

static const char *help_token(Parser *p, Expected e)
{
    const Token *t = &p->feed->token;
    int before = p->feed->previous.kind;
    bool operand = expects(e, "real number"), after = expects_operator(e);
    if (t->kind == ELSE)
        return "an 'else' follows the '}' of its 'if'";
    if (t->kind == ';' && (expects(e, "let") || expects(e, "model")))
        return "there is no empty statement: remove the ';'";
    if (t->kind == ':' && before == ID && bracket_top(p) &&
        bracket_top(p)->kind != '[')
        return arena_printf(p->arena, "a named value is written %s = ..",
                            spelling(p, &p->feed->previous));
    if ((t->kind == '|' || t->kind == ARROW) && after)
        return "a value is handed on with |>: x |> relu";
    if (t->kind == '=' && expects(e, "&&"))
        return "equality is written ==";
    if (after && expects(e, "&&") &&
        (strchr("<>", t->kind) || (t->kind >= EQ && t->kind <= GE)))
        return "comparisons do not chain: write a < b && b < c";
    if (t->kind == GE && expects(e, "'>'"))
        return "write a blank between '>' and '='";
    if (t->kind == '\'' && operand)
        return "strings are written with \"; ' is the transpose behind a value";
    if (t->kind == '*' && before == '*')
        return "the power is written ^";
    if (t->kind == '+' && before == '+')
        return "there is no ++";
    if (t->kind && strchr(")]}", t->kind) && before == ',')
        return "remove the ',' before it";
    if (t->kind == DOTS && after)
        return "a range stands in an index or behind 'in' only";
    return NULL;
}

static const char *help_word(Parser *p, Expected e)
{
    static const char *const words[][2] = {
        {"and", "'and' is written &&"},
        {"or", "'or' is written ||"},
        {"not", "'not' is written !"},
        {"elif", "write: else if (...) {...}"},
        {"with", "an optimiser has its own clause: using sgd{lr = 0.1};"},
    };
    const Token *t = &p->feed->token, *before = &p->feed->previous;
    for (int i = 0; i < COUNT(words); i++) {
        if (t->kind == ID && !strcmp(t->value.ident.text, words[i][0]))
            return words[i][1];
        if (before->kind == ID &&
            !strcmp(before->value.ident.text, words[i][0]))
            return words[i][1];
    }
    return t->kind == ID && (expects(e, "let") || expects(e, "model"))
               ? help_start(p, e)
               : NULL;
}

/* What is missing has its own way of being written. */
static const char *help_missing(Parser *p, Expected e)
{
    const Token *before = &p->feed->previous;
    int kind = before->kind;
    if (expects_only(e, "'('") && (kind == IF || kind == SCAN || kind == FOR))
        return arena_printf(p->arena, "the head of '%s' is in parentheses",
                            spelling(p, before));
    if (expects_only(e, "'['") && kind == '[')
        return "attributes are written [[frozen]]";
    if (expects(e, "'~'") && !expects_operator(e))
        return "a parameter starts from something: ~ he(n), or = 0.0";
    if (expects(e, "->") && kind == ')')
        return "the type of the result is written: -> real[n]";
    if (expects_only(e, "':'") && kind == ID)
        return "a type is needed: name : real[n]";
    if (expects(e, "real") && !expects(e, "real number"))
        return "types are real[n], int[n], int<10>[n] for labels 0 to 9, and "
               "bool[n]";
    return NULL;
}

void syntax_error(Parser *p, const char *const *expected, int count)
{
    Feed *f = p->feed;
    const Token *t = &f->token;
    Expected e = {expected, count};
    p->is_recovering = true;
    f->is_replayable = false;
    if (p->stop || t->range.begin == f->replayed ||
        t->range.begin == p->malformed)
        return;
    if (missing_brace(p, e) || missing_bracket(p, e) ||
        missing_semicolon(p, e) || reserved_word(p, e) || misplaced(p, e))
        return;
    const char *wanted = expectation(p, e);
    bool is_next = starts_item(t->kind) || starts_statement(t->kind);
    if (*wanted && f->previous.range.end &&
        (t->kind == END || (is_next && is_first_on_line(f, t))))
        diag_error(p->diag, range_after(f->previous.range), DL1001,
                   "expected %s after %s", wanted, mention(p, &f->previous));
    else
        diag_error(p->diag, t->range, DL1001, "unexpected %s%s%s",
                   describe(p, t), *wanted ? ", expected " : "", wanted);
    const char *help = help_word(p, e);
    if (!help)
        help = help_token(p, e);
    if (!help)
        help = help_missing(p, e);
    if (help)
        diag_help(p->diag, "%s", help);
    /* Nobody reads on after so many: garbage should end soon. */
    p->stop = p->diag->muted;
}

void nested_too_deeply(Parser *p, Range r)
{
    if (p->stop)
        return;
    p->stop = true;
    diag_error(p->diag, (Range){r.src, r.end - 1, r.end}, DL1001,
               "nested too deeply");
    diag_help(p->diag, "at most %d levels: name a part of it with 'let'",
              HEIGHT_MAX);
}
