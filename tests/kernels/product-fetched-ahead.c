/* The product that fetches its right side ahead is within the error bound where
 * the last panel and the last rows overlap others, with one tile and with more
 * tiles than rows to ask for, and writes nothing behind its result. */
// RUN: %cc -Wno-unused-parameter %level -DVB=32 %s -lm -o %t && %t
// RUN: %cc -Wno-unused-parameter %level -DVB=16 -DF64 %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter -DVB=16 %sanitize %s -lm -o %t && %t
#include "real.h"
#define EPILOGUE(v, b, i, j) ((v) * e1[j])
#define LINE (64 / (int)sizeof(REAL))

#define CASE 1, 13, 37, 24, 5, 2, 3
#include "ahead_case.h"
#define CASE 2, 5, 2 * VB, 8, 5, 2, 8
#include "ahead_case.h"
#define CASE 3, 41, 35, 16, 4, 1, 1
#include "ahead_case.h"
#define CASE 4, 9, 7 * VB / 4, 8, 4, 3, 2
#include "ahead_case.h"

int main(void)
{
    check_1();
    check_2();
    check_3();
    check_4();
    return failures != 0;
}
