/* IR to C.
 *
 * plan.c gives every value its place, cgen.c writes the file, the header and
 * the driver's tables, ctext.c is the only one that writes generated text, and
 * each implementation's `lower` prints its node with the calls below.
 *
 * A kernel is a real C file of runtime/kernels/ (embedded in the compiler as
 * text). Its holes are capital identifiers:
 *   KERNEL         the function's name; one kernel file may define helpers
 *                  called KERNEL_name before it
 *   REAL, OUT      element type of the inputs and of the result
 *   N_PARAM        "int n, " when a size depends on the run-time size, or ""
 *   EXTRA_PARAMS   ", const float *e1" ... for the epilogue's inputs, or ""
 *   EXTRA_ARGS     ", e1" ...: passes them on to a function of the kernel
 *   EPILOGUE(v, i, j, ...)  the fused work on v; the indices are those of the
 *                  groups of axes given to kernel_groups. It is a scalar
 *                  expression without branches or calls of libm, so that a loop
 *                  over neighbouring elements of a local array becomes vector
 *                  code (the file's pragmas ask gcc for it)
 *   EXTRAS, PREFETCH_EXTRAS(i, j, ...)  how many inputs of the epilogue have an
 *                  element for each of the result; reads those at these
 *                  indices into the cache
 *   EXP LOG SQRT   "exp_f32", "exp" or "exp_c128" ...
 *   GREATER(a, b)  a > b, on real parts for c128
 *   FROM(split, size, step)  TO(split, size, step)  the turns of a loop that one
 *                  thread does, in steps: 0 and size without --threads, or
 *                  when the implementation divides another loop
 *   NEW(i)         where the last tile begins to differ from the one before
 *                  it, which another thread may have done; 0 without threads
 *   and those filled by kernel_dim, kernel_int, kernel_text.
 * `#if HOLE == 2` ... `#else` ... `#endif` on holes with integer values are
 * resolved when the kernel is written; other directives stay. Equal kernels
 * with equal holes are written once. Compiled alone with -D for each hole, a
 * kernel file is a valid C file: tests/kernels/ does so.
 * Before a loop, UNROLL (at most 16 turns, all written out), UNROLL_2,
 * UNROLL_4, UNROLL_8, UNROLL_AROUND, ROLLED, INDEPENDENT and INDEPENDENT_LANES
 * say what both compilers are to do with it, and INLINE makes a function's
 * integer arguments literals; IN_REGISTER, UNTIL_HERE and ANEW say where values
 * stay, HIDE that one is not known. The preamble defines them.
 * `restrict` is written as such; the output's preamble adapts it to C++.
 */
#ifndef DLC_CGEN_H
#define DLC_CGEN_H

#include "pass.h"

/* ---- for implementations ---- */
typedef struct Kernel Kernel;
/* Starts a call of kernel `file` ("matmul" is runtime/kernels/matmul.c) that
 * computes node n. REAL and OUT are set from the types of n. */
Kernel *kernel_new(Emit *e, const Node *n, const char *file);
/* The call's actual arguments, in the kernel's order (N_PARAM comes first and
 * the extra ones last by themselves). */
void kernel_arg(Kernel *k, const Node *value);  /* pointer to a value */
void kernel_out(Kernel *k);                     /* pointer to n's result */
void kernel_scratch(Kernel *k);                 /* pointer to n's scratch */
void kernel_arg_text(Kernel *k, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Fills holes. */
void kernel_dim(Kernel *k, const char *hole, Dim d); /* "784", "n", "(2 * n)" */
void kernel_int(Kernel *k, const char *hole, int64_t v);
void kernel_real(Kernel *k, const char *hole, double v); /* 0.5f */
void kernel_text(Kernel *k, const char *hole, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* EPILOGUE's indices: axes[g] axes of the result belong to index g. */
void kernel_groups(Kernel *k, int groups, const int *axes);
/* Sets RELU: where it is 1, EPILOGUE is a relu that takes its 0 from a variable
 * `least`, hidden from the compiler by HIDE. */
void kernel_relu(Kernel *k);
/* Writes the kernel (once) and the call. */
void kernel_emit(Kernel *k);
/* Writes the kernel (once) and returns its name, for a call in an expression;
 * it may not depend on n. */
const char *kernel_define(Kernel *k);

/* For implementations that print their own loop nest. */
void emit_line(Emit *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *emit_ref(Emit *e, const Node *value); /* C text: pointer or scalar */
const char *emit_elem(Emit *e, ElemType t);       /* "float", "int32_t", ... */
const char *emit_dim(Emit *e, Dim d);
Arena *emit_arena(Emit *e);
const Module *emit_module(Emit *e);
const Options *emit_options(Emit *e);
/* In an entry the C variables are: `n`, the run-time size; `seed` and `step`
 * (uint64_t) where the function draws random numbers; `iter` (uint64_t) where
 * it has an op_iter node. The turn of the innermost scan, "0" outside: */
const char *emit_turn(Emit *e);
/* C text that says whether AMX tiles may be used; NULL: never. */
const char *emit_amx(Emit *e);
/* C text of a pointer to the value, also for scalars; to the node's scratch. */
const char *emit_pointer(Emit *e, const Node *value);
const char *emit_scratch(Emit *e, const Node *n);
/* The same to numbers from byte `offset` of the workspace on. */
const char *emit_workspace(Emit *e, ElemType elem, int64_t offset);

/* Does the entry that f becomes check its results: --check-finite? */
bool func_is_checked(const Func *f, const Options *o);

/* ---- plan.c ---- */
typedef struct PlanLine {
    const Node *node;
    int first, last; /* positions in the body during which it is alive */
} PlanLine;
void plan_func(Func *f); /* for the generic target */
/* With stores_last no store is made before everything else is computed. */
void plan_func_for(Func *f, const Target *target, bool stores_last);
/* Scratch of one of the parts in which threads do n. */
int64_t plan_part_bytes(const Node *n, const Target *t, bool together);

/* ---- cgen.c ---- */
typedef struct CgenOptions {
    const Options *pass;
    const char *prefix;      /* --prefix, NULL: the model's name */
    const char *header_name; /* "lenet5.h", as in the #include */
    const char *compiled_by; /* "dlc 0.1" */
    const char *amx;         /* a variable: may functions without weights use
                                tiles? NULL: never */
} CgenOptions;
/* The C file and its header for all models of one source. */
void cgen_source(Text *c, Module *const *models, int count,
                 const CgenOptions *o);
void cgen_header(Text *h, Module *const *models, int count,
                 const CgenOptions *o);
/* driver.c: the tables of runtime/dlc.h for one model and main(), which calls
 * dlc_fit_main (fit != NULL) or dlc_run_main. */
struct FitSpec;
void cgen_driver(Text *t, Module *m, const CgenOptions *o,
                 const struct FitSpec *fit);

/* What sema read from `fit NAME { ... }`. */
typedef struct FitData {
    const char *input; /* NULL: a known data set */
    const char *path;
} FitData;
typedef ARRAY_OF(FitData) FitDataArray;
typedef struct FitSpec {
    const char *name;
    FitDataArray train, test, valid;
    double valid_share;
    StringArray runs; /* names of train blocks, in order, with repetition */
    int epochs;
    bool shuffle;
    const char *stop_metric; /* NULL: none */
    double stop_sign;
    int stop_patience;
} FitSpec;

/* `dlc explain`: for every conv and matmul the candidates and their costs,
 * then the memory plan beside its lower bound. */
void report_module(Text *t, const Module *m, const Options *o);

#endif
