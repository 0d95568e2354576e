/* Inference by ONNX Runtime:
 * worker_ort LIBRARY MODEL.onnx THREADS INPUT OUTPUTS SIZE...
 *
 * INPUT is raw, SIZE... its shape, OUTPUTS the elements of the result. The
 * C interface is a table of functions whose places its ABI fixes, so no
 * header of ONNX Runtime is needed. The model's input is "x", its output "y".
 */
#include "worker.h"
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    API_VERSION = 17,
    FLOAT_ELEMENTS = 1,
    ALL_OPTIMIZATIONS = 99,
    ERRORS_ONLY = 3,
    MAX_RANK = 8,
};
enum { /* places in the table */
    ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_OPTIONS = 10,
    SET_OPTIMIZATION = 23,
    SET_THREADS = 24,
    SET_PARALLEL_NODES = 25,
    CREATE_TENSOR = 49,
    TENSOR_DATA = 51,
    CPU_MEMORY = 69,
    RELEASE_VALUE = 96,
};

typedef void *(*Function)();
typedef struct ApiBase {
    const Function *(*get)(uint32_t version);
} ApiBase;

static const Function *api;
static void *session, *input, *output;
static size_t output_bytes;

static void succeed(void *status)
{
    const char *(*message)(void *);
    if (!status)
        return;
    memcpy(&message, &api[ERROR_MESSAGE], sizeof message);
    worker_check(0, message(status));
}

static void open_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    worker_check(library != NULL, path);
    const ApiBase *(*base)(void);
    void *symbol = dlsym(library, "OrtGetApiBase");
    worker_check(symbol != NULL, "no OrtGetApiBase");
    memcpy(&base, &symbol, sizeof base);
    api = base()->get(API_VERSION);
    worker_check(api != NULL, "ONNX Runtime is too old");
}

static void open_session(const char *model, int threads)
{
    void *env, *options;
    succeed(api[CREATE_ENV](ERRORS_ONLY, "bench", &env));
    succeed(api[CREATE_OPTIONS](&options));
    succeed(api[SET_THREADS](options, threads));
    succeed(api[SET_PARALLEL_NODES](options, 1));
    succeed(api[SET_OPTIMIZATION](options, ALL_OPTIMIZATIONS));
    succeed(api[CREATE_SESSION](env, model, options, &session));
}

void worker_setup(int argc, char **argv)
{
    int64_t sizes[MAX_RANK];
    size_t rank = (size_t)argc - 6, bytes = sizeof(float);
    worker_check(argc > 6 && rank <= MAX_RANK, "usage: worker_ort LIBRARY "
                                               "MODEL THREADS INPUT OUTPUTS "
                                               "SIZE...");
    for (size_t i = 0; i < rank; i++) {
        sizes[i] = atoll(argv[6 + i]);
        bytes *= (size_t)sizes[i];
    }
    open_library(argv[1]);
    open_session(argv[2], atoi(argv[3]));
    output_bytes = (size_t)atoll(argv[5]) * sizeof(float);
    void *memory;
    succeed(api[CPU_MEMORY](1, 0, &memory));
    succeed(api[CREATE_TENSOR](memory, worker_read(argv[4], bytes), bytes,
                               sizes, rank, FLOAT_ELEMENTS, &input));
}

void worker_run(void)
{
    const char *in_names[] = {"x"}, *out_names[] = {"y"};
    if (output)
        api[RELEASE_VALUE](output);
    output = NULL;
    succeed(api[RUN](session, NULL, in_names, (const void *const *)&input,
                     (size_t)1, out_names, (size_t)1, &output));
}

const void *worker_result(size_t *bytes)
{
    void *data;
    succeed(api[TENSOR_DATA](output, &data));
    *bytes = output_bytes;
    return data;
}
