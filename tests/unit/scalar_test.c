/* Scalar trees: text reads back, derivatives and C text mean what eval says.
 *
 * The program checks texts and compares derivatives with central differences.
 * With an argument it prints a C program instead, in which each tree stands as
 * scalar_c writes it for f32, f64 and c128; that one compares with the values
 * of scalar_eval, and imaginary parts of complex steps with scalar_diff.
 *
 * RUN: %cc %s %objs -lm -o %t && %t
 * RUN: %t print > %t.c
 * RUN: %cc -Wno-unused-function -include %kernels/elementary_f32.c -include %kernels/helpers.c %t.c -lm -o %t.out
 * RUN: %t.out
 */
#include "scalar.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Arguments $0 $1 $2 are real; $3 $4 integers, $5 a truth value. */
enum { ARGS = 6, POINTS = 12 };
static const ElemType types[3][ARGS] = {
    {ELEM_F32, ELEM_F32, ELEM_F32, ELEM_I32, ELEM_I32, ELEM_BOOL},
    {ELEM_F64, ELEM_F64, ELEM_F64, ELEM_I32, ELEM_I32, ELEM_BOOL},
    {ELEM_C128, ELEM_C128, ELEM_C128, ELEM_I32, ELEM_I32, ELEM_BOOL},
};

/* Domains of $0: A any, P positive, U above -1. */
static const struct {
    char domain;
    const char *text;
} trees[] = {
    {'A', "-$0"},
    {'A', "abs($0)"},
    {'A', "sign($0)"},
    {'A', "floor($0)"},
    {'P', "sqrt($0)"},
    {'A', "exp($0)"},
    {'P', "log($0)"},
    {'U', "log1p($0)"},
    {'A', "tanh($0)"},
    {'A', "erf($0)"},
    {'A', "sin($0)"},
    {'A', "cos($0)"},
    {'A', "$0 + $1"},
    {'A', "$0 - $1"},
    {'A', "$0 * $1"},
    {'A', "$0 / $1"},
    {'P', "pow($0, $1)"},
    {'A', "min($0, $1)"},
    {'A', "max($0, $1)"},
    {'A', "select($0 < $1, $0, $1 * $2)"},
    {'A', "select($0 <= $1, $0 * $0, 2)"},
    {'A', "select($5, $0, $1)"},
    {'A', "select(not($5), $0, $1)"},
    {'A', "select(or(and($5, $0 < 1), $1 == $2), $0, 0.5)"},
    {'A', "select(and(or($5, $0 < 1), $1 != $2), 1, 0)"},
    {'A', "select($0 < 0, 0, $0)"},
    {'A', "select($0 + $1 < 0, 0, $0 + $1)"},
    {'A', "1 / (exp(-$0) + 1)"},
    {'A', "1 / (exp($0) + 1)"},
    {'A', "max($0, 0) + log1p(exp(-abs($0)))"},
    {'A', "$0 / (exp(-$0) + 1)"},
    {'A', "0.5 * $0 * (erf($0 * 0.7071067811865476) + 1)"},
    {'A', "pow($0, 2)"},
    {'A', "pow($0 + $1, 2)"},
    {'A', "pow($0, 3)"},
    {'A', "pow($0 - $1, 4)"},
    {'A', "pow($0, -1)"},
    {'A', "pow($0, -2)"},
    {'P', "pow($0, 0.5)"},
    {'P', "pow($0, -0.5)"},
    {'P', "pow($0, 1.5)"},
    {'P', "pow($0, 1.7)"},
    {'A', "pow($0, 5)"},
    {'A', "pow(1.5, $0)"},
    {'A', "-($0 * $1) - -($1 + 1)"},
    {'A', "$0 - ($1 - $2)"},
    {'A', "$0 / ($1 / $2) * ($1 * $2)"},
    {'A', "-(-$0 / -2)"},
    {'A', "real($3) * $0 + real($5)"},
    {'A', "real($3 + 2 * $4)"},
    {'A', "real(int($0 * 3))"},
    {'A', "real(int($5) + int(2.5))"},
    {'A', "real(max($3, $4) - min($3, 2) * abs($3 - $4) + sign($4))"},
    {'A', "real(select($3 < $4, $3, 7))"},
    {'A', "real($0 < $1)"},
    {'A', "select($3 == 2, $0, select($4 != 1, $1, $2))"},
    {'A', "select(select($5, $0, $1) < 0, 1, 2)"},
    {'A', "max($0, max($1, $2))"},
    {'A', "tanh($0 * $1 + $2)"},
    {'A', "exp(-($0 * $0) / 2)"},
    {'P', "log($0 + $1 * $1)"},
    {'A', "1e-05 + $0 * 1e+20 * 1e-20"},
};
enum { TREES = sizeof trees / sizeof *trees };

static int failures;

static void check(bool good, const char *what, const char *text)
{
    if (!good) {
        fprintf(stderr, "%s: %s\n", what, text);
        failures++;
    }
}

static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) * 0x1p-53;
}

/* Points are floats, and no two arguments are near each other or near 0. */
static void point(int tree, int number, double *x)
{
    uint64_t state = (uint64_t)(tree * 100 + number + 1);
    draw(&state);
    for (int k = 0; k < 3; k++) {
        double size = 0.2 + (double)k * 0.37 + 1.5 * draw(&state);
        x[k] = (double)(float)(draw(&state) < 0.5 ? -size : size);
    }
    if (trees[tree].domain == 'P')
        x[0] = fabs(x[0]);
    if (trees[tree].domain == 'U' && x[0] < -0.9)
        x[0] = -0.5;
    x[3] = floor(8 * draw(&state)) - 2;
    x[4] = floor(8 * draw(&state)) - 2;
    x[5] = draw(&state) < 0.5;
}

static const Scalar *parse(Arena *a, const char *text)
{
    const char *error;
    const Scalar *s = scalar_parse(a, text, &error);
    check(s != NULL, text, error ? error : "");
    return s;
}

static void test_text(Arena *a, const char *text)
{
    const Scalar *s = parse(a, text);
    const char *once = scalar_text(a, s);
    const Scalar *again = parse(a, once);
    check(scalar_equal(s, again), "reads back as another tree", once);
    check(strcmp(once, scalar_text(a, again)) == 0, "prints otherwise", once);
}

static void expect_diff(Arena *a, const char *text, const char *want)
{
    const char *got = scalar_text(a, scalar_diff(a, parse(a, text), 0));
    if (strcmp(got, want) != 0)
        check(false, arena_printf(a, "derivative of %s", text), got);
}

static void test_texts(Arena *a)
{
    for (int i = 0; i < TREES; i++) {
        test_text(a, trees[i].text);
        for (int k = 0; k < 3; k++)
            test_text(
                a, scalar_text(a, scalar_diff(a, parse(a, trees[i].text), k)));
    }
    expect_diff(a, "pow($0, 2)", "2 * $0");
    expect_diff(a, "$0 * $0", "2 * $0");
    expect_diff(a, "3 * pow($0, 2) + $1", "6 * $0");
    expect_diff(a, "tanh($0)", "1 - pow(tanh($0), 2)");
    expect_diff(a, "$1 * $0", "$1");
    expect_diff(a, "$0 / $1", "1 / $1");
    expect_diff(a, "$1 / $0", "-($1 / pow($0, 2))");
    expect_diff(a, "exp(-$0)", "-exp(-$0)");
    expect_diff(a, "log($0)", "1 / $0");
    expect_diff(a, "sqrt($0)", "1 / (2 * sqrt($0))");
    expect_diff(a, "select($0 < 0, 0, $0)", "select($0 < 0, 0, 1)");
    expect_diff(a, "max($0, $1)", "select($0 < $1, 0, 1)");
    expect_diff(a, "floor($0)", "0");
    expect_diff(a, "1 / (exp(-$0) + 1)",
                "1 / (exp(-$0) + 1) * (1 - 1 / (exp(-$0) + 1))");
}

static void expect_c(Arena *a, const char *text, const char *want)
{
    static const char *const names[] = {"x", "y[i]", "a + b", "n", "m", "c"};
    const char *got = scalar_c(a, parse(a, text), names, types[0], ELEM_F32, false);
    if (strcmp(got, want) != 0)
        check(false, arena_printf(a, "C of %s", text), got);
}

static void test_c(Arena *a)
{
    expect_c(a, "$0 * $2", "x * (a + b)");
    expect_c(a, "$2 + $0", "(a + b) + x");
    expect_c(a, "pow($1, 2)", "y[i] * y[i]");
    expect_c(a, "pow($2, 2)", "square_f32(a + b)");
    expect_c(a, "0.1 * exp($0)", "0.1f * exp_f32(x)");
    expect_c(a, "$0 + 3", "x + 3.0f");
    expect_c(a, "$3 + 3", "n + 3");
    expect_c(a, "max($0, $1)", "max_f32(x, y[i])");
    expect_c(a, "select($2 < 0, 0, $2)", "relu_f32(a + b)");
    expect_c(a, "select($5, $0, 1)", "c ? x : 1.0f");
    expect_c(a, "real($3)", "(float)n");
}

static void test_float_literals(Arena *a)
{
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        float x = (float)ldexp(draw(&state), (int)(250 * draw(&state)) - 140);
        const char *s = scalar_c_real(a, (double)x, ELEM_F32);
        float y = (float)double_read(
            arena_strndup(a, s, strlen(s) - 1)); /* without f */
        check(x == y, "float literal", s);
    }
}

/* Central differences with one step of extrapolation. */
static double slope(const Scalar *s, const double *x, int k)
{
    double d[2];
    for (int i = 0; i < 2; i++) {
        double h = i ? 1e-3 : 2e-3, y[ARGS];
        memcpy(y, x, sizeof y);
        y[k] = x[k] + h;
        double up = scalar_eval(s, y);
        y[k] = x[k] - h;
        d[i] = (up - scalar_eval(s, y)) / (2 * h);
    }
    return d[1] + (d[1] - d[0]) / 3;
}

static void test_diff(Arena *a)
{
    for (int i = 0; i < TREES; i++) {
        const Scalar *s = parse(a, trees[i].text);
        bool steps = strstr(trees[i].text, "floor") != NULL ||
                     strstr(trees[i].text, "int") != NULL;
        for (int p = 0; p < POINTS; p++) {
            double x[ARGS];
            point(i, p, x);
            for (int k = 0; k < 3 && !steps; k++) {
                double want = slope(s, x, k);
                double got = scalar_eval(scalar_diff(a, s, k), x);
                if (fabs(want - got) > 1e-6 * (1 + fabs(want)) &&
                    fabs(slope(s, x, k) / (want + 1e-300)) < 1e3)
                    check(false, "derivative differs", trees[i].text);
            }
        }
    }
}

/* ---- the printed program ---- */

static const char *const names[] = {"x", "y", "z", "i", "j", "b"};

static void print_function(Arena *a, int tree, int t)
{
    static const char *const real[] = {"float", "double", "double _Complex"};
    static const ElemType reals[] = {ELEM_F32, ELEM_F64, ELEM_C128};
    printf("static %s f%d_%d(%s x, %s y, %s z, int32_t i, int32_t j, "
           "uint8_t b)\n{\n",
           real[t], tree, t, real[t], real[t], real[t]);
    for (int k = 0; k < ARGS; k++)
        printf("    (void)%s;\n", names[k]);
    printf("    return %s;\n}\n",
           scalar_c(a, parse(a, trees[tree].text), names, types[t], reals[t], false));
}

static void print_number(double v)
{
    if (isnan(v))
        printf("(double)NAN");
    else if (isinf(v))
        printf("%s(double)INFINITY", v < 0 ? "-" : "");
    else
        printf("%a", v);
}

static void print_checks(Arena *a, int tree)
{
    const Scalar *s = parse(a, trees[tree].text);
    for (int p = 0; p < POINTS; p++) {
        double x[ARGS];
        point(tree, p, x);
        for (int t = 0; t < 2; t++) {
            printf("    check(%d, %d, (double)f%d_%d(", tree, t, tree, t);
            for (int k = 0; k < 3; k++)
                printf("(%s)%a, ", t ? "double" : "float", x[k]);
            printf("%d, %d, %d), ", (int)x[3], (int)x[4], (int)x[5]);
            print_number(scalar_eval(s, x));
            printf(");\n");
        }
        for (int k = 0; k < 3; k++) {
            printf("    check_complex(%d, f%d_2(", tree, tree);
            for (int j = 0; j < 3; j++)
                printf("make_c128(%a, %s), ", x[j], j == k ? "STEP" : "0.0");
            printf("%d, %d, %d), ", (int)x[3], (int)x[4], (int)x[5]);
            print_number(scalar_eval(s, x));
            printf(", ");
            print_number(scalar_eval(scalar_diff(a, s, k), x));
            printf(");\n");
        }
    }
}

static void print_program(Arena *a)
{
    puts("#include <math.h>\n#include <stdint.h>\n#include <stdio.h>\n"
         "#define STEP 1e-200\n"
         "static int failures;\n"
         "static void check(int tree, int t, double got, double want)\n{\n"
         "    double most = (t ? 2e-15 : 2e-6) * (1 + fabs(want));\n"
         "    if (fabs(got - want) <= most || (got != got && want != want))\n"
         "        return;\n"
         "    printf(\"tree %d, type %d: %.17g, not %.17g\\n\", tree, t, got,"
         " want);\n"
         "    failures++;\n}\n"
         "static void check_complex(int tree, double _Complex got, "
         "double want, double slope)\n{\n"
         "    check(tree, 2, real_c128(got), want);\n"
         "    check(tree, 3, imag_c128(got) / STEP, slope);\n}");
    for (int i = 0; i < TREES; i++)
        for (int t = 0; t < 3; t++)
            print_function(a, i, t);
    for (int i = 0; i < TREES; i++) {
        printf("static void test%d(void)\n{\n", i);
        print_checks(a, i);
        puts("}");
    }
    puts("int main(void)\n{");
    for (int i = 0; i < TREES; i++)
        printf("    test%d();\n", i);
    puts("    return failures != 0;\n}");
}

int main(int argc, char **argv)
{
    Arena *a = arena_new();
    (void)argv;
    if (argc > 1) {
        print_program(a);
    } else {
        test_texts(a);
        test_c(a);
        test_float_literals(a);
        test_diff(a);
    }
    arena_free(a);
    return failures != 0;
}
