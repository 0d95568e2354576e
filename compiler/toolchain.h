/* `dlc run` and `dlc fit`: the generated C, the driver and the runtime are
 * written to a temporary folder, compiled with $CC (cc) and run.
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

#endif
