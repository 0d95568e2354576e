// When any one allocation fails, fit and run end with a clear error, exit 1,
// without a leak or a file left behind.
// clang-format off
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=free -lz -lm -o %t
// RUN: %t
// clang-format on

#include "driver.h"

#include <zlib.h>

#include "softmax.h"

#include "check.h"

/* The linker's --wrap turns the names around, and reserves these. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void __wrap_free(void *p);

static int countdown = -1; /* the allocation that fails; -1: none */
static int live;           /* blocks allocated and not yet freed */

static bool fails(void)
{
    return countdown >= 0 && countdown-- == 0;
}

static void *count(void *p)
{
    live += p != NULL;
    return p;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : count(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : count(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t size)
{
    if (fails())
        return NULL;
    void *larger = __real_realloc(p, size);
    live += !p && larger;
    return larger;
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return fails() ? NULL : count(__real_aligned_alloc(align, size));
}

void __wrap_free(void *p)
{
    live -= p != NULL;
    __real_free(p);
}

static const DlcData train[] = {{"x", "x.npy.gz"}, {"y", "y.npy"}, {0}};
static const int runs[] = {2, -1};
static const DlcFit fit = {
    .train = train,
    .test = train,
    .valid_share = 0.25,
    .runs = runs,
    .epochs = 2,
    .stop_metric = "acc",
    .stop_sign = -1,
    .stop_patience = 5,
};

static int call(int which)
{
    static const char *const options[2][10] = {
        {"fit", "--save=new", "--load=w", "--show=2"},
        {"run", "--entry=step", "--input=x=x.npy.gz", "--input=y=y.npy",
         "--weights=w", "--save-weights=new", "--load-state=s",
         "--save-state=new2", "--losses=l.npy", "--output=J=j.npy"},
    };
    char *argv[10];
    for (int i = 0; i < 10; i++)
        argv[i] = (char *)(uintptr_t)options[which][i];
    return which ? dlc_run_main(&model, 10, argv)
                 : dlc_fit_main(&model, &fit, 4, argv);
}

static void make_files(void)
{
    DlcError e = {0};
    static const float x[80] = {1, 2, 3};
    static const int32_t y[20] = {1, 2};
    static const State zero;
    char file[1000];
    CHECK(dlc_npy_save("x.npy", DLC_F32, 2, (int64_t[]){20, 4}, x, &e));
    CHECK(dlc_npy_save("y.npy", DLC_I32, 1, (int64_t[]){20}, y, &e));
    CHECK(dlc_store_save("w", params, 2, &zero, &e));
    CHECK(dlc_store_save("s", states, 3, &zero, &e));
    long n = read_bytes("x.npy", file, sizeof file);
    gzFile gz = gzopen("x.npy.gz", "wb");
    CHECK(gz && gzwrite(gz, file, (unsigned)n) == n && gzclose(gz) == Z_OK);
}

int main(int argc, char **argv)
{
    (void)argc;
    enter_folder(argv[0]);
    make_files();
    for (int which = 0; which < 2; which++) {
        int code = 1, turn = 0;
        for (; code != 0 && turn < 1000; turn++) {
            remove("new");
            begin_capture();
            int before = live;
            countdown = turn;
            code = call(which);
            bool reached = countdown < 0;
            countdown = -1;
            CHECK(live == before);
            end_capture();
            /* stdio does without a buffer, so a call may still succeed. */
            if (code == 0 && reached)
                code = 2;
            else if (code != 0)
                CHECK_HAS(err, ": error: ");
            CHECK(code == 0 || code == 2 || access("new", F_OK) != 0);
        }
        CHECK(turn > 20 && turn < 1000);
    }
    return finish();
}
