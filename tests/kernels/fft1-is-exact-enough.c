/* The kernels of convolution along one axis by Fourier transforms are within the
 * error bound: one sample and many tiles, groups, borders and crops, as many rows
 * as columns and twice as many, vectors of 16 and 32 bytes and none, f32, f64. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 -DV=8 -DTURN=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %level -DVB=32 -DV=4 -DTURN=4 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DV=4 -DTURN=4 %sanitize %s -lm -o %t && %t
// RUN: tcc -std=c99 -DVB=0 -DV=1 -DTURN=0 %s -lm -o %t && %t
#include "real.h"
#if TURN
#define ENTER TURN
#else
#define ENTER 1
#endif
#include "blocked.h"

/* cos and -sin of 2 pi 2^j / n, as the compiler writes them. */
#define POWERS_64                                                              \
    0.9951847266721969, -0.0980171403295606, 0.9807852804032304,               \
    -0.19509032201612825, 0.9238795325112867, -0.3826834323650898,             \
    0.7071067811865476, -0.7071067811865475, 0.0, -1.0, -1.0, 0.0
#define POWERS_128 0.9987954562051724, -0.049067674327418015, POWERS_64

#define CASE 1, 1, 1, 1, 1, 1, 3, 1, 1, 8, 8
#include "fft1_case.h"
#define CASE 2, 2, 1, 2, 3, 150, 17, 8, 8, 8, 8
#include "fft1_case.h"
#define CASE 3, 1, 2, 3, 1, 300, 60, 0, 20, 16, 8
#include "fft1_case.h"
#define CASE 4, 1, 1, 1, 2, 40, 9, -3, -2, 8, 8
#include "fft1_case.h"
#define CASE 5, 3, 3, 1, 1, 13, 13, 20, 5, 16, 8
#include "fft1_case.h"

int main(void)
{
    check_1();
    check_2();
    check_3();
    check_4();
    check_5();
    return failures != 0;
}
