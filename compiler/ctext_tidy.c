/* Laying out C again: filled holes and resolved conditions leave lines too
 * long, and at the wrong depth.
 *
 * Lines are joined to whole statements, indented by the braces and braceless
 * control statements around them, and broken again by put. Comments and
 * directives stay as they are. Only for C as the kernels are written: one
 * statement a line, K&R braces.
 */
#include "ctext.h"

#include <ctype.h>
#include <string.h>

enum { MAX_FRAMES = 64 };

typedef struct Frame {
    int level; /* of the line that opened it */
    bool brace, is_if;
} Frame;

typedef struct Tidy {
    CText out;
    Frame frames[MAX_FRAMES];
    int depth;
    Frame ended[MAX_FRAMES]; /* control statements just ended: for an else */
    int ended_count;
} Tidy;

static int level_now(const Tidy *t)
{
    return t->depth > 0 ? t->frames[t->depth - 1].level + 1 : 0;
}

static void push(Tidy *t, Frame f)
{
    if (t->depth < MAX_FRAMES)
        t->frames[t->depth++] = f;
}

static bool starts(const char *line, const char *word)
{
    size_t n = strlen(word);
    return strncmp(line, word, n) == 0 && !isalnum((unsigned char)line[n]) &&
           line[n] != '_';
}

static bool is_control(const char *line)
{
    return starts(line, "for") || starts(line, "if") || starts(line, "while") ||
           starts(line, "else") || starts(line, "switch") || starts(line, "do");
}

/* The last character that is not space or comment. */
static char last_char(const char *line)
{
    char last = 0;
    for (const char *p = line; *p; p++) {
        if (p[0] == '/' && p[1] == '*') {
            const char *end = strstr(p + 2, "*/");
            if (!end)
                break;
            p = end + 1;
        } else if (*p != ' ') {
            last = *p;
        }
    }
    return last;
}

/* Open parentheses and brackets of a line, braces in its middle included. */
static int open_count(const char *line)
{
    int depth = 0;
    for (const char *p = line; *p; p++) {
        if (*p == '"' || *p == '\'') {
            char quote = *p++;
            while (*p && *p != quote)
                p += *p == '\\' && p[1] ? 2 : 1;
            if (!*p)
                break;
        } else if (p[0] == '/' && p[1] == '*') {
            const char *end = strstr(p + 2, "*/");
            if (!end)
                break;
            p = end + 1;
        } else if (*p == '(' || *p == '[' || (*p == '{' && p[1])) {
            depth++;
        } else if (*p == ')' || *p == ']' || (*p == '}' && p > line && depth)) {
            depth--;
        }
    }
    return depth;
}

/* A word that says something about the next loop. */
static bool is_loop_note(const char *line)
{
    return strcmp(line, "INDEPENDENT") == 0 || strcmp(line, "UNROLL") == 0 ||
           strcmp(line, "INDEPENDENT_LANES") == 0 ||
           strcmp(line, "PARALLEL") == 0 || strcmp(line, "SHARED") == 0 ||
           strcmp(line, "ALONE") == 0 || strcmp(line, "TOGETHER") == 0 ||
           strcmp(line, "BARRIER") == 0 || strcmp(line, "UNROLL_2") == 0 ||
           strcmp(line, "UNROLL_4") == 0 || strcmp(line, "UNROLL_8") == 0 ||
           strcmp(line, "ROLLED") == 0 || strcmp(line, "UNROLL_AROUND") == 0;
}

/* Is the logical line complete? `next` is what follows it. */
static bool is_complete(const char *line, const char *next)
{
    if (open_count(line) > 0)
        return false;
    char last = last_char(line);
    if (last == ';' || last == '{' || last == '}' || last == ':')
        return true;
    if (is_control(line))
        return last == ')' || starts(line, "else") || starts(line, "do");
    if (*line == '}' || is_loop_note(line))
        return true;
    return last == ')' && next[strspn(next, " \n")] == '{';
}

/* A statement ended: the braceless controls before it end with it. */
static void end_statement(Tidy *t)
{
    t->ended_count = 0;
    while (t->depth > 0 && !t->frames[t->depth - 1].brace)
        t->ended[t->ended_count++] = t->frames[--t->depth];
}

/* `else` goes on with the innermost if that ended; what was around that if
 * is open again. */
static void resume_if(Tidy *t)
{
    int i = 0;
    while (i < t->ended_count && !t->ended[i].is_if)
        i++;
    for (int k = t->ended_count - 1; k > i; k--)
        push(t, t->ended[k]);
    t->ended_count = 0;
}

static void put_code(Tidy *t, const char *line)
{
    if (starts(line, "else"))
        resume_if(t);
    if (*line == '}')
        while (t->depth > 0 && !t->frames[--t->depth].brace)
            ;
    int level = level_now(t);
    char last = last_char(line);
    bool label = starts(line, "case") || starts(line, "default");
    t->out.indent = label && level > 0 ? level - 1 : level;
    put_flat(&t->out, line);
    const char *control = *line == '}' ? line + 1 : line;
    control += strspn(control, " ");
    bool is_if = starts(control, "if") || strstr(control, "else if") != NULL;
    if (last == '{')
        push(t, (Frame){level, true, is_if});
    else if (is_control(control) && last != ';')
        push(t, (Frame){level, false, is_if});
    else if (!label && !is_loop_note(line))
        end_statement(t);
}

/* Cuts a line of a comment that is too long at its last space that fits; what
 * is over belongs to the next line, "" if nothing is. */
static const char *cut_comment(char *line, int indent)
{
    size_t most = 80 - (size_t)(4 * indent);
    if (strlen(line) <= most)
        return "";
    size_t at = most;
    while (at > 3 && line[at] != ' ')
        at--;
    if (at <= 3)
        return "";
    line[at] = 0;
    return line + at + 1;
}

/* A comment up to its end; returns what follows. */
static const char *put_comment_lines(Tidy *t, const char *p)
{
    Arena *a = t->out.text.arena;
    const char *end = strstr(p, "*/"), *over = "";
    end = end ? end + 2 : p + strlen(p);
    t->out.indent = level_now(t);
    for (bool first = true; p < end; first = false) {
        p += strspn(p, " ");
        size_t len = strcspn(p, "\n");
        if (p + len > end)
            len = (size_t)(end - p);
        bool is_text = !first && len > 2 && p[1] == ' ';
        bool is_new = !is_text || strncmp(p + 2, "Contract:", 9) == 0;
        if (*over && is_new) { /* the paragraph ends */
            put_flat(&t->out, arena_printf(a, " * %s", over));
            over = "";
        }
        char *line =
            is_text ? arena_printf(a, " * %s%s%.*s", over, *over ? " " : "",
                                   (int)len - 2, p + 2)
                    : arena_printf(a, "%s%.*s", first ? "" : " ", (int)len, p);
        over = cut_comment(line, t->out.indent);
        put_flat(&t->out, line);
        p += len;
        p += *p == '\n';
    }
    if (*over)
        put_flat(&t->out, arena_printf(a, " * %s", over));
    return p + strspn(p, " ") + (p[strspn(p, " ")] == '\n');
}

static const char *put_directive(Tidy *t, const char *p)
{
    size_t len = 0;
    while (p[len] && !(p[len] == '\n' && (len == 0 || p[len - 1] != '\\')))
        len++;
    text_addn(&t->out.text, p, len);
    text_addn(&t->out.text, "\n", 1);
    return p + len + (p[len] == '\n');
}

/* One statement, its lines joined. */
static const char *put_statement(Tidy *t, const char *p)
{
    Text line = {.arena = t->out.text.arena};
    text_add(&line, "");
    for (;;) {
        p += strspn(p, " ");
        size_t len = strcspn(p, "\n");
        size_t used = len;
        while (used > 0 && p[used - 1] == ' ')
            used--;
        if (line.len && line.data[line.len - 1] != '(' && *p != ')')
            text_add(&line, " ");
        text_addn(&line, p, used);
        p += len + (p[len] == '\n');
        const char *next = p + strspn(p, " ");
        if (!*p || *next == '#' || is_complete(line.data, p))
            break;
    }
    put_code(t, line.data);
    return p;
}

static bool ends_with(const CText *t, const char *end)
{
    size_t n = strlen(end);
    return t->text.len >= n &&
           strcmp(t->text.data + t->text.len - n, end) == 0;
}

const char *c_tidy(Arena *a, const char *text)
{
    Tidy t = {.out = ctext_new(a)};
    text_add(&t.out.text, "");
    for (const char *p = text; *p;) {
        const char *start = p + strspn(p, " ");
        bool comment = start[0] == '/' && start[1] == '*';
        if (t.depth == 0 && *start != '#' &&
            (ends_with(&t.out, "\n}\n") ||
             (comment && ends_with(&t.out, "*/\n"))))
            put_blank(&t.out);
        if (*start == '\n') {
            put_blank(&t.out);
            p = start + 1;
        } else if (*start == '#') {
            p = put_directive(&t, start);
        } else if (comment) {
            p = put_comment_lines(&t, start);
        } else {
            p = put_statement(&t, start);
        }
    }
    return t.out.text.data;
}
