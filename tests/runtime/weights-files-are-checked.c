// Tensors of a struct survive a safetensors file; a wrong file is an error
// that says what is wrong and leaves the struct as it was.
// RUN: %cc -std=c11 -I%runtime %s %build/libruntime.a -lz -lm -o %t
// RUN: %t

#include "driver.h"

#include "check.h"

typedef struct Box {
    float w[2][3];
    double d;
    int32_t i[2];
    uint8_t u[3];
} Box;

static const DlcTensor tensors[] = {
    {.name = "u",
     .elem = DLC_U8,
     .rank = 1,
     .dims = {3},
     .offset = offsetof(Box, u)},
    {.name = "enc.w", .rank = 2, .dims = {2, 3}, .offset = offsetof(Box, w)},
    {.name = "d", .elem = DLC_F64, .offset = offsetof(Box, d)},
    {.name = "a\"b\\",
     .elem = DLC_I32,
     .rank = 1,
     .dims = {2},
     .offset = offsetof(Box, i)},
};

static const Box sample = {
    {{1, 2, 3}, {4, 5, 6}}, 0.1, {-1, 2000000000}, {0, 7, 255}};

static char file[4096];
static size_t file_size;

static void make_file(void)
{
    DlcError e = {0};
    CHECK(dlc_store_save("box.safetensors", tensors, 4, &sample, &e));
    long n = read_bytes("box.safetensors", file, sizeof file);
    CHECK(n > 0);
    file_size = (size_t)n;
}

static bool equal(const Box *a, const Box *b)
{
    return memcmp(a->w, b->w, sizeof a->w) == 0 && a->d == b->d &&
           memcmp(a->i, b->i, sizeof a->i) == 0 &&
           memcmp(a->u, b->u, sizeof a->u) == 0;
}

static void test_round_trip(void)
{
    Box box;
    DlcError e = {0};
    memset(&box, 0, sizeof box);
    CHECK(dlc_store_load("box.safetensors", tensors, 4, &box, &e));
    CHECK(equal(&box, &sample));
}

/* Every shorter file is an error; no changed bit crashes the reader. */
static void test_bytes(void)
{
    DlcWeights w;
    DlcError e = {0};
    uint64_t header = (unsigned char)file[0] + 256u * (unsigned char)file[1];
    for (size_t k = 0; k < file_size; k++) {
        unsigned char *copy = malloc(k + 1);
        memcpy(copy, file, k);
        CHECK(!dlc_safetensors_parse(&w, copy, k, &e));
        dlc_weights_free(&w);
        free(copy);
    }
    for (size_t k = 0; k < 8 + header; k++) {
        for (int bit = 0; bit < 8; bit++) {
            file[k] = (char)(file[k] ^ (1 << bit));
            dlc_safetensors_parse(&w, (unsigned char *)file, file_size, &e);
            dlc_weights_free(&w);
            file[k] = (char)(file[k] ^ (1 << bit));
        }
    }
}

static void write_weights(const char *json, size_t data)
{
    char bytes[2048] = {0};
    size_t length = strlen(json);
    bytes[0] = (char)length;
    bytes[1] = (char)(length >> 8);
    memcpy(bytes + 8, json, length);
    write_bytes("w.safetensors", bytes, 8 + length + data);
}

static void refuse(const char *json, size_t data, const char *message)
{
    static const DlcTensor want[] = {
        {.name = "a", .rank = 1, .dims = {2}},
        {.name = "k", .elem = DLC_I32, .rank = 1, .dims = {1}, .offset = 8},
    };
    char box[16] = "unchanged";
    DlcError e = {0};
    write_weights(json, data);
    CHECK(!dlc_store_load("w.safetensors", want, 2, box, &e));
    CHECK_HAS(e.text, "w.safetensors: ");
    CHECK_HAS(e.text, message);
    CHECK(strcmp(box, "unchanged") == 0);
}

#define A "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}"
#define K "\"k\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[8,12]}"
#define T(dtype, shape, offsets)                       \
    "{\"a\":{\"dtype\":\"" dtype "\",\"shape\":" shape \
    ",\"data_offsets\":" offsets "}," K "}"

static void test_contents(void)
{
    refuse("{" A "}", 8, "no tensor 'k' (int[1])");
    refuse("{" A "," K ",\"z\":{\"dtype\":\"U8\",\"shape\":[1],"
           "\"data_offsets\":[12,13]}}",
           13, "tensor 'z' is not one of this model's");
    refuse(T("F32", "[1,2]", "[0,8]"), 12,
           "tensor 'a' is float32[1, 2], but f32[2] is needed");
    refuse(T("I32", "[2]", "[0,8]"), 12, "tensor 'a' is int32[2]");
    refuse(T("BF16", "[4]", "[0,8]"), 12, "dtype BF16 is not supported");
    refuse(T("F32", "[2]", "[0,9]"), 12, "tensor 'a': too long");
    refuse(T("F32", "[2]", "[4,8]"), 12, "after a hole");
    refuse(T("F32", "[2]", "[0,4]"), 12, "tensor 'a': cut short");
    refuse(T("F32", "[3]", "[0,8]"), 12, "tensor 'a': cut short");
    refuse(T("F32", "[1]", "[0,8]"), 12, "tensor 'a': too long");
    refuse(T("F32", "[2]", "[8,0]"), 12, "damaged");
    refuse(T("F32", "[4611686018427387904,4]", "[0,8]"), 12, "overflows");
    refuse(T("F32", "[99999999999999999999]", "[0,8]"), 12, "too large");
    refuse(T("F32", "[-2]", "[0,8]"), 12, "number expected");
    refuse(T("F32", "[02]", "[0,8]"), 12, "leading zero");
    refuse(T("F32", "[2,]", "[0,8]"), 12, "number expected");
    refuse(T("F32", "[2]", "[0,8],\"x\":1"), 12, "key 'x' is unknown");
    refuse(T("F32", "[2]", "[0,8],\"shape\":[2]"), 12, "is there twice");
    refuse("{" A "," K "}", 11, "cut short or damaged: tensor 'k'");
    refuse("{" A "," K "}", 13, "1 bytes after the last tensor");
    refuse(T("F32", "[3]", "[0,12]"), 12, "overlaps");
    refuse("{" A "," A "}", 8, "overlaps");
    refuse("{" A "," K ",}", 12, "'\"' expected");
    refuse("{" A "," K "} x", 12, "more after its end");
    refuse("{\"a\":{\"dtype\":\"F32\"}}", 0, "lacks");
    refuse("{\"\\ud800\":{}}", 0, "surrogate");
    refuse("{\"\\u0000\":{}}", 0, "bad \\u");
    refuse("{\"\xc0\x80\":{}}", 0, "bad character");
    refuse("{\"\xe0\x80\x80\":{}}", 0, "bad UTF-8");
    refuse("[1]", 0, "not a safetensors file");
    refuse("{\"a", 0, "without an end");
    refuse("", 0, "not a safetensors file");
}

/* What other programs write: spaces, metadata, other order, wider types. */
static void test_others(void)
{
    static const DlcTensor want[] = {
        {.name = "\xc3\xa9\xf0\x9f\x98\x80", .rank = 1, .dims = {1}},
        {.name = "k", .elem = DLC_I32, .offset = 4},
    };
    DlcError e = {0};
    char box[8] = "1234567";
    write_weights("{ \"__metadata__\" : { \"format\" : \"pt\" } , \"k\": "
                  "{\"data_offsets\": [8, 16], \"shape\": [ ], \"dtype\": "
                  "\"I64\"},\n\"\\u00e9\\ud83d\\ude00\":{\"dtype\":\"F64\","
                  "\"shape\":[1],\"data_offsets\":[0,8]}}   ",
                  16);
    CHECK(dlc_store_load("w.safetensors", want, 2, box, &e));
    CHECK(memcmp(box, "\0\0\0\0\0\0\0\0", 8) == 0);
}

int main(int argc, char **argv)
{
    (void)argc;
    enter_folder(argv[0]);
    make_file();
    test_round_trip();
    test_bytes();
    test_contents();
    test_others();
    return finish();
}
