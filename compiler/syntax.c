/* Feeds tokens to the parser and leads it on after an error.
 *
 * bison's recovery alone (skip to the next ';') loses a statement after each
 * missing ';' and stumbles over the braces of what it skipped. So the tokens
 * go through a feed: after an error it skips to where the next statement or
 * declaration starts, and gives the parser the ';' (and '}') that its
 * `error ';'` rules wait for. A token given again after an error never causes
 * a second message: one message for one cause.
 */
#include "syntax.h"

bool starts_item(int kind)
{
    return kind == IMPORT || kind == FN || kind == DERIVATIVE ||
           kind == LAYER || kind == MODEL;
}

bool starts_statement(int kind)
{
    switch (kind) {
    case CONST:
    case DIM:
    case INPUT:
    case PARAM:
    case STATE:
    case LET:
    case OUTPUT:
    case LOSS:
    case METRIC:
    case NEXT:
    case EMIT:
    case RETURN:
    case ASSERT:
    case IF:
    case SCAN:
    case FOR:
    case TRAIN:
    case FIT:
        return true;
    default:
        return false;
    }
}

Range range_after(Range r)
{
    return (Range){r.src, r.end, r.end};
}

bool is_first_on_line(const Feed *f, const Token *t)
{
    const Source *s = t->range.src;
    for (int i = f->previous.range.end; i < t->range.begin; i++)
        if (s->text[i] == '\n')
            return true;
    return f->previous.range.end == 0;
}

/* ---- brackets ---- */

Bracket *bracket_top(const Parser *p)
{
    int n = p->brackets.len;
    return n ? &p->brackets.data[n - 1] : NULL;
}

/* How many brackets are open up to and with the innermost block. */
static int block_count(const Parser *p)
{
    int n = p->brackets.len;
    while (n && !p->brackets.data[n - 1].is_block)
        n--;
    return n;
}

const Bracket *block_top(const Parser *p)
{
    int n = block_count(p);
    return n ? &p->brackets.data[n - 1] : NULL;
}

static bool is_head_open(const Parser *p)
{
    for (int i = block_count(p); i < p->brackets.len; i++)
        if (p->brackets.data[i].is_head)
            return true;
    return false;
}

static bool is_skipped_open(const Parser *p)
{
    for (int i = block_count(p); i < p->brackets.len; i++)
        if (p->brackets.data[i].is_skipped && p->brackets.data[i].kind == '{')
            return true;
    return false;
}

static void push(Parser *p, Bracket b)
{
    array_push(p->arena, &p->brackets, b);
    if (p->brackets.len > HEIGHT_MAX)
        nested_too_deeply(p, b.range);
}

/* Pops the partner of a closing bracket, never a block's. */
static Bracket pop(Parser *p, char open)
{
    int floor = block_count(p);
    for (int i = p->brackets.len; i > floor; i--) {
        Bracket b = p->brackets.data[i - 1];
        if (b.kind == open) {
            p->brackets.len = i - 1;
            return b;
        }
    }
    return (Bracket){0};
}

static Bracket track(Parser *p, const Token *t, int before)
{
    switch (t->kind) {
    case '(':
    case '[':
    case '{':
        push(p, (Bracket){.kind = (char)t->kind,
                          .is_head =
                              before == IF || before == SCAN || before == FOR,
                          .is_skipped = p->is_recovering,
                          .range = t->range});
        break;
    case ')':
        return pop(p, '(');
    case ']':
        return pop(p, '[');
    case '}':
        return pop(p, '{');
    default:
        break;
    }
    return (Bracket){0};
}

void block_open(Parser *p, bool has_clauses)
{
    Feed *f = p->feed;
    push(p, (Bracket){.kind = '{',
                      .is_block = true,
                      .has_clauses = has_clauses,
                      .range = f->token.range});
    f->is_tracked = true;
}

void block_close(Parser *p)
{
    p->brackets.len = block_count(p) - 1;
    p->feed->is_tracked = true;
}

/* ---- recovery ---- */

static Token scan(Parser *p)
{
    Token t = {.kind = END, .range = {p->source, p->offset, p->offset}};
    if (!p->stop && p->offset < p->source->len)
        t.kind = scan_token(&t.value, &t.range, p->feed->scanner);
    return t;
}

static void enqueue(Parser *p, int kind, const Token *at)
{
    Token t = {.kind = kind,
               .range = {at->range.src, at->range.begin, at->range.begin}};
    array_push(p->arena, &p->feed->queue, t);
}

/* A fresh start at t: what the parser still waits for, then t itself. */
static void restart(Parser *p, const Token *t)
{
    Feed *f = p->feed;
    if (!f->has_semicolon)
        enqueue(p, ';', t);
    int blocks = 0;
    for (int i = 0; i < p->brackets.len; i++)
        blocks += p->brackets.data[i].is_block;
    const Bracket *block = block_top(p);
    bool leaves_all = t->kind == END || starts_item(t->kind);
    bool leaves_one = block && block->has_clauses && starts_statement(t->kind);
    for (int i = 0; i < (leaves_all ? blocks : leaves_one ? 1 : 0); i++)
        enqueue(p, '}', t);
    array_push(p->arena, &f->queue, *t);
}

/* Whether the parser can go on at t, having dropped all before it. */
static bool is_fresh_start(const Parser *p, const Token *t)
{
    const Feed *f = p->feed;
    bool in_block = block_top(p) != NULL;
    if (t->kind == END)
        return true;
    if (t->kind == '}')
        return in_block && !is_skipped_open(p);
    bool first = is_first_on_line(f, t) || f->previous.kind == ';' ||
                 f->previous.kind == '}';
    bool at_margin =
        t->range.begin == 0 || t->range.src->text[t->range.begin - 1] == '\n';
    if (starts_item(t->kind) && first)
        return at_margin || !is_skipped_open(p);
    /* Behind a block, a name at the margin is a misspelt declaration. */
    if (t->kind == ID && at_margin && f->previous.kind == '}')
        return !in_block && !is_skipped_open(p);
    if (t->kind == CONST || t->kind == DIM)
        return first && !is_skipped_open(p);
    return in_block && starts_statement(t->kind) && first &&
           !is_skipped_open(p);
}

/* Skips one token; true when that ends the statement it is part of. */
static bool skip(Parser *p, const Token *t)
{
    Feed *f = p->feed;
    Bracket *top = bracket_top(p);
    if (top && top->is_skipped && (t->kind == ';' || starts_statement(t->kind)))
        top->has_statements = true;
    Bracket closed = track(p, t, f->previous.kind);
    bool in_block = block_top(p) != NULL;
    if (t->kind == '}')
        return in_block && closed.has_statements && !is_skipped_open(p);
    return t->kind == ';' && in_block && !is_head_open(p) &&
           !is_skipped_open(p);
}

/* A '}' of {config} that was open when the error came closes it only. */
static bool closes_config(const Parser *p, const Token *t)
{
    if (t->kind != '}')
        return false;
    for (int i = block_count(p); i < p->brackets.len; i++)
        if (p->brackets.data[i].kind == '{')
            return true;
    return false;
}

/* Skips from the error to a fresh start and queues what leads there. */
static void recover(Parser *p)
{
    Feed *f = p->feed;
    Token t = f->token;
    bool may_start = f->is_replayable;
    bool is_dropped = t.kind == YYerror || t.kind == ';';
    bool is_first = !is_dropped && t.range.begin != f->replayed;
    f->replayed = is_first ? t.range.begin : -1;
    while (!is_first ||
           (!may_start && (!is_fresh_start(p, &t) || closes_config(p, &t)))) {
        /* One token less, and none of the next is the one at fault. */
        bool ended = !is_dropped && skip(p, &t);
        f->previous = t;
        f->replayed = -1;
        t = scan(p);
        is_first = true;
        may_start = ended && t.kind != ELSE;
        is_dropped = t.kind == YYerror;
    }
    restart(p, &t);
    p->brackets.len = block_count(p);
    f->is_replayable = f->has_semicolon = false;
    p->is_recovering = false;
}

void syntax_recovered(Parser *p)
{
    Feed *f = p->feed;
    if (!p->is_recovering)
        return;
    /* The ';' at hand may be the one inside the head of a scan: then the rest
     * of the head and the block must go as well. */
    p->is_recovering = f->has_semicolon =
        is_head_open(p) || (!block_top(p) && f->token.kind == ';');
    if (!p->is_recovering)
        p->brackets.len = block_count(p);
}

int yylex(YYSTYPE *value, Range *range, Parser *p)
{
    Feed *f = p->feed;
    if (p->is_recovering)
        recover(p);
    else if (!f->is_tracked)
        track(p, &f->token, f->previous.kind);
    bool queued = f->next < f->queue.len;
    Token t = queued ? f->queue.data[f->next++] : scan(p);
    if (p->stop)
        t.kind = END;
    if (t.kind == YYerror)
        p->is_recovering = true;
    f->previous = f->token;
    f->token = t;
    f->is_tracked = false;
    *value = t.value;
    *range = t.range;
    return t.kind;
}

Program *parse_program(Arena *a, Diag *d, const Source *source)
{
    Feed feed = {.replayed = -1};
    feed.token.range.src = source;
    Parser p = {.arena = a,
                .diag = d,
                .source = source,
                .program = ARENA_NEW(a, Program),
                .feed = &feed,
                .malformed = -1};
    p.program->source = source;
    feed.scanner = scanner_new(&p);
    bool failed = yyparse(&p) != 0;
    scanner_free(feed.scanner);
    return failed && !p.program->items.len ? NULL : p.program;
}
