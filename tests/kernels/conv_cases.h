/* Cases of the convolution kernels, see conv_case.h; NUMBERS, REAL, VB and
 * UNIT are set. */
#define CASE 1, 0, 2, 3, 4, 1, 7, 9, 3, 3, 1, 1, 1, 1, 0, 1, 1, 1, 1
#include "conv_case.h"
#define CASE 2, 0, 2, 2, 3, 2, 7, 9, 3, 2, 2, 1, 1, 0, 0, 1, 1, 1, 1
#include "conv_case.h"
#define CASE 3, 0, 2, 3, 2, 1, 5, 6, 3, 3, 1, 1, 2, 2, 2, 2, 1, 1, 1
#include "conv_case.h"
#define CASE 4, 0, 1, 3, 2, 2, 1, 11, 1, 3, 3, 2, 0, 1, 0, 1, 1, 1, 1
#include "conv_case.h"
#define CASE 5, 0, 2, 3, 2, 1, 9, 9, 4, 4, 2, 1, 1, 1, 7, 1, 1, 1, 1
#include "conv_case.h"
#define CASE 6, 0, 2, 2, 2, 1, 7, 7, 2, 2, 1, 1, -1, -2, 0, 1, 1, 1, 1
#include "conv_case.h"
#define CASE 7, 1, 2, 1, 6, 1, 12, 13, 5, 5, 1, 1, 2, 2, 0, 1, 6, 1, 4
#include "conv_case.h"
#define CASE 8, 1, 3, 3, 5, 1, 7, 9, 3, 3, 1, 1, 1, 1, 0, 1, 4, 2, 7
#include "conv_case.h"
#define CASE 9, 1, 2, 4, 3, 2, 8, 5, 3, 3, 1, 2, 2, 2, 0, 1, 3, 1, 3
#include "conv_case.h"
#define CASE 10, 1, 2, 3, 7, 1, 1, 21, 1, 4, 3, 2, 0, 2, 0, 1, 5, 1, 1
#include "conv_case.h"
#define CASE 11, 1, 2, 5, 4, 1, 6, 6, 3, 3, 1, 1, 2, 2, 2, 1, 4, 2, 5
#include "conv_case.h"
#define CASE 12, 1, 2, 3, 4, 1, 9, 8, 3, 3, 2, 1, -1, -1, 0, 1, 2, 1, 2
#include "conv_case.h"
#define CASE 13, 1, 2, 1, 1, 6, 7, 7, 3, 3, 1, 1, 1, 1, 0, 1, 1, 2, 3
#include "conv_case.h"
#define CASE 14, 1, 3, 2, 4, 2, 15, 14, 7, 5, 4, 1, 1, 2, 5, 1, 3, 1, 2
#include "conv_case.h"
#define CASE 15, 1, 2, 7, 8, 1, 6, 5, 1, 1, 2, 1, 0, 0, 0, 1, 8, 1, 3
#include "conv_case.h"
#define CASE 16, 2, 2, 1, 6, 1, 12, 13, 5, 5, 1, 1, 2, 2, 0, 1, 6, 1, 4
#include "conv_case.h"
#define CASE 17, 2, 2, 3, 5, 1, 23, 19, 7, 5, 3, 1, 2, 1, 0, 1, 4, 2, 2
#include "conv_case.h"
#define CASE 18, 2, 1, 3, 9, 2, 15, 15, 11, 11, 4, 1, 0, 0, 0, 1, 4, 1, 2
#include "conv_case.h"
#define CASE 19, 2, 2, 4, 3, 2, 8, 5, 3, 3, 1, 2, 2, 2, 0, 1, 3, 1, 3
#include "conv_case.h"
#define CASE 20, 2, 2, 3, 7, 1, 1, 21, 1, 4, 2, 3, 0, 2, 0, 1, 5, 1, 1
#include "conv_case.h"
#define CASE 21, 2, 2, 5, 4, 1, 6, 6, 3, 3, 3, 2, 2, 2, 2, 1, 4, 2, 1
#include "conv_case.h"
#define CASE 22, 2, 2, 3, 4, 1, 9, 8, 3, 3, 2, 1, -1, -1, 0, 1, 2, 1, 2
#include "conv_case.h"
#define CASE 23, 2, 2, 3, 4, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 4, 2, 1
#include "conv_case.h"
#define CASE 24, 2, 3, 2, 4, 2, 5, 5, 3, 3, 1, 1, 1, 1, 5, 1, 3, 1, 5
#include "conv_case.h"
#define CASE 25, 4, 2, 3, 4, 1, 4, 5, 3, 3, 1, 1, 2, 3, 2, 3, 4, 1, 4
#include "conv_case.h"
#define CASE 26, 3, 3, 4, 5, 1, 9, 10, 5, 6, 1, 1, 0, 0, 7, 1, 113, 1, 0
#include "conv_case.h"
#define CASE 27, 3, 1, 5, 6, 1, 12, 12, 12, 12, 1, 1, 2, 2, 7, 1, 551, 2, 0
#include "conv_case.h"
#define CASE 28, 3, 7, 3, 9, 1, 7, 8, 4, 5, 1, 1, 1, 1, 7, 1, 214, 1, 0
#include "conv_case.h"
#define CASE 29, 3, 2, 3, 4, 2, 9, 9, 4, 4, 1, 2, 1, 0, 7, 1, 121, 1, 0
#include "conv_case.h"
#define CASE 30, 3, 4, 2, 3, 1, 9, 9, 3, 3, 2, 1, 1, 1, 7, 1, 313, 1, 0
#include "conv_case.h"
#define CASE 31, 3, 13, 2, 17, 1, 5, 5, 5, 5, 1, 1, 0, 0, 7, 1, 118, 2, 0
#include "conv_case.h"
#define CASE 32, 3, 3, 6, 4, 1, 1, 17, 1, 15, 1, 1, 0, 0, 7, 1, 311, 1, 0
#include "conv_case.h"
#define CASE 33, 4, 2, 16, 6, 1, 10, 10, 5, 5, 1, 1, 4, 4, 2, 1, 12, 2, 0
#include "conv_case.h"
#define CASE 34, 4, 2, 5, 3, 1, 5, 4, 3, 3, 1, 1, 2, 3, 2, 2, 7, 1, 0
#include "conv_case.h"
#define CASE 35, 4, 1, 3, 4, 2, 4, 4, 5, 5, 1, 1, 3, 2, 0, 3, 4, 2, 0
#include "conv_case.h"
#define CASE 36, 4, 3, 4, 2, 1, 1, 9, 1, 4, 1, 2, 5, 7, 2, 1, 8, 1, 0
#include "conv_case.h"
#define CASE 37, 4, 2, 3, 3, 1, 6, 6, 3, 3, 1, 1, -1, -2, 5, 1, 5, 2, 0
#include "conv_case.h"
#define CASE 38, 4, 2, 3, 3, 1, 3, 3, 2, 2, 1, 1, 4, 5, 2, 2, 5, 2, 0
#include "conv_case.h"
#define CASE 39, 5, 2, 1, 1, 3, 7, 13, 3, 3, 1, 1, 1, 1, 0, 1, 4, 0, 0
#include "conv_case.h"
#define CASE 40, 5, 1, 1, 1, 2, 5, 20, 3, 5, 1, 1, 1, 1, 2, 1, 2, 0, 0
#include "conv_case.h"
#define CASE 41, 5, 2, 1, 1, 5, 3, 9, 3, 3, 1, 1, 1, 0, 5, 1, 2, 0, 0
#include "conv_case.h"
#define CASE 42, 5, 1, 1, 1, 1, 1, 8, 1, 3, 1, 1, 1, 1, 0, 1, 3, 0, 0
#include "conv_case.h"
#define CASE 43, 6, 2, 3, 6, 1, 10, 10, 5, 5, 1, 1, 4, 4, 2, 1, 6, 2, 14
#include "conv_case.h"
#define CASE 44, 6, 1, 2, 5, 2, 7, 13, 3, 3, 1, 2, 3, 2, 0, 1, 4, 1, 3
#include "conv_case.h"
#define CASE 45, 6, 2, 4, 3, 1, 1, 9, 3, 3, 1, 1, 4, 5, 7, 1, 3, 1, 2
#include "conv_case.h"
#define CASE 46, 6, 1, 3, 4, 1, 9, 8, 3, 3, 1, 1, -1, -2, 2, 1, 2, 2, 5
#include "conv_case.h"
#define CASE 47, 7, 1, 5, 6, 1, 28, 28, 24, 24, 1, 1, 2, 2, 7, 1, 2, 5, 0
#include "conv_case.h"
#define CASE 48, 7, 3, 4, 5, 2, 7, 13, 5, 11, 1, 1, 1, 1, 7, 1, 3, 2, 0
#include "conv_case.h"
#define CASE 49, 7, 2, 3, 1, 1, 9, 9, 4, 4, 2, 1, 1, 1, 7, 1, 1, 3, 0
#include "conv_case.h"
#define CASE 50, 7, 2, 2, 3, 1, 1, 17, 1, 9, 1, 1, 0, 0, 7, 1, 2, 4, 0
#include "conv_case.h"

static int check_all(void)
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
    check_26();
    check_27();
    check_28();
    check_29();
    check_30();
    check_31();
    check_32();
    check_33();
    check_34();
    check_35();
    check_36();
    check_37();
    check_38();
    check_39();
    check_40();
    check_41();
    check_42();
    check_43();
    check_44();
    check_45();
    check_46();
    check_47();
    check_48();
    check_49();
    check_50();
    return failures != 0;
}
