/* The product in register tiles is within the error bound at odd sizes, for
 * every combination of transposed operands and copies, in f32 and f64, with
 * vectors of 16 and 32 bytes. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-double-promotion -Wno-unused-parameter -DVB=16 %sanitize %s -lm -o %t && %t
#include "check.h"
#ifdef F64
#define REAL double
#define NUMBERS numbers_f64
#define UNIT 0x1p-53
#else
#define REAL float
#define NUMBERS numbers_f32
#define UNIT 0x1p-24
#endif
#define OUT REAL
#include "matmul_cases.h"

int main(void)
{
    return check_all();
}
