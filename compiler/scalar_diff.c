/* Derivatives of scalar trees.
 *
 * The rules of the chain, with products and sums built so that the result reads
 * as one would write it by hand: 2 * $0, not $0 * 1 + 1 * $0. Two shapes have
 * rules of their own because the chain rule overflows on them: the logistic
 * function and softplus (scalar_match knows them).
 */
#include "scalar.h"
#include "scalar_match.h"
#include <math.h>

static const Scalar *num(Arena *a, double v)
{
    return scalar_const(a, v);
}

static const Scalar *un(Arena *a, ScalarOp op, const Scalar *x)
{
    return scalar_new(a, op, x, NULL, NULL);
}

static const Scalar *bin(Arena *a, ScalarOp op, const Scalar *x,
                         const Scalar *y)
{
    return scalar_new(a, op, x, y, NULL);
}

static bool is_zero(const Scalar *s)
{
    return scalar_is_const(s, 0);
}

static const Scalar *mul(Arena *a, const Scalar *x, const Scalar *y);

static const Scalar *divide(Arena *a, const Scalar *x, const Scalar *y)
{
    if (is_zero(x))
        return x;
    if (x->op == SC_NEG)
        return un(a, SC_NEG, divide(a, x->a, y));
    return bin(a, SC_DIV, x, y);
}

/* 1/u, unless it is the logistic function, which is kept whole. */
static bool is_inverse(const Scalar *s)
{
    return s->op == SC_DIV && scalar_is_const(s->a, 1) &&
           !scalar_match_sigmoid(s);
}

/* x*y with zeros dropped, signs outside, numbers in front and joined. */
static const Scalar *mul(Arena *a, const Scalar *x, const Scalar *y)
{
    if (is_zero(x) || is_zero(y))
        return num(a, 0);
    if (x->op == SC_NEG)
        return un(a, SC_NEG, mul(a, x->a, y));
    if (y->op == SC_NEG)
        return un(a, SC_NEG, mul(a, x, y->a));
    if (y->op == SC_CONST && x->op != SC_CONST)
        return mul(a, y, x);
    if (x->op == SC_CONST) {
        if (y->op == SC_MUL && y->a->op == SC_CONST)
            return mul(a, num(a, x->value * y->a->value), y->b);
        return bin(a, SC_MUL, x, y);
    }
    if (x->op == SC_MUL && x->a->op == SC_CONST)
        return mul(a, x->a, mul(a, x->b, y));
    if (y->op == SC_MUL && y->a->op == SC_CONST)
        return mul(a, y->a, mul(a, x, y->b));
    if (is_inverse(y))
        return divide(a, x, y->b);
    if (is_inverse(x))
        return divide(a, y, x->b);
    return bin(a, SC_MUL, x, y);
}

static const Scalar *add(Arena *a, const Scalar *x, const Scalar *y)
{
    if (scalar_equal(x, y))
        return mul(a, num(a, 2), x);
    if (x->op == SC_NEG && y->op != SC_NEG)
        return bin(a, SC_SUB, y, x->a);
    return bin(a, SC_ADD, x, y);
}

static const Scalar *sub(Arena *a, const Scalar *x, const Scalar *y)
{
    if (scalar_equal(x, y))
        return num(a, 0);
    return bin(a, SC_SUB, x, y);
}

static const Scalar *power(Arena *a, const Scalar *x, double e)
{
    return bin(a, SC_POW, x, num(a, e));
}

/* The derivative of a one-place function at s->a, times dx. */
static const Scalar *diff_unary(Arena *a, const Scalar *s, const Scalar *dx)
{
    const Scalar *x = s->a;
    switch (s->op) {
    case SC_NEG:
        return un(a, SC_NEG, dx);
    case SC_ABS:
        return mul(a, un(a, SC_SIGN, x), dx);
    case SC_SQRT:
        return divide(a, dx, mul(a, num(a, 2), s));
    case SC_EXP:
        return mul(a, s, dx);
    case SC_LOG:
        return divide(a, dx, x);
    case SC_LOG1P:
        return divide(a, dx, bin(a, SC_ADD, x, num(a, 1)));
    case SC_TANH:
        return mul(a, bin(a, SC_SUB, num(a, 1), power(a, s, 2)), dx);
    case SC_ERF:
        return mul(a, num(a, 1.1283791670955126),
                   mul(a, un(a, SC_EXP, un(a, SC_NEG, power(a, x, 2))), dx));
    case SC_SIN:
        return mul(a, un(a, SC_COS, x), dx);
    case SC_COS:
        return un(a, SC_NEG, mul(a, un(a, SC_SIN, x), dx));
    case SC_REAL:
        return dx;
    default:
        return num(a, 0);
    }
}

/* d x^y: the part through the exponent is 0 where x is 0, as 0^y stays 0. */
static const Scalar *diff_pow(Arena *a, const Scalar *s, const Scalar *dx,
                              const Scalar *dy)
{
    const Scalar *x = s->a, *y = s->b, *less;
    if (y->op == SC_CONST)
        less = power(a, x, y->value - 1);
    else
        less = bin(a, SC_POW, x, sub(a, y, num(a, 1)));
    const Scalar *base = mul(a, mul(a, y, less), dx);
    if (is_zero(dy))
        return base;
    const Scalar *log = un(a, SC_LOG, x);
    if (x->op != SC_CONST)
        log = scalar_new(a, SC_SELECT, bin(a, SC_EQ, x, num(a, 0)), num(a, 0),
                         log);
    return add(a, base, mul(a, mul(a, s, log), dy));
}

static const Scalar *choose(Arena *a, const Scalar *cond, const Scalar *x,
                            const Scalar *y)
{
    return scalar_new(a, SC_SELECT, cond, x, y);
}

static const Scalar *diff_binary(Arena *a, const Scalar *s, const Scalar *dx,
                                 const Scalar *dy)
{
    const Scalar *x = s->a, *y = s->b;
    switch (s->op) {
    case SC_ADD:
        return add(a, dx, dy);
    case SC_SUB:
        return sub(a, dx, dy);
    case SC_MUL:
        return add(a, mul(a, dx, y), mul(a, x, dy));
    case SC_DIV:
        return sub(a, divide(a, dx, y),
                   divide(a, mul(a, x, dy), power(a, y, 2)));
    case SC_POW:
        return diff_pow(a, s, dx, dy);
    case SC_MIN:
        return choose(a, bin(a, SC_LT, y, x), dy, dx);
    case SC_MAX:
        return choose(a, bin(a, SC_LT, x, y), dy, dx);
    default:
        return num(a, 0);
    }
}

const Scalar *scalar_diff(Arena *a, const Scalar *s, int arg)
{
    if (s->op == SC_ARG)
        return num(a, s->arg == arg ? 1 : 0);
    if (scalar_uses(s, arg) == 0)
        return num(a, 0);
    const Scalar *u;
    if ((u = scalar_match_sigmoid(s)) != NULL) {
        const Scalar *slope = mul(a, s, sub(a, num(a, 1), s));
        return un(a, SC_NEG, mul(a, slope, scalar_diff(a, u, arg)));
    }
    if ((u = scalar_match_softplus(s)) != NULL)
        return mul(a, scalar_sigmoid(a, u), scalar_diff(a, u, arg));
    if (s->op == SC_SELECT)
        return choose(a, s->a, scalar_diff(a, s->b, arg),
                      scalar_diff(a, s->c, arg));
    const Scalar *dx = scalar_diff(a, s->a, arg);
    if (!s->b)
        return diff_unary(a, s, dx);
    return diff_binary(a, s, dx, scalar_diff(a, s->b, arg));
}
