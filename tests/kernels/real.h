/* The type a kernel is tested in, with -DF64 double, and its unit roundoff. */
#include "check.h"
#ifdef F64
#define REAL double
#define NUMBERS numbers_f64
#define UNIT 0x1p-53
#else
#define REAL float
#define NUMBERS numbers_f32
#define UNIT 0x1p-24
#endif
#define OUT REAL
