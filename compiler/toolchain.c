/* Compile and run in a temporary folder: see toolchain.h. */
#include "toolchain.h"
#include "embed.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what, const char *path)
{
    fprintf(stderr, "dlc: error: %s %s: %s\n", what, path, strerror(errno));
    return 1;
}

/* Runs a program to its end; its exit status, 128 + n after signal n. What it
 * prints goes to the file `out` (NULL: to where ours goes). */
static int run(char **argv, const char *out)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        return fail("cannot start", argv[0]);
    if (pid == 0) {
        if (out && !freopen(out, "w", stdout))
            _exit(fail("cannot write", out));
        execvp(argv[0], argv);
        fprintf(stderr, "dlc: error: cannot run %s: %s\n", argv[0],
                strerror(errno));
        _exit(127);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return fail("cannot wait for", argv[0]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static void add_words(Arena *a, StringArray *out, const char *words)
{
    while (*words) {
        size_t n = strcspn(words, " ");
        if (n)
            array_push(a, out, arena_strndup(a, words, n));
        words += n + (words[n] == ' ');
    }
}

static const char *environment(const char *name, const char *fallback)
{
    const char *v = getenv(name);
    return v && *v ? v : fallback;
}

/* The driver's runtime as an archive, to be linked and not compiled again. */
static const char *compiled_runtime(void)
{
    return environment("DLC_RUNTIME", "");
}

static bool write_file(Arena *a, const char *dir, const char *name,
                       const char *text, size_t len, StringArray *sources)
{
    const char *path = arena_printf(a, "%s/%s", dir, name);
    if (!file_write(path, text, len))
        return fail("cannot write", path) == 0;
    if (ends_with(path, ".c"))
        array_push(a, sources, path);
    return true;
}

static bool write_files(Arena *a, const char *dir, const BuildFile *files,
                        int count, StringArray *sources)
{
    for (int i = 0; i < count; i++)
        if (!write_file(a, dir, files[i].name, files[i].text->data,
                        files[i].text->len, sources))
            return false;
    return true;
}

/* The files of one folder below runtime/, "" for those right in it. */
static bool write_runtime(Arena *a, const char *dir, const char *folder,
                          StringArray *sources)
{
    size_t skip = strlen(folder);
    for (int i = 0; i < embedded_count; i++) {
        const EmbeddedFile *f = &embedded_files[i];
        const char *name = f->name + skip;
        bool source = ends_with(name, ".c");
        if (strncmp(f->name, folder, skip) != 0 || strchr(name, '/') ||
            (!source && !ends_with(name, ".h")))
            continue; /* kernels and the library are not part of the driver */
        if (source && !*folder && *compiled_runtime())
            continue;
        if (source)
            name = arena_printf(a, "dlc_%s", name);
        if (!write_file(a, dir, name, f->text, (size_t)f->len, sources))
            return false;
    }
    return true;
}

static const char *compiler_flags(void)
{
    return environment("DLC_CFLAGS",
                       "-O3 -march=native -mprefer-vector-width=512");
}

static int compile(Arena *a, const StringArray *sources, const char *program,
                   const Options *o)
{
    StringArray argv = {0};
    add_words(a, &argv, environment("CC", "cc"));
    add_words(a, &argv, compiler_flags());
    if (o->target->threads > 1)
        array_push(a, &argv, "-fopenmp");
    array_push(a, &argv, "-D_POSIX_C_SOURCE=200809L");
    for (int i = 0; i < sources->len; i++)
        array_push(a, &argv, sources->data[i]);
    if (*compiled_runtime())
        array_push(a, &argv, compiled_runtime());
    array_push(a, &argv, "-o");
    array_push(a, &argv, program);
    if (o->blas)
        array_push(a, &argv, "-lopenblas");
    array_push(a, &argv, "-lz");
    array_push(a, &argv, "-lm");
    array_push(a, &argv, NULL);
    int status = run((char **)argv.data, NULL);
    if (status != 0)
        fprintf(stderr, "dlc: error: the C compiler %s failed (status %d)\n",
                argv.data[0], status);
    if (status == 127)
        fprintf(stderr,
                "      help: name one that is installed: CC=gcc dlc ..\n");
    return status;
}

static void remove_folder(Arena *a, const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlink(arena_printf(a, "%s/%s", dir, e->d_name));
    if (d)
        closedir(d);
    rmdir(dir);
}

/* A new folder for one build; NULL when there is none, which it has said. */
static char *make_folder(Arena *a)
{
    char *dir = arena_printf(a, "%s/dlc-XXXXXX", environment("TMPDIR", "/tmp"));
    if (mkdtemp(dir))
        return dir;
    fail("cannot create", dir);
    return NULL;
}

int toolchain_run(Arena *a, const BuildFile *files, int count, const Options *o,
                  const StringArray *args)
{
    char *dir = make_folder(a);
    if (!dir)
        return 1;
    StringArray sources = {0}, argv = {0};
    const char *program = arena_printf(a, "%s/program", dir);
    int status = 1;
    if (write_files(a, dir, files, count, &sources) &&
        write_runtime(a, dir, "", &sources) &&
        compile(a, &sources, program, o) == 0) {
        array_push(a, &argv, program);
        for (int i = 0; i < args->len; i++)
            array_push(a, &argv, args->data[i]);
        array_push(a, &argv, NULL);
        /* ^C ends the program, and this one still removes the folder */
        signal(SIGINT, SIG_IGN);
        status = run((char **)argv.data, NULL);
    }
    remove_folder(a, dir);
    return status;
}

const char *toolchain_times(Arena *a, const BuildFile *files, int count,
                            const Options *o)
{
    char *dir = make_folder(a);
    if (!dir)
        exit(1);
    StringArray sources = {0};
    const char *program = arena_printf(a, "%s/program", dir), *text = NULL;
    const char *out = arena_printf(a, "%s/times", dir);
    size_t len;
    if (write_files(a, dir, files, count, &sources) &&
        write_runtime(a, dir, "tune/", &sources) &&
        compile(a, &sources, program, o) == 0 &&
        run((char *[]){(char *)program, NULL}, out) == 0)
        text = file_read(a, out, &len);
    remove_folder(a, dir);
    if (!text)
        exit(1);
    return text;
}

const char *toolchain_compiler(Arena *a, const Options *o)
{
    char line[160] = "";
    const char *cc = environment("CC", "cc");
    FILE *f = popen(arena_printf(a, "%s --version", cc), "r");
    if (f && !fgets(line, sizeof line, f))
        line[0] = 0;
    if (f)
        pclose(f);
    line[strcspn(line, "\n")] = 0;
    return arena_printf(a, "%s %s%s", line[0] ? line : cc, compiler_flags(),
                        o->target->threads > 1 ? " -fopenmp" : "");
}
