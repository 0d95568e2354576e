/* Source files, errors and notes with ranges, the error count.
 *
 * A message names its place (file:line:column), shows the source line with the
 * whole range underlined, and carries a code of diag_codes.h that
 * `dlc --explain=DLnnnn` tells more about. Errors go on after the first; the
 * caller reports one per root cause.
 */
#ifndef DLC_DIAG_H
#define DLC_DIAG_H

#include "util.h"
#include <stdio.h>

typedef struct Source {
    const char *path; /* as the user wrote it; "std.dl" for the library */
    const char *text; /* zero-terminated */
    int len;
    IntArray lines; /* byte offset of the start of each line */
} Source;

/* Bytes [begin, end) of a source; src == NULL means no place is known. */
typedef struct Range {
    const Source *src;
    int begin, end;
} Range;

/* Every diagnostic there is: see diag_codes.h. DIAG_NONE carries no code. */
typedef enum DiagCode {
    DIAG_NONE,
#define DIAG_CODE(number, title, text) DL##number,
#include "diag_codes.h"
#undef DIAG_CODE
    DIAG_COUNT
} DiagCode;

typedef struct Diag {
    Arena *arena;
    FILE *out; /* stderr */
    int errors, warnings;
    bool quiet_warnings; /* set while a body is lowered a second time */
    bool muted; /* the last message was not shown, nor are its notes */
    Range last; /* of the last error */
    const char *last_text;
} Diag;

Source *source_new(Arena *a, const char *path, const char *text, size_t len);
void source_place(const Source *s, int offset, int *line, int *column);
int range_line(Range r);        /* 1-based; 0 when no place is known */
Range range_join(Range a, Range b);

void diag_error(Diag *d, Range r, DiagCode code, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void diag_warning(Diag *d, Range r, DiagCode code, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* A note at another place, or a hint without one, about the last message. */
void diag_note(Diag *d, Range r, const char *fmt, ...) PRINTF_LIKE(3, 4);
void diag_help(Diag *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* DL1900: what later versions give meaning to is refused at its place. The
 * text names the construct ("'fit'"); " is not supported yet" is added. */
void diag_unsupported(Diag *d, Range r, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* The candidate nearest to name, NULL when none is near enough. */
const char *diag_suggest(const char *name, const char *const *candidates,
                         int count);

const char *diag_code_title(DiagCode code);
/* Prints the explanation of "DL2031"; false when there is no such code. */
bool diag_explain(FILE *out, const char *name);

/* Our bug: prints "internal error: ..." and exits 70. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void internal_error(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
