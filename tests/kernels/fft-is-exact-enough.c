/* The FFT convolution kernels are within the error bound: channels that do not
 * fill a block, images of 1x1 and 7x13, borders and crops, odd numbers of tiles,
 * transforms of 4 to 32 cells, vectors of 16 and 32 bytes and none, f32, f64. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 -DV=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %level -DVB=32 -DV=4 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DV=8 %sanitize %s -lm -o %t && %t
// RUN: tcc -std=c99 -DVB=16 -DV=4 %s -lm -o %t && %t
#include "real.h"
#include "blocked.h"
#include "roots.h"

#define CASE 1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 1, 4, 2, 1
#include "fft_case.h"
#define CASE 2, 2, 3, 5, 7, 13, 5, 5, 2, 2, 2, 2, 8, 4, 2
#include "fft_case.h"
#define CASE 3, 1, 17, 5, 7, 13, 7, 3, 3, 1, 3, 1, 16, 2, 3
#include "fft_case.h"
#define CASE 4, 3, 5, 9, 9, 6, 5, 4, 2, 0, 1, 3, 8, 4, 4
#include "fft_case.h"
#define CASE 5, 1, 8, 16, 20, 12, 11, 9, 5, 4, 5, 4, 16, 2, 2
#include "fft_case.h"
#define CASE 6, 2, 4, 3, 6, 5, 5, 5, 7, 6, 9, 5, 8, 4, 2
#include "fft_case.h"
#define CASE 7, 1, 9, 8, 12, 11, 6, 6, -1, -2, -2, 0, 16, 2, 2
#include "fft_case.h"
#define CASE 8, 1, 3, 4, 33, 9, 9, 9, 4, 4, 4, 4, 32, 4, 2
#include "fft_case.h"
#define CASE 9, 2, 2, 3, 5, 4, 4, 4, 0, 0, 0, 0, 4, 6, 3
#include "fft_case.h"
#define CASE 10, 1, 9, 5, 7, 13, 5, 3, 2, 1, 2, 1, 12, 2, 2
#include "fft_case.h"
#define CASE 11, 1, 5, 9, 17, 15, 7, 7, 3, 3, 3, 3, 20, 2, 2
#include "fft_case.h"

int main(void)
{
    check_1();
    check_2();
    check_3();
    check_4();
    check_5();
    check_6();
    check_7();
    check_8();
    check_9();
    check_10();
    check_11();
    return failures != 0;
}
