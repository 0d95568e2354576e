/* Training by generated C: worker_train PARAMS X LABELS ORDER, all raw.
 *
 * A run is one step on the next BATCH of SAMPLES in the given order. Defined
 * on the compile line: NAME HEADER WORKSPACE INPUTS BATCH SAMPLES LOSSES, and
 * STATE = 1 when the optimiser has a state. The result is the losses of the
 * first LOSSES steps.
 */
#include HEADER
#include "worker.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define M(name) JOIN(NAME, name)

static M(params) * params;
#if STATE
static M(step_state) state;
#endif
static const float *x;
static const int32_t *labels, *order;
static float *batch;
static int32_t batch_labels[BATCH];
static void *workspace;
static int next, made;
static double losses[LOSSES];

static void print_table(void)
{
    size_t count = sizeof M(param_table) / sizeof M(param_table)[0];
    for (size_t i = 0; i < count; i++) {
        const M(array) *a = &M(param_table)[i];
        int64_t elements = 1;
        for (int k = 0; k < a->rank; k++)
            elements *= a->sizes[k];
        printf("%s %zu %lld\n", a->name, a->offset, (long long)elements);
    }
    printf("- %zu 0\n", sizeof(M(params)));
    exit(0);
}

void worker_setup(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--table") == 0)
        print_table();
    worker_check(argc == 5, "usage: worker_train PARAMS X LABELS ORDER");
    params = worker_read(argv[1], sizeof *params);
    x = worker_read(argv[2], (size_t)SAMPLES * INPUTS * sizeof *x);
    labels = worker_read(argv[3], SAMPLES * sizeof *labels);
    order = worker_read(argv[4], SAMPLES * sizeof *order);
    batch = worker_alloc((size_t)BATCH * INPUTS * sizeof *batch);
    workspace = worker_alloc(WORKSPACE);
#if STATE
    M(step_state_init)(&state);
#endif
}

void worker_run(void)
{
    M(step_losses) l;
    for (int i = 0; i < BATCH; i++) {
        int k = order[next];
        memcpy(batch + (size_t)i * INPUTS, x + (size_t)k * INPUTS,
               INPUTS * sizeof *x);
        batch_labels[i] = labels[k];
        next = (next + 1) % SAMPLES;
    }
#if STATE
    int status = M(step)(params, &state, batch, batch_labels, &l, workspace);
#else
    int status = M(step)(params, batch, batch_labels, &l, workspace);
#endif
    worker_check(status == 0, "step failed");
    if (made < LOSSES)
        losses[made++] = l.J;
}

#ifdef STEPS
extern double bench_step_ns[STEPS];
const void *worker_result(size_t *bytes)
{
    *bytes = sizeof bench_step_ns;
    return bench_step_ns;
}
#else
const void *worker_result(size_t *bytes)
{
    *bytes = (size_t)made * sizeof *losses;
    return losses;
}
#endif
