/* Shared by the sema_*.c files only: values, scopes and the lowering state.
 *
 *   sema.c        the program, models and entries
 *   sema_scope.c  names, scopes, and what a value is called
 *   sema_type.c   types, and arguments against them
 *   sema_expr.c   expressions
 *   sema_binary.c operators with two operands
 *   sema_call.c   calls of functions and layers, instances, arguments
 *   sema_lib.c    built-in functions
 *   sema_op.c     the library's access to operators (op.NAME) and windows
 *   sema_stmt.c   statements
 *   sema_param.c  inputs and parameters
 *   sema_state.c  state of models, layers and optimisers
 *   sema_scan.c   run-time loops
 *   sema_train.c  train blocks: gradients, optimisers, projections
 *   sema_fit.c    fit blocks
 */
#ifndef DLC_SEMA_IMPL_H
#define DLC_SEMA_IMPL_H

#include "sema.h"
#include <math.h>

typedef struct Sema Sema;
typedef struct Scope Scope;
typedef struct Value Value;
typedef struct Instance Instance;
typedef ARRAY_OF(Value *) ValueArray;

typedef enum ValueKind {
    VALUE_NODE,     /* a tensor at run time */
    VALUE_INT,      /* compile-time numbers */
    VALUE_REAL,
    VALUE_BOOL,
    VALUE_DIM,      /* a size that depends on the run-time size */
    VALUE_STRING,
    VALUE_SYMBOL,   /* a bare word: same, valid, global, winograd */
    VALUE_LIST,
    VALUE_TUPLE,
    VALUE_FN,       /* a declared fn */
    VALUE_LAYER,    /* a declared layer, not yet an instance */
    VALUE_INSTANCE,
    VALUE_BUILTIN,
    VALUE_PATH,     /* enc.conv1: part of an instance's path */
    VALUE_ALL,      /* `all`: every parameter */
    VALUE_OPS,      /* `op`: the operators, in the library only */
} ValueKind;

/* A call's arguments, evaluated, with their places. */
typedef struct CallArg {
    const char *name; /* NULL when positional */
    Range name_range, range;
    Value *value;
    const Expr *expr;
} CallArg;
typedef struct Call {
    Range range;      /* the whole call */
    const char *what; /* the callee's name, for messages */
    ARRAY_OF(CallArg) args;
} Call;

typedef struct Builtin {
    const char *name;
    int min_args, max_args; /* positional ones; max -1: any number */
    const char *keys;       /* allowed keywords, separated by spaces, or "" */
    Value *(*call)(Sema *s, Call *c, const struct Builtin *b);
    const OpDef *op; /* for the ones that are one operator */
} Builtin;

struct Value {
    ValueKind kind;
    Node *node;
    int64_t i; /* VALUE_INT, VALUE_BOOL */
    double r;
    Dim dim;
    const char *text; /* string, symbol, path */
    Value **items;
    int len;
    const Stmt *decl;
    Scope *home; /* where a declaration's body looks names up */
    Instance *instance;
    const Builtin *builtin;
    Global *state; /* `next` may be given for it */
};

/* `f{...}`: a layer with its static arguments and its own parameters. */
struct Instance {
    const Stmt *decl;
    Scope *home;
    const char *path;
    Map *statics; /* name -> Value */
};

typedef struct Binding {
    Value *value;
    Range range;
    bool used, warn; /* warn: an unused one is worth a warning */
    bool library;
} Binding;

struct Scope {
    Scope *parent;
    Map *names; /* name -> Binding */
    const char *path; /* prefix of parameters and instances made here */
    bool in_loop;     /* the body of a scan: no instances */
    Dim rest[MAX_RANK]; /* what `..` stood for in the arguments */
    int rest_len;
    bool has_rest;
};

/* A named result of the model body: output, loss or metric. */
typedef struct Named {
    ResultKind kind;
    const char *name;
    Node *value;
    Range range;
} Named;

/* `next` of a model's state, and what the layer that it is in gave (NULL: it
 * stands in the model). */
typedef struct StateStore {
    Store store;
    const Value *result;
} StateStore;

typedef struct Sema {
    Arena *arena;
    Diag *diag;
    const SemaOptions *options;
    const Program *user;
    Scope *library, *file;
    /* the model being lowered */
    Module *module;
    const Stmt *model;
    Builder b;
    Scope *scope;
    bool training, in_train;
    bool survey; /* first lowering: declares parameters, gives warnings */
    ARRAY_OF(Named) named;
    Map *draws;   /* keys of random draws used in this function */
    Map *inits;   /* parameter -> InitSpec */
    const Stmt *train;    /* the block being lowered */
    const char *optimised; /* the parameter an optimiser works on */
    Map *emits;       /* of the innermost `scan`: name -> Value */
    Map *next_values; /* of the innermost `for`: carry -> Value */
    ARRAY_OF(Store) state_stores; /* of an optimiser */
    ARRAY_OF(StateStore) kept;    /* of model and layers */
    Map *state_now; /* state's name -> Node: its value so far */
    int depth; /* of nested calls: recursion is an error */
    Map *counters; /* of anonymous instances: path -> layer -> int64_t* */
    Map *unnamed;  /* paths of instances without a name */
    const char *library_layer; /* what of the library the user called */
    const char *instance_name; /* of `let NAME = layer{..}` */
} Sema;

/* How a parameter starts. */
typedef struct InitSpec {
    Global *global;
    const char *kind; /* "constant", "normal", "uniform" */
    double a, b;      /* value; mean, deviation; low, high */
    Range range;
} InitSpec;

/* ---- sema_scope.c ---- */
/* A place in the user's program: r itself, or what called the library. */
Range place(const Sema *s, Range r);
Scope *scope_new(Sema *s, Scope *parent, const char *path);
bool scope_bind(Sema *s, Scope *sc, Ident name, Value *v, bool warn);
Binding *scope_find(Scope *sc, const char *name);
void scope_warn_unused(Sema *s, const Scope *sc);
void report_unknown(Sema *s, Range r, const char *name);
/* After an error at r: where an operand was made, unless that is there too. */
void note_origin(Sema *s, const Node *n, Range r);
const char *list_text(Arena *a, const StringArray *names); /* "a, b" */
const char *user_type(Sema *s, const Type *t);
const char *user_value(Sema *s, const Value *v); /* its kind, for messages */
Value *value_new(Sema *s, ValueKind kind);
Value *value_node(Sema *s, Node *n);
Value *value_int(Sema *s, int64_t i);
Value *value_real(Sema *s, double r);
Value *value_bool(Sema *s, bool b);
Value *value_dim(Sema *s, Dim d);
Value *value_list(Sema *s, Value **items, int len);
bool value_is_number(const Value *v, double *x);
/* A tensor of the value; elem is what a literal becomes. NULL after an error.*/
Node *value_to_node(Sema *s, Value *v, ElemType elem, Range r);
Node *value_to_real(Sema *s, Value *v, Range r); /* ints and bools are cast */
bool value_to_size(Sema *s, const Value *v, Range r, Dim *out);
bool eval_size(Sema *s, const Expr *e, Dim *out);

/* ---- sema_type.c ---- */
bool eval_type(Sema *s, const TypeExpr *t, Type *out);
/* Unifies a formal's type with an argument's; binders of the layer that are
 * still free are bound in `sc`. */
bool type_unify(Sema *s, Scope *sc, const Stmt *decl, const Formal *f,
                const Value *v, Range r);
bool type_claim(Sema *s, const TypeExpr *t, const Type *got, Range r,
                const char *what);

/* ---- sema_expr.c ---- */
Value *eval(Sema *s, const Expr *e);
Node *eval_node(Sema *s, const Expr *e);
Node *eval_real(Sema *s, const Expr *e);
bool eval_const_int(Sema *s, const Expr *e, int64_t *out);
bool eval_const_real(Sema *s, const Expr *e, double *out);
Node *cast_real(Sema *s, Node *n);
Node *op_checked(Sema *s, const OpDef *op, Node *const *in, int nin,
                 const Attrs *at, Range r, DiagCode code);

/* ---- sema_binary.c ---- */
/* A vector as a matrix of one row (`row`) or one column. */
Node *as_matrix(Sema *s, Node *v, bool row);
Value *binary(Sema *s, const char *op, Value *x, Value *y, Range r, Range rx,
              Range ry);

/* ---- sema_call.c ---- */
Value *eval_call(Sema *s, const Expr *e, Value *first, Range first_range);
Value *eval_config(Sema *s, const Expr *e);
Value *apply(Sema *s, Value *f, Call *c);
bool eval_args(Sema *s, const ArgArray *args, Call *c);
Instance *instance_new(Sema *s, const Stmt *decl, Scope *home, const char *path,
                       Call *statics);
Value *instance_apply(Sema *s, Instance *inst, Call *c);
const CallArg *call_key(const Call *c, const char *name);
Value *call_position(const Call *c, int i); /* i-th positional argument */
int call_positional(const Call *c);

/* ---- sema_lib.c, sema_op.c ---- */
extern const Builtin builtin_table[];
extern const int builtin_count;
bool library_is_planned(const char *name); /* known, refused with DL1900 */
bool word_is_symbol(const char *name);
/* All of them: words of attributes, and the implementations `algo` asks for. */
void word_symbols(Arena *a, StringArray *out);
Value *op_field(Sema *s, const Expr *e);  /* op.NAME */
Node *draw(Sema *s, const OpDef *op, const Dim *dims, int rank);
bool axis_argument(Sema *s, const Value *v, Range r, int rank, int64_t *axes,
                   int *count);

/* ---- sema_stmt.c ---- */
/* Runs the statements of a block; the value of `return`, NULL when there was
 * none (or after an error). */
Value *run_block(Sema *s, const StmtArray *body, bool is_model);
void declare_items(Sema *s, Scope *sc, const Program *p, bool library);

/* ---- sema_param.c ---- */
void run_input(Sema *s, const Stmt *st);
void run_param(Sema *s, const Stmt *st);
/* The global that a `param` or `state` stands for; NULL after an error. */
Global *declare_global(Sema *s, const Stmt *st, const char *name,
                       GlobalKind kind);

/* ---- sema_state.c ---- */
void run_state(Sema *s, const Stmt *st);
void run_next(Sema *s, const Stmt *st);
void state_applied(Sema *s, int from, const Value *v);
void store_states(Sema *s, Func *f);

/* ---- sema_scan.c ---- */
void run_scan(Sema *s, const Stmt *st);
void run_emit(Sema *s, const Stmt *st);

/* ---- sema_deriv.c ---- */
/* Compares `derivative f(x) = ...` with the symbolic one at sample points. */
void check_derivative(Sema *s, const Value *f, const Value *derivative);

/* ---- sema_train.c, sema_fit.c ---- */
void lower_train(Sema *s, const Stmt *t, FuncKind kind);
void check_train(Sema *s, const Stmt *t);
void lower_init(Sema *s);
FitSpec *read_fit(Sema *s, const Stmt *f);

#endif
