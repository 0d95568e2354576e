/* c_simplify: what sizes of 0 and 1 leave behind goes, all else stays as it is;
 * c_tidy: comments, blank lines, and where long lines are broken. */
// RUN: %cc %s %objs -lm -o %t && %t
#include "ctext.h"
#include <stdio.h>
#include <string.h>

static int failures;

/* Equal but for spaces: laying out is c_tidy's. */
static bool same(const char *a, const char *b)
{
    for (;; a++, b++) {
        bool space = strspn(a, " \n") > 0;
        if (space != (strspn(b, " \n") > 0))
            return false;
        a += strspn(a, " \n");
        b += strspn(b, " \n");
        if (*a != *b || !*a)
            return *a == *b;
    }
}

/* The rest of a function is around `before`; the names it uses are known there.
 */
static void expect(Arena *a, const char *before, const char *after)
{
    const char *frame = "void f(int n, int i, int k, float *x, float *y)\n"
                        "{\n    g(n, i, k, x, y, n, i, k, x, y);\n    %s\n}\n";
    const char *text = arena_printf(a, frame, before);
    const char *want = arena_printf(a, frame, after);
    const char *got = c_simplify(a, text);
    if (same(got, want))
        return;
    failures++;
    printf("%s\n  expected\n%s\n  got\n%s\n", text, want, got);
}

static void stays(Arena *a, const char *text)
{
    expect(a, text, text);
}

static void sums(Arena *a)
{
    expect(a, "i = k + 0;", "i = k;");
    expect(a, "i = 0 + k;", "i = k;");
    expect(a, "i = k - 0 < n;", "i = k < n;");
    expect(a, "i = k + 6 - 1;", "i = k + 5;");
    expect(a, "i = 2 - 4;", "i = -2;");
    expect(a, "g(-0, k);", "g(0, k);");
    expect(a, "i = -(2 - 4);", "i = - -2;");
    expect(a, "x += 0;", "");
    expect(a, "g(0 + k, i);", "g(k, i);");
    expect(a, "x[k + 0] = 1;", "x[k] = 1;");
    expect(a, "x[(i * k + n) + 1] = 1;", "x[i * k + n + 1] = 1;");
    expect(a, "i = (g(k) - n) - (2 * k);", "i = g(k) - n - (2 * k);");
    expect(a, "y = x + (2 * 8);", "y = x + 2 * 8;");
    stays(a, "i = (k + n) * 2;");
    stays(a, "i = (k < n) + 1;");
    stays(a, "x = (float *)y + 1;");
    stays(a, "i = (int)-1;");
    stays(a, "i = 2 - (k + n) + 1;");
    stays(a, "i = (k, n) + 1;");
    stays(a, "i = k + 0.5f;");
    stays(a, "i = k - 6 - 1;");
    stays(a, "i = k - 6 + 1;");
    stays(a, "i = 2 + 3 * k;");
    stays(a, "i = k * 2 + 3;");
    stays(a, "i = 0 - k;");
    stays(a, "i = n << 0 + k;");
    stays(a, "x += 0, y += 2;");
}

static void products(Arena *a)
{
    expect(a, "i = 1 * k;", "i = k;");
    expect(a, "i = k * 1 * n;", "i = k * n;");
    expect(a, "i = k / 1 % n;", "i = k % n;");
    expect(a, "i = n - 1 * k;", "i = n - k;");
    expect(a, "i = n + 0 * k;", "i = n;");
    expect(a, "i = n + 0 * (k + 2) * 3;", "i = n;");
    expect(a, "i = n + k / 3 % 1;", "i = n;");
    expect(a, "i = 12 / 4 * k;", "i = 3 * k;");
    expect(a, "i = n * (1 * 4);", "i = n * 4;");
    expect(a, "i = (1 * k) * 3;", "i = k * 3;");
    expect(a, "for (i = 0; i < (2 * n); i++)\n        g();",
           "for (i = 0; i < 2 * n; i++)\n        g();");
    expect(a, "i = n % 1 * g();", "i = 0 * g();");
    stays(a, "i = n / 0 * k;");
    stays(a, "i = 0 * g(k);");
    stays(a, "i = 0 * x[k];");
    stays(a, "i = 12 / 5;");
    stays(a, "i = n / 12 / 4;");
    stays(a, "i = (2 + n) * k;");
    stays(a, "y[0] = 1 - x[0];");
    stays(a, "y[0] = (float)(4 * k) * 0.5f;");
    stays(a, "i = n * (2 * k);");
}

static void choices(Arena *a)
{
    expect(a, "i = 28 < 28 ? k : n;", "i = n;");
    expect(a, "i = 3 <= 28 ? k + 1 : n;", "i = k + 1;");
    expect(a, "g(0 ? k : n, 1 ? i : n);", "g(n, i);");
    expect(a, "i = 1 && k < n ? k : n;", "i = k < n ? k : n;");
    stays(a, "i = k < 28 ? k : n;");
    stays(a, "i = n + 28 < 28 ? k : n;");
    stays(a, "i = 1 ? 0 ? k : n : i;");
}

static void loops(Arena *a)
{
    expect(a, "for (int c = 0; c < 1; c++)\n        x[c] = y[c + k];",
           "x[0] = y[k];");
    expect(a, "for (int c = 4; c < 8; c += 4)\n        x[c] = 0;", "x[4] = 0;");
    expect(a, "for (int c = 0; c < 1; c += n)\n        x[c] = 0;", "x[0] = 0;");
    expect(a,
           "UNROLL\n    for (int c = 0; c < 1; c++) {\n        x[c] = 0;\n"
           "        y[c] = 0;\n    }",
           "x[0] = 0;\n        y[0] = 0;");
    expect(
        a,
        "if (n)\n        for (int c = 0; c < 1; c++) {\n            x[c] = 0;\n"
        "            y[c] = 0;\n        }",
        "if (n) {\n            x[0] = 0;\n            y[0] = 0;\n        }");
    expect(a,
           "for (int c = 0; c < 1; c++) {\n        int u = k;\n        g(u);\n"
           "    }",
           "int u = k;\n        g(u);");
    expect(a,
           "for (int c = 0; c < 1; c++)\n        for (int l = 0; l < n; l++)\n"
           "            if (l > k)\n                break;",
           "for (int l = 0; l < n; l++)\n            if (l > k)\n"
           "                break;");
    stays(a, "for (int c = 0; c < 2; c++)\n        x[c] = 0;");
    stays(a, "for (int c = 0; c < 8; c += 4)\n        x[c] = 0;");
    stays(a, "for (int c = 0; c < n; c++)\n        x[c] = 0;");
    stays(a, "for (int c = 0; c < 2; c += n)\n        x[c] = 0;");
    stays(a, "for (int c = 0; c < 1; c++, x++)\n        g(x);");
    stays(a, "for (int c = 0; c < 1; c++)\n        x[c++] = 0;");
    stays(a, "for (int c = 0; c < 1; c++)\n        g(&c);");
    stays(a, "for (int c = 0; c < 1; c++) {\n        if (k)\n"
             "            continue;\n        g(c);\n    }");
    /* u is another variable outside */
    stays(a, "for (int c = 0; c < 1; c++) {\n        int u = k;\n"
             "        g(u, c);\n    }\n    int u = n;\n    g(u);");
}

static void constants(Arena *a)
{
    expect(a, "enum { RUNS = 1, TURNS = 5 };\n    i = RUNS * TURNS * k;",
           "enum { TURNS = 5 };\n    i = TURNS * k;");
    expect(a, "enum { RUNS = 1 };\n    i = k / RUNS + k % RUNS * n;", "i = k;");
    expect(a, "int o = 0;\n    i = o + k;", "i = k;");
    expect(a, "const int o = 1;\n    i = o * k;", "i = k;");
    stays(a, "enum { RUNS = 2 };\n    i = RUNS * k;");
    stays(a, "int o = 0;\n    o += k;\n    g(o);");
    stays(a, "int o = 0;\n    g(&o);");
    stays(a, "int o = 0, u = 1;\n    g(o, u);");
    stays(a, "int o = 12;\n    g(o);");
    stays(a, "g(s.o);\n    int o = 0;\n    g(s->o, o);");
}

/* A parameter that would be used nowhere any more provokes a warning. */
static void names_stay_used(Arena *a)
{
    const char *text = "static int f(int apart, int n)\n{\n"
                       "    return n + 0 * apart;\n}\n\n"
                       "static int h(int apart)\n{\n"
                       "    return apart * apart;\n}\n";
    if (strcmp(c_simplify(a, text), text) != 0) {
        failures++;
        printf("a parameter went out of use:\n%s\n", c_simplify(a, text));
    }
}

static void tidies(Arena *a, const char *text, const char *want)
{
    const char *got = c_tidy(a, text);
    if (strcmp(got, want) == 0)
        return;
    failures++;
    printf("expected\n%s\n  got\n%s\n", want, got);
}

/* c_tidy breaks a comment's line that is too long as text. */
static void long_comments(Arena *a)
{
    const char *words = "of many words, which are more than fit on one line";
    const char *text = arena_printf(
        a,
        "/* A line %s of 80.\n * More, %s,\n * and then, once more, again "
        "%s of text.\n * Contract: none.\n */\n",
        words, words, words);
    const char *want =
        "/* A line of many words, which are more than fit on one line of 80.\n"
        " * More, of many words, which are more than fit on one line,\n"
        " * and then, once more, again of many words, which are more than fit "
        "on one line\n"
        " * of text.\n * Contract: none.\n */\n";
    tidies(a, text, want);
}

/* The value of an assignment has a line of its own when it fits. */
static void long_assignments(Arena *a)
{
    tidies(a,
           "result[first * 1000 + second] = left[first * 1000] + "
           "right[second] * the_factors;\n",
           "result[first * 1000 + second] =\n"
           "    left[first * 1000] + right[second] * the_factors;\n");
    tidies(a,
           "sum = a_function_of_some(arguments, that_are, rather_many, "
           "and_end, too_far_away);\n",
           "sum = a_function_of_some(arguments, that_are, rather_many, "
           "and_end,\n"
           "                         too_far_away);\n");
    tidies(a,
           "int first_of_all = a_function(of, two), second_of_all = "
           "another(function, of, x);\n",
           "int first_of_all = a_function(of, two),\n"
           "    second_of_all = another(function, of, x);\n");
}

/* The `:` of a choice begins a line. */
static void long_choices(Arena *a)
{
    tidies(a,
           "result[first] = condition && second ? a_value_if_so[first] : "
           "the_other_value_or_so[second + 1];\n",
           "result[first] = condition && second ? a_value_if_so[first]\n"
           "    : the_other_value_or_so[second + 1];\n");
}

/* A line that has no good place to break has one all the same. */
static void long_names(Arena *a)
{
    const char *got = c_tidy(
        a, "if (i) {\nif (j) {\nif (k) {\nif (l) {\nif (q) {\n"
           "h_relu[i * 128 + j * 64 + k * 4 + q] = "
           "relu_f32(batchnorm1_d_sub[i * 128 + j * 64 + k * 4 + q] * "
           "batchnorm1_mul_reshape[j * 4 + q] + p->batchnorm1_b[j * 4 + q]);\n"
           "c_add_4[i] = sigmoid_f32(f_2[i] + level2_c1_matmul[i]) * c_2[i] + "
           "sigmoid_f32(i_2[i] + lstm1_lstm_level2_c1_matmul_2[i]) * "
           "tanh_f32(g_2[i] + lstm1_lstm_level2_c1_matmul_3[i]);\n"
           "}\n}\n}\n}\n}\n");
    for (const char *p = got; *p; p += strcspn(p, "\n") + 1)
        if (strcspn(p, "\n") > 80) {
            failures++;
            printf("too long: %s\n", p);
        }
}

/* A function, and a comment behind a comment, begins behind a blank line. */
static void blank_lines(Arena *a)
{
    tidies(a, "void f(void)\n{\n    g();\n}\nvoid h(void)\n{\n}\n#endif\n",
           "void f(void)\n{\n    g();\n}\n\nvoid h(void)\n{\n}\n#endif\n");
    tidies(a, "/* One. */\n/* Two. */\nvoid f(void)\n{\n    /* A. */\n}\n",
           "/* One. */\n\n/* Two. */\nvoid f(void)\n{\n    /* A. */\n}\n");
}

/* The end of a comment has no line of its own. */
static void ends_of_comments(Arena *a)
{
    for (int words = 10; words < 20; words++) {
        CText t = ctext_new(a);
        Text text = {.arena = a};
        for (int i = 0; i < words; i++)
            text_printf(&text, "%sword%d", i ? " " : "", i);
        put_comment(&t, "%s", text.data);
        const char *last =
            strrchr(arena_strndup(a, t.text.data, t.text.len - 1), '\n');
        if (last && strncmp(last, "\n * word", 8) != 0) {
            failures++;
            printf("a comment ends with%s\n", last);
        }
        for (const char *p = t.text.data; *p; p += strcspn(p, "\n") + 1)
            if (strcspn(p, "\n") > 80) {
                failures++;
                printf("too long: %s\n", p);
            }
    }
}

int main(void)
{
    Arena *a = arena_new();
    long_comments(a);
    long_assignments(a);
    long_choices(a);
    long_names(a);
    blank_lines(a);
    ends_of_comments(a);
    sums(a);
    products(a);
    choices(a);
    loops(a);
    constants(a);
    names_stay_used(a);
    arena_free(a);
    return failures > 0;
}
