// dlc_fit_main trains, stops early, keeps the best parameters, takes short
// last batches, and refuses wrong data with a clear error.
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -lz -lm -o %t
// RUN: %t

#include "driver.h"

#include "softmax.h"

#include "check.h"

/* Runs fit with options up to a NULL; its output ends up in out and err. */
static int fit(const DlcFit *f, const char *first, ...)
{
    char *argv[20];
    va_list list;
    va_start(list, first);
    int argc = collect(argv, first, list);
    va_end(list);
    begin_capture();
    int code = dlc_fit_main(&model, f, argc, argv);
    end_capture();
    return code;
}

/* n samples whose class is the largest of their first three pixels. */
static void make_data(int n, const char *x_path, const char *y_path)
{
    DlcError e = {0};
    float *x = calloc((size_t)n * 4, sizeof *x);
    int32_t *y = calloc((size_t)n, sizeof *y);
    uint32_t random = 1;
    for (int i = 0; i < n * 4; i++) {
        random = random * 1664525u + 1013904223u;
        x[i] = (float)(random >> 8) / 16777216.0f;
    }
    for (int i = 0; i < n; i++)
        for (int k = 1; k < 3; k++)
            if (x[4 * i + k] > x[4 * i + y[i]])
                y[i] = k;
    CHECK(dlc_npy_save(x_path, DLC_F32, 2, (int64_t[]){n, 4}, x, &e));
    CHECK(dlc_npy_save(y_path, DLC_I32, 1, (int64_t[]){n}, y, &e));
    free(x);
    free(y);
}

static const DlcData train[] = {{"x", "x.npy"}, {"y", "y.npy"}, {0}};
static const DlcData test[] = {{"x", "tx.npy"}, {"y", "ty.npy"}, {0}};
static const int runs[] = {2, -1};

static const DlcFit plain = {
    .name = "main",
    .train = train,
    .test = test,
    .valid_share = 0.1,
    .runs = runs,
    .epochs = 30,
    .shuffle = true,
};

static void test_learns(void)
{
    CHECK(fit(&plain, "--seed=1", "--save=w.safetensors", "--show=3", NULL) ==
          0);
    CHECK_HAS(out, "epoch 1/30  J ");
    CHECK_HAS(out, "  valid: J ");
    CHECK_HAS(out, "epoch 30/30");
    CHECK_HAS(out, "test: J 0.");
    CHECK_HAS(out, "  acc 0.9");
    CHECK_HAS(out, "class 2 ");
    CHECK(err[0] == 0);
    char first[2000], again[2000];
    long n = read_bytes("w.safetensors", first, sizeof first);
    CHECK(fit(&plain, "--seed", "1", "--save", "w2.safetensors", NULL) == 0);
    CHECK(read_bytes("w2.safetensors", again, sizeof again) == n);
    CHECK(memcmp(first, again, (size_t)n) == 0);
    CHECK(fit(&plain, "--seed=2", "--save=w3.safetensors", NULL) == 0);
    read_bytes("w3.safetensors", again, sizeof again);
    CHECK(memcmp(first, again, (size_t)n) != 0);
    CHECK(fit(&plain, "--epochs=0", "--load=w.safetensors", "--quiet", NULL) ==
          0);
    CHECK(strncmp(out, "test: J 0.", 10) == 0);
    CHECK_HAS(out, "acc 0.9");
}

/* 45 of 50 samples are left for training: five batches of 8 and one of 5. */
static void test_short_batch(void)
{
    DlcFit f = plain;
    f.test = NULL;
    calls = 0;
    CHECK(fit(&f, "--epochs=1", "--limit=50", NULL) == 0);
    CHECK(calls == 6 + 1);
    CHECK(last_n == 5);
    f.valid_share = 0;
    calls = 0;
    CHECK(fit(&f, "--epochs=2", "--limit=17", NULL) == 0);
    CHECK(calls == 2 * 3);
    CHECK(last_n == 1);
    CHECK(strstr(out, "valid") == NULL);
}

/* The third epoch is the best; two more without a better one end it. */
static void test_stops(void)
{
    static const double acc[] = {0.5, 0.6, 0.9, 0.8, 0.9, 0.1, 0.1};
    DlcFit f = plain;
    f.test = NULL;
    f.stop_metric = "acc";
    f.stop_sign = -1;
    f.stop_patience = 2;
    fake_evals = acc;
    CHECK(fit(&f, "--limit=80", "--save=best.safetensors", NULL) == 0);
    fake_evals = NULL;
    CHECK_HAS(out, "epoch 5/30");
    CHECK(strstr(out, "epoch 6/30") == NULL);
    CHECK_HAS(out, "stopped: no better acc in 2 epochs");
    CHECK_HAS(out, "best: epoch 3  acc 0.9000");
    f.stop_metric = NULL;
    CHECK(fit(&f, "--limit=80", "--epochs=3", "--save=3.safetensors", NULL) ==
          0);
    char best[2000], third[2000];
    long n = read_bytes("best.safetensors", best, sizeof best);
    CHECK(read_bytes("3.safetensors", third, sizeof third) == n);
    CHECK(memcmp(best, third, (size_t)n) == 0);
}

static void test_wrong_data(void)
{
    DlcError e = {0};
    int32_t labels[100] = {0};
    labels[42] = 3;
    CHECK(dlc_npy_save("bad.npy", DLC_I32, 1, (int64_t[]){100}, labels, &e));
    DlcData data[] = {{"x", "x.npy"}, {"y", "bad.npy"}, {0}};
    DlcFit f = plain;
    f.train = data;
    CHECK(fit(&f, NULL) == 1);
    CHECK(strcmp(err, "dlc fit: error: bad.npy: sample 42: 3 is out of range "
                      "for 'y' (0..2)\n") == 0);
    labels[42] = 0;
    CHECK(dlc_npy_save("bad.npy", DLC_I32, 1, (int64_t[]){99}, labels, &e));
    CHECK(fit(&f, NULL) == 1);
    CHECK_HAS(err, "bad.npy: 99 samples, but the input before has 100");
    data[1].path = "x.npy";
    CHECK(fit(&f, NULL) == 1);
    CHECK_HAS(err, "x.npy: shape [100, 4] does not fit 'y', which is "
                   "int<3>[N]");
    data[1] = (DlcData){0};
    CHECK(fit(&f, NULL) == 1);
    CHECK_HAS(err, "no training data for input 'y', which 'step' needs");
    data[0] = (DlcData){NULL, "imagenet"};
    CHECK(fit(&f, NULL) == 1);
    CHECK_HAS(err, "unknown data set 'imagenet'");
    data[0] = (DlcData){"z", "x.npy"};
    CHECK(fit(&f, NULL) == 1);
    CHECK_HAS(err, "no input is called 'z'");
}

/* A known data set: IDX files, bytes as reals in 0..1, a test part, names
 * of classes, found through DLC_DATA_DIR. */
static void test_known(void)
{
    unsigned char images[16 + 40] = {0, 0, 8, 3, 0, 0, 0, 10,
                                     0, 0, 0, 2, 0, 0, 0, 2};
    unsigned char labels[8 + 10] = {0, 0, 8, 1, 0, 0, 0, 10};
    static const DlcData data[] = {{NULL, "fashion-mnist"}, {0}};
    DlcFit f = {.train = data, .runs = runs, .epochs = 50};
    for (int i = 0; i < 10; i++) {
        images[16 + 4 * i + i % 3] = 255;
        labels[8 + i] = (unsigned char)(i % 3);
    }
    mkdir("fashion-mnist", 0777);
    remove("fashion-mnist/t10k-labels-idx1-ubyte"); /* of an earlier run */
    write_bytes("fashion-mnist/train-images-idx3-ubyte", images, 56);
    write_bytes("fashion-mnist/train-labels-idx1-ubyte", labels, 18);
    write_bytes("fashion-mnist/t10k-images-idx3-ubyte", images, 56);
    setenv("DLC_DATA_DIR", ".", 1);
    CHECK(fit(&f, "--quiet", NULL) == 1);
    CHECK_HAS(err, "data set 'fashion-mnist': no file "
                   "'t10k-labels-idx1-ubyte.gz'\n      help: install");
    write_bytes("fashion-mnist/t10k-labels-idx1-ubyte", labels, 18);
    CHECK(fit(&f, "--quiet", "--show=4", NULL) == 0);
    CHECK_HAS(out, "test: J 0.0");
    CHECK_HAS(out, "acc 1.0000\n\n+  ");
    CHECK_HAS(out, "T-shirt/top 9");
    CHECK_HAS(out, "true: trouser  ");
    CHECK(strstr(out, "wrong") == NULL);
    setenv("DLC_DATA_DIR", "fashion-mnist", 1);
    CHECK(fit(&f, "--quiet", NULL) == 0);
}

static void test_nan(void)
{
    double kept = rate;
    rate = 1e38;
    remove("nan.safetensors");
    CHECK(fit(&plain, "--save=nan.safetensors", NULL) == 1);
    rate = kept;
    CHECK_HAS(err, "dlc fit: error: the loss J is ");
    CHECK_HAS(err, " in epoch ");
    CHECK_HAS(err, "      help: ");
    CHECK(access("nan.safetensors", F_OK) != 0);
}

static void test_options(void)
{
    CHECK(fit(&plain, "--epoch=1", NULL) == 2);
    CHECK_HAS(err, "unknown option '--epoch=1'");
    CHECK(fit(&plain, "--epochs=x", NULL) == 2);
    CHECK(fit(&plain, "--epochs=-1", NULL) == 2);
    CHECK(fit(&plain, "--seed=99999999999999999999", NULL) == 2);
    CHECK(fit(&plain, "--save", NULL) == 2);
    CHECK_HAS(err, "--save needs a value");
    DlcFit f = plain;
    f.stop_metric = "acc";
    f.valid_share = 0;
    CHECK(fit(&f, NULL) == 1);
    CHECK_HAS(err, "'stop' needs held-out data");
    CHECK(fit(&plain, "--save=no/folder/w", NULL) == 1);
    CHECK(out[0] == 0); /* before the training, not after it */
    CHECK_HAS(err, "no/folder/w: cannot write");
}

int main(int argc, char **argv)
{
    (void)argc;
    enter_folder(argv[0]);
    make_data(100, "x.npy", "y.npy");
    make_data(40, "tx.npy", "ty.npy");
    test_learns();
    test_short_batch();
    test_stops();
    test_wrong_data();
    test_known();
    test_nan();
    test_options();
    return finish();
}
