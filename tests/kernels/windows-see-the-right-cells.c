/* The pooling kernels and their adjoints agree with one loop over windows:
 * strides above and below the size, dilation, borders, inner axes, ties. */
// RUN: %cc -Wno-unused-parameter %level %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %sanitize %s -lm -o %t && %t
#include "check.h"
#define REAL float
#define OUT float
#define EPILOGUE(v, o, p, i) (v)

#define CASE 1, 3, 8, 6, 1, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0
#include "window_case.h"
#define CASE 2, 2, 7, 9, 1, 3, 2, 2, 3, 1, 1, 0, 0, 0, 0
#include "window_case.h"
#define CASE 3, 2, 7, 9, 1, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1
#include "window_case.h"
#define CASE 4, 2, 9, 8, 3, 2, 3, 3, 1, 2, 2, 0, 1, 1, 2
#include "window_case.h"
#define CASE 5, 4, 1, 13, 5, 1, 4, 1, 3, 1, 2, 0, 2, 0, 1
#include "window_case.h"
#define CASE 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0
#include "window_case.h"
#define CASE 7, 2, 5, 5, 1, 5, 5, 1, 1, 1, 1, 0, 0, 0, 0
#include "window_case.h"
#define CASE 8, 2, 6, 7, 8, 3, 3, 1, 2, 1, 1, 1, 1, 1, 1
#include "window_case.h"
#define CASE 9, 3, 6, 8, 5, 3, 2, 3, 2, 1, 1, 0, 0, 0, 0
#include "window_case.h"

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
