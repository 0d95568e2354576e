/* A kernel being filled: cgen_kernel.c gathers and writes, cgen_fill.c makes
 * the text. */
#ifndef DLC_CGEN_KERNEL_H
#define DLC_CGEN_KERNEL_H

#include "cgen_impl.h"
#include "embed.h"

/* Stands for the function's name until equal texts were looked for. */
#define NAME_MARK "\001"

typedef struct Shown {
    const char *hole, *value;
} Shown;

struct Kernel {
    Emit *e;
    const Node *n;
    const char *file;
    ElemType real;
    Map *holes;
    Map *resolved; /* names KERNEL_... that included files defined */
    ARRAY_OF(Shown) shown;
    StringArray args, extra_args;
    int groups, axes[MAX_RANK];
    int parts;   /* of threads; 1: none */
    Split split; /* the loop they share */
    bool least;      /* EPILOGUE names a variable `least`: see kernel_relu */
    const char *end; /* definition of KERNEL_end, NULL: none */
};

/* The text of runtime/kernels/FILE with its holes filled; included files are
 * written on the way. */
const char *kernel_fill_file(Kernel *k, const char *file);
/* Sets EXTRA_PARAMS and the actual arguments that go with them. */
void kernel_set_extras(Kernel *k);
void kernel_set(Kernel *k, const char *hole, const char *text);
/* Length of the comment that text opens with; 0: none. */
size_t kernel_opening(const char *text);
/* text with NAME_MARK replaced. */
const char *kernel_with_name(Arena *a, const char *text, const char *name);

#endif
