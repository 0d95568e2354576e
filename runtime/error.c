/* error: messages and memory.
 *
 * An error is a value that travels up to main, so that every owner on the
 * way frees what it holds.
 */
#include "driver.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool dlc_fail(DlcError *e, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(e->text, sizeof e->text, format, list);
    va_end(list);
    e->hint[0] = 0;
    return false;
}

bool dlc_hint(DlcError *e, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(e->hint, sizeof e->hint, format, list);
    va_end(list);
    return false;
}

bool dlc_fail_in(DlcError *e, const char *path)
{
    char text[sizeof e->text];
    int length = snprintf(text, sizeof text, "%s: ", path);
    size_t used = length < 0 ? 0 : (size_t)length;
    if (used >= sizeof text)
        used = sizeof text - 1;
    size_t rest = strlen(e->text);
    if (rest > sizeof text - 1 - used)
        rest = sizeof text - 1 - used;
    memcpy(text + used, e->text, rest);
    text[used + rest] = 0;
    memcpy(e->text, text, sizeof text);
    return false;
}

/* A name out of a damaged file must not reach the terminal as it is. */
static void print_clean(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f)
            fputc('?', stderr);
        else
            fputc(c, stderr);
    }
}

int dlc_error_report(const DlcError *e, const char *program)
{
    fflush(stdout);
    fprintf(stderr, "%s: error: ", program);
    print_clean(e->text);
    fputc('\n', stderr);
    if (e->hint[0]) {
        fputs("      help: ", stderr);
        print_clean(e->hint);
        fputc('\n', stderr);
    }
    return e->usage ? 2 : 1;
}

void *dlc_alloc(size_t count, size_t size, DlcError *e)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        dlc_fail(e, "out of memory (%zu items of %zu bytes)", count, size);
    return p;
}

void *dlc_alloc_aligned(size_t bytes, size_t align, DlcError *e)
{
    if (align < 64)
        align = 64; /* a cache line, and the widest vector */
    if (bytes > SIZE_MAX - align) {
        dlc_fail(e, "out of memory (%zu bytes)", bytes);
        return NULL;
    }
    size_t size = (bytes / align + 1) * align;
    void *p = aligned_alloc(align, size);
    if (!p)
        dlc_fail(e, "out of memory (%zu bytes)", bytes);
    else
        memset(p, 0, size);
    return p;
}

char *dlc_copy_text(const char *text, DlcError *e)
{
    size_t size = strlen(text) + 1;
    char *copy = dlc_alloc(size, 1, e);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}
