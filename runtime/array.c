/* array: arrays as files hold them, and their way into a model's tensors.
 *
 * Elements stay in the file's type and byte order and are converted when a
 * batch is filled: 47 million bytes of images stay 47 megabytes.
 */
#include "driver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t size;
} types[] = {
    [DLC_TYPE_F32] = {"float32", 4}, [DLC_TYPE_F64] = {"float64", 8},
    [DLC_TYPE_I8] = {"int8", 1},     [DLC_TYPE_I16] = {"int16", 2},
    [DLC_TYPE_I32] = {"int32", 4},   [DLC_TYPE_I64] = {"int64", 8},
    [DLC_TYPE_U8] = {"uint8", 1},    [DLC_TYPE_BOOL] = {"bool", 1},
};

size_t dlc_type_size(DlcType type)
{
    return types[type].size;
}

const char *dlc_type_name(DlcType type)
{
    return types[type].name;
}

size_t dlc_elem_size(DlcElem elem)
{
    static const size_t sizes[] = {4, 8, 4, 1};
    return sizes[elem];
}

bool dlc_array_measure(DlcArray *a, size_t bytes, DlcError *e)
{
    /* The product of the sizes other than 0 is bounded too, so that any
     * product of some of them can be formed without a check. */
    int64_t count = 1;
    bool empty = false;
    for (int i = 0; i < a->rank; i++) {
        if (a->dims[i] == 0)
            empty = true;
        else if (a->dims[i] > INT64_MAX / 8 / count)
            return dlc_fail(e, "the array's size overflows");
        else
            count *= a->dims[i];
    }
    a->count = empty ? 0 : count;
    uint64_t need = (uint64_t)a->count * types[a->type].size;
    char shape[DLC_SHAPE_TEXT];
    dlc_shape_text(shape, a->dims, a->rank);
    if (bytes < need)
        return dlc_fail(
            e, "cut short: %s%s takes %" PRIu64 " bytes of data, there are %zu",
            types[a->type].name, shape, need, bytes);
    if (bytes > need)
        return dlc_fail(
            e, "too long: %s%s takes %" PRIu64 " bytes of data, there are %zu",
            types[a->type].name, shape, need, bytes);
    return true;
}

bool dlc_array_parse(DlcArray *a, const unsigned char *bytes, size_t size,
                     DlcError *e)
{
    *a = (DlcArray){0};
    if (size == 0)
        return dlc_fail(e, "the file is empty");
    if (bytes[0] == 0x93)
        return dlc_npy_parse(a, bytes, size, e);
    if (bytes[0] == 0)
        return dlc_idx_parse(a, bytes, size, e);
    return dlc_fail(e, "neither a .npy nor an IDX file");
}

bool dlc_array_load(DlcArray *a, const char *path, DlcError *e)
{
    DlcBytes file, plain;
    *a = (DlcArray){0};
    if (!dlc_file_read(path, &file, e))
        return false;
    if (dlc_is_gzip(file.data, file.size)) {
        bool ok = dlc_gunzip_parse(file.data, file.size, &plain, e);
        free(file.data);
        if (!ok)
            return dlc_fail_in(e, path);
        file = plain;
    }
    if (!dlc_array_parse(a, file.data, file.size, e)) {
        free(file.data);
        *a = (DlcArray){0};
        return dlc_fail_in(e, path);
    }
    a->owner = file.data;
    return true;
}

void dlc_array_free(DlcArray *a)
{
    free(a->owner);
    *a = (DlcArray){0};
}

const char *dlc_shape_text(char text[DLC_SHAPE_TEXT], const int64_t *dims,
                           int rank)
{
    size_t used = 1;
    text[0] = '[';
    for (int i = 0; i < rank; i++) {
        char size[24] = "N";
        if (dims[i] >= 0)
            snprintf(size, sizeof size, "%" PRId64, dims[i]);
        int more = snprintf(text + used, DLC_SHAPE_TEXT - used, "%s%s",
                            i ? ", " : "", size);
        used += (size_t)more;
    }
    text[used] = ']';
    text[used + 1] = 0;
    return text;
}

const char *dlc_tensor_text(char text[DLC_SHAPE_TEXT], const DlcTensor *t)
{
    static const char *const names[] = {"f32", "f64", "int", "bool"};
    char shape[DLC_SHAPE_TEXT], bound[32] = "";
    if (t->elem == DLC_I32 && t->bound > 0)
        snprintf(bound, sizeof bound, "<%" PRId64 ">", t->bound);
    dlc_shape_text(shape, t->dims, t->rank);
    if (t->rank == 0)
        shape[0] = 0;
    snprintf(text, DLC_SHAPE_TEXT, "%s%.30s%.160s", names[t->elem], bound,
             shape);
    return text;
}

int64_t dlc_tensor_count(const DlcTensor *t, int64_t n, int from)
{
    int64_t count = 1;
    for (int i = from; i < t->rank; i++)
        count *= t->dims[i] < 0 ? n : t->dims[i];
    return count;
}

/* Is each size of a the product of consecutive sizes of b? Ones are free. */
static bool merges(const int64_t *a, int na, const int64_t *b, int nb)
{
    int j = 0;
    for (int i = 0; i < na; i++) {
        if (a[i] == 1)
            continue;
        int64_t product = 1;
        while (j < nb && product < a[i])
            product *= b[j++];
        if (product != a[i])
            return false;
    }
    while (j < nb && b[j] == 1)
        j++;
    return j == nb;
}

bool dlc_array_match(const DlcArray *a, const DlcTensor *t, bool sampled,
                     DlcError *e)
{
    int from = sampled ? 1 : 0;
    bool ok = a->rank >= from && a->count > 0;
    if (ok) {
        const int64_t *x = a->dims + from, *y = t->dims + from;
        int nx = a->rank - from, ny = t->rank - from;
        ok = merges(x, nx, y, ny) || merges(y, ny, x, nx);
    }
    if (ok)
        return true;
    char have[DLC_SHAPE_TEXT], need[DLC_SHAPE_TEXT];
    return dlc_fail(e, "shape %s does not fit '%s', which is %s",
                    dlc_shape_text(have, a->dims, a->rank), t->name,
                    dlc_tensor_text(need, t));
}

static uint64_t bits_at(const DlcArray *a, int64_t i)
{
    size_t size = types[a->type].size;
    const unsigned char *p = a->data + (size_t)i * size;
    uint64_t bits = 0;
    for (size_t k = 0; k < size; k++)
        bits = bits << 8 | p[a->big_endian ? k : size - 1 - k];
    return bits;
}

static int64_t integer_at(const DlcArray *a, int64_t i)
{
    uint64_t bits = bits_at(a, i);
    switch (a->type) {
    case DLC_TYPE_I8:
        return (int8_t)bits;
    case DLC_TYPE_I16:
        return (int16_t)bits;
    case DLC_TYPE_I32:
        return (int32_t)bits;
    case DLC_TYPE_BOOL:
        return bits != 0;
    default:
        return (int64_t)bits;
    }
}

static double real_at(const DlcArray *a, int64_t i)
{
    uint64_t bits = bits_at(a, i);
    if (a->type == DLC_TYPE_F32) {
        uint32_t low = (uint32_t)bits;
        float value;
        memcpy(&value, &low, sizeof value);
        return (double)value;
    }
    if (a->type == DLC_TYPE_F64) {
        double value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (a->type == DLC_TYPE_U8)
        return (double)bits / 255.0;
    return (double)integer_at(a, i);
}

bool dlc_array_check(const DlcArray *a, const DlcTensor *t, int64_t row,
                     DlcError *e)
{
    if (t->elem == DLC_F32 || t->elem == DLC_F64)
        return true;
    char need[DLC_SHAPE_TEXT];
    if (a->type == DLC_TYPE_F32 || a->type == DLC_TYPE_F64)
        return dlc_fail(e, "holds %s, but '%s' is %s", types[a->type].name,
                        t->name, dlc_tensor_text(need, t));
    int64_t low = INT32_MIN, high = INT32_MAX;
    if (t->elem == DLC_U8) {
        low = 0;
        high = 1;
    } else if (t->bound > 0) {
        low = 0;
        high = t->bound - 1;
    }
    for (int64_t i = 0; i < a->count; i++) {
        int64_t value = integer_at(a, i);
        if (value < low || value > high)
            return dlc_fail(e,
                            "sample %" PRId64 ": %" PRId64
                            " is out of range for '%s' (%" PRId64 "..%" PRId64
                            ")",
                            i / (row > 0 ? row : 1), value, t->name, low, high);
    }
    return true;
}

/* Do the file's bytes lie as this machine's own? */
static bool is_native(const DlcArray *a)
{
    const uint16_t one = 1;
    bool big = *(const unsigned char *)&one == 0;
    return a->big_endian == big || types[a->type].size == 1;
}

static void read_f32(const DlcArray *a, int64_t from, int64_t count, float *r)
{
    if (a->type == DLC_TYPE_U8) {
        const unsigned char *p = a->data + from;
        for (int64_t i = 0; i < count; i++)
            r[i] = (float)p[i] / 255.0f;
    } else {
        for (int64_t i = 0; i < count; i++)
            r[i] = (float)real_at(a, from + i);
    }
}

void dlc_array_read(const DlcArray *a, int64_t from, int64_t count, DlcElem to,
                    void *result)
{
    static const DlcType same[] = {DLC_TYPE_F32, DLC_TYPE_F64, DLC_TYPE_I32,
                                   DLC_TYPE_U8};
    if (a->type == same[to] && is_native(a)) {
        size_t size = types[a->type].size;
        memcpy(result, a->data + (size_t)from * size, (size_t)count * size);
    } else if (to == DLC_F32) {
        read_f32(a, from, count, result);
    } else if (to == DLC_F64) {
        for (int64_t i = 0; i < count; i++)
            ((double *)result)[i] = real_at(a, from + i);
    } else if (to == DLC_I32) {
        for (int64_t i = 0; i < count; i++)
            ((int32_t *)result)[i] = (int32_t)integer_at(a, from + i);
    } else {
        for (int64_t i = 0; i < count; i++)
            ((uint8_t *)result)[i] = (uint8_t)integer_at(a, from + i);
    }
}
