// The readers take any bytes without a crash, and what they accept can be
// converted. With libFuzzer (cc: clang -fsanitize=fuzzer,address,undefined
// -DFUZZER) this is a fuzz target; here it changes good files at random.
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -lz -lm -o %t
// RUN: %t

#include "driver.h"

#include <zlib.h>

#include "check.h"

/* Touches every byte of an array through the conversions. */
static void use(const DlcArray *a)
{
    DlcTensor t = {.name = "t", .elem = DLC_I32, .rank = 1, .dims = {-1}};
    DlcError e = {0};
    int64_t count = a->count < 1000 ? a->count : 1000;
    double wide[1000];
    float real[1000];
    int32_t integer[1000];
    dlc_array_read(a, a->count - count, count, DLC_F64, wide);
    dlc_array_read(a, a->count - count, count, DLC_F32, real);
    if (dlc_array_check(a, &t, 1, &e))
        dlc_array_read(a, 0, count, DLC_I32, integer);
    t.dims[1] = 784;
    t.rank = 2;
    dlc_array_match(a, &t, true, &e);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    DlcError e = {0};
    DlcArray a;
    DlcBytes plain;
    DlcWeights w;
    if (dlc_npy_parse(&a, data, size, &e))
        use(&a);
    if (dlc_idx_parse(&a, data, size, &e))
        use(&a);
    if (dlc_gunzip_parse(data, size, &plain, &e)) {
        if (dlc_array_parse(&a, plain.data, plain.size, &e))
            use(&a);
        free(plain.data);
    }
    if (dlc_safetensors_parse(&w, data, size, &e))
        for (int i = 0; i < w.count; i++)
            use(&w.items[i].array);
    dlc_weights_free(&w);
    return 0;
}

#ifndef FUZZER

static uint32_t random_state = 1;

static size_t pick(size_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return below ? (random_state >> 8) % below : 0;
}

static void change(unsigned char *data, size_t *size)
{
    for (size_t turns = 1 + pick(4); turns > 0 && *size > 0; turns--) {
        size_t at = pick(*size), length = 1 + pick(*size - at);
        switch (pick(5)) {
        case 0:
            data[at] = (unsigned char)pick(256);
            break;
        case 1:
            data[at] ^= (unsigned char)(1u << pick(8));
            break;
        case 2: /* drop a part */
            memmove(data + at, data + at + length, *size - at - length);
            *size -= length;
            break;
        case 3: /* copy a part over another */
            memmove(data + pick(*size - length + 1), data + at, length);
            break;
        default:
            data[at] = (unsigned char)"09{}[]\"',:\\("[pick(13)];
        }
    }
}

static void fuzz(const void *good, size_t size, int turns)
{
    for (int i = 0; i < turns; i++) {
        size_t length = size;
        unsigned char *data = malloc(size);
        memcpy(data, good, size);
        change(data, &length);
        unsigned char *exact = malloc(length + 1); /* for ASan */
        memcpy(exact, data, length);
        LLVMFuzzerTestOneInput(exact, length);
        free(exact);
        free(data);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    static const float values[6] = {1, 2, 3, 4, 5, 6};
    static const DlcTensor tensors[] = {
        {.name = "conv1.w", .rank = 2, .dims = {2, 3}},
        {.name = "iter", .elem = DLC_I32},
    };
    static const unsigned char idx[] = {0, 0, 8, 2, 0, 0, 0, 2,
                                        0, 0, 0, 2, 1, 2, 3, 4};
    char file[4096];
    DlcError e = {0};
    enter_folder(argv[0]);
    CHECK(dlc_npy_save("a.npy", DLC_F32, 2, (int64_t[]){2, 3}, values, &e));
    CHECK(dlc_store_save("w", tensors, 2, values, &e));
    long n = read_bytes("a.npy", file, sizeof file);
    fuzz(file, (size_t)n, 20000);
    n = read_bytes("w", file, sizeof file);
    fuzz(file, (size_t)n, 20000);
    fuzz(idx, sizeof idx, 5000);
    gzFile gz = gzopen("a.gz", "wb");
    CHECK(gz && gzwrite(gz, idx, sizeof idx) == sizeof idx);
    CHECK(gz && gzclose(gz) == Z_OK);
    n = read_bytes("a.gz", file, sizeof file);
    fuzz(file, (size_t)n, 5000);
    return finish();
}

#endif
