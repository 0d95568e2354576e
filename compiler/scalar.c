/* Scalar trees: construction, folding, evaluation.
 *
 * Folding keeps every value but the sign of a zero, so a tree means the same
 * before and after: x*0 stays (x may be NaN), comparisons and casts to int stay
 * (a constant has no type of its own: see Note [Types of constants]). Folding
 * is idempotent, which makes the text of a tree read back as the same tree.
 */
#include "scalar.h"
#include "diag.h"
#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    int arity;
} ops[SC_COUNT] = {
    [SC_ARG] = {"arg", 0},       [SC_CONST] = {"const", 0},
    [SC_NEG] = {"neg", 1},       [SC_ABS] = {"abs", 1},
    [SC_SIGN] = {"sign", 1},     [SC_FLOOR] = {"floor", 1},
    [SC_SQRT] = {"sqrt", 1},     [SC_EXP] = {"exp", 1},
    [SC_LOG] = {"log", 1},       [SC_LOG1P] = {"log1p", 1},
    [SC_TANH] = {"tanh", 1},     [SC_ERF] = {"erf", 1},
    [SC_SIN] = {"sin", 1},       [SC_COS] = {"cos", 1},
    [SC_NOT] = {"not", 1},       [SC_REAL] = {"real", 1},
    [SC_INT] = {"int", 1},       [SC_ADD] = {"add", 2},
    [SC_SUB] = {"sub", 2},       [SC_MUL] = {"mul", 2},
    [SC_DIV] = {"div", 2},       [SC_POW] = {"pow", 2},
    [SC_MIN] = {"min", 2},       [SC_MAX] = {"max", 2},
    [SC_LT] = {"lt", 2},         [SC_LE] = {"le", 2},
    [SC_EQ] = {"eq", 2},         [SC_NE] = {"ne", 2},
    [SC_AND] = {"and", 2},       [SC_OR] = {"or", 2},
    [SC_SELECT] = {"select", 3},
};

bool elem_is_real(ElemType e)
{
    return e == ELEM_F32 || e == ELEM_F64 || e == ELEM_C128;
}

const char *elem_name(ElemType e)
{
    static const char *const names[] = {"f32", "f64", "c128", "i32", "bool"};
    return names[e];
}

int elem_bytes(ElemType e)
{
    static const int bytes[] = {4, 8, 16, 4, 1};
    return bytes[e];
}

int scalar_arity(ScalarOp op)
{
    return ops[op].arity;
}

const char *scalar_op_name(ScalarOp op)
{
    return ops[op].name;
}

static Scalar *make(Arena *a, ScalarOp op, const Scalar *x, const Scalar *y,
                    const Scalar *z)
{
    Scalar *s = ARENA_NEW(a, Scalar);
    s->op = op;
    s->a = x;
    s->b = y;
    s->c = z;
    return s;
}

const Scalar *scalar_arg(Arena *a, int arg)
{
    Scalar *s = make(a, SC_ARG, NULL, NULL, NULL);
    s->arg = arg;
    return s;
}

const Scalar *scalar_const(Arena *a, double value)
{
    Scalar *s = make(a, SC_CONST, NULL, NULL, NULL);
    s->value = value;
    return s;
}

bool scalar_is_const(const Scalar *s, double value)
{
    return s->op == SC_CONST && s->value == value;
}

static double int_of(double x)
{
    if (isnan(x))
        return 0;
    return fmin(fmax(trunc(x), INT32_MIN), INT32_MAX);
}

/* One primitive in float64. */
static double apply(ScalarOp op, double x, double y, double z)
{
    switch (op) {
    case SC_NEG:
        return -x;
    case SC_ABS:
        return fabs(x);
    case SC_SIGN:
        return x > 0 ? 1 : x < 0 ? -1 : x;
    case SC_FLOOR:
        return floor(x);
    case SC_SQRT:
        return sqrt(x);
    case SC_EXP:
        return exp(x);
    case SC_LOG:
        return log(x);
    case SC_LOG1P:
        return log1p(x);
    case SC_TANH:
        return tanh(x);
    case SC_ERF:
        return erf(x);
    case SC_SIN:
        return sin(x);
    case SC_COS:
        return cos(x);
    case SC_NOT:
        return x == 0;
    case SC_REAL:
        return x;
    case SC_INT:
        return int_of(x);
    case SC_ADD:
        return x + y;
    case SC_SUB:
        return x - y;
    case SC_MUL:
        return x * y;
    case SC_DIV:
        return x / y;
    case SC_POW:
        return pow(x, y);
    case SC_MIN:
        return y < x || isnan(y) ? y : x;
    case SC_MAX:
        return x < y || isnan(y) ? y : x;
    case SC_LT:
        return x < y;
    case SC_LE:
        return x <= y;
    case SC_EQ:
        return x == y;
    case SC_NE:
        return x != y;
    case SC_AND:
        return x != 0 && y != 0;
    case SC_OR:
        return x != 0 || y != 0;
    case SC_SELECT:
        return x != 0 ? y : z;
    case SC_ARG:
    case SC_CONST:
    case SC_COUNT:
        break;
    }
    internal_error("scalar operator %d has no value", (int)op);
}

double scalar_eval(const Scalar *s, const double *args)
{
    if (s->op == SC_ARG)
        return args[s->arg];
    if (s->op == SC_CONST)
        return s->value;
    double x = scalar_eval(s->a, args);
    double y = s->b ? scalar_eval(s->b, args) : 0;
    double z = s->c ? scalar_eval(s->c, args) : 0;
    return apply(s->op, x, y, z);
}

/* Operators whose value on constants may stand for them. */
static bool folds(ScalarOp op)
{
    return op != SC_NOT && op != SC_INT && op != SC_SELECT &&
           !(op >= SC_LT && op <= SC_OR);
}

static const Scalar *fold_add(Arena *a, const Scalar *x, const Scalar *y)
{
    if (scalar_is_const(x, 0))
        return y;
    if (scalar_is_const(y, 0))
        return x;
    if (x->op == SC_CONST) {
        const Scalar *t = x;
        x = y;
        y = t;
    }
    if (y->op == SC_CONST && y->value < 0)
        return make(a, SC_SUB, x, scalar_const(a, -y->value), NULL);
    if (y->op == SC_NEG)
        return make(a, SC_SUB, x, y->a, NULL);
    return make(a, SC_ADD, x, y, NULL);
}

static const Scalar *fold_sub(Arena *a, const Scalar *x, const Scalar *y)
{
    if (scalar_is_const(y, 0))
        return x;
    if (scalar_is_const(x, 0))
        return scalar_new(a, SC_NEG, y, NULL, NULL);
    if (y->op == SC_CONST && y->value < 0)
        return scalar_new(a, SC_ADD, x, scalar_const(a, -y->value), NULL);
    if (y->op == SC_NEG)
        return scalar_new(a, SC_ADD, x, y->a, NULL);
    return make(a, SC_SUB, x, y, NULL);
}

static const Scalar *fold_mul(Arena *a, const Scalar *x, const Scalar *y)
{
    if (y->op == SC_CONST) {
        const Scalar *t = x;
        x = y;
        y = t;
    }
    if (scalar_is_const(x, 1))
        return y;
    if (scalar_is_const(x, -1))
        return scalar_new(a, SC_NEG, y, NULL, NULL);
    return make(a, SC_MUL, x, y, NULL);
}

const Scalar *scalar_new(Arena *a, ScalarOp op, const Scalar *x,
                         const Scalar *y, const Scalar *z)
{
    int arity = scalar_arity(op);
    if (arity >= 1 && folds(op) && x->op == SC_CONST &&
        (arity < 2 || y->op == SC_CONST))
        return scalar_const(a, apply(op, x->value, y ? y->value : 0, 0));
    switch (op) {
    case SC_NEG:
        return x->op == SC_NEG ? x->a : make(a, op, x, NULL, NULL);
    case SC_ADD:
        return fold_add(a, x, y);
    case SC_SUB:
        return fold_sub(a, x, y);
    case SC_MUL:
        return fold_mul(a, x, y);
    case SC_DIV:
        return scalar_is_const(y, 1) ? x : make(a, op, x, y, NULL);
    case SC_POW:
        if (scalar_is_const(y, 0))
            return scalar_const(a, 1);
        return scalar_is_const(y, 1) ? x : make(a, op, x, y, NULL);
    case SC_SELECT:
        return scalar_equal(y, z) ? y : make(a, op, x, y, z);
    default:
        return make(a, op, x, y, z);
    }
}

static bool same_value(double x, double y)
{
    return memcmp(&x, &y, sizeof x) == 0 || (isnan(x) && isnan(y));
}

bool scalar_equal(const Scalar *x, const Scalar *y)
{
    if (x == y)
        return true;
    if (!x || !y || x->op != y->op)
        return false;
    if (x->op == SC_ARG)
        return x->arg == y->arg;
    if (x->op == SC_CONST)
        return same_value(x->value, y->value);
    return scalar_equal(x->a, y->a) && scalar_equal(x->b, y->b) &&
           scalar_equal(x->c, y->c);
}

const Scalar *scalar_substitute(Arena *a, const Scalar *s,
                                const Scalar *const *with, int count)
{
    if (s->op == SC_CONST)
        return s;
    if (s->op == SC_ARG)
        return s->arg < count && with[s->arg] ? with[s->arg] : s;
    const Scalar *x = scalar_substitute(a, s->a, with, count);
    const Scalar *y = s->b ? scalar_substitute(a, s->b, with, count) : NULL;
    const Scalar *z = s->c ? scalar_substitute(a, s->c, with, count) : NULL;
    if (x == s->a && y == s->b && z == s->c)
        return s;
    return scalar_new(a, s->op, x, y, z);
}

int scalar_arg_count(const Scalar *s)
{
    if (!s || s->op == SC_CONST)
        return 0;
    if (s->op == SC_ARG)
        return s->arg + 1;
    int x = scalar_arg_count(s->a);
    int y = scalar_arg_count(s->b);
    int z = scalar_arg_count(s->c);
    int xy = x > y ? x : y;
    return xy > z ? xy : z;
}

int scalar_uses(const Scalar *s, int arg)
{
    if (!s || s->op == SC_CONST)
        return 0;
    if (s->op == SC_ARG)
        return s->arg == arg;
    return scalar_uses(s->a, arg) + scalar_uses(s->b, arg) +
           scalar_uses(s->c, arg);
}

int scalar_operations(const Scalar *s)
{
    if (!s || s->op == SC_ARG || s->op == SC_CONST)
        return 0;
    return 1 + scalar_operations(s->a) + scalar_operations(s->b) +
           scalar_operations(s->c);
}

bool scalar_depth_over(const Scalar *s, int depth)
{
    if (!s)
        return false;
    return depth <= 0 || scalar_depth_over(s->a, depth - 1) ||
           scalar_depth_over(s->b, depth - 1) ||
           scalar_depth_over(s->c, depth - 1);
}

/* The type of s, or -1 when only constants decide (Note [Types of constants]).
 */
int scalar_type_or_any(const Scalar *s, const ElemType *args, ElemType real)
{
    switch (s->op) {
    case SC_ARG:
        return (int)args[s->arg];
    case SC_CONST:
        return -1;
    case SC_REAL:
        return (int)real;
    case SC_INT:
        return ELEM_I32;
    case SC_NOT:
    case SC_LT:
    case SC_LE:
    case SC_EQ:
    case SC_NE:
    case SC_AND:
    case SC_OR:
        return ELEM_BOOL;
    case SC_SELECT: {
        int t = scalar_type_or_any(s->b, args, real);
        return t >= 0 ? t : scalar_type_or_any(s->c, args, real);
    }
    default: {
        int t = scalar_type_or_any(s->a, args, real);
        return t >= 0 || !s->b ? t : scalar_type_or_any(s->b, args, real);
    }
    }
}

ElemType scalar_type(const Scalar *s, const ElemType *args, ElemType real)
{
    int t = scalar_type_or_any(s, args, real);
    return t < 0 ? real : (ElemType)t;
}

/* Note [Types of constants]
 * A constant is a number without a type: it takes the type of the operands
 * beside it, so that `$0 + 1` serves integers and reals alike, and the real
 * type when there is none. An integer made of constants only, such as the value
 * of select($0, 1, 0), says so: int(select($0, 1, 0)). For that reason int(1)
 * and 1 < 2 are not folded.
 */
