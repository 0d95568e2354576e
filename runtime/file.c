/* file: whole files in memory, gzip, and files that appear only when done. */
#include "driver.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Makes room for more bytes by doubling, so that the cost stays linear. */
static bool grow(DlcBytes *b, size_t *capacity, DlcError *e)
{
    if (*capacity > SIZE_MAX / 2)
        return dlc_fail(e, "too large for memory");
    size_t larger = *capacity ? *capacity * 2 : 65536;
    unsigned char *data = realloc(b->data, larger);
    if (!data)
        return dlc_fail(e, "out of memory (%zu bytes)", larger);
    b->data = data;
    *capacity = larger;
    return true;
}

static bool read_stream(FILE *file, DlcBytes *b, DlcError *e)
{
    size_t capacity = 0;
    for (;;) {
        if (b->size == capacity && !grow(b, &capacity, e))
            return false;
        size_t room = capacity - b->size;
        size_t got = fread(b->data + b->size, 1, room, file);
        b->size += got;
        if (ferror(file))
            return dlc_fail(e, "cannot read: %s", strerror(errno));
        if (got < room)
            return true;
    }
}

bool dlc_file_read(const char *path, DlcBytes *b, DlcError *e)
{
    *b = (DlcBytes){0};
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (!file) {
        dlc_fail(e, "cannot open: %s", strerror(errno));
        return dlc_fail_in(e, path);
    }
    bool ok = read_stream(file, b, e);
    fclose(file);
    if (!ok) {
        free(b->data);
        *b = (DlcBytes){0};
        return dlc_fail_in(e, path);
    }
    return true;
}

bool dlc_is_gzip(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* One turn of inflate: as much as zlib's 32-bit counters take. */
static int inflate_some(z_stream *z, const unsigned char *bytes, size_t size,
                        size_t *used, DlcBytes *out, size_t capacity)
{
    size_t input = size - *used, room = capacity - out->size;
    uInt in = input > UINT_MAX / 2 ? UINT_MAX / 2 : (uInt)input;
    uInt space = room > UINT_MAX / 2 ? UINT_MAX / 2 : (uInt)room;
    z->next_in = (z_const Bytef *)(uintptr_t)(bytes + *used);
    z->avail_in = in;
    z->next_out = out->data + out->size;
    z->avail_out = space;
    int status = inflate(z, Z_NO_FLUSH);
    *used += in - z->avail_in;
    out->size += space - z->avail_out;
    return status;
}

static bool inflate_all(z_stream *z, const unsigned char *bytes, size_t size,
                        DlcBytes *out, DlcError *e)
{
    size_t used = 0, capacity = 0;
    for (;;) {
        if (out->size == capacity && !grow(out, &capacity, e))
            return false;
        size_t before = used, had = out->size;
        int status = inflate_some(z, bytes, size, &used, out, capacity);
        if (status == Z_STREAM_END) {
            if (used == size)
                return true;
            if (!dlc_is_gzip(bytes + used, size - used))
                return dlc_fail(e, "bytes after the end of the gzip data");
            if (inflateReset(z) != Z_OK)
                return dlc_fail(e, "zlib cannot start again");
        } else if (status == Z_MEM_ERROR) {
            return dlc_fail(e, "out of memory");
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            return dlc_fail(e, "damaged gzip data: %s",
                            z->msg ? z->msg : "unknown");
        } else if (used == before && out->size == had) {
            return dlc_fail(e, "the gzip data are cut short");
        }
    }
}

bool dlc_gunzip_parse(const unsigned char *bytes, size_t size, DlcBytes *out,
                      DlcError *e)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    *out = (DlcBytes){0};
    if (inflateInit2(&z, 15 + 16) != Z_OK) /* 16: a gzip header, with CRC */
        return dlc_fail(e, "zlib cannot start");
    bool ok = inflate_all(&z, bytes, size, out, e);
    inflateEnd(&z);
    if (!ok) {
        free(out->data);
        *out = (DlcBytes){0};
    }
    return ok;
}

/* Renaming over /dev/null or a pipe would replace it by a plain file. */
static bool is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

bool dlc_output_open(DlcOutput *o, const char *path, DlcError *e)
{
    *o = (DlcOutput){.path = path};
    if (!is_special(path)) {
        size_t size = strlen(path) + 40;
        o->temporary = dlc_alloc(size, 1, e);
        if (!o->temporary)
            return false;
        snprintf(o->temporary, size, "%s.%ld.tmp", path, (long)getpid());
    }
    errno = 0;
    o->file = fopen(o->temporary ? o->temporary : path, "wb");
    if (o->file)
        return true;
    dlc_fail(e, "cannot write: %s", strerror(errno));
    free(o->temporary);
    o->temporary = NULL;
    return dlc_fail_in(e, path);
}

bool dlc_output_write(DlcOutput *o, const void *data, size_t size, DlcError *e)
{
    if (size == 0 || fwrite(data, 1, size, o->file) == size)
        return true;
    dlc_fail(e, "cannot write: %s", strerror(errno));
    return dlc_fail_in(e, o->path);
}

static bool fail_write(DlcOutput *o, DlcError *e)
{
    dlc_fail(e, "cannot write: %s", strerror(errno));
    return dlc_fail_in(e, o->path);
}

bool dlc_output_seal(DlcOutput *o, DlcError *e)
{
    errno = 0;
    bool ok = !ferror(o->file);
    ok = fclose(o->file) == 0 && ok;
    o->file = NULL;
    return ok || fail_write(o, e);
}

bool dlc_output_name(DlcOutput *o, DlcError *e)
{
    errno = 0;
    if (o->temporary && rename(o->temporary, o->path) != 0)
        return fail_write(o, e);
    free(o->temporary);
    o->temporary = NULL;
    return true;
}

void dlc_output_drop(DlcOutput *o)
{
    if (o->file)
        fclose(o->file);
    if (o->temporary)
        remove(o->temporary);
    free(o->temporary);
    *o = (DlcOutput){0};
}

bool dlc_output_close(DlcOutput *o, bool ok, DlcError *e)
{
    ok = ok && dlc_output_seal(o, e) && dlc_output_name(o, e);
    dlc_output_drop(o);
    return ok;
}

bool dlc_output_check(const char *path, DlcError *e)
{
    DlcOutput o;
    bool ok = dlc_output_open(&o, path, e);
    if (ok)
        dlc_output_drop(&o);
    return ok;
}
