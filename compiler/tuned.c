/* Plan files: see tuned.h. */
#include "tuned.h"
#include "choice.h"
#include "layout.h"
#include "lowering.h"
#include "op_list.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char first_line[] = "dlc plan 1";

bool tuned_packs(const Func *f)
{
    return f->kind == FUNC_INFER || f->kind == FUNC_EVAL;
}

int64_t tuned_size(const Func *f)
{
    int64_t bound = f->module->bound;
    return bound > 0 && bound < LOWERING_N ? bound : LOWERING_N;
}

Tuned *tuned_new(Arena *a)
{
    Tuned *p = ARENA_NEW(a, Tuned);
    p->arena = a;
    p->by_key = map_new(a);
    return p;
}

static TunedEntry *add(Tuned *p, const char *key, const OpDef *op)
{
    TunedEntry *e = ARENA_NEW(p->arena, TunedEntry);
    e->key = arena_strdup(p->arena, key);
    e->op = op;
    for (int i = 0; i < OP_IMPLS; i++)
        e->seconds[i] = -1;
    map_set(p->by_key, key, e);
    array_push(p->arena, &p->entries, e);
    return e;
}

/* ---- keys ---- */

static bool has_choice(const OpDef *op)
{
    return op->impl[0] && op->impl[1];
}

/* Operands without those of fused work. */
static int own(const Node *n)
{
    return n->fused.expr ? n->fused.own : n->nin;
}

static bool has_n(const Node *n)
{
    Dim count;
    for (int i = 0; i < own(n); i++)
        if (!type_count(&n->in[i]->type, &count) || !dim_is_const(count))
            return true;
    return false;
}

static const char *key_of(Arena *a, const Func *f, const Node *n)
{
    Text t = {.arena = a};
    text_add(&t, op_name(n->op));
    for (int i = 0; i < own(n); i++)
        text_printf(&t, " %s", type_text(a, &n->in[i]->type, "N"));
    ir_print_attrs(&t, f->module, n);
    if (blocks_are(n->in[0]))
        text_add(&t, ", x in blocks");
    if (n->op == &op_conv && tuned_packs(f))
        text_add(&t, ", w packed");
    if (has_n(n))
        text_printf(&t, ", N = %" PRId64, tuned_size(f));
    return t.data;
}

const TunedEntry *tuned_find(const Options *o, const Func *f, const Node *n)
{
    Tuned *p = o->tuned;
    int candidates = 0;
    if (!p || !has_choice(n->op))
        return NULL;
    for (int i = 0; i < OP_IMPLS && n->op->impl[i]; i++)
        candidates += choice_applies(n->op->impl[i], f, n, o);
    if (candidates < 2)
        return NULL;
    const char *key = key_of(p->arena, f, n);
    TunedEntry *e = map_get(p->by_key, key);
    if (!e && p->measure) {
        e = add(p, key, n->op);
        p->measure(e, o, f, n);
    }
    return e;
}

/* ---- text ---- */

void tuned_print(Text *out, const Tuned *p, const Target *t)
{
    text_printf(out, "%s\ntarget %s, threads %d\ncompiler %s\n", first_line,
                t->name, t->threads ? t->threads : 1, p->compiler);
    for (int i = 0; i < p->entries.len; i++) {
        const TunedEntry *e = p->entries.data[i];
        text_printf(out, "\n%s\n", e->key);
        for (int k = 0; k < OP_IMPLS && e->op->impl[k]; k++)
            if (e->seconds[k] >= 0)
                text_printf(out, "  %s %.0f ns\n", e->op->impl[k]->name,
                            e->seconds[k] * 1e9);
    }
}

typedef struct Reader {
    Tuned *plan;
    Diag *diag;
    const Source *source;
    const Target *target;
    TunedEntry *entry; /* the last one */
    int begin, end;    /* of the line */
    int heading;       /* lines of the head so far */
    int times;         /* of the last entry */
    bool bad;          /* the operator of the last entry is not known */
} Reader;

static Range part(const Reader *r, size_t from, size_t len)
{
    int begin = r->begin + (int)from;
    return (Range){r->source, begin, begin + (int)len};
}

static Range line_range(const Reader *r)
{
    return (Range){r->source, r->begin, r->end};
}

static void read_target(Reader *r, const char *line)
{
    char name[64];
    int threads, end = 0, ours = r->target->threads ? r->target->threads : 1;
    if (sscanf(line, "target %63[^, ], threads %d%n", name, &threads, &end) !=
            2 ||
        line[end]) {
        diag_error(r->diag, line_range(r), DL4004,
                   "expected 'target NAME, threads K'");
        return;
    }
    if (strcmp(name, r->target->name) != 0 || threads != ours) {
        diag_error(r->diag, line_range(r), DL4005,
                   "the plan is for %s with %d thread%s, this compilation for "
                   "%s with %d",
                   name, threads, threads == 1 ? "" : "s", r->target->name,
                   ours);
        diag_help(r->diag, "compile with --target=%s, or measure again with "
                           "dlc tune --target=%s",
                  name, r->target->name);
    }
}

static void read_head(Reader *r, const char *line)
{
    if (r->heading == 0 && strcmp(line, first_line) != 0)
        diag_error(r->diag, line_range(r), DL4004,
                   "a plan file begins with '%s'", first_line);
    if (r->heading == 1)
        read_target(r, line);
    if (r->heading == 2 && strncmp(line, "compiler ", 9) != 0)
        diag_error(r->diag, line_range(r), DL4004,
                   "expected 'compiler' and what was compiled with");
    else if (r->heading == 2)
        r->plan->compiler = arena_strdup(r->plan->arena, line + 9);
    r->heading++;
}

static void end_entry(Reader *r)
{
    if (r->entry && r->times == 0 && !r->bad)
        diag_error(r->diag, line_range(r), DL4004,
                   "no times before this line: expected '  IMPLEMENTATION "
                   "NANOSECONDS ns'");
}

static void read_key(Reader *r, const char *line)
{
    size_t word = strcspn(line, " ");
    const char *name = arena_strndup(r->plan->arena, line, word);
    const OpDef *op = op_find(name);
    end_entry(r);
    r->bad = !op || !has_choice(op);
    r->times = 0;
    if (r->bad)
        diag_error(r->diag, part(r, 0, word), DL4004,
                   "'%s' is no operator with several implementations", name);
    else if (map_has(r->plan->by_key, line))
        diag_error(r->diag, line_range(r), DL4004, "the second entry for this");
    r->entry = r->bad ? NULL : add(r->plan, line, op);
}

static int find_impl(const Reader *r, const char *name, size_t at)
{
    const char *names[OP_IMPLS];
    const OpDef *op = r->entry->op;
    int count = 0;
    for (; count < OP_IMPLS && op->impl[count]; count++) {
        names[count] = op->impl[count]->name;
        if (strcmp(names[count], name) == 0)
            return count;
    }
    diag_error(r->diag, part(r, at, strlen(name)), DL4006,
               "%s has no implementation '%s'", op_name(op), name);
    const char *near = diag_suggest(name, names, count);
    if (near)
        diag_help(r->diag, "did you mean '%s'?", near);
    return -1;
}

static void read_time(Reader *r, const char *line)
{
    size_t at = strspn(line, " "), len = strcspn(line + at, " ");
    const char *name = arena_strndup(r->plan->arena, line + at, len);
    char *end = NULL;
    double ns = strtod(line + at + len, &end);
    r->times++;
    if (end == line + at + len || strcmp(end, " ns") != 0 || !(ns >= 0) ||
        ns > 1e15) {
        diag_error(r->diag, line_range(r), DL4004,
                   "expected '  IMPLEMENTATION NANOSECONDS ns'");
        return;
    }
    if (r->bad)
        return;
    if (!r->entry) {
        diag_error(r->diag, line_range(r), DL4004,
                   "a time before the line that says of what");
        return;
    }
    int impl = find_impl(r, name, at);
    if (impl < 0)
        return;
    if (r->entry->seconds[impl] >= 0)
        diag_error(r->diag, part(r, at, len), DL4004, "the second time of '%s'",
                   name);
    r->entry->seconds[impl] = ns * 1e-9;
}

Tuned *tuned_read(Arena *a, Diag *d, const Source *s, const Target *t)
{
    Reader r = {.plan = tuned_new(a), .diag = d, .source = s, .target = t};
    for (int at = 0; at < s->len; at = r.end + 1) {
        int full = (int)strcspn(s->text + at, "\n"), len = full;
        while (len > 0 && strchr(" \r\t", s->text[at + len - 1]))
            len--;
        r.begin = at;
        r.end = at + full;
        const char *line = arena_strndup(a, s->text + at, (size_t)len);
        if (len == 0 || line[strspn(line, " ")] == '#')
            continue;
        r.end = at + len;
        if (r.heading < 3)
            read_head(&r, line);
        else if (line[0] == ' ')
            read_time(&r, line);
        else
            read_key(&r, line);
        r.end = at + full;
    }
    r.begin = r.end = s->len;
    if (r.heading < 3)
        diag_error(d, line_range(&r), DL4004, "the plan file ends in its head");
    end_entry(&r);
    return r.plan;
}
