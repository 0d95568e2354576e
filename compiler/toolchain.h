/* `dlc run`, `dlc fit` and `dlc tune`: the generated C, the driver and the
 * runtime are written to a temporary folder, compiled with $CC (cc) and run.
 */
#ifndef DLC_TOOLCHAIN_H
#define DLC_TOOLCHAIN_H

#include "pass.h"

typedef struct BuildFile {
    const char *name;
    const Text *text;
} BuildFile;

/* Compiles the files with the embedded runtime and runs the program with
 * `args`; its exit status, or 1 after a message. */
int toolchain_run(Arena *a, const BuildFile *files, int count, const Options *o,
                  const StringArray *args);
/* The same with runtime/tune instead of the runtime; what the program printed.
 * Exits 1 after a message when something fails. */
const char *toolchain_times(Arena *a, const BuildFile *files, int count,
                            const Options *o);
/* Version and flags of the compiler that will be used, in one line. */
const char *toolchain_compiler(Arena *a, const Options *o);

#endif
