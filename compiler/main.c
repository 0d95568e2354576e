/* dlc: descriptions of neural networks to standalone C.
 *
 * Exit codes: 0 done, 1 the user's program or data is wrong, 2 usage, 70 our
 * bug. Nothing is written before everything succeeded.
 */
#include "embed.h"
#include "entries.h"
#include "options.h"
#include "sema.h"
#include "settings.h"
#include "toolchain.h"
#include "tune.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct Job {
    Arena *arena;
    Diag diag;
    const CommandLine *line;
    Options options;
    ModuleArray modules;
} Job;

static const char *option(const Job *j, OptionId id)
{
    return j->line->value[id];
}

/* ---- source to modules ---- */

static const Source *read_source(Job *j, const char *path)
{
    size_t len;
    char *text = file_read(j->arena, path, &len);
    if (!text) {
        fprintf(stderr, "%s: error: cannot read the file: %s [DL1003]\n", path,
                strerror(errno));
        exit(1);
    }
    return source_new(j->arena, path, text, len);
}

static bool is_ir(const char *path)
{
    size_t n = strlen(path);
    return n > 5 && strcmp(path + n - 5, ".dlir") == 0;
}

static void finish_with_errors(const Job *j)
{
    if (j->diag.errors == 0)
        return;
    if (j->diag.errors > 1)
        fprintf(stderr, "%d errors\n", j->diag.errors);
    exit(1);
}

static void print_tree(const Program *p, Arena *a)
{
    Text out = {.arena = a};
    ast_print(&out, p);
    fwrite(out.data, 1, out.len, stdout);
}

static void read_program(Job *j, const Source *source)
{
    Program *p = parse_program(j->arena, &j->diag, source);
    finish_with_errors(j);
    const char *emit = option(j, OPT_EMIT);
    if (emit && strcmp(emit, "ast") == 0) {
        print_tree(p, j->arena);
        exit(0);
    }
    const EmbeddedFile *std = embed_find("std.dl");
    Source *library =
        source_new(j->arena, "std.dl", std->text, (size_t)std->len);
    SemaOptions so = {.real = settings_real(j->line),
                      .no_random = j->options.no_random,
                      .model = option(j, OPT_MODEL),
                      .defines = j->line->defines};
    Program *lib = parse_program(j->arena, &j->diag, library);
    sema_program(j->arena, &j->diag, p, lib, &so, &j->modules);
}

static void read_modules(Job *j)
{
    const Source *source = read_source(j, j->line->input);
    if (is_ir(j->line->input)) {
        Module *m = ir_parse(j->arena, &j->diag, source);
        if (m)
            array_push(j->arena, &j->modules, m);
    } else
        read_program(j, source);
    finish_with_errors(j);
    for (int i = 0; i < j->modules.len && j->options.freestanding; i++)
        if (j->modules.data[i]->real == ELEM_C128)
            settings_refuse("--freestanding has no complex functions, as for",
                            "--real=complex");
    for (int i = 0; i < j->modules.len; i++) {
        const char *broken = verify_module(j->modules.data[i]);
        if (broken && is_ir(j->line->input)) {
            fprintf(stderr, "%s: error: %s [DL3003]\n", j->line->input, broken);
            exit(1);
        }
        if (broken)
            internal_error("after lowering: %s", broken);
    }
}

/* ---- entries ---- */

/* --entries=A,B. */
static void keep_entries(Job *j)
{
    const char *list = option(j, OPT_ENTRIES);
    for (int i = 0; i < j->modules.len && list; i++) {
        Module *m = j->modules.data[i];
        const char *wrong = entries_keep(m, list);
        if (!wrong)
            continue;
        fprintf(stderr,
                "%s: error: --entries: model '%s' has no entry '%s' [DL4007]\n"
                "      help: it has %s\n",
                j->line->input, m->name, wrong, entries_list(m));
        exit(1);
    }
}

/* The entry that `dlc run` was asked for; NULL: it shall list all. */
static const char *entry_to_run(const Job *j)
{
    static const char flag[] = "--entry";
    const size_t n = sizeof flag - 1;
    const char *entry = "infer";
    for (int i = 0; i < j->line->rest.len; i++) {
        const char *word = j->line->rest.data[i];
        if (strcmp(word, "--list") == 0)
            return NULL;
        if (strncmp(word, flag, n) == 0 && word[n] == '=')
            entry = word + n + 1;
        else if (strcmp(word, flag) == 0 && i + 1 < j->line->rest.len)
            entry = j->line->rest.data[i + 1];
    }
    return entry;
}

/* Leaves out what the program that is run now does not call. */
static void keep_what_runs(Job *j, Module *m, bool fit)
{
    const char *list = fit ? entries_of_fit(m) : entry_to_run(j);
    if (list && !option(j, OPT_ENTRIES))
        (void)entries_keep(m, list); /* the program says what is unknown */
}

/* ---- passes ---- */

static void refuse_pass(Job *j, const char *name)
{
    const char **names = ARENA_ARRAY(j->arena, const char *, pass_count);
    for (int i = 0; i < pass_count; i++)
        names[i] = pass_table[i]->name;
    settings_unknown("unknown pass", name, names, pass_count);
}

static void check_pass_list(Job *j, OptionId id)
{
    const char *list = option(j, id);
    while (list && *list) {
        size_t n = strcspn(list, ",");
        const char *name = arena_strndup(j->arena, list, n);
        const Pass *p = pass_find(name);
        if (!p)
            refuse_pass(j, name);
        if (id == OPT_DISABLE && !p->optional)
            settings_refuse("--disable: not an optional pass:", name);
        list += n + (list[n] == ',');
    }
}

static void run_one(Job *j, const Pass *p)
{
    for (int i = 0; i < j->modules.len; i++)
        if (j->modules.data[i]->stage == p->from)
            pass_run(p, j->modules.data[i], &j->options);
        else
            settings_refuse("the module is not at the stage this pass needs:",
                            p->name);
    finish_with_errors(j);
}

static void run_listed(Job *j, const char *list)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        run_one(j, pass_find(arena_strndup(j->arena, list, n)));
        list += n + (list[n] == ',');
    }
}

static void run_pipeline(Job *j, const char *last)
{
    for (int k = 0; k < pass_count; k++) {
        const Pass *p = pass_table[k];
        for (int i = 0; i < j->modules.len; i++) {
            Module *m = j->modules.data[i];
            bool off = option(j, OPT_DISABLE) && p->optional &&
                       list_has(option(j, OPT_DISABLE), p->name);
            if (m->stage == p->from && !off)
                pass_run(p, m, &j->options);
        }
        finish_with_errors(j);
        if (last && strcmp(last, p->name) == 0)
            return;
    }
}

static void check_ram(const Job *j)
{
    bool over = false;
    for (int i = 0; i < j->modules.len && j->options.max_ram; i++)
        for (int k = 0; k < j->modules.data[i]->funcs.len; k++) {
            const Func *f = j->modules.data[i]->funcs.data[k];
            if (f->workspace_bytes <= j->options.max_ram)
                continue;
            fprintf(stderr,
                    "%s: error: %s_%s needs a workspace of %lld bytes, and "
                    "--max-ram is %lld [DL4001]\n",
                    j->line->input, j->modules.data[i]->name, f->name,
                    (long long)f->workspace_bytes,
                    (long long)j->options.max_ram);
            over = true;
        }
    if (over)
        exit(1);
}

/* ---- results ---- */

static void print_text(const Text *t)
{
    if (t->len)
        fwrite(t->data, 1, t->len, stdout);
}

static void print_stats(Job *j)
{
    for (int i = 0; i < j->modules.len; i++)
        for (int k = 0; k < j->modules.data[i]->funcs.len; k++) {
            const Func *f = j->modules.data[i]->funcs.data[k];
            printf("stats %s %s:", j->modules.data[i]->name, f->name);
            for (int o = 0; o < op_count; o++) {
                int count = 0;
                for (int n = 0; n < f->nodes.len; n++)
                    count += f->nodes.data[n]->op == op_table[o];
                if (count)
                    printf(" %s %d", op_name(op_table[o]), count);
            }
            printf("\n");
        }
}

static void emit_ir(Job *j)
{
    Text t = {.arena = j->arena};
    if (option(j, OPT_PASSES))
        run_listed(j, option(j, OPT_PASSES));
    else if (option(j, OPT_TO))
        run_pipeline(j, option(j, OPT_TO));
    if (option(j, OPT_STATS)) {
        print_stats(j);
        return;
    }
    for (int i = 0; i < j->modules.len; i++)
        ir_print(&t, j->modules.data[i]);
    print_text(&t);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *header_path(Job *j, const char *c_path)
{
    size_t n = strlen(c_path);
    if (n < 3 || strcmp(c_path + n - 2, ".c") != 0)
        settings_refuse("-o needs a name that ends with .c, not", c_path);
    return arena_printf(j->arena, "%.*s.h", (int)(n - 2), c_path);
}

static void fail_to_write(const char *path)
{
    fprintf(stderr, "%s: error: cannot write the file: %s [DL1004]\n", path,
            strerror(errno));
    exit(1);
}

/* Both files or none: what was not there before goes again. */
static void write_pair(const char *out, const Text *c, const char *header,
                       const Text *h)
{
    bool is_new = !file_exists(out);
    if (!file_write(out, c->data, c->len))
        fail_to_write(out);
    if (file_write(header, h->data, h->len))
        return;
    int error = errno;
    if (is_new)
        remove(out);
    errno = error;
    fail_to_write(header);
}

static CgenOptions cgen_options(Job *j, const char *header)
{
    CgenOptions o = {.pass = &j->options,
                     .prefix = option(j, OPT_PREFIX),
                     .header_name = header,
                     .compiled_by =
                         arena_printf(j->arena, "dlc %s", dlc_version)};
    if (o.prefix && j->modules.len > 1)
        settings_refuse(
            "--prefix needs --model: the file has several models, --prefix",
            o.prefix);
    return o;
}

static void emit_c(Job *j)
{
    const char *out = option(j, OPT_OUTPUT);
    const char *header = out ? header_path(j, out) : NULL;
    Text c = {.arena = j->arena}, h = {.arena = j->arena};
    run_pipeline(j, NULL);
    check_ram(j);
    CgenOptions o = cgen_options(j, out ? base_name(header) : NULL);
    cgen_source(&c, j->modules.data, j->modules.len, &o);
    cgen_header(&h, j->modules.data, j->modules.len, &o);
    if (!out) {
        print_text(&c);
        return;
    }
    write_pair(out, &c, header, &h);
}

/* ---- measured times ---- */

static void read_plan(Job *j)
{
    const char *path = option(j, OPT_PLAN);
    bool tune = j->line->command == CMD_TUNE;
    if (tune && settings_real(j->line) == ELEM_C128)
        settings_refuse("--real=complex is for generated C only, not for",
                        "tune");
    if (path)
        j->options.tuned = tuned_read(j->arena, &j->diag, read_source(j, path),
                                      j->options.target);
    else if (tune)
        j->options.tuned = tuned_new(j->arena);
    finish_with_errors(j);
    if (tune)
        j->options.tuned->measure = tune_measure;
}

static int tune(Job *j)
{
    const char *out = option(j, OPT_OUTPUT);
    Text t = {.arena = j->arena};
    Tuned *plan = j->options.tuned;
    if (out && !file_is_writable(out)) /* not after minutes of timing */
        fail_to_write(out);
    int known = plan->entries.len;
    run_pipeline(j, NULL);
    if (!plan->compiler || plan->entries.len > known)
        plan->compiler = toolchain_compiler(j->arena, &j->options);
    tuned_print(&t, plan, j->options.target);
    if (!out)
        print_text(&t);
    else if (!file_write(out, t.data, t.len))
        fail_to_write(out);
    return 0;
}

static int explain(Job *j)
{
    Text t = {.arena = j->arena};
    run_pipeline(j, NULL);
    for (int i = 0; i < j->modules.len; i++)
        report_module(&t, j->modules.data[i], &j->options);
    print_text(&t);
    return 0;
}

static Module *only_module(Job *j)
{
    if (j->modules.len == 1)
        return j->modules.data[0];
    fprintf(stderr,
            "dlc: error: %s has %d models: choose one with "
            "--model=NAME\n      help: ",
            j->line->input, j->modules.len);
    for (int i = 0; i < j->modules.len; i++)
        fprintf(stderr, "%s%s", i ? ", " : "", j->modules.data[i]->name);
    fprintf(stderr, "\n");
    exit(2);
}

static int build_and_run(Job *j, bool fit)
{
    Module *m = only_module(j);
    Text c = {.arena = j->arena}, h = {.arena = j->arena};
    Text driver = {.arena = j->arena};
    if (m->real == ELEM_C128)
        settings_refuse("--real=complex is for generated C only, not for",
                        "run");
    if (fit && !m->fit) {
        fprintf(stderr,
                "%s: error: model '%s' has no fit block [DL4002]\n"
                "      help: add fit main { data ..; run step; }\n",
                j->line->input, m->name);
        return 1;
    }
    keep_what_runs(j, m, fit);
    run_pipeline(j, NULL);
    check_ram(j);
    CgenOptions o = cgen_options(j, "model.h");
    cgen_source(&c, &m, 1, &o);
    cgen_header(&h, &m, 1, &o);
    cgen_driver(&driver, m, &o, fit ? m->fit : NULL);
    BuildFile files[] = {
        {"model.c", &c}, {"model.h", &h}, {"driver.c", &driver}};
    return toolchain_run(j->arena, files, 3, &j->options, &j->line->rest);
}

static int finish(Job *j)
{
    static const char *const kinds[] = {"ast", "ir", "c"};
    const char *emit = option(j, OPT_EMIT);
    if (j->line->command == CMD_EXPLAIN)
        return explain(j);
    if (j->line->command == CMD_TUNE)
        return tune(j);
    if (j->line->command == CMD_RUN || j->line->command == CMD_FIT)
        return build_and_run(j, j->line->command == CMD_FIT);
    if (emit && strcmp(emit, "ir") == 0)
        emit_ir(j);
    else if (!emit || strcmp(emit, "c") == 0)
        emit_c(j);
    else
        settings_unknown("unknown --emit", emit, kinds, 3);
    return 0;
}

int main(int argc, char **argv)
{
    Arena *a = arena_new();
    op_init(a);
    CommandLine line = options_parse(a, argc, argv);
    Job j = {.arena = a,
             .diag = {.arena = a, .out = stderr},
             .line = &line,
             .options = settings_read(a, &line)};
    check_pass_list(&j, OPT_PASSES);
    check_pass_list(&j, OPT_TO);
    check_pass_list(&j, OPT_DISABLE);
    read_plan(&j);
    read_modules(&j);
    keep_entries(&j);
    int status = finish(&j);
    arena_free(a);
    return status;
}
