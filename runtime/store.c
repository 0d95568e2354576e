/* store: the tensors of a struct, to and from a safetensors file. */
#include "driver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const codes[] = {"F32", "F64", "I32", "U8"};

static size_t bytes_of(const DlcTensor *t)
{
    return (size_t)dlc_tensor_count(t, 1, 0) * dlc_elem_size(t->elem);
}

static void put_escaped(FILE *file, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fputc('\\', file);
        if (c < 0x20)
            fprintf(file, "\\u%04x", c);
        else
            fputc(c, file);
    }
}

static void put_tensor(FILE *file, const DlcTensor *t, uint64_t begin)
{
    fputc('"', file);
    put_escaped(file, t->name);
    fprintf(file, "\":{\"dtype\":\"%s\",\"shape\":[", codes[t->elem]);
    for (int i = 0; i < t->rank; i++)
        fprintf(file, i ? ",%" PRId64 : "%" PRId64, t->dims[i]);
    fprintf(file, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}", begin,
            begin + bytes_of(t));
}

/* Writes the header after a place for its length, then the length. Wide
 * elements come first, so that each tensor is aligned for its type. */
static bool put_header(DlcOutput *o, const DlcTensor *tensors, int count,
                       int *order, DlcError *e)
{
    unsigned char length[8] = {0};
    int used = 0;
    uint64_t begin = 0;
    if (!dlc_output_write(o, length, 8, e))
        return false;
    fputc('{', o->file);
    for (size_t size = 8; size > 0; size--) {
        for (int i = 0; i < count; i++) {
            if (dlc_elem_size(tensors[i].elem) != size)
                continue;
            if (used)
                fputc(',', o->file);
            put_tensor(o->file, &tensors[i], begin);
            begin += bytes_of(&tensors[i]);
            order[used++] = i;
        }
    }
    fputc('}', o->file);
    long end = ftell(o->file);
    for (; end >= 0 && end % 8 != 0; end++)
        fputc(' ', o->file);
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)(end - 8) >> 8 * i);
    if (end < 0 || fseek(o->file, 0, SEEK_SET) != 0 ||
        fwrite(length, 1, 8, o->file) != 8 ||
        fseek(o->file, 0, SEEK_END) != 0) {
        dlc_fail(e, "cannot write: the file must allow seeking");
        return dlc_fail_in(e, o->path);
    }
    return true;
}

/* On a big-endian machine the bytes of each element are turned round. */
static bool put_data(DlcOutput *o, const DlcTensor *t, const void *base,
                     DlcError *e)
{
    const unsigned char *p = (const unsigned char *)base + t->offset;
    const uint16_t one = 1;
    size_t size = dlc_elem_size(t->elem), bytes = bytes_of(t);
    if (*(const unsigned char *)&one == 1 || size == 1)
        return dlc_output_write(o, p, bytes, e);
    for (size_t i = 0; i < bytes; i += size) {
        unsigned char turned[8];
        for (size_t k = 0; k < size; k++)
            turned[k] = p[i + size - 1 - k];
        if (!dlc_output_write(o, turned, size, e))
            return false;
    }
    return true;
}

bool dlc_store_write(DlcOutput *o, const DlcTensor *tensors, int count,
                     const void *base, DlcError *e)
{
    int *order = dlc_alloc((size_t)count, sizeof *order, e);
    if (!order)
        return false;
    bool ok = put_header(o, tensors, count, order, e);
    for (int i = 0; ok && i < count; i++)
        ok = put_data(o, &tensors[order[i]], base, e);
    free(order);
    return ok;
}

bool dlc_store_save(const char *path, const DlcTensor *tensors, int count,
                    const void *base, DlcError *e)
{
    DlcOutput o;
    if (!dlc_output_open(&o, path, e))
        return false;
    bool ok = dlc_store_write(&o, tensors, count, base, e);
    return dlc_output_close(&o, ok, e);
}

static const DlcNamed *find(const DlcWeights *w, const char *name)
{
    int low = 0, high = w->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(w->items[middle].name, name);
        if (order == 0)
            return &w->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool same_shape(const DlcArray *a, const DlcTensor *t)
{
    if (a->rank != t->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dims[i] != t->dims[i])
            return false;
    return true;
}

/* Reals become the model's reals; nothing else changes its kind. */
static bool same_kind(const DlcArray *a, const DlcTensor *t)
{
    bool real = a->type == DLC_TYPE_F32 || a->type == DLC_TYPE_F64;
    switch (t->elem) {
    case DLC_F32:
    case DLC_F64:
        return real;
    case DLC_I32:
        return a->type == DLC_TYPE_I32 || a->type == DLC_TYPE_I64;
    default:
        return a->type == DLC_TYPE_U8 || a->type == DLC_TYPE_BOOL;
    }
}

static bool check(const DlcWeights *w, const DlcTensor *t, DlcError *e)
{
    char need[DLC_SHAPE_TEXT], have[DLC_SHAPE_TEXT];
    const DlcNamed *n = find(w, t->name);
    dlc_tensor_text(need, t);
    if (!n)
        return dlc_fail(e, "no tensor '%s' (%s)", t->name, need);
    const DlcArray *a = &n->array;
    if (!same_shape(a, t) || !same_kind(a, t))
        return dlc_fail(e, "tensor '%s' is %s%s, but %s is needed", t->name,
                        dlc_type_name(a->type),
                        a->rank ? dlc_shape_text(have, a->dims, a->rank) : "",
                        need);
    if (t->elem != DLC_U8 && !dlc_array_check(a, t, 1, e)) {
        char name[120];
        snprintf(name, sizeof name, "tensor '%.100s'", t->name);
        return dlc_fail_in(e, name);
    }
    return true;
}

/* Names what the file has that the struct has not. */
static bool check_extra(const DlcWeights *w, const DlcTensor *tensors,
                        int count, DlcError *e)
{
    for (int i = 0; i < w->count; i++) {
        int k = 0;
        while (k < count && strcmp(tensors[k].name, w->items[i].name) != 0)
            k++;
        if (k == count)
            return dlc_fail(e, "tensor '%.100s' is not one of this model's",
                            w->items[i].name);
    }
    return true;
}

static bool load(const DlcWeights *w, const DlcTensor *tensors, int count,
                 void *base, DlcError *e)
{
    for (int i = 0; i < count; i++)
        if (!check(w, &tensors[i], e))
            return false;
    if (w->count > count && !check_extra(w, tensors, count, e))
        return false;
    for (int i = 0; i < count; i++) {
        const DlcTensor *t = &tensors[i];
        const DlcArray *a = &find(w, t->name)->array;
        dlc_array_read(a, 0, a->count, t->elem, (char *)base + t->offset);
    }
    return true;
}

bool dlc_store_load(const char *path, const DlcTensor *tensors, int count,
                    void *base, DlcError *e)
{
    DlcBytes file;
    DlcWeights w;
    if (!dlc_file_read(path, &file, e))
        return false;
    bool ok = dlc_safetensors_parse(&w, file.data, file.size, e) &&
              load(&w, tensors, count, base, e);
    w.owner = file.data;
    dlc_weights_free(&w);
    if (ok)
        return true;
    dlc_fail_in(e, path);
    if (!e->hint[0])
        dlc_hint(e, "--list shows the names and shapes of the model");
    return false;
}
