/* Elementary functions for --freestanding, one piece for each function: the
 * compiler copies those that a model's code mentions, as in helpers.c. Those
 * for float that every model uses are in elementary_f32.c.
 *
 * C99 with 64-bit integers and IEEE arithmetic, nothing of <math.h>. Special
 * values are those of C's Annex F; errno and the flags are not kept. The error
 * bounds are in units in the last place (ulp) of the result. The functions for
 * float compute in double precision and round once. Fused multiply-adds change
 * nothing essential: where a rounding error is used again, the product that
 * goes before it has few enough bits to be exact.
 * sin and cos are in circular.c.
 * The series are those of every table of formulas: Abramowitz, Stegun,
 * "Handbook of mathematical functions", 1964; the reductions as in Muller,
 * "Elementary functions", 3rd edition, 2016.
 */
#include <stdint.h>
#include <string.h>

/* Infinity, and what is not a number. */
#ifndef INFINITY
#define INFINITY (1.0f / 0.0f)
#define NAN (0.0f / 0.0f)
#endif

/* The bits of a number. */
static inline uint64_t bits_f64(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The number with these bits. */
static inline double of_bits_f64(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The 26 leading bits: the product of two such numbers is exact. */
static inline double head_f64(double x)
{
    return of_bits_f64(bits_f64(x) & 0xfffffffff8000000);
}

/* 2^k, for -1022 <= k <= 1023. */
static inline double power_of_2_f64(int k)
{
    return of_bits_f64((uint64_t)(k + 1023) << 52);
}

/* x * 2^k with one rounding, for -1075 <= k <= 1024 and x near 1. */
static inline double scale_f64(double x, int k)
{
    int half = k / 2;
    return x * power_of_2_f64(half) * power_of_2_f64(k - half);
}

/* The nearest integer, for small x. */
static inline int nearest_f64(double x)
{
    return (int)(x < 0.0 ? x - 0.5 : x + 0.5);
}

/* c[0] + c[1] x + ... + c[degree] x^degree, by Horner. */
static inline double polynomial_f64(const double *c, int degree, double x)
{
    double sum = c[degree];
    for (int i = degree - 1; i >= 0; i--)
        sum = sum * x + c[i];
    return sum;
}

/* A positive x as m * 2^*k with m from sqrt(1/2) to sqrt(2). */
static inline double mantissa_f64(double x, int *k)
{
    uint64_t bits = bits_f64(x);
    *k = -1023;
    if (bits < 0x0010000000000000) { /* denormal */
        bits = bits_f64(x * 18014398509481984.0);
        *k -= 54;
    }
    *k += (int)(bits >> 52);
    double m = of_bits_f64((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
    if (m < 1.4142135623730951)
        return m;
    ++*k;
    return 0.5 * m;
}

/* |x|. */
static inline double abs_f64(double x)
{
    return of_bits_f64(bits_f64(x) & 0x7fffffffffffffff);
}

/* |x|. */
static inline float abs_f32(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= 0x7fffffff;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The largest integer that is not above x; exact. */
static inline double floor_f64(double x)
{
    if (!(abs_f64(x) < 4503599627370496.0)) /* an integer, infinite or NaN */
        return x;
    double whole = (double)(int64_t)x;
    if (whole == x) /* -0 stays */
        return x;
    return whole > x ? whole - 1.0 : whole;
}

/* The largest integer that is not above x; exact. */
static inline float floor_f32(float x)
{
    if (!(abs_f32(x) < 8388608.0f))
        return x;
    float whole = (float)(int32_t)x;
    if (whole == x)
        return x;
    return whole > x ? whole - 1.0f : whole;
}

/* exp(x) - 1 for |x| <= log(2) / 2, by its Taylor series; at most 1 ulp. */
static inline double exp_less_1_f64(double x)
{
    static const double over_factorial[] = {
        1.0 / 2,
        1.0 / 6,
        1.0 / 24,
        1.0 / 120,
        1.0 / 720,
        1.0 / 5040,
        1.0 / 40320,
        1.0 / 362880,
        1.0 / 3628800,
        1.0 / 39916800,
        1.0 / 479001600.0,
        1.0 / 6227020800.0,
        1.0 / 87178291200.0,
    };
    return x + x * x * polynomial_f64(over_factorial, 12, x);
}

/* exp; at most 1 ulp. x = k log(2) + r with k an integer: exp(x) is exp(r)
 * with k added to its exponent. log(2) is a number of 40 bits, so that k times
 * it is exact, and a small rest (Cody and Waite).
 */
static inline double exp_f64(double x)
{
    if (x != x)
        return x;
    if (x > 709.79)
        return (double)INFINITY;
    if (x < -745.2)
        return 0.0;
    int k = nearest_f64(x * 1.4426950408889634);
    double r = (x - k * 0.6931471805592082) - k * 7.371002565167799e-13;
    return scale_f64(1.0 + exp_less_1_f64(r), k);
}

/* log; at most 1 ulp. x = m * 2^k; with f = m - 1 and s = f / (2 + f),
 * log(1 + f) = 2 (s + s^3 / 3 + s^5 / 5 ...), where 2 s = f - s f. Summed with
 * f alone last, since f is exact.
 */
static inline double log_f64(double x)
{
    static const double odd[] = {
        2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
        2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23,
    };
    if (!(x > 0.0))
        return x == 0.0 ? -(double)INFINITY : (double)NAN;
    if (x == (double)INFINITY)
        return x;
    int k;
    double f = mantissa_f64(x, &k) - 1.0, s = f / (2.0 + f), z = s * s;
    double rest = z * polynomial_f64(odd, 10, z), half = 0.5 * f * f;
    double low = half - (s * (half + rest) + k * 7.371002565167799e-13);
    return k * 0.6931471805592082 - (low - f);
}

/* log(1 + x); at most 2 ulp. The logarithm of the rounded sum, and the first
 * order of what was rounded off.
 */
static inline double log1p_f64(double x)
{
    double sum = 1.0 + x;
    if (sum == 1.0)
        return x;
    if (!(sum > 0.0) || sum == (double)INFINITY)
        return log_f64(sum);
    double off = x < 1.0 ? x - (sum - 1.0) : 1.0 - (sum - x);
    return log_f64(sum) + off / sum;
}

/* tanh; at most 3 ulp. t / (t + 2) with t = exp(2 |x|) - 1. */
static inline double tanh_f64(double x)
{
    double size = abs_f64(x);
    if (!(size > 1e-9)) /* NaN, too */
        return x;
    double y = 1.0;
    if (size < 22.0) {
        int k = nearest_f64(2.0 * size * 1.4426950408889634);
        double r =
            (2.0 * size - k * 0.6931471805592082) - k * 7.371002565167799e-13;
        double power = power_of_2_f64(k);
        double t = power * exp_less_1_f64(r) + (power - 1.0);
        y = t / (t + 2.0);
    }
    return x < 0.0 ? -y : y;
}

/* erf; at most 3 ulp. Below 1 its Taylor series; above 1 - exp(-x^2) p(t),
 * with p fitted to exp(x^2) erfc(x) on 1..6 at the Chebyshev points of
 * t = (72 / (x + 3) - 13) / 5, to 4e-17. Shepherd, Laframboise, "Chebyshev
 * approximation of (1 + 2x) exp(x^2) erfc x", Math. Comp. 36, 1981.
 */
static inline double erf_f64(double x)
{
    static const double taylor[] = {
        /* (-1)^k / (k! (2k + 1)) */
        1.0,
        -1.0 / 3,
        1.0 / 10,
        -1.0 / 42,
        1.0 / 216,
        -1.0 / 1320,
        1.0 / 9360,
        -1.0 / 75600,
        1.0 / 685440,
        -1.0 / 6894720,
        1.0 / 76204800,
        -1.0 / 918086400,
        1.0 / 11975040000.0,
        -1.0 / 168129561600.0,
        1.0 / 2528170444800.0,
        -1.0 / 40537905408000.0,
        1.0 / 690452066304000.0,
        -1.0 / 12449059983360000.0,
        1.0 / 236887827111936000.0,
    };
    static const double fitted[] = {
        0.20798329133342885,    0.15436117429436919,     0.04969844540339464,
        0.012713147695692198,   0.002479314697078186,    0.0003316029605764125,
        1.9563583246137112e-05, -2.4255574719050315e-06, -5.541274478467714e-07,
        4.526700764248741e-09,  1.1339538061744706e-08,  2.6381508985080735e-10,
        -2.571511429603255e-10, -6.047405945991704e-12,  6.0857915906870915e-12,
    };
    double size = abs_f64(x), y = 1.0;
    if (x != x)
        return x;
    if (size < 1.0)
        return 1.1283791670955126 * (x * polynomial_f64(taylor, 18, x * x));
    if (size < 6.0)
        y -= exp_f64(-x * x) *
             polynomial_f64(fitted, 14, (72.0 / (size + 3.0) - 13.0) / 5.0);
    return x < 0.0 ? -y : y;
}

/* The square root; at most 1 ulp. Newton's method for a number from 1 to 4,
 * from a guess that halves the exponent; the last step takes the residual
 * exactly, by halves of the digits.
 */
static inline double sqrt_f64(double x)
{
    if (!(x > 0.0))
        return x == 0.0 ? x : (double)NAN;
    if (x == (double)INFINITY)
        return x;
    int k;
    double m = mantissa_f64(x, &k);
    if (k % 2 != 0) {
        m *= 2.0;
        k--;
    }
    double y = of_bits_f64((bits_f64(m) >> 1) + 0x1ff8000000000000);
    for (int i = 0; i < 4; i++)
        y = 0.5 * (y + m / y);
    double head = head_f64(y), tail = y - head;
    double left = ((m - head * head) - 2.0 * head * tail) - tail * tail;
    return (y + 0.5 * left / y) * power_of_2_f64(k / 2);
}

/* The square root, correctly rounded. */
static inline float sqrt_f32(float x)
{
    return (float)sqrt_f64((double)x);
}

/* log x for finite x > 0 as the sum of *high, of 26 bits, and *low, to about
 * 2^-64 of it. As the logarithm, with s and the series in two parts each; sums
 * by Dekker, "A floating-point technique for extending the available
 * precision", Numer. Math. 18, 1971.
 */
static inline void long_log_f64(double x, double *high, double *low)
{
    static const double odd[] = {
        2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
        2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23,
    };
    int k;
    double f = mantissa_f64(x, &k) - 1.0, d = 2.0 + f;
    double dh = head_f64(d), dl = (d - dh) + (f - (d - 2.0));
    double s = f / d, sh = head_f64(s);
    double sl = ((f - sh * dh) - sh * dl) / d;
    double z = sh * sh, zh = head_f64(z);
    double zl = (z - zh) + sl * (2.0 * sh + sl);
    double tail = (zh + zl) * polynomial_f64(odd, 9, zh + zl);
    /* q = 2/3 + tail, u = z q, the series is 2 s + s u */
    double qh = head_f64(0.6666666567325592 + tail);
    double ql = (0.6666666567325592 - qh) + (9.934107462565104e-09 + tail);
    double ul = zh * ql + zl * (qh + ql), uh = head_f64(zh * qh + ul);
    ul += zh * qh - uh;
    double a = k * 0.6931471805592082, b = 2.0 * sh, c = sh * uh;
    double ab = a + b, abc = ab + c;
    double rest =
        k * 7.371002565167799e-13 + (2.0 * sl + (sh * ul + sl * (uh + ul)));
    rest += ((a - ab) + b) + ((ab - abc) + c);
    *high = head_f64(abc + rest);
    *low = (abc - *high) + rest;
}

/* x^y for finite x > 0 and finite y; at most 2 ulp. exp(y log x), with log x
 * and the product in two parts.
 */
static inline double power_f64(double x, double y)
{
    double high, low;
    long_log_f64(x, &high, &low);
    double size = y * (high + low);
    if (size > 709.79)
        return (double)INFINITY;
    if (size < -745.2)
        return 0.0;
    double yh = head_f64(y), product = yh * high;
    double rest = yh * low + (y - yh) * (high + low);
    int k = nearest_f64(size * 1.4426950408889634);
    double r =
        (product - k * 0.6931471805592082) + (rest - k * 7.371002565167799e-13);
    return scale_f64(1.0 + exp_less_1_f64(r), k);
}

/* x^y; at most 2 ulp. */
static inline double pow_f64(double x, double y)
{
    const double infinite = (double)INFINITY;
    double size = abs_f64(x), turns = abs_f64(y);
    if (y == 0.0 || x == 1.0)
        return 1.0;
    if (x != x || y != y)
        return (double)NAN;
    /* from 2^53 on, all numbers are even */
    int is_odd = turns < 9007199254740992.0 && (int64_t)turns % 2 != 0 &&
                 floor_f64(y) == y;
    double sign = is_odd && bits_f64(x) >> 63 ? -1.0 : 1.0;
    if (size == 0.0 || size == infinite)
        return (size == 0.0) == (y < 0.0) ? sign * infinite : sign * 0.0;
    if (turns == infinite)
        return size == 1.0 ? 1.0 : (size > 1.0) == (y > 0.0) ? turns : 0.0;
    if (x < 0.0 && floor_f64(y) != y)
        return (double)NAN;
    return sign * power_f64(size, y);
}

/* x^y; at most 1 ulp. */
static inline float pow_f32(float x, float y)
{
    double z = pow_f64((double)x, (double)y), size = abs_f64(z);
    if (size < 3.4028235677973366e+38)
        return (float)z;
    return z > 0.0 ? INFINITY : z < 0.0 ? -INFINITY : NAN;
}
