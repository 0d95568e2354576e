/* Small functions that scalar expressions use, one piece for each: the compiler
 * copies those that a model's code mentions. Pieces are separated by one empty
 * line, begin with their comment and may use each other.
 *
 * Names end with the element type. Comparisons, abs, max, min, floor, sign of
 * complex numbers act on the real part: complex numbers exist for complex-step
 * derivatives, f(x + ih) = f(x) + ih f'(x). Their functions keep an imaginary
 * part of 1e-200 to the last digit; exp log sqrt sin cos tanh log1p are the
 * complex functions (log to absolute accuracy near |z| = 1), erf and pow are
 * exact in the first order of h only.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

/* The larger of two; a NaN wins, at a tie the first. */
static inline float max_f32(float a, float b)
{
    return a < b || b != b ? b : a;
}

/* The smaller of two; a NaN wins, at a tie the first. */
static inline float min_f32(float a, float b)
{
    return b < a || b != b ? b : a;
}

/* -1, 0 or 1; a NaN stays. */
static inline float sign_f32(float x)
{
    return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x;
}

/* x * x. */
static inline float square_f32(float x)
{
    return x * x;
}

/* x * x * x. */
static inline float cube_f32(float x)
{
    return x * x * x;
}

/* 0 where x < 0, else x; a NaN stays. */
static inline float relu_f32(float x)
{
    return x < 0.0f ? 0.0f : x;
}

/* The same with a 0 that the compiler does not know: gcc has one instruction then,
 * and two where it knows. */
static inline float relu_above_f32(float x, float least)
{
    return x < least ? least : x;
}

/* The square root. Told that there are no negative arguments, gcc makes the
 * instruction of it; clang wants to hear that errno does not count.
 */
#if defined(__clang__) && defined(__cplusplus)
extern "C" float sqrtf(float) __attribute__((const));
#elif defined(__clang__)
float sqrtf(float) __attribute__((const));
#endif
static inline float sqrt_f32(float x)
{
    return sqrtf(x < 0.0f ? NAN : x);
}

/* Toward zero, within the range of int32_t; 0 for a NaN. */
static inline int32_t int_f32(float x)
{
    if (x != x)
        return 0;
    if (x <= -2147483648.0f)
        return INT32_MIN;
    return x >= 2147483648.0f ? INT32_MAX : (int32_t)x;
}

/* Is no element infinite or a NaN? By the bits of the exponent, also where the
 * compiler may assume that there are none.
 */
static inline int is_finite_f32(const float *x, int count)
{
    uint32_t found = 0;
    for (int i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        found |= (bits & 0x7f800000) + 0x00800000;
    }
    return found >> 31 == 0;
}

/* The larger of two; a NaN wins, at a tie the first. */
static inline double max_f64(double a, double b)
{
    return a < b || b != b ? b : a;
}

/* The smaller of two; a NaN wins, at a tie the first. */
static inline double min_f64(double a, double b)
{
    return b < a || b != b ? b : a;
}

/* -1, 0 or 1; a NaN stays. */
static inline double sign_f64(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;
}

/* x * x. */
static inline double square_f64(double x)
{
    return x * x;
}

/* x * x * x. */
static inline double cube_f64(double x)
{
    return x * x * x;
}

/* 0 where x < 0, else x; a NaN stays. */
static inline double relu_f64(double x)
{
    return x < 0.0 ? 0.0 : x;
}

/* The same with a 0 that the compiler does not know: gcc has one instruction then,
 * and two where it knows. */
static inline double relu_above_f64(double x, double least)
{
    return x < least ? least : x;
}

/* 1 / (1 + exp(-x)). */
static inline double sigmoid_f64(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

/* log(1 + exp(x)), without overflow. */
static inline double softplus_f64(double x)
{
    return max_f64(x, 0.0) + log1p(exp(-fabs(x)));
}

/* Toward zero, within the range of int32_t; 0 for a NaN. */
static inline int32_t int_f64(double x)
{
    if (x != x)
        return 0;
    if (x <= -2147483648.0)
        return INT32_MIN;
    return x >= 2147483648.0 ? INT32_MAX : (int32_t)x;
}

/* Is no element infinite or a NaN? By the bits of the exponent, also where the
 * compiler may assume that there are none.
 */
static inline int is_finite_f64(const double *x, int count)
{
    uint64_t found = 0;
    for (int i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        found |= (bits & 0x7ff0000000000000) + 0x0010000000000000;
    }
    return found >> 63 == 0;
}

/* The larger of two. */
static inline int32_t max_i32(int32_t a, int32_t b)
{
    return a < b ? b : a;
}

/* The smaller of two. */
static inline int32_t min_i32(int32_t a, int32_t b)
{
    return b < a ? b : a;
}

/* The absolute value. */
static inline int32_t abs_i32(int32_t x)
{
    return x < 0 ? -x : x;
}

/* -1, 0 or 1. */
static inline int32_t sign_i32(int32_t x)
{
    return (x > 0) - (x < 0);
}

/* x * x. */
static inline int32_t square_i32(int32_t x)
{
    return x * x;
}

/* A complex number from its parts. */
static inline double _Complex make_c128(double re, double im)
{
    union {
        double part[2];
        double _Complex z;
    } u;
    u.part[0] = re;
    u.part[1] = im;
    return u.z;
}

/* The real part. */
static inline double real_c128(double _Complex z)
{
    union {
        double _Complex z;
        double part[2];
    } u;
    u.z = z;
    return u.part[0];
}

/* The imaginary part. */
static inline double imag_c128(double _Complex z)
{
    union {
        double _Complex z;
        double part[2];
    } u;
    u.z = z;
    return u.part[1];
}

/* a < b on real parts. */
static inline int lt_c128(double _Complex a, double _Complex b)
{
    return real_c128(a) < real_c128(b);
}

/* a <= b on real parts. */
static inline int le_c128(double _Complex a, double _Complex b)
{
    return real_c128(a) <= real_c128(b);
}

/* a == b on real parts. */
static inline int eq_c128(double _Complex a, double _Complex b)
{
    return real_c128(a) == real_c128(b);
}

/* a != b on real parts. */
static inline int ne_c128(double _Complex a, double _Complex b)
{
    return real_c128(a) != real_c128(b);
}

/* The larger of two by real part; a NaN wins, at a tie the first. */
static inline double _Complex max_c128(double _Complex a, double _Complex b)
{
    double x = real_c128(a), y = real_c128(b);
    return x < y || y != y ? b : a;
}

/* The smaller of two by real part; a NaN wins, at a tie the first. */
static inline double _Complex min_c128(double _Complex a, double _Complex b)
{
    double x = real_c128(a), y = real_c128(b);
    return y < x || y != y ? b : a;
}

/* z or -z, whichever has no negative real part. */
static inline double _Complex abs_c128(double _Complex z)
{
    return real_c128(z) < 0.0 ? -z : z;
}

/* The sign of the real part. */
static inline double _Complex sign_c128(double _Complex z)
{
    double x = real_c128(z);
    return make_c128(x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x, 0.0);
}

/* The real part rounded down. */
static inline double _Complex floor_c128(double _Complex z)
{
    return make_c128(floor(real_c128(z)), 0.0);
}

/* The real part toward zero, within the range of int32_t; 0 for a NaN. */
static inline int32_t int_c128(double _Complex z)
{
    return int_f64(real_c128(z));
}

/* z * z. */
static inline double _Complex square_c128(double _Complex z)
{
    return z * z;
}

/* z * z * z. */
static inline double _Complex cube_c128(double _Complex z)
{
    return z * z * z;
}

/* The square root with a real part that is not negative. */
static inline double _Complex sqrt_c128(double _Complex z)
{
    double x = real_c128(z), y = imag_c128(z);
    double root = sqrt(0.5 * (hypot(x, y) + fabs(x)));
    if (root == 0.0)
        return make_c128(0.0, y);
    if (x >= 0.0)
        return make_c128(root, 0.5 * y / root);
    return make_c128(0.5 * fabs(y) / root, copysign(root, y));
}

/* exp(x) (cos y + i sin y). */
static inline double _Complex exp_c128(double _Complex z)
{
    double size = exp(real_c128(z)), y = imag_c128(z);
    return make_c128(size * cos(y), y == 0.0 ? y : size * sin(y));
}

/* log |z| + i arg z. */
static inline double _Complex log_c128(double _Complex z)
{
    double x = real_c128(z), y = imag_c128(z);
    return make_c128(log(hypot(x, y)), atan2(y, x));
}

/* log(1 + z) for real parts above -1. */
static inline double _Complex log1p_c128(double _Complex z)
{
    double x = real_c128(z), y = imag_c128(z);
    double t = y / (1.0 + x);
    return make_c128(log1p(x) + 0.5 * log1p(t * t), atan2(y, 1.0 + x));
}

/* tanh(x + iy) by tanh x, 1 / cosh^2 x and tan y. */
static inline double _Complex tanh_c128(double _Complex z)
{
    double x = real_c128(z), t = tanh(x), u = tan(imag_c128(z));
    double slope = 1.0 / cosh(x), below = 1.0 + t * t * u * u;
    return make_c128(t * (1.0 + u * u) / below, slope * slope * u / below);
}

/* erf, to the first order of the imaginary part. */
static inline double _Complex erf_c128(double _Complex z)
{
    double x = real_c128(z), slope = 1.1283791670955126 * exp(-x * x);
    return make_c128(erf(x), slope * imag_c128(z));
}

/* sin x cosh y + i cos x sinh y. */
static inline double _Complex sin_c128(double _Complex z)
{
    double x = real_c128(z), y = imag_c128(z);
    return make_c128(sin(x) * cosh(y), cos(x) * sinh(y));
}

/* cos x cosh y - i sin x sinh y. */
static inline double _Complex cos_c128(double _Complex z)
{
    double x = real_c128(z), y = imag_c128(z);
    return make_c128(cos(x) * cosh(y), -sin(x) * sinh(y));
}

/* a^b, to the first order of the imaginary parts; 0^b does not move with b. */
static inline double _Complex pow_c128(double _Complex a, double _Complex b)
{
    double x = real_c128(a), y = real_c128(b), p = pow(x, y), im = 0.0;
    if (imag_c128(a) != 0.0 && y != 0.0)
        im += y * pow(x, y - 1.0) * imag_c128(a);
    if (imag_c128(b) != 0.0 && x != 0.0)
        im += p * log(x) * imag_c128(b);
    return make_c128(p, im);
}

/* 0 where the real part is negative, else z. */
static inline double _Complex relu_c128(double _Complex z)
{
    return real_c128(z) < 0.0 ? make_c128(0.0, 0.0) : z;
}

/* 1 / (1 + exp(-z)), without overflow. */
static inline double _Complex sigmoid_c128(double _Complex z)
{
    double _Complex e = exp_c128(-abs_c128(z));
    return (real_c128(z) < 0.0 ? e : 1.0) / (1.0 + e);
}

/* log(1 + exp(z)), without overflow. */
static inline double _Complex softplus_c128(double _Complex z)
{
    return relu_c128(z) + log1p_c128(exp_c128(-abs_c128(z)));
}
