/* The loop around what is timed: see worker.h.
 *
 * Runs of less than a tenth of a millisecond are timed in groups, since
 * reading the processor time of a process is a system call.
 */
#define _DEFAULT_SOURCE
#include "worker.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TIMES = 20000 };

typedef struct Times {
    double cpu[MAX_TIMES], wall[MAX_TIMES];
} Times;

void worker_check(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "worker: %s\n", what);
    exit(1);
}

void *worker_alloc(size_t bytes)
{
    void *p;
    worker_check(posix_memalign(&p, 64, bytes + 64) == 0, "out of memory");
    return memset(p, 0, bytes + 64);
}

void *worker_read(const char *path, size_t bytes)
{
    int f = open(path, O_RDONLY);
    struct stat about;
    worker_check(f >= 0 && fstat(f, &about) == 0 &&
                     (size_t)about.st_size == bytes,
                 path);
    /* Populated while it cannot be written: pages are not copied yet. */
    void *p = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_POPULATE, f, 0);
    worker_check(p != MAP_FAILED &&
                     mprotect(p, bytes, PROT_READ | PROT_WRITE) == 0,
                 path);
    close(f);
    return p;
}

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, int count)
{
    qsort(x, (size_t)count, sizeof *x, by_value);
    return x[count / 2];
}

static void group(int runs, double *cpu, double *wall)
{
    double c = now(CLOCK_PROCESS_CPUTIME_ID), w = now(CLOCK_MONOTONIC);
    for (int i = 0; i < runs; i++)
        worker_run();
    *wall = (now(CLOCK_MONOTONIC) - w) / runs;
    *cpu = (now(CLOCK_PROCESS_CPUTIME_ID) - c) / runs;
}

static void take_times(double seconds)
{
    static Times t;
    double end = now(CLOCK_MONOTONIC) + seconds * 1e9, cpu, wall;
    group(1, &cpu, &wall); /* the caches belong to another program */
    if (wall < 1e7)
        group(2, &cpu, &wall);
    int runs = wall < 1e5 ? (int)(1e5 / wall) + 1 : 1, count = 0;
    do {
        group(runs, &t.cpu[count], &t.wall[count]);
        count++;
    } while (count < MAX_TIMES && now(CLOCK_MONOTONIC) < end);
    printf("%.1f %.1f %d\n", median(t.cpu, count), median(t.wall, count),
           runs * count);
}

static void write_result(const char *path)
{
    size_t bytes;
    const void *data = worker_result(&bytes);
    FILE *f = fopen(path, "wb");
    worker_check(f && fwrite(data, 1, bytes, f) == bytes, path);
    fclose(f);
    printf("%zu\n", bytes);
}

/* The resource usage of a process begins with what its parent held. */
static void print_memory(void)
{
    char line[256];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (f)
        fclose(f);
    printf("%ld\n", kib);
}

int main(int argc, char **argv)
{
    char line[4096];
    double start = now(CLOCK_MONOTONIC);
    worker_setup(argc, argv);
    worker_run();
    printf("ready %.0f\n", now(CLOCK_MONOTONIC) - start);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, "time ", 5) == 0)
            take_times(atof(line + 5));
        else if (strncmp(line, "write ", 6) == 0)
            write_result(line + 6);
        else if (strcmp(line, "memory") == 0)
            print_memory();
        else
            worker_check(0, line);
        fflush(stdout);
    }
    return 0;
}
