/* The private side of the driver: what the files of runtime/ share.
 *
 * Layers, each using only those above it: error (messages, memory), file,
 * array with its readers npy and idx, json, safetensors, store (tensors of a
 * struct to and from a file), session (a model with its buffers), dataset,
 * args, progress, show, and the two programs fit and run.
 *
 * Whatever can fail on the user's data returns false and fills a DlcError;
 * nothing here prints an error or exits but the two mains. The functions
 * named *_parse take any bytes at all and are what the fuzzers call.
 */
#ifndef DLC_DRIVER_H
#define DLC_DRIVER_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L /* clock_gettime, isatty, stat */
#endif

#include <stdio.h>

#include "dlc.h"

#if defined(__GNUC__)
#define DLC_PRINTF(form, first) __attribute__((format(printf, form, first)))
#else
#define DLC_PRINTF(form, first)
#endif

/* ---- error.c ---- */

typedef struct DlcError {
    char text[512];
    char hint[256];
    bool usage; /* the command line is malformed: exit 2 */
} DlcError;

/* Each returns false, so that `return dlc_fail(...)` reads well. */
bool dlc_fail(DlcError *e, const char *format, ...) DLC_PRINTF(2, 3);
bool dlc_hint(DlcError *e, const char *format, ...) DLC_PRINTF(2, 3);

/* Puts "PATH: " before the message; returns false. */
bool dlc_fail_in(DlcError *e, const char *path);

/* Prints "PROGRAM: error: TEXT" and the hint; returns the exit code. */
int dlc_error_report(const DlcError *e, const char *program);

/* Zeroed memory for count items; NULL and an error when there is none. */
void *dlc_alloc(size_t count, size_t size, DlcError *e);

/* The same, `align` (a power of two) aligned; to be freed with free. */
void *dlc_alloc_aligned(size_t bytes, size_t align, DlcError *e);

/* A copy of a string, to be freed. */
char *dlc_copy_text(const char *text, DlcError *e);

/* ---- file.c ---- */

typedef struct DlcBytes {
    unsigned char *data;
    size_t size;
} DlcBytes;

/* Reads a whole file; the caller frees b->data. */
bool dlc_file_read(const char *path, DlcBytes *b, DlcError *e);

/* Inflates a whole gzip file in memory (several members too). */
bool dlc_gunzip_parse(const unsigned char *bytes, size_t size, DlcBytes *out,
                      DlcError *e);
bool dlc_is_gzip(const unsigned char *bytes, size_t size);

/* A file being written: it gets its name only when it is complete. */
typedef struct DlcOutput {
    FILE *file;
    const char *path;
    char *temporary; /* NULL: written in place (a pipe, /dev/null) */
} DlcOutput;

bool dlc_output_open(DlcOutput *o, const char *path, DlcError *e);
bool dlc_output_write(DlcOutput *o, const void *data, size_t size, DlcError *e);

/* Ends the file: under its name if ok, else without a trace. */
bool dlc_output_close(DlcOutput *o, bool ok, DlcError *e);

/* The same in steps, for several files that shall appear together: seal
 * completes the file, name gives it its name, drop removes what is not named
 * yet. */
bool dlc_output_seal(DlcOutput *o, DlcError *e);
bool dlc_output_name(DlcOutput *o, DlcError *e);
void dlc_output_drop(DlcOutput *o);

/* Could the file be written? To know before the work, not after. */
bool dlc_output_check(const char *path, DlcError *e);

/* ---- array.c ---- */

/* Element types of files; those of the model are DlcElem. */
typedef enum DlcType {
    DLC_TYPE_F32,
    DLC_TYPE_F64,
    DLC_TYPE_I8,
    DLC_TYPE_I16,
    DLC_TYPE_I32,
    DLC_TYPE_I64,
    DLC_TYPE_U8,
    DLC_TYPE_BOOL
} DlcType;

/* An array as it lies in a file, in the file's byte order. */
typedef struct DlcArray {
    DlcType type;
    bool big_endian;
    int rank;
    int64_t dims[DLC_MAX_RANK];
    int64_t count; /* product of dims */
    const unsigned char *data;
    void *owner; /* freed with the array; NULL: someone else's memory */
} DlcArray;

size_t dlc_type_size(DlcType type);
const char *dlc_type_name(DlcType type);
size_t dlc_elem_size(DlcElem elem);

/* Counts the elements and checks that they take exactly `bytes` bytes. */
bool dlc_array_measure(DlcArray *a, size_t bytes, DlcError *e);

/* Reads a .npy or IDX file, gzip or plain: told apart by their first bytes. */
bool dlc_array_load(DlcArray *a, const char *path, DlcError *e);
bool dlc_array_parse(DlcArray *a, const unsigned char *bytes, size_t size,
                     DlcError *e);
void dlc_array_free(DlcArray *a);

/* Can the array be tensor t? With `sampled`, axis 0 is free (one row a
 * sample) and only the other axes are compared. Axes may be merged or split
 * ([N,28,28] feeds [N,1,28,28] and [N,784]) but never reordered. */
bool dlc_array_match(const DlcArray *a, const DlcTensor *t, bool sampled,
                     DlcError *e);

/* Is each element representable as t's type and below its bound? `row` is
 * the number of elements a sample, for the message. */
bool dlc_array_check(const DlcArray *a, const DlcTensor *t, int64_t row,
                     DlcError *e);

/* Converts elements from..from+count-1; bytes to reals as x/255. The array
 * has passed dlc_array_check. */
void dlc_array_read(const DlcArray *a, int64_t from, int64_t count, DlcElem to,
                    void *result);

#define DLC_SHAPE_TEXT 200

/* "[32, 784]"; a size of -1 is written N. Returns text. */
const char *dlc_shape_text(char text[DLC_SHAPE_TEXT], const int64_t *dims,
                           int rank);

/* "f32[N, 784]", "int<10>[N]", "bool[3]". Returns text. */
const char *dlc_tensor_text(char text[DLC_SHAPE_TEXT], const DlcTensor *t);

/* Elements of t for a run-time size n, from axis `from` on. */
int64_t dlc_tensor_count(const DlcTensor *t, int64_t n, int from);

/* ---- npy.c, idx.c ---- */

bool dlc_npy_parse(DlcArray *a, const unsigned char *bytes, size_t size,
                   DlcError *e);
bool dlc_npy_write(DlcOutput *o, DlcElem elem, int rank, const int64_t *dims,
                   const void *data, DlcError *e);
bool dlc_npy_save(const char *path, DlcElem elem, int rank, const int64_t *dims,
                  const void *data, DlcError *e);
bool dlc_idx_parse(DlcArray *a, const unsigned char *bytes, size_t size,
                   DlcError *e);

/* ---- json.c ---- */

/* A strict reader of the JSON that weights files use: objects, arrays,
 * strings, natural numbers. */
typedef struct DlcJson {
    const char *start, *at, *end;
    DlcError *error;
} DlcJson;

bool dlc_json_take(DlcJson *j, char c);        /* takes c if it is next */
bool dlc_json_expect(DlcJson *j, char c);      /* an error if it is not */
bool dlc_json_string(DlcJson *j, char **text); /* the caller frees it */
bool dlc_json_natural(DlcJson *j, uint64_t *value);
bool dlc_json_end(DlcJson *j); /* nothing but spaces is left */

/* ---- safetensors.c ---- */

typedef struct DlcNamed {
    char *name;
    DlcArray array;
    uint64_t begin, end; /* bytes in the data part */
} DlcNamed;

typedef struct DlcWeights {
    int count;
    DlcNamed *items; /* sorted by name */
    void *owner;     /* the file's bytes */
} DlcWeights;

/* The arrays point into `bytes`. To be freed with dlc_weights_free, also
 * after an error. */
bool dlc_safetensors_parse(DlcWeights *w, const unsigned char *bytes,
                           size_t size, DlcError *e);
void dlc_weights_free(DlcWeights *w);

/* ---- store.c ---- */

/* Writes and reads the tensors of a struct (parameters, optimiser state) as
 * safetensors. Reading wants each tensor by name and shape, and no other;
 * after an error the struct is as it was. */
bool dlc_store_write(DlcOutput *o, const DlcTensor *tensors, int count,
                     const void *base, DlcError *e);
bool dlc_store_save(const char *path, const DlcTensor *tensors, int count,
                    const void *base, DlcError *e);
bool dlc_store_load(const char *path, const DlcTensor *tensors, int count,
                    void *base, DlcError *e);

/* ---- session.c ---- */

/* A model with memory for everything its entries take. */
typedef struct DlcSession {
    const DlcModel *model;
    void *params, *weights, *workspace;
    void *memory;           /* what every call changes; NULL: nothing */
    void **in;              /* by input of the model, for a whole batch */
    const void **arguments; /* those of one call */
    void **out;             /* by output of infer */
    void **states;          /* by entry; NULL where it has none */
    double *values;
    uint64_t seed;
} DlcSession;

bool dlc_session_open(DlcSession *s, const DlcModel *m, uint64_t seed,
                      DlcError *e);
void dlc_session_close(DlcSession *s);

/* Makes weights of the parameters, as infer and eval need. */
bool dlc_session_pack(DlcSession *s, DlcError *e);

/* What every call changes has its first values again. */
void dlc_session_restart(DlcSession *s);

/* Calls one entry on s->in; results in s->out and s->values. */
bool dlc_session_call(DlcSession *s, int entry, int n, DlcError *e);

/* Index of an entry by name or by kind, or -1. */
int dlc_entry_find(const DlcModel *m, const char *name);
int dlc_entry_of_kind(const DlcModel *m, DlcEntryKind kind);

/* Has the input one row a sample? */
bool dlc_input_is_sampled(const DlcModel *m, const DlcTensor *t);

/* ---- dataset.c ---- */

/* Samples: one array for each input that has data. */
typedef struct DlcSet {
    const DlcModel *model;
    DlcArray *arrays; /* by input */
    bool *given;      /* by input */
    int64_t first, count;
    bool borrowed;     /* the arrays belong to another set */
    const char *known; /* the name of the known data set it comes from */
} DlcSet;

/* Reads the sources of a list; `test` chooses the part of a known data set;
 * limit > 0 keeps the first samples only. */
bool dlc_set_open(DlcSet *s, const DlcModel *m, const DlcData *list, bool test,
                  int64_t limit, DlcError *e);
void dlc_set_close(DlcSet *s);

/* Moves the last share of a set into another. */
bool dlc_set_split(DlcSet *s, DlcSet *last, double share, DlcError *e);

/* Are there data for every input of an entry? `role` is for the message. */
bool dlc_set_feeds(const DlcSet *s, int entry, const char *role, DlcError *e);

/* Fills the session's inputs with samples rows[0..n-1], or first..first+n-1
 * when rows is NULL (counted from the set's first). */
void dlc_set_batch(const DlcSet *s, DlcSession *to, const int64_t *rows,
                   int64_t first, int n);

/* How many batches the samples make, and the size of batch k. */
int64_t dlc_set_batches(const DlcSet *s);
int dlc_set_batch_size(const DlcSet *s, int64_t k);

/* The class names of a known data set, or NULL. */
const char *const *dlc_known_classes(const char *known, int *count);

/* ---- args.c ---- */

/* The command line, one option at a time. */
typedef struct DlcArgs {
    int argc;
    char **argv;
    int at;
    DlcError *error;
} DlcArgs;

/* Is the current argument --NAME=VALUE or --NAME VALUE? Takes it. A missing
 * value sets the error and gives "". */
const char *dlc_args_value(DlcArgs *a, const char *name);
bool dlc_args_flag(DlcArgs *a, const char *name);

/* Is --help among the arguments? Prints `text` then. */
bool dlc_args_help(int argc, char **argv, const char *text);
bool dlc_args_number(DlcArgs *a, const char *name, uint64_t low, uint64_t high,
                     uint64_t *value);
bool dlc_usage(DlcError *e, const char *format, ...) DLC_PRINTF(2, 3);

/* ---- progress.c ---- */

typedef struct DlcProgress {
    bool live; /* a line that rewrites itself */
    double start, shown;
} DlcProgress;

double dlc_clock(void); /* seconds, from an arbitrary moment */
void dlc_progress_start(DlcProgress *p, bool quiet);

/* Shows `text` and the time left when `done` of `total` is behind us; at
 * most a few times a second. */
void dlc_progress_show(DlcProgress *p, double done, double total,
                       const char *text);
void dlc_progress_clear(DlcProgress *p);

/* "12 s", "3 min 20 s". Returns text. */
const char *dlc_time_text(char text[32], double seconds);

/* Appends "  NAME VALUE" to a text of `size` bytes, if it has room. */
void dlc_value_text(char *text, size_t size, const char *name, double value);

/* ---- show.c ---- */

/* Prints the first k samples as text art with the predicted class. */
bool dlc_show(DlcSession *s, const DlcSet *set, int64_t k, DlcError *e);

#endif
