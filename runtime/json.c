/* json: a strict pull reader of the little JSON that weights files use.
 *
 * The caller says what it expects next, so there is no tree, no recursion
 * and no depth to bound. Strings must be valid UTF-8 without NUL.
 */
#include "driver.h"

#include <stdlib.h>
#include <string.h>

static bool fail(DlcJson *j, const char *what)
{
    return dlc_fail(j->error, "damaged header at byte %td: %s",
                    j->at - j->start, what);
}

static void skip_space(DlcJson *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' ||
                              *j->at == '\t' || *j->at == '\r'))
        j->at++;
}

bool dlc_json_take(DlcJson *j, char c)
{
    skip_space(j);
    if (j->at == j->end || *j->at != c)
        return false;
    j->at++;
    return true;
}

bool dlc_json_expect(DlcJson *j, char c)
{
    if (dlc_json_take(j, c))
        return true;
    return dlc_fail(j->error, "damaged header at byte %td: '%c' expected",
                    j->at - j->start, c);
}

bool dlc_json_end(DlcJson *j)
{
    skip_space(j);
    return j->at == j->end || fail(j, "more after its end");
}

bool dlc_json_natural(DlcJson *j, uint64_t *value)
{
    skip_space(j);
    const char *start = j->at;
    uint64_t v = 0;
    for (; j->at < j->end && *j->at >= '0' && *j->at <= '9'; j->at++) {
        if (v > (UINT64_MAX - 9) / 10)
            return fail(j, "number too large");
        v = v * 10 + (uint64_t)(*j->at - '0');
    }
    if (j->at == start)
        return fail(j, "number expected");
    if (*start == '0' && j->at - start > 1)
        return fail(j, "number with a leading zero");
    *value = v;
    return true;
}

static bool hex4(DlcJson *j, unsigned *code)
{
    unsigned v = 0;
    if (j->end - j->at < 4)
        return fail(j, "bad \\u");
    for (int i = 0; i < 4; i++) {
        char c = *j->at++;
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = (unsigned)(c - 'A') + 10;
        else
            return fail(j, "bad \\u");
        v = v * 16 + digit;
    }
    *code = v;
    return true;
}

/* A code point as UTF-8; returns the number of bytes. */
static size_t encode(unsigned c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static bool escaped_unicode(DlcJson *j, char *out, size_t *length)
{
    unsigned high, low;
    if (!hex4(j, &high))
        return false;
    if (high == 0 || (high >= 0xdc00 && high < 0xe000))
        return fail(j, "bad \\u");
    if (high >= 0xd800 && high < 0xdc00) {
        if (j->end - j->at < 2 || j->at[0] != '\\' || j->at[1] != 'u')
            return fail(j, "half a surrogate pair");
        j->at += 2;
        if (!hex4(j, &low))
            return false;
        if (low < 0xdc00 || low >= 0xe000)
            return fail(j, "half a surrogate pair");
        high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
    *length += encode(high, out + *length);
    return true;
}

static bool escape(DlcJson *j, char *out, size_t *length)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (j->at == j->end)
        return fail(j, "string without an end");
    char c = *j->at++;
    if (c == 'u')
        return escaped_unicode(j, out, length);
    const char *p = c ? strchr(from, c) : NULL;
    if (!p)
        return fail(j, "unknown escape");
    out[(*length)++] = to[p - from];
    return true;
}

/* Copies one UTF-8 sequence: shortest form, no surrogates (RFC 3629). */
static bool utf8(DlcJson *j, char *out, size_t *length)
{
    const unsigned char *p = (const unsigned char *)j->at;
    ptrdiff_t left = j->end - j->at;
    int more = p[0] < 0x80                   ? 0
               : p[0] >= 0xc2 && p[0] < 0xe0 ? 1
               : p[0] >= 0xe0 && p[0] < 0xf0 ? 2
               : p[0] >= 0xf0 && p[0] < 0xf5 ? 3
                                             : -1;
    if (p[0] < 0x20 || more < 0 || left <= more)
        return fail(j, "bad character in a string");
    for (int i = 1; i <= more; i++)
        if ((p[i] & 0xc0) != 0x80)
            return fail(j, "bad UTF-8");
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return fail(j, "bad UTF-8");
    memcpy(out + *length, j->at, (size_t)more + 1);
    *length += (size_t)more + 1;
    j->at += more + 1;
    return true;
}

/* Where the string's text ends at the latest: the first bare quote. */
static size_t measure(const DlcJson *j)
{
    const char *p = j->at;
    while (p < j->end && *p != '"')
        p += *p == '\\' && j->end - p > 1 ? 2 : 1;
    return (size_t)(p - j->at);
}

bool dlc_json_string(DlcJson *j, char **text)
{
    *text = NULL;
    if (!dlc_json_expect(j, '"'))
        return false;
    /* No escape decodes to more bytes than it takes. */
    char *out = dlc_alloc(measure(j) + 1, 1, j->error);
    if (!out)
        return false;
    size_t length = 0;
    bool ok = true;
    while (ok && j->at < j->end && *j->at != '"') {
        if (*j->at != '\\') {
            ok = utf8(j, out, &length);
        } else {
            j->at++;
            ok = escape(j, out, &length);
        }
    }
    if (ok && j->at == j->end)
        ok = fail(j, "string without an end");
    if (!ok) {
        free(out);
        return false;
    }
    j->at++;
    out[length] = 0;
    *text = out;
    return true;
}
