// dlc_run_main calls one entry on arrays from files and writes what was
// asked for; wrong names, shapes and files are errors that say so.
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -lz -lm -o %t
// RUN: %t

#include "driver.h"

#include "softmax.h"

#include "check.h"

/* Runs an entry with options up to a NULL; output ends up in out and err. */
static int run(const char *first, ...)
{
    char *argv[20];
    va_list list;
    va_start(list, first);
    int argc = collect(argv, first, list);
    va_end(list);
    begin_capture();
    int code = dlc_run_main(&model, argc, argv);
    end_capture();
    return code;
}

static void save(const char *path, DlcElem elem, int rank, const int64_t *dims,
                 const void *data)
{
    DlcError e = {0};
    CHECK(dlc_npy_save(path, elem, rank, dims, data, &e));
}

static void make_files(void)
{
    static float x[80];
    static int32_t y[20];
    for (int i = 0; i < 80; i++)
        x[i] = (float)(i * 37 % 11) / 11;
    for (int i = 0; i < 20; i++)
        y[i] = i % 3;
    save("x.npy", DLC_F32, 4, (int64_t[]){5, 1, 2, 2}, x);
    save("y.npy", DLC_I32, 1, (int64_t[]){5}, y);
    save("x20.npy", DLC_F32, 2, (int64_t[]){20, 4}, x);
    save("y20.npy", DLC_I32, 1, (int64_t[]){20}, y);
    save("x_second.npy", DLC_F32, 2, (int64_t[]){8, 4}, x + 32);
    save("y_second.npy", DLC_I32, 1, (int64_t[]){8}, y + 8);
    y[3] = -1;
    save("bad.npy", DLC_I32, 1, (int64_t[]){5}, y);
    save("wide.npy", DLC_F32, 2, (int64_t[]){5, 5}, x);
}

static double scalar(const char *path)
{
    DlcArray a;
    DlcError e = {0};
    double value = -1;
    CHECK(dlc_array_load(&a, path, &e));
    CHECK(a.rank == 0 && a.type == DLC_TYPE_F64);
    if (a.count == 1)
        dlc_array_read(&a, 0, 1, DLC_F64, &value);
    dlc_array_free(&a);
    return value;
}

static void test_infer(void)
{
    DlcArray a;
    DlcError e = {0};
    float p[15];
    CHECK(run("--entry=infer", "--seed=3", "--input", "x=x.npy", "--output",
              "p=p.npy", NULL) == 0);
    CHECK(out[0] == 0 && err[0] == 0);
    CHECK(dlc_array_load(&a, "p.npy", &e));
    CHECK(a.rank == 2 && a.dims[0] == 5 && a.dims[1] == 3);
    dlc_array_read(&a, 0, 15, DLC_F32, p);
    for (int i = 0; i < 15; i += 3)
        CHECK(fabs((double)p[i] + (double)p[i + 1] + (double)p[i + 2] - 1) <
              1e-6);
    dlc_array_free(&a);
    CHECK(run("--input=x=x.npy", NULL) == 0); /* infer when nothing is said */
    CHECK(run("--input=x=x20.npy", "--batch=7", "--output=p=p.npy", NULL) == 0);
    CHECK(last_n == 7);
}

static void test_eval(void)
{
    char line[100];
    CHECK(run("--entry=eval", "--input=x=x.npy", "--input=y=y.npy",
              "--output=J=J.npy", NULL) == 0);
    snprintf(line, sizeof line, "J %.9g\nacc ", scalar("J.npy"));
    CHECK(strncmp(out, line, strlen(line)) == 0);
    CHECK(access("acc.npy", F_OK) != 0);
}

/* Two steps over 20 rows take rows 0..7, then 8..15; the third the first
 * again. The same in two runs through weights and state files. */
static void test_steps(void)
{
    char one[4000], two[4000];
    DlcArray a;
    DlcError e = {0};
    CHECK(run("--entry=step", "--steps=3", "--input=x=x20.npy",
              "--input=y=y20.npy", "--save-weights=a.safetensors",
              "--save-state=as.safetensors", "--losses=l.npy", NULL) == 0);
    CHECK(last_n == 8);
    CHECK(dlc_array_load(&a, "l.npy", &e));
    CHECK(a.rank == 2 && a.dims[0] == 3 && a.dims[1] == 1);
    double l[3];
    dlc_array_read(&a, 0, 3, DLC_F64, l);
    CHECK(fabs(l[0] - 1.1) < 0.1);
    dlc_array_free(&a);

    CHECK(run("--entry=step", "--steps=1", "--input=x=x20.npy",
              "--input=y=y20.npy", "--save-weights=b.safetensors",
              "--save-state=bs.safetensors", NULL) == 0);
    CHECK(run("--entry=step", "--input=x=x_second.npy",
              "--input=y=y_second.npy", "--weights=b.safetensors",
              "--load-state=bs.safetensors", "--save-weights=b.safetensors",
              "--save-state=bs.safetensors", "--losses=l2.npy", NULL) == 0);
    CHECK(dlc_array_load(&a, "l2.npy", &e));
    double second;
    dlc_array_read(&a, 0, 1, DLC_F64, &second);
    CHECK(second == l[1]);
    dlc_array_free(&a);
    CHECK(run("--entry=step", "--input=x=x20.npy", "--input=y=y20.npy",
              "--weights=b.safetensors", "--load-state=bs.safetensors",
              "--save-weights=b.safetensors", "--save-state=bs.safetensors",
              NULL) == 0);
    long n = read_bytes("a.safetensors", one, sizeof one);
    CHECK(read_bytes("b.safetensors", two, sizeof two) == n);
    CHECK(memcmp(one, two, (size_t)n) == 0);
    n = read_bytes("as.safetensors", one, sizeof one);
    CHECK(read_bytes("bs.safetensors", two, sizeof two) == n);
    CHECK(memcmp(one, two, (size_t)n) == 0);
    CHECK_HAS(one + 8, "\"iter\":{\"dtype\":\"I32\",\"shape\":[]");

    CHECK(run("--entry=step", "--batch=3", "--input=x=x.npy", "--input=y=y.npy",
              NULL) == 0);
    CHECK(last_n == 3);
}

static void test_wrong(void)
{
    remove("no.npy");
    CHECK(run("--entry=infer", "--output=p=no.npy", NULL) == 1);
    CHECK(strcmp(err, "dlc run: error: no data for input 'x'\n"
                      "      help: --input x=FILE.npy\n") == 0);
    CHECK(run("--input=x=x20.npy", "--output=p=no.npy", NULL) == 1);
    CHECK_HAS(err, "20 samples, but the model takes at most 8");
    CHECK(run("--input=x=wide.npy", "--output=p=no.npy", NULL) == 1);
    CHECK_HAS(err, "wide.npy: shape [5, 5] does not fit 'x', which is "
                   "f32[N, 1, 2, 2]");
    CHECK(run("--entry=eval", "--input=x=x.npy", "--input=y=bad.npy", NULL) ==
          1);
    CHECK_HAS(err, "bad.npy: sample 3: -1 is out of range for 'y' (0..2)");
    CHECK(run("--entry=eval", "--input=x=x.npy", "--input=y=x.npy", NULL) == 1);
    CHECK(run("--entry=eval", "--input=x=x.npy", "--input=y=y20.npy", NULL) ==
          1);
    CHECK_HAS(err, "y20.npy: 20 rows, but another input has 5");
    CHECK(run("--entry=train", NULL) == 1);
    CHECK_HAS(err, "no entry 'train'\n      help: it has: infer eval step");
    CHECK(run("--input=z=x.npy", NULL) == 1);
    CHECK(run("--input=x=x.npy", "--output=J=no.npy", NULL) == 1);
    CHECK_HAS(err, "entry 'infer' has no output 'J'");
    CHECK(run("--input=x=x.npy", "--weights=x.npy", "--output=p=no.npy",
              NULL) == 1);
    CHECK_HAS(err, "x.npy: ");
    CHECK(run("--input=x=x.npy", "--weights=none", NULL) == 1);
    CHECK(run("--input=x=x.npy", "--batch=9", NULL) == 1);
    CHECK(run("--input=x=x.npy", "--batch=6", NULL) == 1);
    CHECK(run("--entry=eval", "--input=x=x.npy", "--input=y=y.npy",
              "--output=J=no.npy", "--output=acc=no/folder.npy", NULL) == 1);
    CHECK_HAS(err, "no/folder.npy: cannot write: No such file");
    CHECK(access("no.npy", F_OK) != 0);
}

static void test_usage(void)
{
    CHECK(run("--bad", NULL) == 2);
    CHECK_HAS(err, "dlc run: error: unknown option '--bad'\n      help: ");
    CHECK(run("--input=x", NULL) == 2);
    CHECK(run("--input==x.npy", NULL) == 2);
    CHECK(run("--input=x=a", "--input=x=b", NULL) == 2);
    CHECK(run("--steps=0", NULL) == 2);
    CHECK(run("--input=x=x.npy", "--steps=2", NULL) == 2);
    CHECK_HAS(err, "--steps: 'infer' is not a training step");
    CHECK(run("--entry", NULL) == 2);
    CHECK(run("--list", NULL) == 0);
    CHECK_HAS(out, "model softmax\nN <= 8\nparam W  f32[3, 4]\n");
    CHECK_HAS(out, "input y  int<3>[N]\nentry infer(x)\n  output p  f32[N, 3]");
    CHECK_HAS(out, "entry step(x, y)\n  loss J\n  state W.m  f32[3, 4]");
}

int main(int argc, char **argv)
{
    (void)argc;
    enter_folder(argv[0]);
    make_files();
    test_infer();
    test_eval();
    test_steps();
    test_wrong();
    test_usage();
    return finish();
}
