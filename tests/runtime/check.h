/* What the runtime's unit tests share: asserts that report and go on,
 * captured output, files in a folder of their own. */
#ifndef CHECK_H
#define CHECK_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures;

#define CHECK(condition)                                               \
    do {                                                               \
        if (!(condition)) {                                            \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, \
                    #condition);                                       \
            failures++;                                                \
        }                                                              \
    } while (0)

/* The text must contain the part. */
#define CHECK_HAS(text, part)                                               \
    do {                                                                    \
        if (!strstr((text), (part))) {                                      \
            fprintf(stderr, "%s:%d: no '%s' in:\n%s\n", __FILE__, __LINE__, \
                    (part), (text));                                        \
            failures++;                                                     \
        }                                                                   \
    } while (0)

/* Makes the folder PROGRAM.dir and works in it. */
static void enter_folder(const char *program)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.dir", program);
    mkdir(path, 0777);
    if (chdir(path) != 0) {
        perror(path);
        exit(1);
    }
}

static inline void write_bytes(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

/* Reads at most size-1 bytes and ends them with a zero; -1 if there is no
 * such file. */
static inline long read_bytes(const char *path, char *data, size_t size)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return -1;
    size_t got = fread(data, 1, size - 1, f);
    fclose(f);
    data[got] = 0;
    return (long)got;
}

/* What the program called last has printed. */
static char out[20000], err[4000];

/* Sends stdout and stderr to files until end_capture fills out and err. */
static int kept_out, kept_err;

static inline void begin_capture(void)
{
    fflush(stdout);
    fflush(stderr);
    kept_out = dup(1);
    kept_err = dup(2);
    if (!freopen("out", "w", stdout) || !freopen("err", "w", stderr))
        exit(1);
}

static inline void end_capture(void)
{
    fflush(stdout);
    fflush(stderr);
    dup2(kept_out, 1);
    dup2(kept_err, 2);
    close(kept_out);
    close(kept_err);
    read_bytes("out", out, sizeof out);
    read_bytes("err", err, sizeof err);
}

/* The arguments after `first`, up to a NULL, as argv; returns argc. */
static inline int collect(char *argv[20], const char *first, va_list list)
{
    int argc = 1;
    argv[0] = (char *)(uintptr_t) "program";
    for (const char *a = first; a && argc < 20; a = va_arg(list, char *))
        argv[argc++] = (char *)(uintptr_t)a;
    return argc;
}

static int finish(void)
{
    if (failures)
        fprintf(stderr, "%d failures\n", failures);
    return failures != 0;
}

#endif
