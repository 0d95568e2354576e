/* idx: the format of MNIST's files.
 *
 * Two zero bytes, a byte for the element type, a byte for the rank, one
 * big-endian 32-bit size an axis, then the elements, big-endian.
 */
#include "driver.h"

static bool type_of(unsigned char code, DlcType *type)
{
    switch (code) {
    case 0x08:
        *type = DLC_TYPE_U8;
        return true;
    case 0x09:
        *type = DLC_TYPE_I8;
        return true;
    case 0x0b:
        *type = DLC_TYPE_I16;
        return true;
    case 0x0c:
        *type = DLC_TYPE_I32;
        return true;
    case 0x0d:
        *type = DLC_TYPE_F32;
        return true;
    case 0x0e:
        *type = DLC_TYPE_F64;
        return true;
    default:
        return false;
    }
}

bool dlc_idx_parse(DlcArray *a, const unsigned char *bytes, size_t size,
                   DlcError *e)
{
    *a = (DlcArray){.big_endian = true};
    if (size < 4)
        return dlc_fail(e, "cut short: an IDX header takes 4 bytes");
    if (bytes[0] != 0 || bytes[1] != 0)
        return dlc_fail(e, "not an IDX file");
    if (!type_of(bytes[2], &a->type))
        return dlc_fail(e, "IDX element type 0x%02x is unknown", bytes[2]);
    if (bytes[3] > DLC_MAX_RANK)
        return dlc_fail(e, "%d axes; at most %d are supported", bytes[3],
                        DLC_MAX_RANK);
    a->rank = bytes[3];
    size_t start = 4 + 4 * (size_t)a->rank;
    if (size < start)
        return dlc_fail(e, "cut short: the IDX header takes %zu bytes", start);
    for (int i = 0; i < a->rank; i++) {
        const unsigned char *p = bytes + 4 + 4 * i;
        a->dims[i] = (int64_t)p[0] << 24 | (int64_t)p[1] << 16 |
                     (int64_t)p[2] << 8 | (int64_t)p[3];
    }
    a->data = bytes + start;
    return dlc_array_measure(a, size - start, e);
}
