/* Filling a kernel file: holes, conditions on holes, and what it includes.
 *
 * One sweep over the text. Comments and literals are copied; an identifier
 * that is a hole gives its value; `#if` on holes is decided here, so that the
 * output shows only the chosen branch.
 */
#include "ctext.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 32, MAX_ARGS = 16 };

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* ---- conditions ---- */

/* Recursive descent over an integer condition; `bad` when a name is left. */
typedef struct Cond {
    const char *at;
    bool bad;
} Cond;

static int64_t cond_level(Cond *c, int level);

static void cond_space(Cond *c)
{
    while (*c->at == ' ' || *c->at == '\t')
        c->at++;
}

static int64_t cond_unary(Cond *c)
{
    cond_space(c);
    if (*c->at == '!') {
        c->at++;
        return !cond_unary(c);
    }
    if (*c->at == '-') {
        c->at++;
        return -cond_unary(c);
    }
    if (*c->at == '(') {
        c->at++;
        int64_t v = cond_level(c, 0);
        cond_space(c);
        if (*c->at != ')')
            c->bad = true;
        else
            c->at++;
        return v;
    }
    if (!isdigit((unsigned char)*c->at)) {
        c->bad = true;
        return 0;
    }
    char *end;
    int64_t v = strtoll(c->at, &end, 0);
    while (*end == 'L' || *end == 'l' || *end == 'U' || *end == 'u')
        end++;
    c->at = end;
    return v;
}

static const char *const cond_ops[][5] = {
    {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"},
    {"*", "/", "%"}, {NULL},
};

static int64_t cond_apply(Cond *c, const char *op, int64_t x, int64_t y)
{
    if (strcmp(op, "||") == 0)
        return x || y;
    if (strcmp(op, "&&") == 0)
        return x && y;
    if ((*op == '/' || *op == '%') && y == 0) {
        c->bad = true;
        return 0;
    }
    switch (*op) {
    case '=': return x == y;
    case '!': return x != y;
    case '<': return op[1] ? x <= y : x < y;
    case '>': return op[1] ? x >= y : x > y;
    case '+': return x + y;
    case '-': return x - y;
    case '*': return x * y;
    case '/': return x / y;
    default: return x % y;
    }
}

static int64_t cond_level(Cond *c, int level)
{
    if (!cond_ops[level][0])
        return cond_unary(c);
    int64_t x = cond_level(c, level + 1);
    for (;;) {
        cond_space(c);
        const char *op = NULL;
        for (int i = 0; i < 5 && cond_ops[level][i] && !op; i++)
            if (strncmp(c->at, cond_ops[level][i],
                        strlen(cond_ops[level][i])) == 0)
                op = cond_ops[level][i];
        if (!op || c->bad)
            return x;
        c->at += strlen(op);
        x = cond_apply(c, op, x, cond_level(c, level + 1));
    }
}

bool condition_value(const char *text, int64_t *value)
{
    Cond c = {.at = text};
    *value = cond_level(&c, 0);
    cond_space(&c);
    return !c.bad && *c.at == 0;
}

/* ---- the sweep ---- */

typedef enum Branch {
    KEPT,    /* not on holes: the directive stays */
    TAKEN,   /* this branch is written */
    WAITING, /* no branch was true yet */
    DONE,    /* an earlier branch was taken */
} Branch;

typedef struct Filler {
    Arena *arena;
    const Holes *holes;
    const char *(*include)(void *ctx, const char *file);
    void *ctx;
    Text out;
    Branch branch[MAX_DEPTH];
    int depth;
} Filler;

static bool writing(const Filler *f)
{
    for (int i = 0; i < f->depth; i++)
        if (f->branch[i] == WAITING || f->branch[i] == DONE)
            return false;
    return true;
}

static const char *fill(Filler *f, const char *text, size_t len);

/* Splits "(a, b(c, d))" at its outer commas; returns the end. */
static const char *split_args(Filler *f, const char *p, const char **args,
                              int *count)
{
    int depth = 0;
    const char *start = p + 1;
    *count = 0;
    for (; *p; p++) {
        if (*p == '(' || *p == '[')
            depth++;
        else if (*p == ')' || *p == ']')
            depth--;
        if (depth == 0 || (depth == 1 && *p == ',')) {
            while (start < p && isspace((unsigned char)*start))
                start++;
            if (*count < MAX_ARGS)
                args[(*count)++] = fill(f, start, (size_t)(p - start));
            start = p + 1;
        }
        if (depth == 0)
            return p + 1;
    }
    return p;
}

static bool ends(const Text *out, const char *tail)
{
    size_t n = strlen(tail);
    return out->len >= n && memcmp(out->data + out->len - n, tail, n) == 0;
}

static void cut(Text *out, size_t n)
{
    out->len -= n;
    out->data[out->len] = 0;
}

/* Does an operator that binds like a product follow? */
static bool is_factor(const char *next)
{
    next += strspn(next, " ");
    return *next && strchr("*/%[(", *next);
}

/* A size that changes nothing where it stands, `* 1`, `/ 1`, `+ 0`, `- 0`, goes
 * with its operator; (8 * n) alone behind `<` needs no parentheses. */
static bool put_size(Text *out, const char *value, const char *next)
{
    size_t n = strlen(value);
    if (strcmp(value, "1") == 0 &&
        (ends(out, " * ") || ends(out, " / "))) {
        cut(out, 3);
    } else if (strcmp(value, "0") == 0 && !is_factor(next) &&
               (ends(out, " + ") || ends(out, " - "))) {
        cut(out, 3);
    } else if (n > 2 && *value == '(' && ends(out, " < ") && *next == ';' &&
               strcspn(value + 1, "()") == n - 2) {
        text_addn(out, value + 1, n - 2);
    } else {
        return false;
    }
    return true;
}

static const char *fill_word(Filler *f, const char *p, Text *out)
{
    size_t len = 0;
    while (is_word(p[len]))
        len++;
    const char *word = arena_strndup(f->arena, p, len);
    const char *value = map_get(f->holes->text, word);
    if (value && (*value == 0 || *value == ',')) { /* a list's end: no space */
        while (out->len > 0 && out->data[out->len - 1] == ' ')
            out->data[--out->len] = 0;
        text_add(out, value);
        return *value ? p + len : p + len + (p[len] == ' ');
    }
    if (value && *value == '-' && out->len > 0 &&
        out->data[out->len - 1] == '-') { /* -LOW: -(-1), not --1 */
        text_printf(out, "(%s)", value);
        return p + len;
    }
    if (value && put_size(out, value, p + len))
        return p + len;
    if (value) {
        size_t end = strlen(value);
        text_add(out, value);
        return end && value[end - 1] == ' ' && p[len] == ' ' ? p + len + 1
                                                             : p + len;
    }
    if (strncmp(word, "KERNEL_", 7) == 0 &&
        map_has(f->holes->text, "KERNEL")) {
        text_printf(out, "%s%s",
                    (const char *)map_get(f->holes->text, "KERNEL"), word + 6);
        return p + len;
    }
    if (p[len] == '(' && f->holes->call) {
        const char *args[MAX_ARGS];
        int count;
        const char *end = split_args(f, p + len, args, &count);
        value = f->holes->call(f->holes->ctx, word, args, count);
        if (value) {
            text_add(out, value);
            return end;
        }
    }
    text_add(out, word);
    return p + len;
}

static const char *skip_comment(const char *p, const char *end)
{
    if (p[1] == '/') {
        while (p < end && *p != '\n')
            p++;
        return p;
    }
    for (p += 2; p < end && !(p[0] == '*' && p[1] == '/');)
        p++;
    return p + 2 < end ? p + 2 : end;
}

static const char *skip_quoted(const char *p, const char *end)
{
    char quote = *p++;
    while (p < end && *p != quote)
        p += *p == '\\' ? 2 : 1;
    return p + 1 < end ? p + 1 : end;
}

/* Text without directives: words are looked up, the rest is copied. */
static const char *fill(Filler *f, const char *p, size_t len)
{
    Text out = {.arena = f->arena};
    const char *from = p, *end = p + len;
    while (p < end) {
        if (*p == '/' && (p[1] == '*' || p[1] == '/')) {
            p = skip_comment(p, end);
        } else if (*p == '"' || *p == '\'') {
            p = skip_quoted(p, end);
        } else if (isdigit((unsigned char)*p)) {
            while (p < end && (is_word(*p) || *p == '.'))
                p++;
        } else if (is_word(*p)) {
            text_addn(&out, from, (size_t)(p - from));
            from = p = fill_word(f, p, &out);
        } else {
            p++;
        }
    }
    text_addn(&out, from, (size_t)(p - from));
    return out.data;
}

/* Replaces defined(HOLE) and defined HOLE by 1 before the rest is filled. */
static const char *fill_condition(Filler *f, const char *text)
{
    Text out = {.arena = f->arena};
    text_add(&out, "");
    for (const char *p = text; *p;) {
        if (strncmp(p, "defined", 7) != 0 || is_word(p[7])) {
            text_addn(&out, p++, 1);
            continue;
        }
        const char *name = p + 7;
        while (*name == ' ' || *name == '(')
            name++;
        size_t len = 0;
        while (is_word(name[len]))
            len++;
        const char *end = name + len + (name[len] == ')');
        bool hole = map_has(f->holes->text, arena_strndup(f->arena, name, len));
        if (hole)
            text_add(&out, "1");
        else
            text_addn(&out, p, (size_t)(end - p));
        p = end;
    }
    return fill(f, out.data, out.len);
}

static void put_include(Filler *f, const char *line)
{
    const char *from = strchr(line, '"');
    const char *to = from ? strchr(from + 1, '"') : NULL;
    if (!to || !f->include)
        return;
    const char *file = arena_strndup(f->arena, from + 1,
                                     (size_t)(to - from - 1));
    const char *text = f->include(f->ctx, file);
    if (text)
        text_add(&f->out, text);
}

/* #if, #ifdef, #ifndef: text is what follows the word. */
static void open_branch(Filler *f, const char *word, const char *text,
                        const char *line)
{
    const char *cond = text;
    if (strcmp(word, "if") != 0)
        cond = arena_printf(f->arena, "%sdefined(%s)",
                            word[2] == 'n' ? "!" : "", text);
    cond = fill_condition(f, cond);
    int64_t value;
    Branch b = KEPT;
    if (!writing(f))
        b = DONE;
    else if (condition_value(cond, &value))
        b = value ? TAKEN : WAITING;
    else
        text_printf(&f->out, "%s\n", fill(f, line, strlen(line)));
    if (f->depth < MAX_DEPTH)
        f->branch[f->depth++] = b;
}

static void next_branch(Filler *f, const char *word, const char *text,
                        const char *line)
{
    Branch *b = &f->branch[f->depth - 1];
    int64_t value = 1;
    if (*b == KEPT) {
        text_printf(&f->out, "%s\n", fill(f, line, strlen(line)));
    } else if (*b == TAKEN || *b == DONE) {
        *b = DONE;
    } else if (strcmp(word, "else") == 0 ||
               (condition_value(fill_condition(f, text), &value) && value)) {
        *b = TAKEN;
    }
}

/* One directive line (with its continuation lines). */
static void directive(Filler *f, const char *line)
{
    const char *p = line + 1;
    while (*p == ' ')
        p++;
    size_t len = 0;
    while (is_word(p[len]))
        len++;
    const char *word = arena_strndup(f->arena, p, len);
    for (p += len; *p == ' ';)
        p++;
    if (strncmp(word, "if", 2) == 0) {
        open_branch(f, word, p, line);
    } else if (f->depth > 0 &&
               (strcmp(word, "else") == 0 || strcmp(word, "elif") == 0)) {
        next_branch(f, word, p, line);
    } else if (f->depth > 0 && strcmp(word, "endif") == 0) {
        if (f->branch[--f->depth] == KEPT && writing(f))
            text_printf(&f->out, "%s\n", line);
    } else if (!writing(f)) {
        return;
    } else if (strcmp(word, "include") == 0) {
        put_include(f, line);
    } else {
        text_printf(&f->out, "%s\n", fill(f, line, strlen(line)));
    }
}

/* The end of the directive that starts at p: its last newline. */
static const char *directive_end(const char *p)
{
    while (*p && !(*p == '\n' && p[-1] != '\\'))
        p++;
    return p;
}

/* The end of running text at p: the next line that is a directive. */
static const char *text_end(const char *p)
{
    while (*p) {
        if (*p == '/' && (p[1] == '*' || p[1] == '/')) {
            p = skip_comment(p, p + strlen(p));
        } else if (*p == '\n' && p[1 + strspn(p + 1, " ")] == '#') {
            return p + 1;
        } else {
            p++;
        }
    }
    return p;
}

const char *kernel_fill(Arena *a, const char *text, const Holes *holes,
                        const char *(*include)(void *ctx, const char *file),
                        void *ctx)
{
    Filler f = {.arena = a, .holes = holes, .include = include, .ctx = ctx,
                .out = {.arena = a}};
    text_add(&f.out, "");
    for (const char *p = text; *p;) {
        const char *start = p + strspn(p, " ");
        if (*start == '#') {
            p = directive_end(start);
            directive(&f, arena_strndup(a, start, (size_t)(p - start)));
            p += *p == '\n';
            continue;
        }
        const char *end = text_end(p);
        if (writing(&f))
            text_add(&f.out, fill(&f, p, (size_t)(end - p)));
        p = end;
    }
    return f.out.data;
}
