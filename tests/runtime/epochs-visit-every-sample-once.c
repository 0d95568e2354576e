// Every epoch visits every training sample once, in an order of its own that
// depends on the seed alone; losses and metrics are means over samples.
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -lz -lm -o %t
// RUN: %t

#include <math.h>

#include "driver.h"

#include "check.h"

enum { BATCH = 8, SAMPLES = 45, HELD_OUT = 11, EPOCHS = 4 };

/* A model whose only input is the number of the sample, and whose loss is the
 * mean of these; the step notes what it was given. */
static int seen[EPOCHS * SAMPLES], count;

static double mean(const DlcCall *c)
{
    const float *x = c->in[0];
    double sum = 0;
    for (int i = 0; i < c->n; i++)
        sum += (double)x[i];
    return sum / c->n;
}

static int eval(const DlcCall *c)
{
    c->values[0] = mean(c);
    return 0;
}

static int step(const DlcCall *c)
{
    const float *x = c->in[0];
    for (int i = 0; i < c->n && count < EPOCHS * SAMPLES; i++)
        seen[count++] = (int)x[i];
    CHECK(c->n == (count % SAMPLES ? BATCH : SAMPLES % BATCH));
    return eval(c);
}

static const int first[] = {0};
static const char *const values[] = {"J"};
static const DlcTensor inputs[] = {
    {.name = "x", .elem = DLC_F32, .rank = 1, .dims = {-1}}};
static const DlcEntry entries[] = {
    {.name = "eval", .kind = DLC_EVAL, .input_count = 1, .inputs = first,
     .value_count = 1, .value_names = values, .call = eval},
    {.name = "step", .kind = DLC_STEP, .input_count = 1, .inputs = first,
     .value_count = 1, .value_names = values, .call = step},
};
static const DlcModel model = {
    .name = "numbers",
    .max_n = BATCH,
    .batch = BATCH,
    .align = 64,
    .input_count = 1,
    .inputs = inputs,
    .entry_count = 2,
    .entries = entries,
};
static const DlcData train[] = {{"x", "x.npy"}, {0}};
static const DlcData held_out[] = {{"x", "v.npy"}, {0}};
static const int runs[] = {1, -1};

static void fit(bool shuffle, const char *seed)
{
    DlcFit f = {.name = "main", .train = train, .valid = held_out,
                .test = held_out, .runs = runs, .epochs = EPOCHS,
                .shuffle = shuffle};
    char *argv[] = {(char *)(uintptr_t) "program", (char *)(uintptr_t)seed,
                    NULL};
    count = 0;
    begin_capture();
    int code = dlc_fit_main(&model, &f, 2, argv);
    end_capture();
    CHECK(code == 0 && err[0] == 0);
    CHECK(count == EPOCHS * SAMPLES);
}

static void check_each_once(void)
{
    for (int e = 0; e < EPOCHS; e++) {
        int times[SAMPLES] = {0};
        for (int i = 0; i < SAMPLES; i++)
            times[seen[e * SAMPLES + i]]++;
        for (int i = 0; i < SAMPLES; i++)
            CHECK(times[i] == 1);
    }
}

static bool same(const int *a, const int *b)
{
    return memcmp(a, b, SAMPLES * sizeof *a) == 0;
}

/* The number behind the last `name` of a line that begins with `line`. */
static double printed(const char *line, const char *name)
{
    const char *at = strstr(out, line);
    at = at ? strstr(at, name) : NULL;
    return at ? strtod(at + strlen(name), NULL) : NAN;
}

static void save(const char *path, int n)
{
    DlcError e = {0};
    float x[SAMPLES];
    for (int i = 0; i < n; i++)
        x[i] = (float)i;
    CHECK(dlc_npy_save(path, DLC_F32, 1, (int64_t[]){n}, x, &e));
}

int main(int argc, char **argv)
{
    int one[EPOCHS * SAMPLES];
    (void)argc;
    enter_folder(argv[0]);
    save("x.npy", SAMPLES);
    save("v.npy", HELD_OUT);

    fit(true, "--seed=1");
    check_each_once();
    for (int e = 0; e < EPOCHS; e++)
        for (int k = 0; k < e; k++)
            CHECK(!same(seen + e * SAMPLES, seen + k * SAMPLES));
    CHECK(fabs(printed("epoch 2/4", "  J ") - 22) < 1e-3);
    CHECK(fabs(printed("epoch 2/4", "valid: J ") - 5) < 1e-3);
    CHECK(fabs(printed("test:", " J ") - 5) < 1e-3);

    memcpy(one, seen, sizeof one);
    fit(true, "--seed=1");
    CHECK(memcmp(one, seen, sizeof one) == 0);
    fit(true, "--seed=2");
    check_each_once();
    for (int e = 0; e < EPOCHS; e++)
        CHECK(!same(seen + e * SAMPLES, one));

    fit(false, "--seed=1");
    for (int i = 0; i < EPOCHS * SAMPLES; i++)
        CHECK(seen[i] == i % SAMPLES);
    return finish();
}
