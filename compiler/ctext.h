/* Writing C text: the only place where generated text is made.
 *
 * put() writes lines of C; braces drive the indentation and lines over 80
 * columns are broken. kernel_fill() fills the holes of a kernel file.
 */
#ifndef DLC_CTEXT_H
#define DLC_CTEXT_H

#include "util.h"

typedef struct CText {
    Text text;
    int indent; /* levels of 4 columns */
} CText;

CText ctext_new(Arena *a);
/* One or more lines. A line that begins with '}' closes a level, one that
 * ends with '{' opens one; '#' stands in the first column. */
void put(CText *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An empty line, unless the last one is empty. */
void put_blank(CText *t);
/* A comment of running text, broken at 80 columns. */
void put_comment(CText *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* One line at the present indentation, whatever its braces. */
void put_flat(CText *t, const char *line);
/* Text that is C lines already; indentation is not touched. */
void put_raw(CText *t, const char *text);

/* What fills a kernel's holes. */
typedef struct Holes {
    Map *text; /* hole -> const char * */
    /* Holes with arguments: the text for hole(args...), NULL: not a hole. */
    const char *(*call)(void *ctx, const char *hole, const char *const *args,
                        int nargs);
    void *ctx;
} Holes;

/* The file's text with its holes filled and its #if on holes resolved.
 * #include of <headers> is dropped (the output's preamble has them); for
 * #include "file" `include` is called and its text, if any, put there. */
const char *kernel_fill(Arena *a, const char *text, const Holes *holes,
                        const char *(*include)(void *ctx, const char *file),
                        void *ctx);

/* The value of a preprocessor condition made of integers; false when other
 * names are left in it. */
bool condition_value(const char *text, int64_t *value);

/* Definitions of `library` (C text, definitions apart by empty lines) that
 * `text` uses, and those they use, in the library's order; of two definitions
 * of a name the first. */
const char *library_used(Arena *a, const char *library, const char *text);

/* The same C without loops of one turn, products with 1, sums with 0, and
 * comparisons of numbers; for filled kernels, before c_tidy. */
const char *c_simplify(Arena *a, const char *text);

/* The same C laid out again: joined, indented, broken at 80 columns. */
const char *c_tidy(Arena *a, const char *text);

/* Does `name` occur in text as an identifier? */
bool text_mentions(const char *text, const char *name);

#endif
