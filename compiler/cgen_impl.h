/* What the files of the emitter share; cgen.h is for everybody else. */
#ifndef DLC_CGEN_IMPL_H
#define DLC_CGEN_IMPL_H

#include "cgen.h"
#include "ctext.h"

#define WORKSPACE_ALIGN 64

/* ---- cgen_names.c: the C names of a model ---- */

/* One argument of a generated function. */
typedef enum ArgKind {
    ARG_WEIGHTS,
    ARG_PARAMS,
    ARG_STATE,  /* of an optimiser */
    ARG_MEMORY,
    ARG_N,
    ARG_INPUT,        /* index: of Func.inputs */
    ARG_GRADIENT_IN,  /* FUNC_UPDATE */
    ARG_OUTPUT,       /* index: of Func.results */
    ARG_GRADIENT_OUT, /* FUNC_GRADIENT */
    ARG_VALUES,       /* losses and metrics */
    ARG_SEED,
    ARG_WORKSPACE,
} ArgKind;
typedef struct EntryArg {
    ArgKind kind;
    int index;
    const char *type, *name; /* "const float *", "in_x" */
} EntryArg;
typedef ARRAY_OF(EntryArg) EntryArgArray;

typedef struct ModelNames ModelNames;
/* One generated function. */
typedef struct Entry {
    const Func *func;
    const ModelNames *model;
    const char *name;         /* "lenet5_infer" */
    const char *macro;        /* "LENET5_INFER" */
    const char *values_type;  /* "lenet5_metrics"; NULL: returns no values */
    bool is_void;             /* init: nothing can go wrong */
    bool random, reads_iter, reads_n, changes_params;
    EntryArgArray args;
} Entry;
typedef ARRAY_OF(Entry) EntryArray;

/* The members of one struct. */
typedef struct StructNames {
    const char *type; /* "lenet5_params"; NULL when it has no members */
    const char *title;
    const char *block;
    GlobalKind kind; /* of the first kind of members */
    ARRAY_OF(Global *) members;
    bool has_steps, has_iter;
    bool has_amx; /* weights: may tiles be used? */
} StructNames;
typedef ARRAY_OF(StructNames) StructArray;

struct ModelNames {
    Arena *arena;
    const Module *module;
    const char *prefix, *upper;
    Map *members; /* global's name -> C name of its member */
    StructArray structs;
    EntryArray entries;
};
/* Appends the entry that f becomes (cgen_signature.c). */
void names_add_entry(ModelNames *names, const Func *f);
ModelNames *names_new(Arena *a, const Module *m, const CgenOptions *o);
const StructNames *names_struct(const ModelNames *names, const Global *g);
const StructNames *names_kind(const ModelNames *names, GlobalKind kind,
                              const char *block);
const Entry *names_entry(const ModelNames *names, FuncKind kind,
                         const char *block);
const char *names_member(const ModelNames *names, const Global *g);
/* Do the model's weights say whether AMX tiles may be used? */
bool names_use_amx(const ModelNames *names);
/* A C identifier out of a value's name, not a keyword of C or C++. */
const char *c_identifier(Arena *a, const char *name);
const char *c_upper(Arena *a, const char *name);
/* What stands behind the model's name for a train block (NULL: "step") or a
 * function: nothing that every model has. */
const char *c_block(Arena *a, const char *name);
/* name, or name_2, name_3 ...: not in taken; added to it. */
const char *c_unique(Arena *a, Map *taken, const char *name);
const char *c_elem(ElemType t); /* "float", "int32_t", ... */
/* "int lenet5_infer(const lenet5_weights *w, ...)" */
const char *entry_prototype(Arena *a, const Entry *entry);
const EntryArg *entry_arg(const Entry *entry, ArgKind kind);
/* An update's input that is part of the flat gradient: named as a parameter.
 * Is the parameter in it, and from which element on; NULL: how many there are. */
bool c_is_reserved_local(const char *name);
bool is_gradient_input(const Func *f, const Node *in);
bool gradient_has(const Func *f, const char *global);
int64_t gradient_offset(const Func *f, const char *global);
/* Metrics and losses of a function: C member names, by result. */
const char *value_member(Arena *a, const Func *f, int result);
bool func_uses_trait(const Func *f, unsigned trait);
bool func_reads_global(const Func *f, GlobalKind kind);
bool func_has_op(const Func *f, const char *op);

/* ---- cgen_kernel.c: kernels shared by all models of a file ---- */
typedef struct Output {
    Arena *arena;
    const CgenOptions *options;
    Text kernels;
    Map *kernel_names; /* filled text -> function name */
    Map *parts;        /* included texts written */
    Map *variables;    /* name -> "used" when a kernel has such a one, or "" */
    Map *taken;        /* file-scope names */
    const Map *words;  /* file-scope names that kernels may give */
    Map *seen;         /* kernel files whose opening comment was written */
    Text tables;
    Map *table_names;  /* text of a table -> name */
} Output;

/* ---- cgen_emit.c: what implementations call ---- */
/* A step since the last barrier. */
typedef struct Step {
    const Node *node; /* NULL: it reads and writes everything */
    enum { STEP_ALONE, STEP_IN_PARTS, STEP_BY_ALL } how;
} Step;
typedef ARRAY_OF(Step) StepArray;

/* The line of body that declares a local. */
typedef struct Declared {
    const char *name;
    size_t from, to;
} Declared;

struct Emit {
    Arena *arena;
    Output *out;
    const CgenOptions *options;
    const ModelNames *names;
    const Entry *entry;
    const Module *module;
    const Func *func;
    CText body;
    Map *locals;   /* value name -> C name of its pointer */
    Map *scalars;  /* value name -> C text of a scalar without a place */
    Map *fixed;    /* values whose pointer is to const */
    Map *taken;    /* C names of the function */
    ARRAY_OF(Declared) declared; /* lines that go when nothing uses them */
    const char *turn;
    int turns;
    bool together;      /* is what is written inside a region of threads? */
    const char *numbers; /* the comment above the numbers just written */
    size_t alone;       /* byte of the body where a step alone begins */
    bool has_parts;     /* did the step write a loop over parts? */
    const Node *in_parts; /* a step that is shared although it is small */
    StepArray pending;  /* what threads may be doing: cgen_threads.c */
};

/* ---- cgen_threads.c: one region of threads for all steps ---- */
/* Elements of a map that one thread does are a multiple of this. */
enum { MAP_STEP = 16 };
/* In how many parts threads do n. */
int emit_parts(Emit *e, const Node *n);
/* Before and behind the code of step n: a barrier where it needs what another
 * thread makes, or overwrites what one reads; one thread does what has no
 * parts. n is NULL for code that reads and writes whatever there is. */
void emit_step_begin(Emit *e, const Node *n);
void emit_step_end(Emit *e, const Node *n);
/* All threads are here before one goes on. */
void emit_wait(Emit *e);

/* The loop over the parts of a step that threads share; nothing for one. */
void emit_parts_begin(Emit *e, int parts);
void emit_parts_end(Emit *e, int parts);
/* Where part p ("part", "(part + 1)") of a loop of that size begins: its steps
 * shared as evenly as they can be, the last end at the size. */
const char *emit_part(Emit *e, const char *p, const char *size, int step,
                      int parts);
/* A new local name near `hint`. */
const char *emit_local(Emit *e, const char *hint);
/* Declares the pointer of a value when it has one of its own. */
void emit_declare(Emit *e, const Node *n);
/* May the value's memory not be written? */
bool emit_is_fixed(Emit *e, const Node *n);
/* For Output.words. */
Map *kernel_words(Arena *a);
/* Emits a body: comments, declarations and the nodes' code. */
void emit_nodes(Emit *e, const NodeArray *nodes);
/* `x[0] = value;`, or `const float x = value;` when x is PLACE_LOCAL. */
void emit_scalar(Emit *e, const Node *n, const char *value);
/* One line `const float *const NAME = ...;`, dropped when NAME is not used. */
void emit_let(Emit *e, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The body without the declarations that nothing uses, and its words. */
const char *emit_pruned(Emit *e, Map **words);
/* How often an identifier occurs in what emit_pruned gave. */
int words_uses(const Map *words, const char *name);
/* Name of the file's table with the constant's values. */
const char *emit_table(Emit *e, const Node *n);

/* ---- cgen_entry.c ---- */
/* The function's definition, at the end of c. */
void emit_entry(CText *c, Output *out, const Entry *entry);

/* ---- cgen_header.c ---- */
/* Declarations of one model, without guards and includes. */
void put_declarations(CText *t, const ModelNames *names,
                      const CgenOptions *o);
/* The definitions that go with them: tables by name, sizes, strerror. */
void put_tables(CText *t, const ModelNames *names);
/* Base name of the source file, NULL when it is not known. */
const char *source_name(const Module *m);
/* Every input of the model's entries, each once. */
NodeArray model_inputs(const ModelNames *names);

/* ---- cgen_comment.c ---- */
/* What a step does, for the comment before it. */
const char *step_comment(Emit *e, const Node *n);
const char *place_comment(Emit *e, const Node *n); /* "net.dl:7", or NULL */
/* Does f only give a struct its values? Its steps are short, so are their
 * comments. */
bool func_fills(const Func *f);
const char *shape_comment(Arena *a, const Module *m, const Type *t);
const char *count_comment(Arena *a, double count); /* "480,000" */
/* Counted operations of a node: a sample where it depends on n. */
double node_operations(const Node *n, const Target *t);
bool node_depends_on_n(const Node *n);

/* ---- cgen_expr.c: element-wise expressions ---- */
/* Index text of an array that has the axes of `mask` of a value of type t;
 * group g of its axes (axes[g] of them) is indexed by index[g]. */
const char *expr_index(Emit *e, const Type *t, uint32_t mask,
                       const char *const *index, const int *axes, int groups);
/* The expression in C. Subtrees used more than once are first written to
 * `before` as constants, one a line. */
const char *expr_c(Emit *e, const Scalar *s, const char *const *args,
                   const ElemType *types, CText *before);
bool expr_shares(Emit *e, const Scalar *s);
/* The text without parentheses around all of it. */
const char *expr_bare(Arena *a, const char *text);
/* Number of elements on axes [from, to) in C. */
const char *expr_count(Emit *e, const Type *t, int from, int to);

/* The element-wise work of a map node; an element-wise operator or a broadcast
 * that was not made a map is one too. */
typedef struct MapWork {
    const Scalar *expr;
    Node *const *in; /* argument $k is in[k - 1] */
    const uint32_t *masks;
    int count;
} MapWork;
MapWork map_work(Arena *a, const Node *n);

#endif
