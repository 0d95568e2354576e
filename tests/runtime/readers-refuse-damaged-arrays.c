// Arrays of every supported kind are read; damaged ones are errors.
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -lz -lm -o %t
// RUN: %t

#include <zlib.h>

#include "driver.h"

#include "check.h"

static unsigned char npy[512];

/* A .npy file in memory from a header and n bytes of data. */
static size_t make_npy(const char *header, const void *data, size_t n)
{
    size_t length = strlen(header);
    memcpy(npy, "\x93NUMPY\x01\x00", 8);
    npy[8] = (unsigned char)length;
    npy[9] = (unsigned char)(length >> 8);
    memcpy(npy + 10, header, length);
    memcpy(npy + 10 + length, data, n);
    return 10 + length + n;
}

#define HEAD(descr, order, shape)                                             \
    "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", " \
    "}\n"

static void refuse(const char *header, size_t n, const char *message)
{
    unsigned char zeros[256] = {0};
    DlcArray a;
    DlcError e = {0};
    CHECK(!dlc_npy_parse(&a, npy, make_npy(header, zeros, n), &e));
    CHECK_HAS(e.text, message);
}

static void test_npy_types(void)
{
    const float f[2] = {1.5f, -2};
    const int64_t big[2] = {-3, 5000000000};
    const signed char bytes[2] = {-1, 7};
    const unsigned char turned[4] = {0, 0, 1, 2};
    DlcArray a;
    DlcError e = {0};
    double r[2];
    size_t n = make_npy(HEAD("<f4", "False", "(2,)"), f, 8);
    CHECK(dlc_npy_parse(&a, npy, n, &e));
    CHECK(a.rank == 1 && a.dims[0] == 2 && a.count == 2);
    dlc_array_read(&a, 0, 2, DLC_F64, r);
    CHECK(r[0] == 1.5 && r[1] == -2);

    DlcTensor y = {.name = "y", .elem = DLC_I32, .rank = 1, .dims = {-1}};
    n = make_npy(HEAD("<i8", "False", "(1, 2)"), big, 16);
    CHECK(dlc_npy_parse(&a, npy, n, &e));
    CHECK(!dlc_array_check(&a, &y, 1, &e));
    CHECK_HAS(e.text, "sample 1: 5000000000 is out of range for 'y'");
    a.count = 1;
    CHECK(dlc_array_check(&a, &y, 1, &e));
    int32_t i32;
    dlc_array_read(&a, 0, 1, DLC_I32, &i32);
    CHECK(i32 == -3);

    n = make_npy(HEAD("|i1", "False", "(2,)"), bytes, 2);
    CHECK(dlc_npy_parse(&a, npy, n, &e));
    dlc_array_read(&a, 0, 2, DLC_F64, r);
    CHECK(r[0] == -1 && r[1] == 7);

    n = make_npy(HEAD("|u1", "False", "(2,)"), bytes, 2);
    CHECK(dlc_npy_parse(&a, npy, n, &e));
    dlc_array_read(&a, 0, 2, DLC_F64, r);
    CHECK(r[0] == 1 && r[1] == 7 / 255.0);

    n = make_npy(HEAD(">i4", "False", "()"), turned, 4);
    CHECK(dlc_npy_parse(&a, npy, n, &e));
    CHECK(a.rank == 0 && a.count == 1);
    dlc_array_read(&a, 0, 1, DLC_I32, &i32);
    CHECK(i32 == 258);

    n = make_npy(HEAD("|b1", "False", "(0, 5)"), bytes, 0);
    CHECK(dlc_npy_parse(&a, npy, n, &e));
    CHECK(a.count == 0);
}

static void test_npy_damage(void)
{
    refuse(HEAD("<f4", "True", "(2,)"), 8, "Fortran order");
    refuse(HEAD("<f2", "False", "(2,)"), 4, "'<f2' is not supported");
    refuse(HEAD("|f4", "False", "(2,)"), 8, "not supported");
    refuse(HEAD("<f4", "False", "(3,)"), 8, "cut short: float32[3] takes 12");
    refuse(HEAD("<f4", "False", "(1,)"), 8, "too long: float32[1] takes 4");
    refuse(HEAD("<f4", "False", "(2)"), 8, "shape");
    refuse(HEAD("<f4", "False", "(-1,)"), 8, "shape");
    refuse(HEAD("<f4", "False", "(1 2)"), 8, "shape");
    refuse(HEAD("<f4", "False", "(4294967296, 4294967296)"), 8, "overflows");
    refuse(HEAD("<f4", "False", "(99999999999999999999,)"), 8, "shape");
    refuse(HEAD("<f4", "False", "(0, 4294967296, 4294967296)"), 0, "overflows");
    refuse(HEAD("<f4", "False", "(1,1,1,1,1,1,1,1,1)"), 4, "axes");
    refuse(HEAD("<f4", "False", "(2,)") "x", 8, "after its end");
    refuse("{'descr': '<f4', 'shape': (2,), }", 8, "no 'fortran_order'");
    refuse("{'descr': '<f4', 'descr': '<f4'}", 8, "key 'descr'");
    refuse("{'descr': [('a', '<f4')], }", 8, "structured");
    refuse("", 0, "not a dictionary");
}

/* Shortening anywhere, or changing any byte of the header, must never be
 * read as the same array, and never crash. */
static void test_npy_bytes(void)
{
    const float f[3] = {1, 2, 3};
    DlcArray a;
    DlcError e = {0};
    size_t n = make_npy(HEAD("<f4", "False", "(3,)"), f, 12);
    for (size_t k = 0; k < n; k++) {
        unsigned char *copy = malloc(k + 1); /* exact, for ASan */
        memcpy(copy, npy, k);
        CHECK(!dlc_npy_parse(&a, copy, k, &e));
        free(copy);
    }
    for (size_t k = 0; k < n - 12; k++) {
        for (int bit = 0; bit < 8; bit++) {
            npy[k] ^= (unsigned char)(1 << bit);
            if (dlc_npy_parse(&a, npy, n, &e))
                CHECK(a.count * (int64_t)dlc_type_size(a.type) == 12);
            npy[k] ^= (unsigned char)(1 << bit);
        }
    }
}

static void test_idx(void)
{
    unsigned char file[16] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 51, 255};
    DlcArray a;
    DlcError e = {0};
    float r[4];
    CHECK(dlc_idx_parse(&a, file, 16, &e));
    CHECK(a.rank == 2 && a.dims[1] == 2);
    dlc_array_read(&a, 0, 4, DLC_F32, r);
    CHECK(r[0] == 0 && r[1] == 0.2f && r[2] == 1);
    for (size_t k = 0; k < 16; k++) {
        unsigned char *copy = malloc(k + 1);
        memcpy(copy, file, k);
        CHECK(!dlc_idx_parse(&a, copy, k, &e));
        free(copy);
    }
    file[4] = 0xff;
    CHECK(!dlc_idx_parse(&a, file, 16, &e));
    CHECK_HAS(e.text, "cut short: uint8[4278190082, 2] takes 8556380164");
    file[2] = 7;
    CHECK(!dlc_idx_parse(&a, file, 16, &e));
    CHECK_HAS(e.text, "type 0x07");
    file[3] = 200;
    file[2] = 8;
    CHECK(!dlc_idx_parse(&a, file, 16, &e));
    CHECK_HAS(e.text, "200 axes");
}

static size_t compress_to(unsigned char *to, size_t size, const void *data,
                          size_t n)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)n;
    z.next_out = to;
    z.avail_out = (uInt)size;
    CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&z);
    return size - z.avail_out;
}

static void test_gzip(void)
{
    const float f[3] = {1, 2, 3};
    unsigned char gz[2048];
    DlcBytes plain;
    DlcError e = {0};
    size_t n = make_npy(HEAD("<f4", "False", "(3,)"), f, 12);
    size_t size = compress_to(gz, sizeof gz, npy, n);
    CHECK(dlc_gunzip_parse(gz, size, &plain, &e));
    CHECK(plain.size == n && memcmp(plain.data, npy, n) == 0);
    free(plain.data);
    for (size_t k = 0; k < size; k++) {
        unsigned char *copy = malloc(k + 1);
        memcpy(copy, gz, k);
        CHECK(!dlc_gunzip_parse(copy, k, &plain, &e));
        free(copy);
    }
    /* After the header the CRC catches all but the last bits, which no one
     * reads. */
    for (size_t k = 10; k < size; k++) {
        gz[k] ^= 0x10;
        if (dlc_gunzip_parse(gz, size, &plain, &e))
            CHECK(plain.size == n && memcmp(plain.data, npy, n) == 0);
        free(plain.data);
        gz[k] ^= 0x10;
    }
    gz[size] = 'x';
    CHECK(!dlc_gunzip_parse(gz, size + 1, &plain, &e));
    CHECK_HAS(e.text, "after the end");
    memcpy(gz + size, gz, size); /* two members */
    CHECK(dlc_gunzip_parse(gz, 2 * size, &plain, &e));
    CHECK(plain.size == 2 * n);
    free(plain.data);
}

static void test_files(void)
{
    DlcArray a;
    DlcError e = {0};
    const double d[6] = {1, 2, 3, 4, 5, 6};
    const int64_t dims[2] = {2, 3};
    unsigned char gz[2048];
    char file[2048];
    CHECK(dlc_npy_save("d.npy", DLC_F64, 2, dims, d, &e));
    CHECK(dlc_array_load(&a, "d.npy", &e));
    CHECK(a.type == DLC_TYPE_F64 && a.rank == 2 && a.dims[1] == 3);
    CHECK((a.data - (unsigned char *)a.owner) % 64 == 0);
    dlc_array_free(&a);
    long n = read_bytes("d.npy", file, sizeof file);
    write_bytes("d.npy.gz", gz, compress_to(gz, sizeof gz, file, (size_t)n));
    CHECK(dlc_array_load(&a, "d.npy.gz", &e));
    CHECK(a.count == 6);
    dlc_array_free(&a);
    CHECK(!dlc_array_load(&a, "none.npy", &e));
    CHECK_HAS(e.text, "none.npy: cannot open: No such file");
    write_bytes("empty.npy", "", 0);
    CHECK(!dlc_array_load(&a, "empty.npy", &e));
    CHECK_HAS(e.text, "empty.npy: the file is empty");
    write_bytes("text.npy", "hello", 5);
    CHECK(!dlc_array_load(&a, "text.npy", &e));
    CHECK_HAS(e.text, "neither");
    CHECK(!dlc_array_load(&a, ".", &e));
    CHECK(!dlc_npy_save("no/such/folder.npy", DLC_F64, 2, dims, d, &e));
    CHECK_HAS(e.text, "no/such/folder.npy: cannot write");
    CHECK(dlc_npy_save("/dev/null", DLC_F64, 2, dims, d, &e));
    struct stat status;
    CHECK(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
}

static bool matches(int rank, const int64_t *dims, bool sampled)
{
    DlcTensor t = {.name = "x", .rank = 4, .dims = {-1, 1, 28, 28}};
    DlcArray a = {.rank = rank, .count = 1};
    DlcError e = {0};
    memcpy(a.dims, dims, (size_t)rank * sizeof *dims);
    if (!sampled)
        t.dims[0] = 5;
    return dlc_array_match(&a, &t, sampled, &e);
}

static void test_shapes(void)
{
    CHECK(matches(3, (int64_t[]){60, 28, 28}, true));
    CHECK(matches(4, (int64_t[]){60, 28, 28, 1}, true));
    CHECK(matches(2, (int64_t[]){60, 784}, true));
    CHECK(!matches(2, (int64_t[]){784, 60}, true));
    CHECK(!matches(3, (int64_t[]){60, 56, 14}, true));
    CHECK(!matches(1, (int64_t[]){60}, true));
    CHECK(matches(3, (int64_t[]){5, 28, 28}, false));
    CHECK(!matches(3, (int64_t[]){28, 28, 5}, false));
    CHECK(!matches(0, (int64_t[]){0}, true));
}

int main(int argc, char **argv)
{
    (void)argc;
    enter_folder(argv[0]);
    test_npy_types();
    test_npy_damage();
    test_npy_bytes();
    test_idx();
    test_gzip();
    test_files();
    test_shapes();
    return finish();
}
