/* Four threads infer from one set of weights, which lies in memory that cannot be
 * written, and each gets what one thread alone gets, bit by bit. */
// RUN: rm -rf %t && mkdir %t
// RUN: %dlc %examples/lenet5/model.dl -o %t/lenet5.c
// RUN: clang -std=c11 -D_DEFAULT_SOURCE %level -Wall -Wextra -Werror -pthread -I%t %s %t/lenet5.c -lm -o %t/program
// RUN: %t/program
#include "lenet5.h"
#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { THREADS = 4, TURNS = 6, N = LENET5_MAX_N };

static lenet5_params p;
static float x[N * 28 * 28];
static const lenet5_weights *w;

typedef struct Worker {
    pthread_t thread;
    int bad;
    float out[N * 10];
    alignas(64) unsigned char ws[LENET5_INFER_WORKSPACE_BYTES];
} Worker;
static Worker workers[THREADS + 1];
static float alone[TURNS][N * 10];

/* Batch t is all images but the first t. */
static void infer(Worker *a, int t, float *out)
{
    int n = N - t;
    a->bad |= lenet5_infer(w, n, x + t * 28 * 28, out, a->ws) != LENET5_OK;
}

static void *work(void *argument)
{
    Worker *a = argument;
    for (int t = 0; t < TURNS; t++) {
        infer(a, t, a->out);
        a->bad |= memcmp(a->out, alone[t],
                         sizeof(float) * 10 * (size_t)(N - t)) != 0;
    }
    return NULL;
}

int main(void)
{
    size_t bytes = (sizeof(lenet5_weights) + 4095) / 4096 * 4096;
    void *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return 1;
    for (int i = 0; i < N * 28 * 28; i++)
        x[i] = (float)(i * 7919 % 1009) / 1009.0f;
    lenet5_init(&p, 1);
    if (lenet5_pack(&p, page) || mprotect(page, bytes, PROT_READ))
        return 2;
    w = page;
    for (int t = 0; t < TURNS; t++)
        infer(&workers[THREADS], t, alone[t]);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
            return 3;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        workers[THREADS].bad |= workers[i].bad;
    }
    puts(workers[THREADS].bad ? "different" : "the same");
    return workers[THREADS].bad;
}
