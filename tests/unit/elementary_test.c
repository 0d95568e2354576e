/* The elementary functions of generated C keep their error bounds and special values.
 *
 * Every 16381-th float, special values, and 400,000 random doubles for each
 * function, against the C library in double and in long double. With arguments
 * NAME STEP only the float function NAME, at every STEP-th float: "exp 1" is
 * exhaustive. "all STEP" does all of them. The largest errors are printed, 0.5
 * when every result is the nearest float.
 *
 * RUN: %cc -O2 -Wno-unused-function %s -lm -o %t && %t
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../runtime/kernels/elementary.c"

#include "../../runtime/kernels/elementary_f32.c"

#include "../../runtime/kernels/circular.c"

static int failures;

static void fail(const char *name, double x, double y, double got, double want)
{
    if (failures++ < 20)
        printf("%s(%a, %a) = %a, not %a\n", name, x, y, got, want);
}

/* Same number, same sign of zero, both NaN. */
static int is_same(double a, double b)
{
    return a != a ? b != b : a == b && signbit(a) == signbit(b);
}

/* The error of `got` in units of the last of `digits` digits of `want`. */
static double ulps(double got, long double want, int digits, int least)
{
    if (want != want)
        return got != got ? 0 : INFINITY;
    long double largest = digits == 24 ? FLT_MAX : DBL_MAX;
    int e;
    frexpl(fabsl(want) > largest ? largest : want, &e);
    if (want == 0 || e < least)
        e = least;
    long double unit = ldexpl(1, e - digits);
    if (isinf(got) || fabsl(want) >= largest + unit / 2)
        return isinf(got) && fabsl(want) >= largest + unit / 2 &&
                       (got < 0) == (want < 0)
                   ? 0
                   : INFINITY;
    return (double)(fabsl((long double)got - want) / unit);
}

/* ---- float ---- */

static double sigmoid_exact(double x)
{
    return 1 / (1 + exp(-x));
}

static double softplus_exact(double x)
{
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

static float exp_of_minus_f32(float x)
{
    return exp_down_f32(-fabsf(x));
}

static double exp_of_minus(double x)
{
    return exp(-fabs(x));
}

typedef struct Narrow {
    const char *name;
    float (*own)(float);
    double (*exact)(double);
    double bound;
} Narrow;

static const Narrow narrow[] = {
    {"exp", exp_f32, exp, 1},
    {"exp_down", exp_of_minus_f32, exp_of_minus, 1},
    {"log", log_f32, log, 1},
    {"log1p", log1p_f32, log1p, 1.5},
    {"tanh", tanh_f32, tanh, 1.5},
    {"erf", erf_f32, erf, 1.5},
    {"sin", sin_f32, sin, 1},
    {"cos", cos_f32, cos, 1},
    {"sqrt", sqrt_f32, sqrt, 0.5},
    {"floor", floor_f32, floor, 0},
    {"abs", abs_f32, fabs, 0},
    {"sigmoid", sigmoid_f32, sigmoid_exact, 2},
    {"softplus", softplus_f32, softplus_exact, 2},
};
enum { NARROW = sizeof narrow / sizeof *narrow };

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void check_narrow(const Narrow *f, float x, double *worst)
{
    float got = f->own(x);
    double want = f->exact((double)x), error;
    if (got == (float)want && !signbit(got) == !signbit(want))
        return; /* correctly rounded */
    error = ulps((double)got, (long double)want, 24, -125);
    if (error > *worst)
        *worst = error;
    if (!(error <= f->bound))
        fail(f->name, (double)x, 0, (double)got, want);
    if ((want == 0 || isinf(want)) && !is_same((double)got, want))
        fail(f->name, (double)x, 0, (double)got, want);
}

static void sweep(const Narrow *f, uint64_t step, int show)
{
    static const uint32_t special[] = {
        0,          1,          0x007fffff, 0x00800000, 0x3f800000,
        0x7f7fffff, 0x7f800000, 0x7fc00000, 0x42b17217, 0x42b17218,
        0x3f7fffff, 0x3f800001, 0x42cff1b5, 0x40c90fdb, 0x49c90fdb,
    };
    double worst = f->bound < 0.5 ? 0 : 0.5;
    for (uint64_t bits = 0; bits >> 32 == 0; bits += step)
        check_narrow(f, float_of((uint32_t)bits), &worst);
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        for (uint32_t sign = 0; sign < 2; sign++)
            check_narrow(f, float_of(special[i] | sign << 31), &worst);
    if (show)
        printf("%s_f32: %.4f ulp, at most %g\n", f->name, worst, f->bound);
}

/* ---- double ---- */

static uint64_t random_state = 1;

/* xorshift64* */
static uint64_t random_bits(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 2685821657736338717u;
}

static double between(double low, double high)
{
    return low + (high - low) * ((double)(random_bits() >> 11) * 0x1p-53);
}

/* Any size: a random exponent. */
static double of_size(int low, int high)
{
    return (random_bits() & 1 ? -1 : 1) *
           ldexp(between(1, 2), (int)between(low, high));
}

typedef struct Wide {
    const char *name;
    double (*own)(double);
    long double (*exact)(long double);
    double bound, low, high; /* half the points lie there */
} Wide;

static const Wide wide[] = {
    {"exp", exp_f64, expl, 1, -745, 710},
    {"log", log_f64, logl, 1, 0, 10},
    {"log1p", log1p_f64, log1pl, 2, -1, 3},
    {"tanh", tanh_f64, tanhl, 3, -23, 23},
    {"erf", erf_f64, erfl, 3, -6, 6},
    {"sin", sin_f64, sinl, 3, -30, 30},
    {"cos", cos_f64, cosl, 3, -30, 30},
    {"sqrt", sqrt_f64, sqrtl, 1, 0, 100},
    {"floor", floor_f64, floorl, 0, -100, 100},
    {"abs", abs_f64, fabsl, 0, -1, 1},
};
enum { WIDE = sizeof wide / sizeof *wide };

static void check_wide(const Wide *f, double x, double *worst)
{
    double got = f->own(x);
    long double want = f->exact((long double)x);
    double error = ulps(got, want, 53, -1021);
    if (error > *worst)
        *worst = error;
    if (!(error <= f->bound))
        fail(f->name, x, 0, got, (double)want);
    if ((want == 0 || isinf(want)) && !is_same(got, (double)want))
        fail(f->name, x, 0, got, (double)want);
}

static void scatter(const Wide *f, int count, int show)
{
    static const double special[] = {
        0,
        1,
        0x1p-1074,
        0x0.fffffffffffffp-1022,
        DBL_MIN,
        DBL_MAX,
        INFINITY,
        NAN,
        0.5,
        0x1.fffffffffffffp-1,
        0x1.0000000000001p0,
        1e-9,
        1e-300,
        709.782712893384,
        709.7827128933841,
        745.1332191019411,
        745.2,
        /* the double nearest to a multiple of pi / 2 */
        0x1.6ac5b262ca1ffp849,
        6.283185307179586,
        1e22,
    };
    double worst = 0;
    for (int i = 0; i < count; i++) {
        check_wide(f, between(f->low, f->high), &worst);
        check_wide(f, of_size(-40, 10), &worst);
        if (i % 8 == 0)
            check_wide(f, of_size(-1074, 1023), &worst);
    }
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        check_wide(f, special[i], &worst);
        check_wide(f, -special[i], &worst);
    }
    if (show)
        printf("%s_f64: %.4f ulp, at most %g\n", f->name, worst, f->bound);
}

/* ---- powers ---- */

static double worst_pow, worst_powf;

static void check_pow(double x, double y)
{
    long double want = powl((long double)x, (long double)y);
    double got = pow_f64(x, y), error = ulps(got, want, 53, -1021);
    if (error > worst_pow)
        worst_pow = error;
    if (!(error <= 2) || (want == 0 && !is_same(got, (double)want)))
        fail("pow", x, y, got, (double)want);
    double a = (double)(float)x, b = (double)(float)y, exact = pow(a, b);
    got = (double)pow_f32((float)a, (float)b);
    error = ulps(got, (long double)exact, 24, -125);
    if (error > worst_powf)
        worst_powf = error;
    if (!(error <= 1) || (exact == 0 && !is_same(got, exact)))
        fail("powf", a, b, got, exact);
}

static void check_powers(int count, int show)
{
    static const double special[] = {
        0,
        1,
        2,
        3,
        0.5,
        0x1p-1074,
        DBL_MAX,
        INFINITY,
        NAN,
        1e300,
        5.5,
        0x1p53,
        0x1.fffffffffffffp52,
        0x1.fffffffffffffp-1,
        1 + DBL_EPSILON,
    };
    enum { SPECIAL = sizeof special / sizeof *special };
    for (int i = 0; i < count; i++) {
        double x = fabs(of_size(-20, 20));
        check_pow(x, between(-700, 700) / fabs(log(x)));
        check_pow(between(0.5, 2), between(-1000, 1000));
        if (i % 8 == 0)
            check_pow(of_size(-1074, 1023), floor(between(-9, 9)));
    }
    for (int i = 0; i < 4 * SPECIAL * SPECIAL; i++)
        check_pow((i & 1 ? -1 : 1) * special[i / 4 % SPECIAL],
                  (i & 2 ? -1 : 1) * special[i / 4 / SPECIAL]);
    if (show)
        printf("pow_f32: %.4f ulp, at most 1\npow_f64: %.4f ulp, at most 2\n",
               worst_powf, worst_pow);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        uint64_t step = strtoull(argv[2], NULL, 10);
        int known = 0, all = strcmp(argv[1], "all") == 0;
        for (int i = 0; i < NARROW && step > 0; i++)
            if (all || strcmp(argv[1], narrow[i].name) == 0) {
                sweep(&narrow[i], step, 1);
                known = 1;
            }
        for (int i = 0; i < WIDE && all; i++)
            scatter(&wide[i], 1000000, 1);
        if (all)
            check_powers(1000000, 1);
        return failures != 0 || !known;
    }
    for (int i = 0; i < NARROW; i++)
        sweep(&narrow[i], 16381, 0);
    for (int i = 0; i < WIDE; i++)
        scatter(&wide[i], 188000, 0);
    check_powers(188000, 0);
    return failures != 0;
}
