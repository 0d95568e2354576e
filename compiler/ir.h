/* The intermediate representation: SSA over tensors, one graph in three stages.
 *
 *   typed    tensors and mathematics; the interpreter defines its meaning
 *   chosen   the same graph, with an implementation on each node and
 *            element-wise work fused into the node that makes its input
 *   planned  the same, with every value's place in memory
 *
 * A module is one model. A function is one entry point; its body is a list of
 * nodes in order of execution. Scalars and reads of globals are not in the
 * list: they are operands ("inline" nodes), printed as 0.5 and @W1.
 */
#ifndef DLC_IR_H
#define DLC_IR_H

#include "diag.h"
#include "scalar.h"

#define MAX_RANK 8

typedef struct Module Module;
typedef struct Func Func;
typedef struct Node Node;
typedef struct Region Region;
typedef struct Global Global;
typedef struct OpDef OpDef;
typedef struct Impl Impl;
typedef ARRAY_OF(Node *) NodeArray;

/* A size: k*n + c, where n is the model's run-time size (k is 0 or small). */
typedef struct Dim {
    int64_t k, c;
} Dim;
Dim dim_const(int64_t c);
bool dim_is_const(Dim d);
bool dim_equal(Dim a, Dim b);
Dim dim_add(Dim a, Dim b);
int64_t dim_at(Dim d, int64_t n);                   /* its value for n */
bool dim_mul(Dim a, Dim b, Dim *out);               /* false when n*n */
bool dim_div(Dim a, Dim b, Dim *out);               /* false when not exact */
const char *dim_text(Arena *a, Dim d, const char *n); /* "N", "2*N+1", "784" */

typedef struct Type {
    ElemType elem;
    int64_t bound; /* I32: values are 0..bound-1; 0 when unknown */
    int rank;      /* -1: the node has no value of its own (scan) */
    Dim dim[MAX_RANK];
} Type;
Type type_scalar(ElemType elem);
Type type_of(ElemType elem, int rank, const Dim *dims);
bool type_same_shape(const Type *a, const Type *b);
bool type_equal(const Type *a, const Type *b);
bool type_count(const Type *t, Dim *out); /* elements; false when n*n occurs */
int64_t type_count_at(const Type *t, int64_t n);
const char *type_text(Arena *a, const Type *t, const char *n); /* f32[N,784] */
/* As the language writes it, for messages: real[N, 784], int<10>. NULL: "N". */
const char *type_user_text(Arena *a, const Type *t, const char *n);
/* NULL, or why no value can be of this type: empty axes, over 2^31-1 elements
 * with the run-time size at `bound`. */
const char *type_check(Arena *a, const Type *t, int64_t bound);

typedef enum AttrKind {
    ATTR_INT,
    ATTR_REAL,
    ATTR_SYM,    /* a bare word (t, nc) or, printed in quotes, a string */
    ATTR_LIST,   /* (2, 2) integers */
    ATTR_DIMS,   /* (N, 784) sizes */
    ATTR_VALUES, /* (0.5, 1.0) reals */
} AttrKind;
typedef struct Attr {
    const char *name;
    AttrKind kind;
    int64_t i;
    double r;
    const char *sym;
    int len;
    const int64_t *list;
    const Dim *dims;
    const double *values;
} Attr;

/* An attribute list under construction, arrays are copied:
 *     Attrs at = attrs_new(arena);
 *     attrs_int(&at, "axis", 1);  attrs_list(&at, "perm", perm, rank); */
typedef struct Attrs {
    Arena *arena;
    ARRAY_OF(Attr) items;
} Attrs;
Attrs attrs_new(Arena *a);
void attrs_int(Attrs *at, const char *name, int64_t v);
void attrs_real(Attrs *at, const char *name, double v);
void attrs_sym(Attrs *at, const char *name, const char *v);
void attrs_list(Attrs *at, const char *name, const int64_t *v, int len);
void attrs_dims(Attrs *at, const char *name, const Dim *v, int len);
void attrs_values(Attrs *at, const char *name, const double *v, int len);
void attrs_copy(Attrs *at, const Attr *attr);
bool attr_equal(const Attr *a, const Attr *b); /* name and value */
/* Whether a stands for the value a signature gives as its default. */
bool attr_is_default(const Attr *a, const char *fallback);

/* What was fused: `expr` is applied to every element. Argument $0 is the
 * element the operator itself made (for `map`: nothing); argument $k is
 * extra input k-1, node->in[own + k - 1], which has the axes of the node's
 * value that are set in masks[k-1], in order (bit 0 is axis 0). */
typedef struct Fused {
    const Scalar *expr; /* NULL: nothing is fused */
    int own;            /* inputs of the operator itself, come first */
    uint32_t *masks;    /* one for each extra input */
} Fused;

/* Where a value lives (stage planned). */
typedef enum PlaceKind {
    PLACE_NONE,      /* not planned, or inline */
    PLACE_WORKSPACE, /* workspace + offset */
    PLACE_INPUT,     /* the caller's array */
    PLACE_OUTPUT,    /* the caller's result array, result number `index` */
    PLACE_GLOBAL,    /* params, weights or state: node->global */
    PLACE_DATA,      /* a constant table of the file, number `index` */
    PLACE_LOCAL,     /* a scalar: a variable of the function */
} PlaceKind;
typedef struct Place {
    PlaceKind kind;
    int64_t offset; /* bytes */
    int64_t bytes;  /* with n at its bound */
    int index;
    Node *view_of;  /* shares the place of another value (reshape, in place) */
} Place;

struct Node {
    const OpDef *op;
    const char *name; /* unique in its function, without '%' */
    Type type;
    Node **in;
    int nin;
    const Attr *attrs;
    int nattr;
    Global *global; /* op_param */
    Region *region; /* op_scan */
    Range loc;      /* the source it came from */
    /* chosen */
    const Impl *impl;
    Fused fused;
    Type raw; /* type before the epilogue: differs in elem only */
    /* planned */
    Place place;
    int64_t scratch; /* workspace offset of its scratch, -1 when none */
    int64_t scratch_bytes;
    /* free for the pass that runs */
    int mark;
    Node *repl;
};

/* A nested body. Arguments of a scan: carries, slices, then the turn (i32).
 * Results: the next carries, then the emitted values. */
struct Region {
    NodeArray args; /* op_arg */
    NodeArray nodes;
    NodeArray results;
};

typedef enum GlobalKind {
    GLOBAL_PARAM,  /* learned, or frozen */
    GLOBAL_STATE,  /* changed by steps without a gradient; lives in params */
    GLOBAL_MEMORY, /* changed by infer and eval too; kept by the caller */
    GLOBAL_OPTIM,  /* the optimiser's, of train block `owner` */
    GLOBAL_WEIGHT, /* made by @pack, read by infer and eval */
} GlobalKind;
struct Global {
    GlobalKind kind;
    const char *name; /* "W1", "conv1.w", "W1.momentum"; without '@' */
    Type type;
    bool frozen;
    double lr_mult;
    const char *owner; /* GLOBAL_OPTIM: the train block */
    Range loc;
    int64_t offset; /* planned: bytes from the start of its struct */
};

typedef enum FuncKind {
    FUNC_PLAIN,    /* a .dlir function: every result is an output */
    FUNC_INIT,     /* stores the parameters' first values */
    FUNC_STATE,    /* stores the first optimiser state of train block `block` */
    FUNC_MEMORY,   /* stores the first values of GLOBAL_MEMORYs */
    FUNC_PACK,     /* stores GLOBAL_WEIGHTs made from parameters */
    FUNC_INFER,
    FUNC_EVAL,
    FUNC_STEP,     /* loss, gradient and update of train block `block` */
    FUNC_GRADIENT, /* loss and gradients only */
    FUNC_UPDATE,   /* inputs are the gradients; stores only */
} FuncKind;

typedef enum ResultKind {
    RESULT_OUTPUT,
    RESULT_LOSS,
    RESULT_METRIC,
    RESULT_GRADIENT, /* of the global called `name`, FUNC_GRADIENT */
} ResultKind;
typedef struct Result {
    ResultKind kind;
    const char *name;
    Node *value;
} Result;
/* global := value, for all stores at once at the end of the function. */
typedef struct Store {
    Global *global;
    Node *value;
} Store;

struct Func {
    Module *module;
    FuncKind kind;
    const char *name;  /* "infer", "step", "step_gradient", ... */
    const char *block; /* the train block */
    NodeArray inputs;  /* op_input */
    NodeArray nodes;
    ARRAY_OF(Result) results;
    ARRAY_OF(Store) stores;
    Map *names; /* used node names */
    /* planned */
    int64_t workspace_bytes; /* with n at its bound */
    int64_t lower_bound;     /* the largest sum of values alive at once */
};

typedef enum Stage { STAGE_TYPED, STAGE_CHOSEN, STAGE_PLANNED } Stage;

/* A convolution as it was when pass layout chose an implementation, and what
 * each was estimated at with the changes of layout around it (< 0: does not
 * apply); the same with measured times, NULL when there are none. */
typedef struct ConvChoice {
    const Func *func;
    const Node *conv;
    const Impl *chosen;
    const double *seconds, *measured;
} ConvChoice;

struct Module {
    Arena *arena;
    Diag *diag;
    const char *name;   /* the model's */
    Stage stage;
    ElemType real;      /* what `real` means: F32, F64 or C128 */
    const char *dim;    /* name of the run-time size, "N"; NULL: none */
    int64_t bound;      /* n <= bound */
    ARRAY_OF(Global *) globals;
    ARRAY_OF(Func *) funcs;
    ARRAY_OF(const char *) remarks; /* what passes did, for the report */
    void *fit;          /* sema's FitSpec, for the driver */
    int conv_forced;    /* convolutions that --conv decided */
    ARRAY_OF(ConvChoice) choices; /* of pass layout, for the report */
};

Module *module_new(Arena *a, Diag *d, const char *name);
Func *module_func(const Module *m, const char *name);
Global *module_global(const Module *m, const char *name);
Global *global_new(Module *m, GlobalKind kind, const char *name, Type type);
Func *func_new(Module *m, FuncKind kind, const char *name);
/* A name not yet used in f: hint, hint.2, hint.3, ... */
const char *func_name(Func *f, const char *hint);

/* Where new nodes go. `hint` names them: "h" gives %h.relu, %h.mm when
 * several nodes are made; the last of a statement takes the plain name
 * through node_rename. */
typedef struct Builder {
    Module *module;
    Func *func;
    NodeArray *body; /* func->nodes, or a region's */
    const char *hint;
    Range loc;
} Builder;
Builder builder_new(Func *f);

/* A node of op over `in`, typed by op_infer. NULL attrs: all default.
 * An ill-typed node is our bug here: internal_error. The node is appended to
 * the body. Its name is hint.opname. */
Node *node_new(Builder *b, const OpDef *op, Node *const *in, int nin,
               const Attrs *attrs);
/* The same with a user's mistake allowed: NULL and *error set to a message. */
Node *node_try(Builder *b, const OpDef *op, Node *const *in, int nin,
               const Attrs *attrs, const char **error);
Node *node_copy(Builder *b, const Node *n, Node *const *in); /* no region */
/* A node without a type or a name yet, in no body (for the parser). */
Node *node_blank(Arena *a, const OpDef *op, Node *const *in, int nin,
                 const Attrs *attrs);
void node_rename(Func *f, Node *n, const char *name);
/* Inline nodes, not in the body. */
Node *node_const(Builder *b, ElemType elem, double value);
Node *node_param(Builder *b, Global *g); /* one a function: cached by name */
bool node_is_inline(const Node *n);
bool node_is_const(const Node *n, double *value); /* a scalar constant */
Node *func_input(Func *f, const char *name, Type type);
Node *region_arg(Func *f, Region *r, const char *name, Type type);
void func_result(Func *f, ResultKind kind, const char *name, Node *value);
void func_store(Func *f, Global *g, Node *value);

/* Shorthands for what gradients and passes write most. */
Node *build1(Builder *b, const OpDef *op, Node *x);
Node *build2(Builder *b, const OpDef *op, Node *x, Node *y);
Node *build3(Builder *b, const OpDef *op, Node *x, Node *y, Node *z);
Node *build_real(Builder *b, double value); /* constant of module->real */
Node *build_reshape(Builder *b, Node *x, int rank, const Dim *dims);
Node *build_transpose(Builder *b, Node *x, const int64_t *perm);
Node *build_broadcast(Builder *b, Node *x, const Type *to, const int64_t *axes);
Node *build_sum(Builder *b, Node *x, const int64_t *axes, int count);
/* Adds a gradient's broadcast up: sums g over the leading axes x lacks. */
Node *build_sum_to(Builder *b, Node *g, const Type *x);
/* A whole scalar tree as IR nodes; args[k] is argument k. */
Node *build_scalar(Builder *b, const Scalar *s, Node *const *args);

/* Attribute access; the default comes from the operator's signature. */
const Attr *node_attr(const Node *n, const char *name); /* NULL when default */
int64_t attr_int(const Node *n, const char *name);
double attr_real(const Node *n, const char *name);
const char *attr_sym(const Node *n, const char *name);
/* Entry i of a list attribute; a default scalar stands for every axis. */
int64_t attr_list(const Node *n, const char *name, int i);
int attr_len(const Node *n, const char *name); /* 0 when default */
Dim attr_dim(const Node *n, const char *name, int i);

/* Replaces uses by n->repl (followed to its end) in the whole function:
 * operands, regions, results, stores. */
void func_apply_repl(Func *f);
/* Calls visit for every node of the function in order, regions too (a scan
 * before its region's nodes). */
void func_walk(Func *f, void (*visit)(Node *n, void *ctx), void *ctx);
/* Uses of each node counted into node->mark, inline ones and inputs too. */
void func_count_uses(Func *f);
/* Every node reachable from results and stores, regions too: mark = 1. */
void func_mark_live(Func *f);
/* Leaves out what they do not reach; live nodes keep mark = 1. */
void func_remove_dead(Func *f);

/* irprint.c, irparse.c: print(parse(print(m))) == print(m), at each stage. */
void ir_print(Text *out, const Module *m);
void ir_print_node(Text *out, const Module *m, const Node *n);
/* The operator's attributes, " {stride = (2, 2)}"; nothing when all are
 * default. */
void ir_print_attrs(Text *out, const Module *m, const Node *n);
Module *ir_parse(Arena *a, Diag *d, const Source *s); /* NULL after errors */

/* verify.c: NULL, or what is broken ("%h2 used before it is made"). */
const char *verify_module(const Module *m);
/* The same; *where is the node it is about, NULL when none is. */
const char *verify_find(const Module *m, const Node **where);

#endif
