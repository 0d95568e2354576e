/* The text of a kernel: its file's holes filled, the fused work put in place of
 * EPILOGUE, included files set apart.
 */
#include "cgen_kernel.h"
#include "scalar_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const EmbeddedFile *embed_find(const char *name)
{
    for (int i = 0; i < embedded_count; i++)
        if (strcmp(embedded_files[i].name, name) == 0)
            return &embedded_files[i];
    return NULL;
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

/* Is extra input i what the result overwrites? Then it is read as y. */
static bool is_overwritten(const Kernel *k, int i)
{
    const Node *x = extra(k, i), *n = k->n;
    while (op_has(x->op, OP_VIEW))
        x = x->in[0];
    return n->place.kind == PLACE_GLOBAL && node_is_inline(x) && x->global &&
           x->global == n->global;
}

static bool is_read(const Kernel *k, int i)
{
    double v;
    return scalar_uses(k->n->fused.expr, i + 1) > 0 &&
           !node_is_const(extra(k, i), &v);
}

/* Is extra input i a parameter of the kernel? Constants are not. */
static bool is_passed(const Kernel *k, int i)
{
    return is_read(k, i) && !is_overwritten(k, i);
}

/* Does the epilogue read extra input i at an element of its own each time? */
static bool is_swept(const Kernel *k, int i)
{
    return is_passed(k, i) && k->n->type.rank > 0 &&
           k->n->fused.masks[i] == (1u << k->n->type.rank) - 1;
}

void kernel_set_extras(Kernel *k)
{
    Arena *a = k->e->arena;
    Text params = {.arena = a}, args = {.arena = a};
    int swept = 0;
    text_add(&params, "");
    text_add(&args, "");
    for (int i = 0; i < extra_count(k); i++) {
        if (!is_passed(k, i))
            continue;
        swept += is_swept(k, i);
        text_printf(&params, ", const %s *restrict e%d",
                    c_elem(extra(k, i)->type.elem), i + 1);
        text_printf(&args, ", e%d", i + 1);
        array_push(a, &k->extra_args, emit_pointer(k->e, extra(k, i)));
    }
    kernel_set(k, "EXTRA_PARAMS", params.data);
    kernel_set(k, "EXTRA_ARGS", args.data);
    kernel_int(k, "EXTRAS", swept);
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
                k->e->arena, "%s[%s]",
                is_overwritten(k, i)
                    ? "y"
                    : arena_printf(k->e->arena, "e%d", i + 1),
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
        names[i + 1] = is_read(k, i) ? arena_printf(a, "e%d", i + 1)
                                     : emit_ref(k->e, extra(k, i));
        if (is_read(k, i))
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

void kernel_relu(Kernel *k)
{
    const Scalar *expr = k->n->fused.expr;
    ElemType made = k->n->type.elem;
    k->least = expr && scalar_match_relu(expr) && made == k->n->raw.elem &&
               (made == ELEM_F32 || made == ELEM_F64) &&
               !expr_shares(k->e, expr);
    kernel_int(k, "RELU", k->least);
}

/* "relu_f32(..)" -> "relu_above_f32(.., least)" */
static const char *with_least(Arena *a, const char *relu)
{
    int name = (int)strcspn(relu, "_"), rest = (int)strlen(relu) - 1;
    return arena_printf(a, "%.*s_above%.*s, least)", name, relu, rest - name,
                        relu + name);
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
        return k->least ? with_least(a, text) : text;
    }
    if (!k->end)
        define_end(k, types);
    Text call = {.arena = a};
    text_printf(&call, NAME_MARK "_end(%s", args[0]);
    for (int i = 0; i + 1 < count; i++)
        if (is_read(k, i))
            text_printf(&call, ", %s", texts[i + 1]);
    text_add(&call, ")");
    return call.data;
}

/* "PREFETCH(&e1[..]), PREFETCH(&e3[..])" */
static const char *prefetches(Kernel *k, const char *const *args)
{
    Text t = {.arena = k->e->arena};
    text_add(&t, "");
    for (int i = 0; i < extra_count(k); i++)
        if (is_swept(k, i))
            text_printf(&t, "%sPREFETCH(&e%d[%s])", t.len ? ", " : "", i + 1,
                        expr_index(k->e, &k->n->type, k->n->fused.masks[i],
                                   args, k->axes, k->groups));
    return t.data;
}

static const char *fill_range(Kernel *k, bool end, const char *const *args)
{
    static const char *const names[] = {"", "SPLIT_BATCH", "SPLIT_ROWS",
                                        "SPLIT_COLUMNS", "SPLIT_GROUPS"};
    if (k->parts < 2 || strcmp(args[0], names[k->split]) != 0)
        return end ? args[1] : "0";
    if (!end)
        return emit_part(k->e, "part", args[1], atoi(args[2]), k->parts);
    return emit_part(k->e, "(part + 1)", args[1], atoi(args[2]), k->parts);
}

static const char *fill_call(void *ctx, const char *hole,
                             const char *const *args, int nargs)
{
    Kernel *k = ctx;
    if (strcmp(hole, "EPILOGUE") == 0 && nargs > 0)
        return epilogue(k, args, nargs);
    if (strcmp(hole, "PREFETCH_EXTRAS") == 0 && nargs == k->groups)
        return prefetches(k, args);
    if (strcmp(hole, "FROM") == 0 && nargs == 3)
        return fill_range(k, false, args);
    if (strcmp(hole, "TO") == 0 && nargs == 3)
        return fill_range(k, true, args);
    if (strcmp(hole, "NEW") == 0 && nargs == 1)
        return k->parts > 1 ? args[0] : "0";
    if (strcmp(hole, "GREATER") == 0 && nargs == 2)
        return arena_printf(k->e->arena,
                            k->real == ELEM_C128 ? "lt_c128(%s, %s)"
                                                 : "%s > %s",
                            args[k->real == ELEM_C128],
                            args[k->real != ELEM_C128]);
    return NULL;
}

/* ---- files ---- */

size_t kernel_opening(const char *text)
{
    if (strncmp(text, "/*", 2) != 0)
        return 0;
    const char *end = strstr(text, "*/\n");
    return end ? (size_t)(end + 3 - text) : 0;
}

const char *kernel_with_name(Arena *a, const char *text, const char *name)
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

const char *kernel_fill_file(Kernel *k, const char *file)
{
    const char *path = arena_printf(k->e->arena, "kernels/%s", file);
    const EmbeddedFile *f = embed_find(path);
    if (!f)
        internal_error("no kernel file %s", path);
    Holes holes = {.text = k->holes, .call = fill_call, .ctx = k};
    const char *text = f->text;
    if (k->e->options->pass->freestanding)
        text = scalar_c_freestanding(k->e->arena, text);
    return kernel_fill(k->e->arena, text, &holes, include_part, k);
}

static bool some_kernel_has_variable(const char *name)
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

/* Does a kernel have a variable of this name? */
static bool is_used_as_variable(Output *out, const char *name)
{
    if (!map_has(out->variables, name))
        map_set(out->variables, name,
                (void *)(some_kernel_has_variable(name) ? "used" : ""));
    return *(const char *)map_get(out->variables, name) != 0;
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
        if (is_used_as_variable(k->e->out, name))
            name = arena_printf(a, "%s_%s", base,
                                strcmp(base, name) ? name : "part");
        kernel_set(k, hole, arena_printf(a, NAME_MARK "%s", name));
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
        text += kernel_opening(text);
    text_printf(&out->kernels, "%s%s", out->kernels.len ? "\n" : "",
                c_tidy(out->arena,
                       c_simplify(out->arena,
                                  with_suffix(out->arena, text, suffix))));
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
    const char *suffix = write_part(out, file, kernel_fill_file(k, file));
    for (int i = 0; i < names.len; i++) {
        const char *name = map_get(k->holes, names.data[i]);
        if (*name != *NAME_MARK)
            continue; /* a file it includes defines it */
        kernel_set(k, names.data[i],
            arena_printf(out->arena, "%s%s", name + 1, suffix));
        map_set(k->resolved, names.data[i], "");
    }
    return NULL;
}
