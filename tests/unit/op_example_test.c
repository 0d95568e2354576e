/* The example of every operator is valid: its text reads, verifies, prints to
 * a text that reads back, and runs. What a comment at its end says of operands
 * is their type.
 */
// RUN: %cc %s %objs -lm -o %t && %t
#include "op.h"
#include "pass.h"
#include <stdio.h>
#include <string.h>

/* "%x: f32[2,3], @W: f32[4]" as inputs and param lines. */
static void declare(Arena *a, const char *operands, Text *params, Text *inputs)
{
    const char *begin = operands;
    int depth = 0;
    for (const char *s = operands;; s++) {
        depth += (*s == '[') - (*s == ']');
        if (*s && !(*s == ',' && depth == 0))
            continue;
        char *one = arena_strndup(a, begin, (size_t)(s - begin));
        if (*one == '@')
            text_printf(params, "param %s\n", one);
        else if (*one)
            text_printf(inputs, "%s%s", inputs->len ? ", " : "", one);
        if (!*s)
            return;
        begin = s + 2;
    }
}

/* The name the last line of an example gives. */
static const char *last_value(Arena *a, const char *example)
{
    const char *line = strrchr(example, '\n');
    line = line ? line + 1 : example;
    return arena_strndup(a, line, strcspn(line, " "));
}

static const char *module_text(Arena *a, const OpDef *op)
{
    Text params = {.arena = a}, inputs = {.arena = a}, t = {.arena = a};
    const char *comment = strstr(op->example, "  // ");
    if (comment)
        declare(a, comment + 5, &params, &inputs);
    text_printf(&t,
                "stage %s\nmodel m\n%sfunc @f(%s) {\n%s\n"
                "return output %s as y\n}\n",
                op_has(op, OP_CHOSEN_ONLY) ? "chosen" : "typed",
                params.len ? params.data : "", inputs.len ? inputs.data : "",
                op->example, last_value(a, op->example));
    return t.data;
}

static Module *parse(Arena *a, Diag *d, const char *text)
{
    return ir_parse(a, d, source_new(a, "example", text, strlen(text)));
}

static const char *print(Arena *a, const Module *m)
{
    Text t = {.arena = a};
    ir_print(&t, m);
    return t.data;
}

/* Runs f on ones and zeros. */
static void run(Arena *a, const Module *m, const Func *f)
{
    const Tensor *in[8];
    Tensor *out[8];
    Map *globals = map_new(a);
    for (int i = 0; i < f->inputs.len; i++) {
        const Type *t = &f->inputs.data[i]->type;
        Tensor *x = tensor_new(a, t, 1);
        for (int64_t k = 0; k < x->count; k++)
            x->data[k] = elem_is_real(t->elem) ? 1 : 0;
        in[i] = x;
    }
    for (int i = 0; i < m->globals.len; i++)
        map_set(globals, m->globals.data[i]->name,
                tensor_new(a, &m->globals.data[i]->type, 1));
    InterpArgs args = {
        .arena = a, .n = 1, .globals = globals, .in = in, .out = out};
    interp_run(f, &args);
}

static bool check(const OpDef *op)
{
    Arena *a = arena_new();
    Diag d = {.arena = a, .out = stdout};
    const char *text = module_text(a, op), *error = NULL;
    Module *m = parse(a, &d, text), *again = NULL;
    if (!m) {
        printf("%s", text);
        return false;
    }
    Func *f = m->funcs.data[0];
    for (int i = 0; i < f->nodes.len; i++)
        if (m->stage == STAGE_CHOSEN)
            f->nodes.data[i]->impl = f->nodes.data[i]->op->impl[0];
    error = verify_module(m);
    const char *first = print(a, m);
    again = parse(a, &d, first);
    if (!error && (!again || strcmp(print(a, again), first) != 0))
        error = "its text does not read back";
    if (!op->doc || !*op->doc)
        error = "it has no doc";
    if (error) {
        printf("%s: %s\n%s", op_name(op), error, first);
        return false;
    }
    if (m->stage == STAGE_TYPED)
        pass_run(pass_find("grad"), m, &(Options){0});
    run(a, m, f);
    arena_free(a);
    return true;
}

int main(void)
{
    Arena *ops = arena_new();
    int wrong = 0;
    op_init(ops);
    for (int i = 0; i < op_count; i++)
        wrong += !check(op_table[i]);
    arena_free(ops);
    return wrong != 0;
}
