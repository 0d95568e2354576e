/* The depthwise kernel is within the error bound: channels that do not fill a
 * block, images of 1x1 and 7x13, strides, dilation, borders, crops, windows that
 * are all border, vectors of 16 and 32 bytes and none, f32 and f64. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 -DV=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %level -DVB=16 -DV=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %level -DVB=32 -DV=4 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %level -DVB=0 -DV=1 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DV=4 %sanitize %s -lm -o %t && %t
// RUN: tcc -std=c99 -DVB=16 -DV=4 %s -lm -o %t && %t
#include "real.h"
#include "blocked.h"

#define CASE 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1
#include "depthwise_case.h"
#define CASE 2, 1, 3, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1
#include "depthwise_case.h"
#define CASE 3, 2, 5, 7, 13, 3, 3, 1, 1, 1, 1, 1, 1, 4, 1, 1
#include "depthwise_case.h"
#define CASE 4, 1, 17, 7, 13, 3, 3, 2, 1, 1, 1, 1, 1, 3, 1, 1
#include "depthwise_case.h"
#define CASE 5, 2, 8, 9, 10, 5, 3, 1, 2, 4, 2, 3, 1, 4, 0, 0
#include "depthwise_case.h"
#define CASE 6, 1, 9, 6, 17, 7, 7, 1, 1, 3, 3, 3, 3, 6, 1, 0
#include "depthwise_case.h"
#define CASE 7, 3, 4, 11, 9, 3, 2, 3, 1, 0, 2, 2, 0, 2, 1, 0
#include "depthwise_case.h"
#define CASE 8, 1, 3, 5, 8, 2, 3, 1, 1, -1, -2, -1, 0, 2, 0, 1
#include "depthwise_case.h"
#define CASE 9, 1, 3, 4, 5, 3, 4, 1, 1, 5, 6, 7, 4, 1, 0, 0
#include "depthwise_case.h"
#define CASE 10, 2, 5, 1, 21, 1, 5, 1, 3, 0, 6, 0, 6, 5, 0, 0
#include "depthwise_case.h"
#define CASE 11, 1, 3, 2, 4, 5, 9, 1, 1, 4, 7, 4, 7, 3, 0, 1
#include "depthwise_case.h"
#define CASE 12, 1, 9, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 3, 1, 1
#include "depthwise_case.h"
#define CASE 14, 1, 5, 7, 26, 3, 3, 1, 2, 2, 2, 2, 2, 6, 1, 1
#include "depthwise_case.h"
#define CASE 15, 1, 2, 8, 21, 3, 3, 1, 1, 1, 1, 1, 1, 5, 0, 1
#include "depthwise_case.h"

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
    check_12();
    check_14();
    check_15();
    return failures != 0;
}
