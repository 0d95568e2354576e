/* embed_gen NAME=PATH ...: files as C arrays, for build/embed.c.
 *
 * A program of the build, not of the compiler. Bytes are printed as numbers:
 * a string literal may not be longer than 4,095 bytes in C99.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int fail(const char *what, const char *path)
{
    fprintf(stderr, "embed_gen: %s %s: %s\n", what, path, strerror(errno));
    return 1;
}

/* Prints one file as `static const char file_K[]`; -1 when it cannot. */
static long print_file(int index, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return -1;
    printf("static const unsigned char file_%d[] = {", index);
    long len = 0;
    for (int c; (c = getc(f)) != EOF; len++)
        printf(len % 20 == 0 ? "\n    %d," : "%d,", c);
    printf(len % 20 == 0 ? "\n    0};\n\n" : "0};\n\n");
    bool ok = !ferror(f);
    fclose(f);
    return ok ? len : -1;
}

int main(int argc, char **argv)
{
    printf("/* Written by embed_gen. */\n#include \"embed.h\"\n\n");
    long len[1000];
    if (argc < 2 || argc > 1000) {
        fprintf(stderr, "usage: embed_gen NAME=PATH ... > embed.c\n");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        const char *path = strchr(argv[i], '=');
        if (!path) {
            fprintf(stderr, "usage: embed_gen NAME=PATH ... > embed.c\n");
            return 2;
        }
        len[i - 1] = print_file(i, path + 1);
        if (len[i - 1] < 0)
            return fail("cannot read", path + 1);
    }
    printf("const EmbeddedFile embedded_files[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("    {\"%.*s\", (const char *)file_%d, %ld},\n",
               (int)(strchr(argv[i], '=') - argv[i]), argv[i], i, len[i - 1]);
    printf("};\nconst int embedded_count = %d;\n", argc - 1);
    return fflush(stdout) == 0 ? 0 : fail("cannot write", "embed.c");
}
