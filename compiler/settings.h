/* What the command line's words mean. Words that mean nothing end dlc with a
 * message and exit code 2.
 */
#ifndef DLC_SETTINGS_H
#define DLC_SETTINGS_H

#include "options.h"

/* "dlc: error: WHAT 'WORD'", and the end. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void settings_refuse(const char *what, const char *word);

/* The same with a help: the name that WORD comes near, or all there are. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void settings_unknown(const char *what, const char *word,
                      const char *const *names, int count);

/* All but the plan file. */
Options settings_read(Arena *a, const CommandLine *line);
ElemType settings_real(const CommandLine *line);

#endif
