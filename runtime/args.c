/* args: options of the form --NAME=VALUE, --NAME VALUE and --NAME. */
#include "driver.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

bool dlc_usage(DlcError *e, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(e->text, sizeof e->text, format, list);
    va_end(list);
    e->hint[0] = 0;
    e->usage = true;
    return false;
}

const char *dlc_args_value(DlcArgs *a, const char *name)
{
    const char *text = a->argv[a->at];
    size_t length = strlen(name);
    if (strncmp(text, name, length) != 0)
        return NULL;
    if (text[length] == '=') {
        a->at++;
        return text + length + 1;
    }
    if (text[length] != 0)
        return NULL;
    if (a->at + 1 >= a->argc) {
        dlc_usage(a->error, "%s needs a value", name);
        a->at++;
        return "";
    }
    a->at += 2;
    return a->argv[a->at - 1];
}

bool dlc_args_flag(DlcArgs *a, const char *name)
{
    if (strcmp(a->argv[a->at], name) != 0)
        return false;
    a->at++;
    return true;
}

bool dlc_args_help(int argc, char **argv, const char *text)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return fputs(text, stdout) >= 0;
    return false;
}

bool dlc_args_number(DlcArgs *a, const char *name, uint64_t low, uint64_t high,
                     uint64_t *value)
{
    const char *text = dlc_args_value(a, name), *p = text;
    if (!text)
        return false;
    if (a->error->usage)
        return true;
    uint64_t v = 0;
    bool ok = *p != 0;
    for (; ok && *p; p++) {
        ok = *p >= '0' && *p <= '9' && v <= (UINT64_MAX - 9) / 10;
        v = v * 10 + (uint64_t)(*p - '0');
    }
    if (!ok || v < low || v > high)
        dlc_usage(a->error,
                  "%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64,
                  name, text, low, high);
    *value = v;
    return true;
}
