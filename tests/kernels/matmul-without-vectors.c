/* The tile is plain C where there is no vector extension. */
// RUN: %clang -Wno-double-promotion -Wno-unused-parameter -O0 %s -lm -o %t && %t
// RUN: tcc -std=c99 %s -lm -o %t && %t
#ifdef __TINYC__
#define VB 16 /* tcc ignores vector_size: the kernel must not ask for it */
#else
#define VB 4
#define __TINYC__ 1
#endif
#include "check.h"
#define REAL float
#define NUMBERS numbers_f32
#define UNIT 0x1p-24
#define OUT REAL
#include "matmul_cases.h"

int main(void)
{
    return check_all();
}
