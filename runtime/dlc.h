/* What the optional driver may call: data files, weights files, progress.
 *
 * The generated model never includes this file. `dlc fit` and `dlc run` write
 * a small driver.c that describes the model in the tables below and calls
 * dlc_fit_main or dlc_run_main. C11, libm and (for .gz) zlib.
 */
#ifndef DLC_H
#define DLC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DLC_MAX_RANK 8

typedef enum DlcElem { DLC_F32, DLC_F64, DLC_I32, DLC_U8 } DlcElem;

/* One named array. A size of -1 is the run-time size n; only axis 0 has it. */
typedef struct DlcTensor {
    const char *name;
    DlcElem elem;
    int rank;
    int64_t dims[DLC_MAX_RANK];
    int64_t bound;  /* DLC_I32: values are 0..bound-1; 0 when any is allowed */
    size_t offset;  /* bytes from the start of its struct (parameters, state) */
} DlcTensor;

/* What the adaptor of one entry passes on to the generated function. */
typedef struct DlcCall {
    void *params;
    void *weights;
    void *state; /* the optimiser's, of this train block */
    void *memory; /* what every call changes */
    int n;
    const void *const *in; /* in the order of DlcEntry.inputs */
    void *const *out;      /* in the order of DlcEntry.outputs */
    double *values;        /* losses and metrics, in the order of value_names */
    uint64_t seed;
    void *workspace;
} DlcCall;

typedef enum DlcEntryKind { DLC_INFER, DLC_EVAL, DLC_STEP } DlcEntryKind;

typedef struct DlcEntry {
    const char *name; /* "infer", "eval" or the train block's name */
    DlcEntryKind kind;
    int input_count;
    const int *inputs; /* indices into DlcModel.inputs */
    int output_count;
    const DlcTensor *outputs; /* infer only */
    int value_count;
    const char *const
        *value_names; /* eval: losses, then metrics; step: losses */
    size_t workspace_bytes;
    size_t state_bytes;         /* step only */
    void (*state_init)(void *); /* step only, may be NULL */
    int state_count;
    const DlcTensor *states;
    int (*call)(const DlcCall *);
} DlcEntry;

typedef struct DlcModel {
    const char *name;
    int64_t max_n; /* the bound of the run-time size; 0: every size is fixed */
    int64_t batch; /* samples a call takes: max_n, or the fixed axis 0 */
    size_t align;  /* of workspaces */
    size_t params_bytes, weights_bytes;
    int param_count;
    const DlcTensor *params;
    size_t memory_bytes; /* 0: no call changes anything of its own */
    int memory_count;
    const DlcTensor *memory;
    void (*memory_init)(void *memory);
    int input_count;
    const DlcTensor *inputs;
    int entry_count;
    const DlcEntry *entries;
    void (*init)(void *params, uint64_t seed);
    int (*pack)(const void *params, void *weights);
    const char *(*strerror)(int status);
} DlcModel;

/* A data source of one input: FILE of `data x = "FILE"`; NULL ends the list. */
typedef struct DlcData {
    const char *input; /* NULL: `path` is a known data set ("fashion-mnist") */
    const char *path;
} DlcData;

/* The `fit` block. */
typedef struct DlcFit {
    const char *name;
    const DlcData *train, *test, *valid; /* lists; test and valid may be NULL */
    double valid_share; /* last share of the training data; 0: none */
    const int *runs;    /* entries of the steps, in order, -1 ends the list */
    int epochs;
    bool shuffle;
    const char *stop_metric; /* a name of eval's values; NULL: no early stop */
    double stop_sign;        /* 1: minimise, -1: maximise (`stop ..(-acc)`) */
    int stop_patience;
} DlcFit;

/* `dlc fit`: trains as `fit` says. Options: --epochs=K --seed=S --save=F
 * --load=F --limit=K (use the first K samples) --quiet --show=K (print K
 * classified test images). Returns the exit code: 0, 1 for an error in data,
 * files or training, 2 for a command line that cannot be understood. */
int dlc_fit_main(const DlcModel *m, const DlcFit *f, int argc, char **argv);

/* `dlc run`: --entry=E [--weights=F] [--seed=S] [--steps=K] [--batch=B]
 * --input NAME=F.npy ... --output NAME=F.npy ... [--save-weights=F]
 * [--losses=F.npy] [--load-state=F] [--save-state=F] [--list]. The state is the
 * optimiser's; of infer and eval, what every call changes. Returns the exit
 * code, as above. */
int dlc_run_main(const DlcModel *m, int argc, char **argv);

#endif
