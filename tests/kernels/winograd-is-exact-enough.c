/* The Winograd kernels are within the error bound: channels that do not fill a
 * block, windows of 2 to 5, strides of 2, images of 1x1 and 7x13, borders and
 * crops, groups, blocks of tiles that end anywhere, vectors of 16 and 32 bytes
 * and none, f32 and f64. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 -DV=8 %s -lm -o %t && %t
// RUN: %also_clang -Wno-unused-parameter %level -DVB=32 -DV=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DV=8 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=32 -DV=4 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=0 -DV=1 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -O0 -DVB=16 -DV=4 %sanitize %s -lm -o %t && %t
// RUN: tcc -std=c99 -DVB=16 -DV=4 %s -lm -o %t && %t
#include "real.h"
#include "blocked.h"

#define CASE 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 0, 3, 1
#include "winograd_case.h"
#define CASE 2, 1, 3, 5, 1, 1, 1, 1, 1, 1, 1, 4, 2, 1, 1, 1, 3, 1
#include "winograd_case.h"
#define CASE 3, 2, 17, 5, 1, 7, 13, 1, 1, 1, 1, 4, 3, 1, 2, 0, 3, 1
#include "winograd_case.h"
#define CASE 4, 2, 5, 17, 1, 7, 13, 1, 1, 1, 1, 2, 4, 2, 1, 2, 3, 1
#include "winograd_case.h"
#define CASE 5, 3, 16, 24, 1, 8, 8, 1, 1, 1, 1, 4, 6, 2, 1, 2, 3, 1
#include "winograd_case.h"
#define CASE 6, 1, 8, 24, 1, 9, 6, 0, 0, 0, 0, 4, 4, 2, 1, 1, 3, 1
#include "winograd_case.h"
#define CASE 7, 2, 3, 9, 1, 5, 4, 2, 2, 2, 2, 2, 5, 2, 7, 1, 3, 1
#include "winograd_case.h"
#define CASE 8, 1, 4, 3, 1, 4, 5, 3, 6, 5, 4, 4, 3, 1, 1, 0, 3, 1
#include "winograd_case.h"
#define CASE 9, 1, 9, 8, 1, 11, 9, -1, -2, -2, 0, 4, 2, 1, 1, 2, 3, 1
#include "winograd_case.h"
#define CASE 10, 2, 8, 16, 3, 6, 7, 1, 1, 1, 1, 4, 3, 2, 2, 1, 3, 1
#include "winograd_case.h"
#define CASE 11, 1, 16, 8, 2, 6, 7, 0, 1, 2, 1, 2, 3, 1, 1, 0, 3, 1
#include "winograd_case.h"
#define CASE 12, 2, 9, 17, 1, 9, 13, 0, 0, 0, 0, 3, 3, 2, 2, 1, 4, 1
#include "winograd_case.h"
#define CASE 13, 1, 12, 9, 1, 13, 7, 0, 1, 2, 0, 5, 2, 1, 1, 1, 4, 1
#include "winograd_case.h"
#define CASE 14, 1, 3, 16, 1, 7, 13, 2, 2, 2, 2, 2, 4, 2, 3, 0, 5, 1
#include "winograd_case.h"
#define CASE 15, 2, 17, 5, 1, 7, 13, 2, 2, 2, 2, 4, 3, 1, 2, 0, 5, 1
#include "winograd_case.h"
#define CASE 16, 1, 8, 8, 2, 1, 1, 2, 2, 2, 2, 4, 1, 1, 1, 0, 5, 1
#include "winograd_case.h"
#define CASE 17, 1, 5, 3, 1, 6, 5, 0, 1, 1, 0, 5, 2, 1, 1, 0, 2, 1
#include "winograd_case.h"
#define CASE 18, 1, 4, 8, 1, 5, 7, 1, 1, 0, 0, 3, 3, 1, 2, 0, 2, 1
#include "winograd_case.h"
#define CASE 19, 1, 3, 5, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 0, 3, 2
#include "winograd_case.h"
#define CASE 20, 2, 17, 9, 1, 7, 13, 1, 1, 1, 1, 2, 3, 2, 3, 2, 3, 2
#include "winograd_case.h"
#define CASE 21, 1, 8, 16, 2, 10, 8, 0, 1, 1, 0, 2, 4, 1, 1, 1, 3, 2
#include "winograd_case.h"
#define CASE 22, 3, 5, 8, 1, 9, 5, 2, -1, 3, 4, 2, 3, 1, 2, 0, 3, 2
#include "winograd_case.h"
#define CASE 23, 1, 5, 9, 1, 5, 4, 1, 1, 1, 1, 2, 2, 1, 3, 0, 3, 1
#include "winograd_case.h"
#define CASE 24, 1, 9, 17, 1, 9, 11, 1, 1, 1, 1, 2, 3, 2, 1, 3, 3, 2
#include "winograd_case.h"
#define CASE 25, 1, 8, 8, 2, 6, 3, 1, 1, 1, 1, 2, 1, 1, 2, 0, 3, 2
#include "winograd_case.h"

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
    check_13();
    check_14();
    check_15();
    check_16();
    check_17();
    check_18();
    check_19();
    check_20();
    check_21();
    check_22();
    check_23();
    check_24();
    check_25();
    return failures != 0;
}
