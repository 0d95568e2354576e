/* The command line: see options.h. */
#include "options.h"
#include <stdlib.h>
#include <string.h>

const char *const dlc_version = "0.1";

typedef struct OptionDef {
    const char *name, *value, *text;
} OptionDef;

static const OptionDef table[] = {
#define OPTION(id, name, value, text) {name, value, text},
#include "option_table.h"
#undef OPTION
};

static const char usage_text[] =
    "usage: dlc MODEL.dl -o MODEL.c        C and a header for inference and "
    "training\n"
    "       dlc fit MODEL.dl [--epochs=K --seed=S --save=F ...]   compile, "
    "train, evaluate\n"
    "       dlc run MODEL.dl --entry=E --input X=F.npy --output P=F.npy\n"
    "       dlc explain MODEL.dl           what was chosen, and why\n"
    "       dlc tune MODEL.dl -o F.plan    time what could be chosen, for "
    "--plan=F.plan\n"
    "       dlc --help                     every option\n";

static void print_help(void)
{
    fputs(usage_text, stdout);
    puts("\noptions:");
    for (int i = 0; i < OPT_COUNT; i++) {
        char left[80];
        const char *sep = table[i].name[1] == '-' ? "=" : " ";
        snprintf(left, sizeof left, "%s%s%s", table[i].name,
                 table[i].value ? sep : "",
                 table[i].value ? table[i].value : "");
        bool fits = strlen(left) <= 26;
        printf("  %-26s%s%s\n", left, fits ? " " : "\n                             ",
               table[i].text);
    }
    puts("\n'dlc fit' and 'dlc run' pass other options on to the program they "
         "build;\n'--help' after the model prints those.");
}

#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void usage_error(const char *what, const char *word)
{
    fprintf(stderr, "dlc: error: %s '%s'\n%s", what, word, usage_text);
    exit(2);
}

/* Neither an option nor a command: perhaps a misspelt one. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
static void unknown_word(Arena *a, const char *what, const char *word,
                         const char *const *known, int count)
{
    const char *name = arena_strndup(a, word, strcspn(word, "="));
    const char *near = diag_suggest(name, known, count);
    if (!near)
        usage_error(what, word);
    fprintf(stderr, "dlc: error: %s '%s'\n      help: did you mean '%s'?\n",
            what, word, near);
    exit(2);
}

static void list_diagnostics(void)
{
#define DIAG_CODE(number, title, text) printf("DL%d %s\n", number, title);
#include "diag_codes.h"
#undef DIAG_CODE
}

static void list_implementations(void)
{
    StringArray seen = {0};
    for (int i = 0; i < op_count; i++)
        for (int k = 0; k < OP_IMPLS && op_table[i]->impl[k]; k++)
            printf("%s %s\n", op_name(op_table[i]), op_table[i]->impl[k]->name);
    (void)seen;
}

static void print_list(const char *what)
{
    if (strcmp(what, "passes") == 0)
        for (int i = 0; i < pass_count; i++)
            printf("%s  %s\n", pass_table[i]->name, pass_table[i]->doc);
    else if (strcmp(what, "operators") == 0)
        for (int i = 0; i < op_count; i++)
            printf("%s  %s\n", op_table[i]->sig, op_table[i]->doc);
    else if (strcmp(what, "implementations") == 0)
        list_implementations();
    else if (strcmp(what, "options") == 0)
        for (int i = 0; i < OPT_COUNT; i++)
            printf("%s\n", table[i].name);
    else if (strcmp(what, "diagnostics") == 0)
        list_diagnostics();
    else if (strcmp(what, "targets") == 0)
        for (int i = 0; i < target_count; i++)
            printf("%s\n", target_table[i]->name);
    else
        usage_error("--list does not know", what);
}

/* The option `arg` names, its value split off; -1 when there is none. */
static int find_option(const char *arg, const char **value)
{
    for (int i = 0; i < OPT_COUNT; i++) {
        size_t n = strlen(table[i].name);
        *value = NULL;
        if (strcmp(arg, table[i].name) == 0)
            return i;
        if (strncmp(arg, table[i].name, n) != 0)
            continue;
        if (table[i].name[1] == '-' && arg[n] == '=') {
            *value = arg + n + 1;
            return i;
        }
        if (table[i].name[1] != '-' && arg[n]) {
            *value = arg + n;
            return i;
        }
    }
    return -1;
}

static void define(Arena *a, CommandLine *c, const char *text)
{
    const char *eq = strchr(text, '=');
    if (!eq || eq == text || !eq[1])
        usage_error("-D needs NAME=VALUE, not", text);
    map_set(c->defines, arena_strndup(a, text, (size_t)(eq - text)),
            arena_strdup(a, eq + 1));
}

static void set_option(Arena *a, CommandLine *c, int id, const char *value)
{
    if (id == OPT_DEFINE)
        define(a, c, value);
    c->value[id] = value;
}

static void print_and_exit(const CommandLine *c)
{
    if (c->value[OPT_HELP])
        print_help();
    else if (c->value[OPT_VERSION])
        printf("dlc %s\n", dlc_version);
    else if (c->value[OPT_LIST])
        print_list(c->value[OPT_LIST]);
    else if (c->value[OPT_EXPLAIN]) {
        if (!diag_explain(stdout, c->value[OPT_EXPLAIN]))
            usage_error("there is no diagnostic", c->value[OPT_EXPLAIN]);
    } else
        return;
    exit(0);
}

CommandLine options_parse(Arena *a, int argc, char **argv)
{
    static const char *const commands[] = {"", "run", "fit", "explain",
                                           "tune"};
    CommandLine c = {.command = CMD_COMPILE, .defines = map_new(a)};
    const char *names[OPT_COUNT];
    for (int k = 0; k < OPT_COUNT; k++)
        names[k] = table[k].name;
    int first = 1;
    for (int k = CMD_RUN; argc > 1 && k <= CMD_TUNE; k++)
        if (strcmp(argv[1], commands[k]) == 0) {
            c.command = (Command)k;
            first = 2;
        }
    bool driver = c.command == CMD_RUN || c.command == CMD_FIT;
    for (int i = first; i < argc; i++) {
        const char *arg = argv[i], *value;
        bool mine = !(driver && c.input && strcmp(arg, "--help") == 0);
        int id = mine ? find_option(arg, &value) : -1;
        if (id >= 0 && !(driver && (id == OPT_LIST || id == OPT_OUTPUT))) {
            if (table[id].value && !value && ++i == argc)
                usage_error("a value is missing after", arg);
            if (table[id].value && !value)
                value = argv[i];
            if (!table[id].value && value)
                usage_error("no value belongs to", arg);
            set_option(a, &c, id, value ? value : "");
        } else if (driver && c.input)
            array_push(a, &c.rest, arg);
        else if (arg[0] == '-' && arg[1])
            unknown_word(a, "unknown option", arg, names, OPT_COUNT);
        else if (c.input && !strchr(c.input, '.'))
            unknown_word(a, "unknown command", c.input, commands + 1, 4);
        else if (c.input)
            usage_error("one model at a time; what is", arg);
        else
            c.input = arg;
    }
    print_and_exit(&c);
    if (!c.input)
        usage_error("no model given to", "dlc");
    return c;
}
