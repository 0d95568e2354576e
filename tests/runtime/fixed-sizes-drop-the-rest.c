// A model whose sizes are all fixed takes whole batches only: the rest is
// left out with a note, and fewer samples than a batch are an error.
// RUN: %cc -std=c11 -DFIXED -I%runtime %s %runtime/*.c -lz -lm -o %t
// RUN: %t

#include "driver.h"

#include "softmax.h"

#include "check.h"

static const DlcData train[] = {{"x", "x.npy"}, {"y", "y.npy"}, {0}};
static const int runs[] = {2, -1};

static int fit(double share, const char *first, ...)
{
    const DlcFit f = {
        .train = train, .valid_share = share, .runs = runs, .epochs = 2};
    char *argv[20];
    va_list list;
    va_start(list, first);
    int argc = collect(argv, first, list);
    va_end(list);
    calls = 0;
    begin_capture();
    int code = dlc_fit_main(&model, &f, argc, argv);
    end_capture();
    return code;
}

static int run(const char *first, ...)
{
    char *argv[20];
    va_list list;
    va_start(list, first);
    int argc = collect(argv, first, list);
    va_end(list);
    calls = 0;
    begin_capture();
    int code = dlc_run_main(&model, argc, argv);
    end_capture();
    return code;
}

static void test_fit(void)
{
    CHECK(fit(0, NULL) == 0);
    CHECK(calls == 2 * 2);
    CHECK(last_n == 8);
    CHECK(strcmp(err, "dlc fit: note: 4 of 20 training samples do not fill a "
                      "batch of 8 and are left out\n") == 0);
    CHECK(fit(0, "--limit=7", NULL) == 1);
    CHECK_HAS(err, "7 training samples are less than the fixed batch of 8");
    CHECK(fit(0.1, NULL) == 1);
    CHECK_HAS(err, "2 validation samples are less");
}

static void test_run(void)
{
    CHECK(run("--entry=step", "--steps=3", "--input=x=x.npy", "--input=y=y.npy",
              NULL) == 0);
    CHECK(calls == 3 && last_n == 8);
    CHECK(run("--input=x=x.npy", NULL) == 1);
    CHECK_HAS(err, "the inputs have 20 rows, but 8 are needed");
    CHECK(run("--input=x=x.npy", "--batch=4", NULL) == 1);
    CHECK_HAS(err, "the batch is fixed at 8");
    CHECK(run("--input=x=x.npy", "--batch=8", "--output=p=p.npy", NULL) == 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    DlcError e = {0};
    float x[80];
    int32_t y[20];
    for (int i = 0; i < 80; i++)
        x[i] = (float)(i % 7) / 7;
    for (int i = 0; i < 20; i++)
        y[i] = i % 3;
    enter_folder(argv[0]);
    CHECK(dlc_npy_save("x.npy", DLC_F32, 2, (int64_t[]){20, 4}, x, &e));
    CHECK(dlc_npy_save("y.npy", DLC_I32, 1, (int64_t[]){20}, y, &e));
    test_fit();
    test_run();
    return finish();
}
