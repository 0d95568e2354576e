/* npy: NumPy's array files, versions 1 to 3.
 *
 * A magic string, the version, the header's length, the header (a Python
 * dictionary of exactly descr, fortran_order and shape), then the elements.
 * Format: numpy.lib.format. C order only: a silent transposition is the kind
 * of mistake nobody finds.
 */
#include "driver.h"

#include <inttypes.h>
#include <string.h>

typedef struct Cursor {
    const char *at, *end;
} Cursor;

static void skip_space(Cursor *c)
{
    while (c->at < c->end &&
           (*c->at == ' ' || *c->at == '\n' || *c->at == '\t'))
        c->at++;
}

static bool take(Cursor *c, char wanted)
{
    skip_space(c);
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_word(Cursor *c, const char *word)
{
    size_t length = strlen(word);
    skip_space(c);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
        return false;
    c->at += length;
    return true;
}

/* A Python string without escapes, which is all that NumPy writes here. */
static bool take_string(Cursor *c, char *text, size_t size)
{
    skip_space(c);
    if (c->at == c->end || (*c->at != '\'' && *c->at != '"'))
        return false;
    char quote = *c->at++;
    size_t length = 0;
    for (; c->at < c->end && *c->at != quote; c->at++) {
        if (*c->at == '\\' || *c->at == '\n' || length + 1 >= size)
            return false;
        text[length++] = *c->at;
    }
    text[length] = 0;
    return take(c, quote);
}

static bool take_size(Cursor *c, int64_t *size)
{
    skip_space(c);
    const char *start = c->at;
    int64_t value = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (value > (INT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (*c->at - '0');
    }
    *size = value;
    return c->at > start;
}

static bool take_shape(Cursor *c, DlcArray *a, DlcError *e)
{
    if (!take(c, '('))
        return dlc_fail(e, "damaged .npy header: shape is not a tuple");
    a->rank = 0;
    bool comma = true;
    while (!take(c, ')')) {
        int64_t size;
        if (!comma || !take_size(c, &size))
            return dlc_fail(e, "damaged .npy header: bad shape");
        if (a->rank == DLC_MAX_RANK)
            return dlc_fail(e, "more than %d axes are not supported",
                            DLC_MAX_RANK);
        a->dims[a->rank++] = size;
        comma = take(c, ',');
    }
    /* Python reads (3) as a number; NumPy writes (3,). */
    if (a->rank == 1 && !comma)
        return dlc_fail(e, "damaged .npy header: shape is not a tuple");
    return true;
}

static bool take_descr(Cursor *c, DlcArray *a, DlcError *e)
{
    static const struct {
        const char *code;
        DlcType type;
    } types[] = {
        {"f4", DLC_TYPE_F32}, {"f8", DLC_TYPE_F64},  {"i1", DLC_TYPE_I8},
        {"i2", DLC_TYPE_I16}, {"i4", DLC_TYPE_I32},  {"i8", DLC_TYPE_I64},
        {"u1", DLC_TYPE_U8},  {"b1", DLC_TYPE_BOOL},
    };
    char text[32];
    if (!take_string(c, text, sizeof text))
        return dlc_fail(e, "structured arrays are not supported");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (text[0] == 0 || strcmp(text + 1, types[i].code) != 0)
            continue;
        a->type = types[i].type;
        bool one = dlc_type_size(a->type) == 1;
        a->big_endian = text[0] == '>';
        if (text[0] == '<' || text[0] == '>' || (one && text[0] == '|'))
            return true;
    }
    dlc_fail(e, "element type '%s' is not supported", text);
    return dlc_hint(e, "convert with .astype('float32') or .astype('int32')");
}

static bool take_order(Cursor *c, DlcError *e)
{
    if (take_word(c, "False"))
        return true;
    if (!take_word(c, "True"))
        return dlc_fail(e, "damaged .npy header: bad fortran_order");
    dlc_fail(e, "the array is in Fortran order");
    return dlc_hint(e, "save numpy.ascontiguousarray(a) instead");
}

static bool parse_header(Cursor *c, DlcArray *a, DlcError *e)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    bool seen[3] = {false, false, false};
    if (!take(c, '{'))
        return dlc_fail(e, "damaged .npy header: not a dictionary");
    bool comma = true;
    while (!take(c, '}')) {
        char key[32];
        if (!comma || !take_string(c, key, sizeof key) || !take(c, ':'))
            return dlc_fail(e, "damaged .npy header: bad key");
        int k = 0;
        while (k < 3 && strcmp(keys[k], key) != 0)
            k++;
        if (k == 3 || seen[k])
            return dlc_fail(e, "damaged .npy header: key '%s'", key);
        seen[k] = true;
        bool ok = k == 0   ? take_descr(c, a, e)
                  : k == 1 ? take_order(c, e)
                           : take_shape(c, a, e);
        if (!ok)
            return false;
        comma = take(c, ',');
    }
    for (int k = 0; k < 3; k++)
        if (!seen[k])
            return dlc_fail(e, "damaged .npy header: no '%s'", keys[k]);
    skip_space(c);
    if (c->at != c->end)
        return dlc_fail(e, "damaged .npy header: more after its end");
    return true;
}

bool dlc_npy_parse(DlcArray *a, const unsigned char *bytes, size_t size,
                   DlcError *e)
{
    *a = (DlcArray){0};
    if (size < 10)
        return dlc_fail(e, "cut short: a .npy header takes 10 bytes");
    if (memcmp(bytes, "\x93NUMPY", 6) != 0)
        return dlc_fail(e, "not a .npy file");
    int version = bytes[6];
    if (version < 1 || version > 3 || bytes[7] != 0)
        return dlc_fail(e, ".npy version %d.%d is unknown", version, bytes[7]);
    size_t start = version == 1 ? 10 : 12;
    if (size < start)
        return dlc_fail(e, "cut short: a .npy header takes 12 bytes");
    size_t length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (version > 1)
        length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (length > size - start)
        return dlc_fail(e, "cut short: the .npy header takes %zu bytes",
                        length);
    const char *text = (const char *)bytes + start;
    Cursor c = {text, text + length};
    if (!parse_header(&c, a, e))
        return false;
    a->data = bytes + start + length;
    return dlc_array_measure(a, size - start - length, e);
}

/* The header, padded so that the data begin at a multiple of 64. */
static size_t make_header(char *text, size_t size, const char *descr, int rank,
                          const int64_t *dims)
{
    int used =
        snprintf(text + 10, size - 10,
                 "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
    for (int i = 0; i < rank; i++)
        used += snprintf(text + 10 + used, size - 10 - (size_t)used,
                         i ? ", %" PRId64 : "%" PRId64, dims[i]);
    used += snprintf(text + 10 + used, size - 10 - (size_t)used, "%s), }",
                     rank == 1 ? "," : "");
    size_t end = 10 + (size_t)used;
    while ((end + 1) % 64 != 0)
        text[end++] = ' ';
    text[end++] = '\n';
    memcpy(text, "\x93NUMPY\x01", 8);
    text[8] = (char)((end - 10) & 0xff);
    text[9] = (char)((end - 10) >> 8);
    return end;
}

bool dlc_npy_write(DlcOutput *o, DlcElem elem, int rank, const int64_t *dims,
                   const void *data, DlcError *e)
{
    static const char *const little[] = {"<f4", "<f8", "<i4", "|u1"};
    static const char *const big[] = {">f4", ">f8", ">i4", "|u1"};
    const uint16_t one = 1;
    bool is_little = *(const unsigned char *)&one == 1;
    char header[512];
    size_t length = make_header(header, sizeof header,
                                (is_little ? little : big)[elem], rank, dims);
    size_t count = 1;
    for (int i = 0; i < rank; i++)
        count *= (size_t)dims[i];
    return dlc_output_write(o, header, length, e) &&
           dlc_output_write(o, data, count * dlc_elem_size(elem), e);
}

bool dlc_npy_save(const char *path, DlcElem elem, int rank, const int64_t *dims,
                  const void *data, DlcError *e)
{
    DlcOutput o;
    if (!dlc_output_open(&o, path, e))
        return false;
    bool ok = dlc_npy_write(&o, elem, rank, dims, data, e);
    return dlc_output_close(&o, ok, e);
}
