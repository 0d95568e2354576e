/* Scalar expressions: what an element-wise operator computes for one element.
 *
 * A tree over about thirty primitives. The same tree is evaluated in float64
 * by the interpreter, differentiated symbolically, printed as C for each
 * element type, fused into the kernels that make its inputs, and written in
 * the IR's text as "max($0 + $1, 0)". Trees are immutable and shared.
 */
#ifndef DLC_SCALAR_H
#define DLC_SCALAR_H

#include "util.h"

/* Element types. C128 (double complex) exists for complex-step tests only:
 * comparisons, abs, max act on the real part. */
typedef enum ElemType { ELEM_F32, ELEM_F64, ELEM_C128, ELEM_I32, ELEM_BOOL } ElemType;
bool elem_is_real(ElemType e); /* F32, F64 or C128 */
const char *elem_name(ElemType e); /* "f32", "f64", "c128", "i32", "bool" */
int elem_bytes(ElemType e);

typedef enum ScalarOp {
    SC_ARG,   /* argument number `arg` */
    SC_CONST, /* `value` */
    /* unary */
    SC_NEG, SC_ABS, SC_SIGN, SC_FLOOR, SC_SQRT, SC_EXP, SC_LOG, SC_LOG1P,
    SC_TANH, SC_ERF, SC_SIN, SC_COS, SC_NOT,
    SC_REAL, /* int or bool to real */
    SC_INT,  /* real or bool to int, toward zero */
    /* binary */
    SC_ADD, SC_SUB, SC_MUL, SC_DIV, SC_POW,
    SC_MIN, SC_MAX, /* a NaN on either side gives NaN */
    SC_LT, SC_LE, SC_EQ, SC_NE, SC_AND, SC_OR,
    /* ternary: a ? b : c, evaluating both is harmless */
    SC_SELECT,
    SC_COUNT
} ScalarOp;

typedef struct Scalar Scalar;
struct Scalar {
    ScalarOp op;
    int arg;
    double value;
    const Scalar *a, *b, *c;
};

int scalar_arity(ScalarOp op);
const char *scalar_op_name(ScalarOp op); /* "add", "exp", ...: the IR operator */

const Scalar *scalar_arg(Arena *a, int arg);
const Scalar *scalar_const(Arena *a, double value);
/* Builds op(x, y, z); unused operands NULL; folds constants and x*1, x+0. */
const Scalar *scalar_new(Arena *a, ScalarOp op, const Scalar *x,
                         const Scalar *y, const Scalar *z);
bool scalar_equal(const Scalar *a, const Scalar *b);
/* arg k is replaced by with[k]; NULL entries stay. */
const Scalar *scalar_substitute(Arena *a, const Scalar *s,
                                const Scalar *const *with, int count);
int scalar_arg_count(const Scalar *s);      /* largest argument + 1 */
int scalar_uses(const Scalar *s, int arg);  /* times argument occurs */
int scalar_operations(const Scalar *s);     /* counted operations, SELECT 1 */
bool scalar_depth_over(const Scalar *s, int depth);

/* The value in float64. Integers and booleans are exact in a double. */
double scalar_eval(const Scalar *s, const double *args);
/* d s / d arg, simplified. Comparisons, floor, sign, int have derivative 0;
 * abs has sign; min, max take the first argument at a tie; select takes the
 * branch. */
const Scalar *scalar_diff(Arena *a, const Scalar *s, int arg);
/* The element type of the result, from those of the arguments; `real` is the
 * type that real constants and casts take. */
ElemType scalar_type(const Scalar *s, const ElemType *args, ElemType real);

/* Text as in the IR: infix for + - * / and comparisons, names for the rest,
 * arguments "$0". Reads back with scalar_parse (NULL and *error on failure). */
const char *scalar_text(Arena *a, const Scalar *s);
const Scalar *scalar_parse(Arena *a, const char *text, const char **error);

/* C text for element type `real`; args[k] is the C text of argument k and
 * types[k] its element type. Parentheses where C needs them or gcc -Wall asks.
 * Functions are those of scalar_c_function and helpers that end with the type
 * (max_f32, exp_c128): runtime/kernels/helpers.c. A
 * constant takes the type of the operands beside it, `real` when there is none;
 * an integer made of constants only is written int(..) in the tree. */
const char *scalar_c(Arena *a, const Scalar *s, const char *const *args,
                     const ElemType *types, ElemType real, bool freestanding);
/* The C function for one of <math.h> (`name` without the f): exp_f32 of
 * elementary_f32.c, powf, exp, exp_c128; freestanding also pow_f32, exp_f64 of
 * elementary.c or circular.c. */
const char *scalar_c_function(Arena *a, const char *name, ElemType t,
                              bool freestanding);
/* C text of ours, with its calls of <math.h> replaced by those of the
 * freestanding functions. */
const char *scalar_c_freestanding(Arena *a, const char *text);
/* A literal of a real type that is exact for v rounded to it: 0.5f, 1e-05. */
const char *scalar_c_real(Arena *a, double v, ElemType t);

#endif
