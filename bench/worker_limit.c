/* What this core can do at best: worker_limit flops | worker_limit BYTES
 *
 * A run is WORKER_FLOPS operations, multiply-adds counted as two, from and to
 * registers, with the vectors of the compile line; or reads BYTES, which stay
 * in whatever cache holds them.
 */
#include "worker.h"
#include <stdlib.h>
#include <string.h>

#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
#elif defined(__AVX__)
enum { VECTOR_BYTES = 32 };
#else
enum { VECTOR_BYTES = 16 };
#endif
typedef float vec __attribute__((vector_size(VECTOR_BYTES)));
enum { LANES = VECTOR_BYTES / sizeof(float), SUMS = 12 };
enum { WORKER_FLOPS = 1536000, TURNS = WORKER_FLOPS / (2 * SUMS * LANES) };

static volatile float sink;
static vec a, b, *data;
static size_t vectors;

void worker_setup(int argc, char **argv)
{
    worker_check(argc == 2, "usage: worker_limit flops|BYTES");
    for (int i = 0; i < LANES; i++) {
        a[i] = 1.0f / (1.0f + (float)i);
        b[i] = 0.5f;
    }
    if (strcmp(argv[1], "flops") == 0)
        return;
    vectors = ((size_t)atoll(argv[1]) / sizeof(vec) + 3) / 4 * 4;
    data = worker_alloc(vectors * sizeof(vec));
}

static void keep(vec v)
{
    for (int i = 0; i < LANES; i++)
        sink = v[i];
}

static void multiply_add(void)
{
    vec sum[SUMS] = {{0}}, x = a, y = b;
    for (int i = 0; i < SUMS; i++) /* or equal sums are computed once */
        __asm__ volatile("" : "+x"(sum[i]));
    for (int t = 0; t < TURNS; t++) {
#pragma GCC unroll 12
        for (int i = 0; i < SUMS; i++)
            sum[i] = sum[i] * x + y;
    }
    for (int i = 0; i < SUMS; i++)
        keep(sum[i]);
}

static void read_all(void)
{
    vec s[4] = {{0}};
    for (size_t i = 0; i < vectors; i += 4) {
        s[0] += data[i];
        s[1] += data[i + 1];
        s[2] += data[i + 2];
        s[3] += data[i + 3];
        __asm__ volatile("" : "+x"(s[0]), "+x"(s[1]), "+x"(s[2]), "+x"(s[3]));
    }
    keep(s[0] + s[1] + s[2] + s[3]);
}

void worker_run(void)
{
    if (vectors)
        read_all();
    else
        multiply_add();
}

const void *worker_result(size_t *bytes)
{
    *bytes = 0;
    return "";
}
