/* safetensors: the reader of weights files.
 *
 * Eight bytes of length (little-endian), a JSON header
 *   {"NAME": {"dtype": "F32", "shape": [..], "data_offsets": [b, e]}, ..,
 *    "__metadata__": {"KEY": "TEXT"}},
 * then the data. The tensors must tile the data exactly: no hole, no overlap
 * (github.com/huggingface/safetensors, "Format").
 */
#include "driver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define KEY_DTYPE 1u
#define KEY_SHAPE 2u
#define KEY_OFFSETS 4u
#define KEY_ALL 7u

static bool read_dtype(DlcJson *j, DlcNamed *t)
{
    static const struct {
        const char *code;
        DlcType type;
    } types[] = {
        {"F32", DLC_TYPE_F32}, {"F64", DLC_TYPE_F64}, {"I32", DLC_TYPE_I32},
        {"I64", DLC_TYPE_I64}, {"U8", DLC_TYPE_U8},   {"BOOL", DLC_TYPE_BOOL},
    };
    char *text;
    if (!dlc_json_string(j, &text))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].code, text) == 0) {
            t->array.type = types[i].type;
            free(text);
            return true;
        }
    }
    dlc_fail(j->error, "tensor '%.100s': dtype %.20s is not supported", t->name,
             text);
    free(text);
    return dlc_hint(j->error, "save it as float32");
}

static bool read_shape(DlcJson *j, DlcNamed *t)
{
    if (!dlc_json_expect(j, '['))
        return false;
    t->array.rank = 0;
    if (dlc_json_take(j, ']'))
        return true;
    do {
        uint64_t size;
        if (!dlc_json_natural(j, &size))
            return false;
        if (t->array.rank == DLC_MAX_RANK)
            return dlc_fail(j->error, "tensor '%.100s' has more than %d axes",
                            t->name, DLC_MAX_RANK);
        if (size > INT64_MAX)
            return dlc_fail(j->error, "tensor '%.100s': size overflows",
                            t->name);
        t->array.dims[t->array.rank++] = (int64_t)size;
    } while (dlc_json_take(j, ','));
    return dlc_json_expect(j, ']');
}

static bool read_offsets(DlcJson *j, DlcNamed *t)
{
    return dlc_json_expect(j, '[') && dlc_json_natural(j, &t->begin) &&
           dlc_json_expect(j, ',') && dlc_json_natural(j, &t->end) &&
           dlc_json_expect(j, ']');
}

/* One "key": value of a tensor; `seen` collects the keys. */
static bool read_key(DlcJson *j, DlcNamed *t, unsigned *seen)
{
    char *key;
    if (!dlc_json_string(j, &key))
        return false;
    unsigned bit = strcmp(key, "dtype") == 0          ? KEY_DTYPE
                   : strcmp(key, "shape") == 0        ? KEY_SHAPE
                   : strcmp(key, "data_offsets") == 0 ? KEY_OFFSETS
                                                      : 0;
    if (bit == 0 || (*seen & bit)) {
        dlc_fail(j->error, "tensor '%.100s': key '%.40s' is %s", t->name, key,
                 bit ? "there twice" : "unknown");
        free(key);
        return false;
    }
    free(key);
    *seen |= bit;
    if (!dlc_json_expect(j, ':'))
        return false;
    return bit == KEY_DTYPE   ? read_dtype(j, t)
           : bit == KEY_SHAPE ? read_shape(j, t)
                              : read_offsets(j, t);
}

static bool read_tensor(DlcJson *j, DlcNamed *t)
{
    unsigned seen = 0;
    if (!dlc_json_expect(j, '{'))
        return false;
    do {
        if (!read_key(j, t, &seen))
            return false;
    } while (dlc_json_take(j, ','));
    if (!dlc_json_expect(j, '}'))
        return false;
    if (seen != KEY_ALL)
        return dlc_fail(j->error,
                        "tensor '%.100s' lacks dtype, shape or data_offsets",
                        t->name);
    return true;
}

static bool skip_metadata(DlcJson *j)
{
    if (!dlc_json_expect(j, '{'))
        return false;
    if (dlc_json_take(j, '}'))
        return true;
    do {
        char *key, *value;
        if (!dlc_json_string(j, &key))
            return false;
        free(key);
        if (!dlc_json_expect(j, ':') || !dlc_json_string(j, &value))
            return false;
        free(value);
    } while (dlc_json_take(j, ','));
    return dlc_json_expect(j, '}');
}

static DlcNamed *append(DlcWeights *w, int *capacity, DlcError *e)
{
    if (w->count == *capacity) {
        if (*capacity > INT32_MAX / 4) {
            dlc_fail(e, "too many tensors");
            return NULL;
        }
        int larger = *capacity ? *capacity * 2 : 16;
        DlcNamed *items =
            realloc(w->items, (size_t)larger * sizeof w->items[0]);
        if (!items) {
            dlc_fail(e, "out of memory (%d tensors)", larger);
            return NULL;
        }
        w->items = items;
        *capacity = larger;
    }
    w->items[w->count] = (DlcNamed){0};
    return &w->items[w->count++];
}

static bool read_entry(DlcJson *j, DlcWeights *w, int *capacity, bool *meta)
{
    char *name;
    if (!dlc_json_string(j, &name))
        return false;
    bool ok = dlc_json_expect(j, ':');
    if (ok && strcmp(name, "__metadata__") == 0) {
        free(name);
        if (*meta)
            return dlc_fail(j->error, "two entries __metadata__");
        *meta = true;
        return skip_metadata(j);
    }
    DlcNamed *t = ok ? append(w, capacity, j->error) : NULL;
    if (!t) {
        free(name);
        return false;
    }
    t->name = name;
    return read_tensor(j, t);
}

static bool read_header(DlcJson *j, DlcWeights *w)
{
    int capacity = 0;
    bool meta = false;
    if (!dlc_json_expect(j, '{'))
        return false;
    if (dlc_json_take(j, '}'))
        return dlc_json_end(j);
    do {
        if (!read_entry(j, w, &capacity, &meta))
            return false;
    } while (dlc_json_take(j, ','));
    return dlc_json_expect(j, '}') && dlc_json_end(j);
}

static int by_place(const void *a, const void *b)
{
    const DlcNamed *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    /* Empty tensors come before the one that begins at the same place. */
    return x->end < y->end ? -1 : x->end > y->end;
}

static int by_name(const void *a, const void *b)
{
    const DlcNamed *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Do the tensors tile the `size` bytes of data, each with its own size? */
static bool check_places(DlcWeights *w, const unsigned char *data, size_t size,
                         DlcError *e)
{
    uint64_t at = 0;
    if (w->count > 1)
        qsort(w->items, (size_t)w->count, sizeof w->items[0], by_place);
    for (int i = 0; i < w->count; i++) {
        DlcNamed *t = &w->items[i];
        if (t->end < t->begin || t->end > size)
            return dlc_fail(e,
                            "cut short or damaged: tensor '%.100s' is at "
                            "bytes %" PRIu64 "..%" PRIu64 " of %zu",
                            t->name, t->begin, t->end, size);
        if (t->begin != at)
            return dlc_fail(e, "tensor '%.100s' %s", t->name,
                            t->begin < at ? "overlaps another"
                                          : "comes after a hole");
        at = t->end;
        t->array.data = data + t->begin;
        if (!dlc_array_measure(&t->array, (size_t)(t->end - t->begin), e)) {
            char name[120];
            snprintf(name, sizeof name, "tensor '%.100s'", t->name);
            return dlc_fail_in(e, name);
        }
    }
    if (at != size)
        return dlc_fail(e, "%" PRIu64 " bytes after the last tensor",
                        (uint64_t)size - at);
    return true;
}

static bool check_names(DlcWeights *w, DlcError *e)
{
    if (w->count > 1)
        qsort(w->items, (size_t)w->count, sizeof w->items[0], by_name);
    for (int i = 1; i < w->count; i++)
        if (strcmp(w->items[i - 1].name, w->items[i].name) == 0)
            return dlc_fail(e, "two tensors are called '%.100s'",
                            w->items[i].name);
    return true;
}

bool dlc_safetensors_parse(DlcWeights *w, const unsigned char *bytes,
                           size_t size, DlcError *e)
{
    *w = (DlcWeights){0};
    if (size < 8)
        return dlc_fail(e, "cut short: a safetensors file begins with 8 bytes");
    uint64_t length = 0;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | bytes[i];
    if (length > size - 8)
        return dlc_fail(e,
                        "cut short, or not a safetensors file: a header of "
                        "%" PRIu64 " bytes in a file of %zu",
                        length, size);
    const char *text = (const char *)bytes + 8;
    DlcJson j = {text, text, text + length, e};
    if (length == 0 || text[0] != '{')
        return dlc_fail(e, "not a safetensors file");
    return read_header(&j, w) &&
           check_places(w, bytes + 8 + length, size - 8 - (size_t)length, e) &&
           check_names(w, e);
}

void dlc_weights_free(DlcWeights *w)
{
    for (int i = 0; i < w->count; i++)
        free(w->items[i].name);
    free(w->items);
    free(w->owner);
    *w = (DlcWeights){0};
}
