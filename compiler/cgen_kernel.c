/* Calls of kernels: a kernel file with its holes filled, written once for
 * equal holes, and the call of it in the entry.
 *
 * The text is first made with a mark for the function's name; equal texts
 * share the function made for the first.
 */
#include "cgen_impl.h"
#include "embed.h"

#include <ctype.h>
#include <string.h>

#define NAME_MARK "\001"
#define LAST_LINE "\003\003"

typedef struct Shown {
    const char *hole, *value;
} Shown;

struct Kernel {
    Emit *e;
    const Node *n;
    const char *file;
    ElemType real;
    Map *holes;
    Map *resolved; /* names KERNEL_... that included files defined */
    ARRAY_OF(Shown) shown;
    StringArray args, extra_args;
    int groups, axes[MAX_RANK];
    const char *end; /* definition of KERNEL_end, NULL: none */
};

const EmbeddedFile *embed_find(const char *name)
{
    for (int i = 0; i < embedded_count; i++)
        if (strcmp(embedded_files[i].name, name) == 0)
            return &embedded_files[i];
    return NULL;
}

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

static void set(Kernel *k, const char *hole, const char *text)
{
    map_set(k->holes, hole, (void *)text);
}

static void set_math(Kernel *k)
{
    static const char *const names[][2] = {
        {"EXP", "exp"}, {"LOG", "log"},   {"SQRT", "sqrt"}, {"SIN", "sin"},
        {"COS", "cos"}, {"TANH", "tanh"}, {"ABS", "fabs"},
    };
    const char *form = k->real == ELEM_F32    ? "%sf"
                       : k->real == ELEM_C128 ? "%s_c128"
                                              : "%s";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(form, "%s");
        const char *name = names[i][1];
        if (k->real == ELEM_C128 && strcmp(name, "fabs") == 0)
            name = "abs";
        set(k, names[i][0], arena_printf(k->e->arena, "%s%s", name, at + 2));
    }
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
    set(k, "KERNEL", NAME_MARK);
    set(k, "REAL", c_elem(k->real));
    set(k, "OUT", c_elem(n->type.elem));
    set_math(k);
    return k;
}

void kernel_arg_text(Kernel *k, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    array_push(k->e->arena, &k->args,
               arena_vprintf(k->e->arena, fmt, ap));
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
    array_push(k->e->arena, &k->args, emit_scratch(k->e, k->n));
}

void kernel_text(Kernel *k, const char *hole, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(k->e->arena, fmt, ap);
    va_end(ap);
    set(k, hole, text);
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
    kernel_text(k, hole, "%s", scalar_c(a, s, NULL, NULL, k->real));
}

void kernel_groups(Kernel *k, int groups, const int *axes)
{
    k->groups = groups;
    for (int i = 0; i < groups; i++)
        k->axes[i] = axes[i];
}

/* ---- the epilogue ---- */

static int extra_count(const Kernel *k)
{
    return k->n->fused.expr ? k->n->nin - k->n->fused.own : 0;
}

static const Node *extra(const Kernel *k, int i)
{
    return k->n->in[k->n->fused.own + i];
}

/* Is extra input i a parameter of the kernel? Constants are not. */
static bool is_passed(const Kernel *k, int i)
{
    double v;
    return scalar_uses(k->n->fused.expr, i + 1) > 0 &&
           !node_is_const(extra(k, i), &v);
}

static void set_extras(Kernel *k)
{
    Arena *a = k->e->arena;
    Text params = {.arena = a};
    text_add(&params, "");
    for (int i = 0; i < extra_count(k); i++) {
        if (!is_passed(k, i))
            continue;
        text_printf(&params, ", const %s *restrict e%d",
                    c_elem(extra(k, i)->type.elem), i + 1);
        array_push(a, &k->extra_args, emit_pointer(k->e, extra(k, i)));
    }
    set(k, "EXTRA_PARAMS", params.data);
}

/* The texts and types of $0, $1, ... in the epilogue; `index` are the texts
 * of EPILOGUE's indices. */
static void epilogue_args(Kernel *k, const char *v, const char *const *index,
                          const char **texts, ElemType *types)
{
    const Node *n = k->n;
    texts[0] = v;
    types[0] = n->raw.elem;
    for (int i = 0; i < extra_count(k); i++) {
        const Node *x = extra(k, i);
        double value;
        types[i + 1] = x->type.elem;
        if (node_is_const(x, &value))
            texts[i + 1] = emit_ref(k->e, x);
        else
            texts[i + 1] = arena_printf(
                k->e->arena, "e%d[%s]", i + 1,
                expr_index(k->e, &n->type, n->fused.masks[i], index, k->axes,
                           k->groups));
    }
}

/* static float KERNEL_end(float v, float e1): for work that is longer than an
 * expression. */
static void define_end(Kernel *k, const ElemType *types)
{
    Arena *a = k->e->arena;
    const Node *n = k->n;
    int count = extra_count(k) + 1;
    const char **names = ARENA_ARRAY(a, const char *, count);
    CText t = ctext_new(a);
    Text head = {.arena = a};
    text_printf(&head, "static %s " NAME_MARK "_end(%s v", c_elem(n->type.elem),
                c_elem(types[0]));
    names[0] = "v";
    for (int i = 0; i + 1 < count; i++) {
        names[i + 1] = is_passed(k, i) ? arena_printf(a, "e%d", i + 1)
                                       : emit_ref(k->e, extra(k, i));
        if (is_passed(k, i))
            text_printf(&head, ", %s %s", c_elem(types[i + 1]), names[i + 1]);
    }
    put(&t, "%s)\n{", head.data);
    const char *text = expr_c(k->e, n->fused.expr, names, types, &t);
    put(&t, "return %s;\n}", text);
    k->end = t.text.data;
}

static bool is_name(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
                             "WXYZ_0123456789[] ")] == 0;
}

/* How often the text of an expression names its argument $0. */
static int mentions_of_value(Kernel *k, const char **texts,
                             const ElemType *types)
{
    const char *v = texts[0];
    texts[0] = "\002";
    const char *text = expr_c(k->e, k->n->fused.expr, texts, types, NULL);
    int count = 0;
    for (const char *p = text; *p; p++)
        count += *p == '\002';
    texts[0] = v;
    return count;
}

static const char *epilogue(Kernel *k, const char *const *args, int nargs)
{
    Arena *a = k->e->arena;
    const Scalar *expr = k->n->fused.expr;
    if (!expr)
        return args[0];
    if (nargs - 1 != k->groups)
        internal_error("kernel %s: EPILOGUE has %d indices, %d groups of axes "
                       "are declared", k->file, nargs - 1, k->groups);
    int count = extra_count(k) + 1;
    const char **texts = ARENA_ARRAY(a, const char *, count);
    ElemType *types = ARENA_ARRAY(a, ElemType, count);
    epilogue_args(k, args[0], args + 1, texts, types);
    if (!expr_shares(k->e, expr) &&
        (is_name(args[0]) || mentions_of_value(k, texts, types) < 2)) {
        const char *text = expr_c(k->e, expr, texts, types, NULL);
        if (k->n->type.elem == ELEM_BOOL)
            text = arena_printf(a, "(uint8_t)(%s)", text);
        return text;
    }
    if (!k->end)
        define_end(k, types);
    Text call = {.arena = a};
    text_printf(&call, NAME_MARK "_end(%s", args[0]);
    for (int i = 0; i + 1 < count; i++)
        if (is_passed(k, i))
            text_printf(&call, ", %s", texts[i + 1]);
    text_add(&call, ")");
    return call.data;
}

static const char *fill_call(void *ctx, const char *hole,
                             const char *const *args, int nargs)
{
    Kernel *k = ctx;
    if (strcmp(hole, "EPILOGUE") == 0 && nargs > 0)
        return epilogue(k, args, nargs);
    if (strcmp(hole, "GREATER") == 0 && nargs == 2)
        return arena_printf(k->e->arena,
                            k->real == ELEM_C128 ? "lt_c128(%s, %s)"
                                                 : "%s > %s",
                            args[k->real == ELEM_C128],
                            args[k->real != ELEM_C128]);
    return NULL;
}

/* ---- writing ---- */

/* Text up to and with its opening comment. */
static size_t opening_len(const char *text)
{
    if (strncmp(text, "/*", 2) != 0)
        return 0;
    const char *end = strstr(text, "*/\n");
    return end ? (size_t)(end + 3 - text) : 0;
}

static const char *with_name(Arena *a, const char *text, const char *name)
{
    Text t = {.arena = a};
    text_add(&t, "");
    for (const char *p = text; *p; p++) {
        if (*p == *NAME_MARK)
            text_add(&t, name);
        else
            text_addn(&t, p, 1);
    }
    return t.data;
}

static const char *include_part(void *ctx, const char *file);

static const char *fill_file(Kernel *k, const char *file)
{
    const char *path = arena_printf(k->e->arena, "kernels/%s", file);
    const EmbeddedFile *f = embed_find(path);
    if (!f)
        internal_error("no kernel file %s", path);
    Holes holes = {.text = k->holes, .call = fill_call, .ctx = k};
    return kernel_fill(k->e->arena, f->text, &holes, include_part, k);
}

/* Does a kernel have a variable of this name? */
static bool is_used_as_variable(const char *name)
{
    size_t len = strlen(name);
    for (int i = 0; i < embedded_count; i++) {
        if (strncmp(embedded_files[i].name, "kernels/", 8) != 0)
            continue;
        const char *text = embedded_files[i].text;
        for (const char *p = text; (p = strstr(p, name)) != NULL; p += len)
            if (p > text + 1 && (p[-1] == ' ' || p[-1] == '*') &&
                (strncmp(p + len, " = ", 3) == 0 || p[len] == '[' ||
                 p[len] == ',' || p[len] == ';'))
                return true;
    }
    return false;
}

/* The names KERNEL_... of an included file that no file before it gave a
 * meaning: it defines them. */
static StringArray part_names(Kernel *k, const char *file, const char *text)
{
    Arena *a = k->e->arena;
    StringArray names = {0};
    const char *base = arena_strndup(a, file, strcspn(file, "."));
    for (const char *p = text; (p = strstr(p, "KERNEL_")) != NULL;) {
        size_t len = 0;
        while (isalnum((unsigned char)p[len]) || p[len] == '_')
            len++;
        const char *hole = arena_strndup(a, p, len);
        p += len;
        if (map_has(k->resolved, hole))
            continue;
        const char *name = hole + 7;
        if (is_used_as_variable(name))
            name = arena_printf(a, "%s_%s", base,
                                strcmp(base, name) ? name : "part");
        set(k, hole, arena_printf(a, NAME_MARK "%s", name));
        array_push(a, &names, hole);
    }
    return names;
}

/* text with what is added to each marked name. */
static const char *with_suffix(Arena *a, const char *text, const char *suffix)
{
    Text t = {.arena = a};
    text_add(&t, "");
    for (const char *p = text; *p;) {
        if (*p != *NAME_MARK) {
            text_addn(&t, p++, 1);
            continue;
        }
        size_t len = strspn(++p, "abcdefghijklmnopqrstuvwxyz0123456789_");
        text_printf(&t, "%.*s%s", (int)len, p, suffix);
        p += len;
    }
    return t.data;
}

/* Writes an included text when it is new; what its names end with. */
static const char *write_part(Output *out, const char *file, const char *text)
{
    const char *suffix = map_get(out->parts, text);
    if (suffix)
        return suffix;
    const char *base = arena_strndup(out->arena, file, strcspn(file, "."));
    suffix = c_unique(out->arena, out->taken, base) + strlen(base);
    map_set(out->parts, text, (void *)suffix);
    if (*suffix) /* its comment stands at the first */
        text += opening_len(text);
    text_printf(&out->kernels, "%s%s", out->kernels.len ? "\n" : "",
                c_tidy(out->arena, with_suffix(out->arena, text, suffix)));
    return suffix;
}

/* An included file stands before the kernel, once for equal texts; its
 * functions are named for themselves. */
static const char *include_part(void *ctx, const char *file)
{
    Kernel *k = ctx;
    Output *out = k->e->out;
    const EmbeddedFile *f =
        embed_find(arena_printf(out->arena, "kernels/%s", file));
    if (!f)
        internal_error("kernel %s includes %s, which is not there", k->file,
                       file);
    StringArray names = part_names(k, file, f->text);
    const char *suffix = write_part(out, file, fill_file(k, file));
    for (int i = 0; i < names.len; i++) {
        const char *name = map_get(k->holes, names.data[i]);
        if (*name != *NAME_MARK)
            continue; /* a file it includes defines it */
        set(k, names.data[i],
            arena_printf(out->arena, "%s%s", name + 1, suffix));
        map_set(k->resolved, names.data[i], "");
    }
    return NULL;
}

static const char *without_comments(Arena *a, const char *text)
{
    Text t = {.arena = a};
    text_add(&t, "");
    for (const char *p = text; *p;) {
        const char *end = strncmp(p, "/*", 2) == 0 ? strstr(p, "*/") : NULL;
        if (end)
            p = end + 2;
        else
            text_addn(&t, p++, 1);
    }
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
                        k->shown.data[i].hole, k->shown.data[i].value);
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

static const char *write_kernel(Kernel *k, const char *text)
{
    Output *out = k->e->out;
    Arena *a = out->arena;
    const char *name = c_unique(a, out->taken, k->file);
    size_t opening = opening_len(text);
    const EmbeddedFile *f = embed_find(arena_printf(a, "kernels/%s.c",
                                                    k->file));
    CText t = ctext_new(a);
    if (out->kernels.len)
        put_raw(&t, "\n");
    put_opening(k, &t, arena_strndup(a, text, opening),
                sizes_text(k, without_comments(a, f->text)));
    if (k->end)
        put_raw(&t, arena_printf(a, "%s\n", with_name(a, k->end, name)));
    text += opening + strspn(text + opening, "\n");
    put_raw(&t, c_tidy(a, with_name(a, text, name)));
    text_add(&out->kernels, t.text.data);
    return name;
}

/* Writes the kernel when it is new; its name, and whether it takes n. */
static const char *define(Kernel *k, bool *takes_n)
{
    Output *out = k->e->out;
    set_extras(k);
    set(k, "N_PARAM", "");
    const char *file = arena_printf(k->e->arena, "%s.c", k->file);
    k->resolved = map_new(k->e->arena);
    const char *text = fill_file(k, file);
    *takes_n = text_mentions(without_comments(k->e->arena, text), "n");
    if (*takes_n) {
        set(k, "N_PARAM", "int n, ");
        k->resolved = map_new(k->e->arena);
        text = fill_file(k, file);
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
    text_printf(&call, "%s(", name);
    if (takes_n)
        text_add(&call, "n");
    const char *comma = takes_n ? ", " : "";
    for (int i = 0; i < k->args.len; i++, comma = ", ")
        text_printf(&call, "%s%s", comma, k->args.data[i]);
    for (int i = 0; i < k->extra_args.len; i++, comma = ", ")
        text_printf(&call, "%s%s", comma, k->extra_args.data[i]);
    put(&k->e->body, "%s);", call.data);
}
