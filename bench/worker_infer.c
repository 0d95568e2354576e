/* Inference by generated C: worker_infer PARAMS INPUT, both raw.
 *
 * -DNAME=lenet -DHEADER='"lenet.h"' -DWORKSPACE=LENET_INFER_WORKSPACE_BYTES
 * -DPACK_WORKSPACE=... where pack has one, -DINPUTS= and -DOUTPUTS= in
 * elements. With the one argument --table it lists the parameters: name,
 * offset, elements. With -DSTEPS= the result is what steps.py measures.
 */
#include HEADER
#include "worker.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define M(name) JOIN(NAME, name)

static M(weights) * weights;
static float *input, *output;
static void *workspace;

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

static void pack(const char *path)
{
    M(params) *p = worker_read(path, sizeof *p);
    weights = worker_alloc(sizeof *weights);
#ifdef PACK_WORKSPACE
    void *room = worker_alloc(PACK_WORKSPACE);
    worker_check(M(pack)(p, weights, room) == 0, "pack failed");
    free(room);
#else
    worker_check(M(pack)(p, weights) == 0, "pack failed");
#endif
#ifdef ENABLE_AMX
    worker_check(M(enable_amx)(weights) == 0, "no AMX tiles");
#endif
    munmap(p, sizeof *p);
}

void worker_setup(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--table") == 0)
        print_table();
    worker_check(argc == 3, "usage: worker_infer PARAMS INPUT");
    pack(argv[1]);
    input = worker_read(argv[2], INPUTS * sizeof(float));
    output = worker_alloc(OUTPUTS * sizeof(float));
    workspace = worker_alloc(WORKSPACE);
}

void worker_run(void)
{
    worker_check(M(infer)(weights, input, output, workspace) == 0,
                 "infer failed");
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
    *bytes = OUTPUTS * sizeof(float);
    return output;
}
#endif
