/* The product in register tiles is within the error bound at odd sizes, for
 * every combination of transposed operands and copies, in f32 and f64, with
 * vectors of 16 and 32 bytes. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-double-promotion -Wno-unused-parameter -DVB=16 %sanitize %s -lm -o %t && %t
#include "real.h"
#include "matmul_cases.h"

int main(void)
{
    return check_all();
}
