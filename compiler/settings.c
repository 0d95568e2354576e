#include "settings.h"
#include "choice.h"
#include <stdlib.h>
#include <string.h>

void settings_refuse(const char *what, const char *word)
{
    fprintf(stderr, "dlc: error: %s '%s'\n", what, word);
    exit(2);
}

void settings_unknown(const char *what, const char *word,
                      const char *const *names, int count)
{
    const char *near = diag_suggest(word, names, count);
    fprintf(stderr, "dlc: error: %s '%s'\n      help: ", what, word);
    if (near)
        fprintf(stderr, "did you mean '%s'?\n", near);
    for (int i = 0; i < count && !near; i++)
        fprintf(stderr, "%s%s%s",
                i            ? ", "
                : count == 1 ? "there is "
                             : "there are ",
                names[i], i == count - 1 ? "\n" : "");
    exit(2);
}

static int64_t read_bytes(const char *text)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    if (end != text && (*end == 'K' || *end == 'k'))
        n *= 1024, end++;
    else if (end != text && (*end == 'M' || *end == 'm'))
        n *= 1024 * 1024, end++;
    if (end == text || *end || n < 1)
        settings_refuse("--max-ram needs a number of bytes such as 64K, not",
                        text);
    return n;
}

static void read_conv(Options *o, Arena *a, const CommandLine *line)
{
    const char *name = o->conv = line->value[OPT_CONV];
    const Impl *impl = name ? choice_find(op_find("conv"), name) : NULL;
    if (name && !impl) {
        const OpDef *conv = op_find("conv");
        const char *names[OP_IMPLS];
        int count = 0;
        while (count < OP_IMPLS && conv->impl[count]) {
            names[count] = conv->impl[count]->name;
            count++;
        }
        settings_unknown("unknown implementation of convolutions, --conv",
                         name, names, count);
    }
    if (impl && impl->tiles && o->target->tile_gflops == 0)
        settings_refuse("--target=x86-64-amx is needed for --conv", name);
    if (impl && impl->math > o->math)
        settings_refuse(arena_printf(a, "--math=%s is needed for --conv",
                                     math_names[impl->math]),
                        name);
}

/* The machine with that many threads. */
static void set_threads(Options *o, Arena *a, const CommandLine *line)
{
    const char *text = line->value[OPT_THREADS];
    if (!text)
        return;
    char *end;
    long threads = strtol(text, &end, 10);
    if (end == text || *end || threads < 1 || threads > 1024)
        settings_refuse("--threads needs a number from 1 to 1024, not", text);
    Target *t = ARENA_NEW(a, Target);
    *t = *o->target;
    t->threads = (int)threads;
    o->target = t;
}

static void read_math(Options *o, const CommandLine *line)
{
    const char *text = line->value[OPT_MATH];
    bool found = true;
    if (text)
        o->math = math_find(text, &found);
    if (!found)
        settings_refuse(
            "--math needs f32, or bf16x3 where products may be off by 2^-17, "
            "not",
            text);
}

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void refuse_target(Arena *a, const char *target)
{
    const char **names = ARENA_ARRAY(a, const char *, target_count + 1);
    for (int i = 0; i < target_count; i++)
        names[i] = target_table[i]->name;
    names[target_count] = "native";
    settings_unknown("unknown --target", target, names, target_count + 1);
}

Options settings_read(Arena *a, const CommandLine *line)
{
    Options o = {0};
    /* what dlc runs itself is built for the machine at hand */
    bool here = line->command == CMD_RUN || line->command == CMD_FIT ||
                line->command == CMD_TUNE;
    const char *target = line->value[OPT_TARGET];
    if (!target)
        target = here ? "native" : "generic";
    o.target =
        strcmp(target, "native") == 0 ? target_native() : target_find(target);
    if (!o.target)
        refuse_target(a, target);
    set_threads(&o, a, line);
    o.blas = line->value[OPT_BLAS] != NULL;
    static const char *const libraries[] = {"openblas"};
    if (o.blas && strcmp(line->value[OPT_BLAS], libraries[0]) != 0)
        settings_unknown("unknown --blas", line->value[OPT_BLAS], libraries, 1);
    read_math(&o, line);
    read_conv(&o, a, line);
    o.no_random = line->value[OPT_NO_RANDOM] != NULL;
    o.freestanding = line->value[OPT_FREESTANDING] != NULL;
    o.check_finite = line->value[OPT_CHECK_FINITE] != NULL;
    if (line->value[OPT_MAX_RAM])
        o.max_ram = read_bytes(line->value[OPT_MAX_RAM]);
    return o;
}

ElemType settings_real(const CommandLine *line)
{
    static const char *const names[] = {"f32", "f64", "complex"};
    const char *real = line->value[OPT_REAL];
    if (!real || strcmp(real, "f32") == 0)
        return ELEM_F32;
    if (strcmp(real, "f64") == 0)
        return ELEM_F64;
    if (strcmp(real, "complex") == 0)
        return ELEM_C128;
    settings_unknown("unknown --real", real, names, 3);
}
