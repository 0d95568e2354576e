/* The files of runtime/ and the library, carried inside the compiler.
 *
 * The Makefile lets embed_gen write build/embed.c from runtime/ and std.dl.
 * Names are those of the tree below runtime/: "kernels/matmul.c", "dlc.h",
 * and "std.dl".
 */
#ifndef DLC_EMBED_H
#define DLC_EMBED_H

typedef struct EmbeddedFile {
    const char *name;
    const char *text; /* zero-terminated */
    int len;
} EmbeddedFile;

extern const EmbeddedFile embedded_files[];
extern const int embedded_count;

/* NULL when there is no such file. */
const EmbeddedFile *embed_find(const char *name);

#endif
