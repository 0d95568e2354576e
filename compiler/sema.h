/* Tree to IR: scopes, instances, sizes. Every user error about meaning is
 * reported here. One model becomes one module; the model's body is lowered
 * once for every entry point, with `training` known in it, so that an entry
 * holds just what it needs. Layers vanish: their names live on in the names of
 * values and parameters.
 */
#ifndef DLC_SEMA_H
#define DLC_SEMA_H

#include "ast.h"
#include "cgen.h"

typedef struct SemaOptions {
    ElemType real;     /* what `real` means */
    bool no_random;    /* dropout, noise and augmentation are off */
    const char *model; /* --model=NAME: only this one; NULL: all */
    const Map *defines; /* -D NAME=VALUE: name to text */
} SemaOptions;

typedef ARRAY_OF(Module *) ModuleArray;

/* Lowers every model of `user`; `library` is std.dl. False after errors. */
bool sema_program(Arena *a, Diag *d, const Program *user,
                  const Program *library, const SemaOptions *o,
                  ModuleArray *out);

#endif
