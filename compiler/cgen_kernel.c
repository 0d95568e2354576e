/* Calls of kernels: a kernel file with its holes filled, written once for
 * equal holes, and the call of it in the entry.
 *
 * The text is first made with a mark for the function's name; equal texts
 * share the function made for the first.
 */
#include "cgen_kernel.h"
#include "choice.h"

#include <string.h>

#define LAST_LINE "\003\003"

/* The type of a kernel's arithmetic: that of the first real input. */
static ElemType arithmetic_of(const Node *n)
{
    int own = n->fused.expr ? n->fused.own : n->nin;
    for (int i = 0; i < own; i++)
        if (elem_is_real(n->in[i]->type.elem))
            return n->in[i]->type.elem;
    ElemType made = n->fused.expr ? n->raw.elem : n->type.elem;
    if (elem_is_real(made) || own == 0)
        return made;
    return n->in[0]->type.elem;
}

void kernel_set(Kernel *k, const char *hole, const char *text)
{
    map_set(k->holes, hole, (void *)text);
}

static void set_math(Kernel *k)
{
    static const char *const names[][2] = {
        {"EXP", "exp"}, {"LOG", "log"},   {"SQRT", "sqrt"}, {"SIN", "sin"},
        {"COS", "cos"}, {"TANH", "tanh"}, {"ABS", "fabs"},
    };
    bool own = k->e->options->pass->freestanding;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        kernel_set(k, names[i][0],
                   scalar_c_function(k->e->arena, names[i][1], k->real, own));
    kernel_set(k, "EXP_DOWN",
               k->real == ELEM_F32
                   ? "exp_down_f32"
                   : scalar_c_function(k->e->arena, "exp", k->real, own));
}

Kernel *kernel_new(Emit *e, const Node *n, const char *file)
{
    Kernel *k = ARENA_NEW(e->arena, Kernel);
    k->e = e;
    k->n = n;
    k->file = file;
    k->real = arithmetic_of(n);
    k->holes = map_new(e->arena);
    k->groups = -1;
    k->parts = emit_parts(e, n);
    k->split = k->parts > 1
                   ? n->impl->split(n, e->options->pass->target)
                   : SPLIT_NONE;
    kernel_set(k, "KERNEL", NAME_MARK);
    kernel_set(k, "REAL", c_elem(k->real));
    kernel_set(k, "OUT", c_elem(n->type.elem));
    set_math(k);
    return k;
}

void kernel_arg_text(Kernel *k, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(k->e->arena, fmt, ap);
    array_push(k->e->arena, &k->args, expr_bare(k->e->arena, text));
    va_end(ap);
}

void kernel_arg(Kernel *k, const Node *value)
{
    array_push(k->e->arena, &k->args, emit_pointer(k->e, value));
}

void kernel_out(Kernel *k)
{
    kernel_arg(k, k->n);
}

void kernel_scratch(Kernel *k)
{
    const char *text = emit_scratch(k->e, k->n);
    int64_t bytes = plan_part_bytes(k->n, k->e->options->pass->target,
                                    k->e->together);
    if (k->parts > 1 && k->n->scratch == 0)
        text = arena_printf(k->e->arena, "ws + part * %lld", (long long)bytes);
    else if (k->parts > 1)
        text = arena_printf(k->e->arena, "ws + %lld + part * %lld",
                            (long long)k->n->scratch, (long long)bytes);
    array_push(k->e->arena, &k->args, text);
}

void kernel_text(Kernel *k, const char *hole, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(k->e->arena, fmt, ap);
    va_end(ap);
    kernel_set(k, hole, text);
    if (strlen(text) > 24 || !*text)
        return;
    Shown shown = {hole, text};
    array_push(k->e->arena, &k->shown, shown);
}

void kernel_dim(Kernel *k, const char *hole, Dim d)
{
    kernel_text(k, hole, "%s", emit_dim(k->e, d));
}

void kernel_int(Kernel *k, const char *hole, int64_t v)
{
    kernel_text(k, hole, "%lld", (long long)v);
}

void kernel_real(Kernel *k, const char *hole, double v)
{
    Arena *a = k->e->arena;
    const Scalar *s = scalar_const(a, v);
    kernel_text(k, hole, "%s", scalar_c(a, s, NULL, NULL, k->real, false));
}

void kernel_groups(Kernel *k, int groups, const int *axes)
{
    k->groups = groups;
    for (int i = 0; i < groups; i++)
        k->axes[i] = axes[i];
}

/* ---- writing ---- */

static const char *without_comments(Arena *a, const char *text)
{
    Text t = {.arena = a};
    const char *end;
    for (const char *p; (p = strstr(text, "/*")) && (end = strstr(p, "*/"));
         text = end + 2)
        text_addn(&t, text, (size_t)(p - text));
    text_add(&t, text);
    return t.data;
}

/* "B = n, O = 16": the sizes that the kernel's source names. */
static const char *sizes_text(Kernel *k, const char *source)
{
    Text line = {.arena = k->e->arena};
    text_add(&line, "");
    for (int i = 0; i < k->shown.len; i++)
        if (text_mentions(source, k->shown.data[i].hole))
            text_printf(&line, "%s%s=%s", line.len ? ", " : "",
                        k->shown.data[i].hole,
                        expr_bare(k->e->arena, k->shown.data[i].value));
    return line.data;
}

/* The file's opening comment, when the kernel is the file's first; and the
 * sizes of this kernel. */
static void put_opening(Kernel *k, CText *t, const char *opening,
                        const char *sizes)
{
    Output *out = k->e->out;
    if (map_has(out->seen, k->file) || !*opening) {
        if (*sizes)
            put_comment(t, "%s with %s.", k->file, sizes);
        return;
    }
    map_set(out->seen, k->file, "");
    CText last = ctext_new(out->arena);
    put_comment(&last, "Here %s. %s", sizes, LAST_LINE);
    size_t len = strlen(opening) - strlen("*/\n");
    while (len > 0 && strchr(" \n", opening[len - 1]))
        len--;
    put_raw(t, arena_strndup(out->arena, opening, len));
    char *end = strstr(last.text.data, LAST_LINE);
    strcpy(end - 1, "\n */\n");
    put_raw(t, *sizes ? arena_printf(out->arena, "\n *\n *%s",
                                     last.text.data + 2)
                      : strchr(opening, '\n')[1] ? "\n */\n" : " */\n");
}

/* A kernel that an entry calls keeps its own frame and name. */
static const char *not_inlined(Arena *a, const char *text)
{
    const char *head = strstr(text, "static void " NAME_MARK "(");
    if (!head)
        return text;
    Text t = {.arena = a};
    text_addn(&t, text, (size_t)(head - text));
    text_add(&t, "NOINLINE ");
    text_add(&t, head);
    return t.data;
}

static const char *write_kernel(Kernel *k, const char *text)
{
    Output *out = k->e->out;
    Arena *a = out->arena;
    const char *name = c_unique(a, out->taken, k->file);
    size_t opening = kernel_opening(text);
    const EmbeddedFile *f = embed_find(arena_printf(a, "kernels/%s.c",
                                                    k->file));
    CText t = ctext_new(a);
    if (out->kernels.len)
        put_raw(&t, "\n");
    put_opening(k, &t, c_tidy(a, arena_strndup(a, text, opening)),
                sizes_text(k, without_comments(a, f->text)));
    if (k->end)
        put_raw(&t, arena_printf(a, "%s\n", kernel_with_name(a, k->end, name)));
    text += opening + strspn(text + opening, "\n");
    if (strncmp(text, "/*", 2) == 0)
        put_raw(&t, "\n");
    text = not_inlined(a, text);
    text = c_simplify(a, kernel_with_name(a, text, name));
    put_raw(&t, c_tidy(a, text));
    text_add(&out->kernels, t.text.data);
    return name;
}

/* Writes the kernel when it is new; its name, and whether it takes n. */
static const char *define(Kernel *k, bool *takes_n)
{
    Output *out = k->e->out;
    kernel_set_extras(k);
    kernel_set(k, "N_PARAM", k->parts > 1 ? "int part, " : "");
    const char *file = arena_printf(k->e->arena, "%s.c", k->file);
    k->resolved = map_new(k->e->arena);
    const char *text = kernel_fill_file(k, file);
    *takes_n = text_mentions(without_comments(k->e->arena, text), "n");
    if (*takes_n) {
        kernel_set(k, "N_PARAM",
                   k->parts > 1 ? "int part, int n, " : "int n, ");
        k->resolved = map_new(k->e->arena);
        text = kernel_fill_file(k, file);
    }
    const char *key = arena_printf(out->arena, "%s%s%s", k->file,
                                   k->end ? k->end : "", text);
    const char *name = map_get(out->kernel_names, key);
    if (!name) {
        name = write_kernel(k, text);
        map_set(out->kernel_names, key, (void *)name);
    }
    return name;
}

const char *kernel_define(Kernel *k)
{
    k->parts = 1;
    k->split = SPLIT_NONE;
    bool takes_n;
    const char *name = define(k, &takes_n);
    if (takes_n)
        internal_error("kernel %s depends on n", k->file);
    return name;
}

void kernel_emit(Kernel *k)
{
    bool takes_n;
    const char *name = define(k, &takes_n);
    Text call = {.arena = k->e->arena};
    text_printf(&call, "%s(%s%s", name, k->parts > 1 ? "part" : "",
                k->parts > 1 && takes_n ? ", " : "");
    if (takes_n)
        text_add(&call, "n");
    const char *comma = takes_n || k->parts > 1 ? ", " : "";
    for (int i = 0; i < k->args.len; i++, comma = ", ")
        text_printf(&call, "%s%s", comma, k->args.data[i]);
    for (int i = 0; i < k->extra_args.len; i++, comma = ", ")
        text_printf(&call, "%s%s", comma, k->extra_args.data[i]);
    emit_parts_begin(k->e, k->parts);
    put(&k->e->body, "%s);", call.data);
    emit_parts_end(k->e, k->parts);
}
