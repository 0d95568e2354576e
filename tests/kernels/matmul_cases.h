/* Cases of matmul.c, see matmul_case.h; NUMBERS, REAL, VB and UNIT are set. */
#define B_TABLE 0

#define CASE 1, 7, 16, 5, 0, 7, 1, 0, 0, 0, 0, 0
#include "matmul_case.h"
#define CASE 2, 13, 37, 31, 0, 6, 2, 0, 0, 0, 0, 0
#include "matmul_case.h"
#define CASE 3, 13, 37, 31, 0, 4, 1, 1, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 4, 13, 37, 31, 0, 4, 1, 1, 0, 0, 0, 0
#include "matmul_case.h"
#define CASE 5, 13, 37, 31, 1, 5, 2, 0, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 6, 13, 37, 31, 2, 5, 2, 0, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 7, 13, 37, 31, 3, 5, 2, 1, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 8, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 9, 3, 2, 100, 2, 8, 1, 1, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 10, 4, 9, 67, 2, 0, 0, 0, 0, 2, 0, 0
#include "matmul_case.h"
#define CASE 11, 3, 5, 64, 2, 0, 0, 0, 0, 2, 0, 0
#include "matmul_case.h"
#define CASE 12, 11, 35, 33, 0, 4, 2, 0, 0, 1, 0, 0
#include "matmul_case.h"
#define CASE 13, 11, 35, 33, 1, 4, 1, 0, 1, 1, 0, 0
#include "matmul_case.h"
#define CASE 14, 11, 35, 33, 2, 4, 1, 0, 1, 1, 0, 0
#include "matmul_case.h"
#define CASE 15, 130, 70, 300, 1, 8, 2, 1, 1, 0, 0, 0
#include "matmul_case.h"
#define CASE 16, 13, 37, 131, 0, 6, 2, 1, 1, 0, 32, 1
#include "matmul_case.h"
#define CASE 17, 130, 70, 300, 2, 6, 2, 1, 1, 0, 100, 2
#include "matmul_case.h"
#define CASE 18, 11, 35, 33, 1, 4, 1, 1, 1, 1, 16, 3
#include "matmul_case.h"
#define CASE 19, 17, 50, 64, 3, 5, 2, 1, 1, 0, 0, 1
#include "matmul_case.h"
#define CASE 20, 23, 48, 67, 2, 3, 3, 0, 1, 0, 0, 2
#include "matmul_case.h"
#define CASE 21, 13, 37, 131, 0, 6, 2, 0, 1, 0, 32, 1
#include "matmul_case.h"
#define CASE 22, 20, 35, 131, 2, 4, 1, 0, 1, 1, 50, 2
#include "matmul_case.h"

static int check_all(void)
{
    check_1(0);
    check_2(0);
    check_3(0);
    check_4(0);
    check_5(0);
    check_6(0);
    check_7(0);
    check_8(0);
    check_9(0);
    check_10(0);
    check_11(0);
    for (int n = 1; n <= 11; n++) {
        check_12(n);
        check_13(n);
        check_14(n);
        check_18(n);
        check_22(n);
    }
    check_15(0);
    check_16(0);
    check_17(0);
    check_19(0);
    check_20(0);
    check_21(0);
    return failures != 0;
}
