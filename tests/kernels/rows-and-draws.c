/* Kernels that go row by row, and the random draws, agree with their
 * definitions. */
// RUN: %cc -Wno-unused-parameter %level %s -lm -o %t && %t
// RUN: %clang -Wno-unused-parameter %sanitize %s -lm -o %t && %t
#include "check.h"
#undef EXTRA_PARAMS
#define EXTRA_PARAMS
#define CASE 1
#define REAL float
#define EXP_DOWN expf
#define LOG logf
#define ROWS 7
#define COLS 11
#define LANES 4
#define TABLE_ROWS 5
#define CLASSES 11

#define EPILOGUE(v, ...) (v)
#define OUT int32_t
#undef KERNEL
#define KERNEL argmax
#include "../../runtime/kernels/argmax.c"
#undef OUT
#define OUT float
#undef KERNEL
#define KERNEL softmax
#include "../../runtime/kernels/softmax.c"
#undef KERNEL
#undef KERNEL_lane_sum
#define KERNEL_lane_sum lane_sum_again
#undef KERNEL_row_max
#define KERNEL_row_max row_max_again
#define KERNEL logsumexp
#include "../../runtime/kernels/logsumexp.c"
#undef KERNEL
#undef KERNEL_lane_sum
#define KERNEL_lane_sum lane_sum_once_more
#define KERNEL normalize
#define SQRT sqrtf
#define EPS 0.5f
#include "../../runtime/kernels/normalize.c"
#undef KERNEL
#define KERNEL gather
#include "../../runtime/kernels/gather.c"
#undef KERNEL
#define KERNEL scatter_add
#include "../../runtime/kernels/scatter_add.c"
#undef KERNEL
#define KERNEL pick
#include "../../runtime/kernels/pick.c"
#undef KERNEL
#define KERNEL onehot
#include "../../runtime/kernels/onehot.c"
#undef KERNEL
#define KERNEL uniform
#include "../../runtime/kernels/uniform.c"
#undef KERNEL
#undef KERNEL_philox
#define KERNEL_philox philox_again
#define KERNEL randn
#include "../../runtime/kernels/randn.c"

static void equal(const char *what, double got, double want)
{
    if (!(fabs(got - want) <= 2e-6 * (1 + fabs(want))))
        fail(what, 0, got, want);
}

static void check_normalize(void)
{
    static float got[ROWS * COLS];
    float *x = numbers_f32(ROWS * COLS);
    normalize(0, x, got);
    for (int i = 0; i < ROWS; i++) {
        double mean = 0, variance = 0;
        for (int j = 0; j < COLS; j++)
            mean += (double)x[i * COLS + j] / COLS;
        for (int j = 0; j < COLS; j++)
            variance += pow((double)x[i * COLS + j] - mean, 2) / COLS;
        for (int j = 0; j < COLS; j++)
            equal("normalize", (double)got[i * COLS + j],
                  ((double)x[i * COLS + j] - mean) / sqrt(variance + 0.5));
    }
    free(x);
}

static void check_rows(void)
{
    static float got[TABLE_ROWS * COLS + ROWS * COLS];
    float *x = numbers_f32(ROWS * COLS);
    int32_t place[ROWS], index[ROWS];
    x[3] = x[5] = 2; /* a tie */
    argmax(0, x, place);
    for (int i = 0; i < ROWS; i++) {
        int best = 0;
        for (int j = 1; j < COLS; j++)
            best = x[i * COLS + j] > x[i * COLS + best] ? j : best;
        equal("argmax", place[i], best);
        index[i] = i * 3 % TABLE_ROWS;
    }
    x[COLS] = 300; /* would overflow without the shift */
    double sums[ROWS] = {0};
    for (int i = 0; i < ROWS; i++) {
        double top = i == 1 ? 300 : 0;
        for (int j = 0; j < COLS; j++)
            sums[i] += exp((double)x[i * COLS + j] - top);
        sums[i] = top + log(sums[i]);
    }
    softmax(0, x, got);
    for (int i = 0; i < ROWS * COLS; i++)
        equal("softmax", (double)got[i], exp((double)x[i] - sums[i / COLS]));
    logsumexp(0, x, got);
    for (int i = 0; i < ROWS; i++)
        equal("logsumexp", (double)got[i], sums[i]);
    gather(0, x, index, got);
    for (int i = 0; i < ROWS * COLS; i++)
        equal("gather", (double)got[i],
              (double)x[index[i / COLS] * COLS + i % COLS]);
    static double table[TABLE_ROWS * COLS];
    for (int i = 0; i < ROWS * COLS; i++)
        table[index[i / COLS] * COLS + i % COLS] += (double)x[i];
    scatter_add(0, index, x, got);
    for (int i = 0; i < TABLE_ROWS * COLS; i++)
        equal("scatter_add", (double)got[i], table[i]);
    pick(0, x, index, got);
    for (int i = 0; i < ROWS; i++)
        equal("pick", (double)got[i], (double)x[i * COLS + index[i]]);
    onehot(0, index, got);
    for (int i = 0; i < ROWS * CLASSES; i++)
        equal("onehot", (double)got[i], index[i / CLASSES] == i % CLASSES);
    free(x);
}

/* Known answers of Philox4x32-10 from its authors' Random123. */
static void check_philox(void)
{
    static const uint32_t want[2][4] = {
        {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
    };
    uint32_t word[4];
    philox_1(0, 0, 0, 0, 0, word);
    for (int i = 0; i < 4; i++)
        equal("philox", word[i], want[0][i]);
    philox_1(0x299f31d0a4093822u, 0x243f6a88, 0x85a308d3, 0x13198a2e,
             0x03707344, word);
    for (int i = 0; i < 4; i++)
        equal("philox", word[i], want[1][i]);
}

static void check_draws(void)
{
    enum { COUNT = 100003 };
    static float x[COUNT];
    double sum = 0, square = 0;
    uniform(0, 7, 3, 1, 2, COUNT, x);
    for (int i = 0; i < COUNT; i++) {
        if (!(x[i] >= 0 && x[i] < 1))
            fail("uniform", i, (double)x[i], 0.5);
        sum += (double)x[i];
    }
    if (fabs(sum / COUNT - 0.5) > 0.005)
        fail("mean of uniform", 0, sum / COUNT, 0.5);
    sum = 0;
    randn(0, 7, 3, 1, 2, COUNT, x);
    for (int i = 0; i < COUNT; i++) {
        sum += (double)x[i];
        square += (double)x[i] * (double)x[i];
    }
    if (fabs(sum / COUNT) > 0.02 || fabs(square / COUNT - 1) > 0.02)
        fail("moments of randn", 0, sum / COUNT, square / COUNT);
    float few[5];
    randn(0, 7, 3, 1, 2, 5, few);
    if (memcmp(few, x, sizeof few) != 0)
        fail("randn depends on the count", 0, (double)few[4], (double)x[4]);
}

int main(void)
{
    check_rows();
    check_normalize();
    check_philox();
    check_draws();
    return failures != 0;
}
