/* Operators: one record each, one file each (ops/NAME.c defines op_NAME).
 *
 * The signature is the single source of truth: call syntax, IR syntax, shape
 * inference, documentation and error messages come from it.
 *
 *   conv(x: [N,C,...], w: [O,C/G,...], stride = 1, groups: G = 1) -> [N,O,...]
 *
 * Inputs are `name: pattern`. A pattern is [items]: a capital name binds a
 * size (the same name must be equal everywhere), a number must be equal, ...
 * binds any axes (equal everywhere when the operator has no .shape), an
 * expression such as C/G is for reading and leaves the check to .shape.
 * `xs...: [...]` takes one or more inputs. A prefix int or bool before [ asks
 * for that element type; no prefix means real, `any[...]` means any type.
 * Attributes are `name = default` (1, 0.5, word); `name: ?` has no default and
 * must be given; a list where a number is default stands for all axes.
 */
#ifndef DLC_OP_H
#define DLC_OP_H

#include "ir.h"

/* The interpreter's view of an array: float64 whatever the element type. */
typedef struct Tensor {
    ElemType elem;
    int rank;
    int64_t dim[MAX_RANK];
    int64_t count;
    double *data;
} Tensor;

/* One evaluation: sizes are concrete, out is allocated and all 0. */
typedef struct EvalCall {
    const Node *node;
    const Tensor *const *in;
    Tensor *out;
    int64_t n;     /* the run-time size */
    uint64_t seed; /* random draws: Philox4x32-10 keyed by seed */
    uint64_t step; /* and counted by step, stream and element */
    double iter;
    uint32_t turn; /* of the innermost scan */
} EvalCall;

enum { OP_LINEAR = 1, /* linear in every real input taken alone */
       OP_RANDOM = 2, /* draws: never merged, never folded */
       OP_VIEW = 4,   /* the same bytes in another shape (reshape) */
       OP_LEAF = 8,   /* const, param, input, arg: no computation */
       OP_CHOSEN_ONLY = 16,
       OP_LATE = 32 /* made by passes after grad: has no gradient */ };

enum { OP_IMPLS = 16 };

struct OpDef {
    const char *sig;
    const char *doc;     /* one sentence */
    const char *example; /* a statement in the language, or IR text "%..." */
    unsigned traits;
    /* Element-wise operators: the tree; everything else follows from it. */
    const Scalar *(*expr)(Arena *a);
    /* What the signature cannot say: sets n->type from n->in and n->attrs;
     * NULL, or the message for the user. */
    const char *(*shape)(Arena *a, Node *n);
    /* The specification: one plain loop nest in float64. */
    void (*eval)(const EvalCall *c);
    /* dx[i] = gradient for input i given dy, for each i with need[i];
     * NULL stays where the gradient is zero. Never called for expr. */
    void (*grad)(Builder *b, Node *n, Node *dy, const bool *need, Node **dx);
    const Impl *impl[OP_IMPLS];
};

/* The table the Makefile writes from the file names of ops/. */
extern const OpDef *const op_table[];
extern const int op_count;
const OpDef *op_find(const char *name);
const char *op_name(const OpDef *op); /* "conv" */
bool op_is_elementwise(const OpDef *op);
const Scalar *op_expr(const OpDef *op); /* built once; NULL: no .expr */
bool op_has(const OpDef *op, unsigned trait);

/* The parsed signature. */
typedef struct OpParam {
    const char *name, *pattern;
    bool variadic;
} OpParam;
typedef struct OpAttr {
    const char *name, *fallback; /* fallback "?" when it must be given */
} OpAttr;
typedef struct OpSig {
    const char *name;
    int nparam, nattr;
    OpParam param[6];
    OpAttr attr[12];
    const char *result;
} OpSig;
const OpSig *op_sig(const OpDef *op); /* parsed on first use into the arena of
                                         op_init; pure afterwards */
/* Parses every signature; internal_error on a malformed one. */
void op_init(Arena *a);

/* Sets n->type; NULL, or the message for the user. Element-wise: the longest
 * shape; the others must be its trailing axes. On entry n->type.elem holds what
 * `real` means: operators without a real input (randn, onehot, extent, iter,
 * const) keep it, and so does their .shape. Before .shape runs, arity, element
 * types, ranks, equal capital names and attributes have been checked, and
 * integer attributes are within -(2^31-1)..2^31-1. */
const char *op_infer(Arena *a, Node *n);
/* The same with the name of the run-time size in messages (NULL: "N"). */
const char *op_infer_for(Arena *a, Node *n, const char *dim);

/* How accurate products have to be: as float, or as three products of parts of
 * eight bits each. */
typedef enum Math { MATH_F32, MATH_BF16X3 } Math;
Math math_find(const char *name, bool *found); /* "f32", "bf16x3" */
extern const char *const math_names[];         /* by Math; ends with NULL */

/* What a target machine can do; rates for one core. */
typedef struct Target {
    const char *name;      /* "generic", "x86-64-v3", "x86-64-v4" */
    const char *march;     /* for the C compiler; NULL: none */
    int vector_bytes;      /* 16, 32, 64 */
    int vector_registers;
    bool fused;            /* multiply-adds are one instruction and take a
                            * scalar from memory for all lanes */
    double gflops;         /* f32 multiply-adds count two */
    double tile_gflops;    /* of bf16 in AMX tiles with loads; 0: no tiles */
    double l1_bytes, l2_bytes;
    double l2_gbs, memory_gbs; /* bandwidth inside L2 and beyond */
    double l3_bytes, dram_gbs; /* of the last cache; behind it. 0: not known */
    double call_ns;        /* overhead of a loop nest */
    int threads;           /* --threads: parts of a step, 0: none */
} Target;
const Target *target_find(const char *name); /* NULL when unknown */
const Target *target_native(void); /* of the machine that compiles */
extern const Target *const target_table[];
extern const int target_count;

/* An implementation of an operator in C. */
typedef struct Cost {
    double flops;   /* counted operations */
    double bytes;   /* moved from beyond L1 */
    double seconds; /* target's estimate */
    int64_t scratch; /* workspace bytes with n at its bound */
    double pack;     /* seconds for the weights, where they change */
} Cost;
typedef struct Emit Emit; /* cgen.h */
struct Blocks; /* layout.h */
/* The loop of a kernel that is divided: FROM and TO of cgen.h. The sum that
 * makes an element is never divided, so it has the same bits for any number of
 * threads. */
typedef enum Split {
    SPLIT_NONE,
    SPLIT_BATCH,   /* samples, batches of products */
    SPLIT_ROWS,    /* rows of the result */
    SPLIT_COLUMNS, /* its columns; output channels */
    SPLIT_GROUPS
} Split;
struct Impl {
    const char *name; /* "direct", "toeplitz" */
    const char *doc;
    bool (*applies)(const Node *n, const Target *t); /* NULL: always */
    Cost (*cost)(const Node *n, const Target *t);    /* NULL: elements */
    void (*lower)(Emit *e, const Node *n);
    /* Instead of lower: pass layout replaces n by what this returns. */
    Node *(*expand)(struct Blocks *k, Node *n);
    Math math;           /* the least accuracy asked that allows it */
    bool tiles;          /* needs NAME_weights, which say whether it may */
    bool wins;           /* where it applies, whatever the others take */
    bool plain;          /* expand computes on plain arrays, not on blocks */
    bool takes_epilogue; /* Fused work can end each element */
    /* Does it write each element of y once, as y[..] = EPILOGUE(..)? Then the
     * epilogue may read what y overwrites; NULL: no. */
    bool (*in_step)(const Node *n, const Target *t);
    /* How threads share the work, SPLIT_NONE when they cannot; NULL: none. */
    Split (*split)(const Node *n, const Target *t);
    /* When of each so many neighbouring elements of the result every thread has
     * a part, which is a multiple of `step` elements: how many. NULL or 0: no. */
    int64_t (*share)(const Node *n, const Target *t, int64_t *step);
};

/* interp.c: runs a function on arrays. in and out are in the order of inputs
 * and results; globals are read and stored through `global` (name to Tensor*,
 * in a Map). */
typedef struct InterpArgs {
    Arena *arena;
    int64_t n;
    uint64_t seed, step;
    double iter;
    Map *globals; /* name -> Tensor * */
    const Tensor *const *in;
    Tensor **out; /* filled */
    bool no_random; /* dropout, noise off is sema's matter; this only asserts */
} InterpArgs;
Tensor *tensor_new(Arena *a, const Type *t, int64_t n);
void interp_run(const Func *f, InterpArgs *args);
/* Four words of Philox4x32-10 for (seed, stream, step, turn, block). */
void interp_philox(uint64_t seed, uint32_t stream, uint64_t step, uint32_t turn,
                   uint32_t block, uint32_t out[4]);

#endif
