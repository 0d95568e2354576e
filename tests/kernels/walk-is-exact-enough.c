/* The walking kernel is within the error bound: outputs that do not fill a
 * block, images of 1x1 and 7x13, strides, groups, borders, windows that are all
 * border, tiles of one and of two sizes, vectors of 16 and 32 bytes and none,
 * f32 and f64. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 -DV=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %level -DVB=32 -DV=4 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DV=4 %sanitize %s -lm -o %t && %t
// RUN: tcc -std=c99 -DVB=16 -DV=4 %s -lm -o %t && %t
#include "real.h"
#include "blocked.h"

#define CASE 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1
#include "walk_case.h"
#define CASE 2, 2, 1, 3, 5, 7, 13, 3, 3, 1, 1, 1, 1, 1, 4, 1
#include "walk_case.h"
#define CASE 3, 1, 1, 3, 17, 12, 17, 3, 3, 2, 1, 1, 0, 0, 3, 2
#include "walk_case.h"
#define CASE 4, 1, 1, 1, 6, 9, 28, 5, 5, 1, 2, 2, 2, 2, 10, 1
#include "walk_case.h"
#define CASE 5, 1, 2, 2, 9, 6, 11, 2, 4, 3, 0, 1, 3, 2, 4, 1
#include "walk_case.h"
#define CASE 6, 1, 1, 1, 3, 1, 9, 1, 7, 2, 0, 3, 0, 3, 5, 1
#include "walk_case.h"
#define CASE 7, 1, 1, 5, 8, 3, 4, 3, 3, 1, 2, 2, 2, 2, 6, 1
#include "walk_case.h"
#define CASE 8, 1, 1, 2, 8, 6, 10, 3, 3, 1, 0, 0, 0, 0, 3, 1
#include "walk_case.h"
#define CASE 9, 1, 1, 2, 8, 2, 5, 3, 2, 1, 3, 0, 4, 3, 7, 1
#include "walk_case.h"

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
    return failures != 0;
}
