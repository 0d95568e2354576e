/* What printer and parser of the IR text share: the words of the format. */
#ifndef DLC_IRTEXT_H
#define DLC_IRTEXT_H

#include "op.h"

/* Indexed by the enumerations of ir.h; each ends with NULL. */
extern const char *const irtext_stages[];
extern const char *const irtext_elems[];
extern const char *const irtext_globals[];
extern const char *const irtext_funcs[]; /* FUNC_PLAIN is "plain", unprinted */
extern const char *const irtext_results[];
/* Index of the first len bytes of s in words, -1 when absent. */
int irtext_word(const char *const *words, const char *s, size_t len);

/* Characters of names behind % and @. */
bool irtext_name_char(char c);
bool irtext_is_name(const char *s);
/* A bare word needs no quotes as an attribute. */
bool irtext_is_word(const char *s);

#endif
