/* Products of bf16 parts are within the error bound where rows come in several
 * blocks: of a matrix, and of an image, whose result rows run on from one to
 * the next; with strides and dilation, and an odd number of channel blocks. */
// RUN: %clang -Wno-unused-parameter %level %s -lm -o %t && %t
// RUN: %cc -Wno-unused-parameter -g -O1 -fsanitize=address %s -lm -o %t && %t
#define EMULATE_AMX
#include "check.h"
#include "../../runtime/kernels/amx.c"
#define REAL float
#define OUT float
#define UNIT 0x1p-24
#define SPLIT_BATCH 0
#define SPLIT_ROWS 0
#define SPLIT_COLUMNS 0
#define SPLIT_GROUPS 0
#define CUT 1

/* [M, K] times panels of 32 columns, 64 rows at a time. */
#define CASE 1
#define KERNEL_split_words NAME(words_)
#define KERNEL_bf16_nearest NAME(nearest_)
#define KERNEL_weights NAME(weights_)
#define KERNEL_block_product NAME(block_)
#define KERNEL_split_cells NAME(split_cells_)
#define M n
#define N 37
#define K 43
#define CB 2
#define MB 64
#define PARTS 3
#define PLANE (MB + 1)
#define KEPT CB
#define RP 1
#define WP MB
#define QW 1
#define KH 1
#define KW 1
#define SH 1
#define SW 1
#define DH 1
#define DW 1
#define EPILOGUE(v, i, j) ((v) + e1[j])
#include "../../runtime/kernels/matmul_bf16.c"

static void check_matrix(int n)
{
    enum { PANELS = 2, WORDS = PARTS * (512 * KEPT + 16 * CB * PLANE) };
    float *x = numbers_f32((size_t)(n * K)), *e1 = numbers_f32(N);
    float *w = numbers_f32(PANELS * K * 32);
    float *y = numbers_f32((size_t)(n * N));
    float *scratch = numbers_f32(1024 + WORDS + 512);
    KERNEL(n, x, w, scratch, y, e1);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < N; j++) {
            double sum = (double)e1[j], magnitude = fabs(sum);
            for (int k = 0; k < K; k++) {
                double term = (double)x[i * K + k] *
                              (double)w[(j / 32 * K + k) * 32 + j % 32];
                sum += term;
                magnitude += fabs(term);
            }
            if (!near((double)y[i * N + j], sum, 2 * magnitude, K, UNIT))
                fail("product", n, (double)y[i * N + j], sum);
        }
    free(x);
    free(w);
    free(e1);
    free(y);
    free(scratch);
}
#undef CASE
#undef N
#undef CB
#undef PLANE
#undef KEPT
#undef RP
#undef WP
#undef QW
#undef KH
#undef KW
#undef SH
#undef SW
#undef DH
#undef DW
#undef EPILOGUE

/* 3 blocks of channels, 9 x 8 places, 4 rows at a time. */
#define CASE 2
#define B n
#define G 1
#define XB 3
#define OB 1
#define H 17
#define W 18
#define OH 9
#define OW 8
#define KH 2
#define KW 3
#define SH 2
#define SW 2
#define DH 1
#define DW 2
#define LH 1
#define LW 1
#define ROWS 4
#define QH 2
#define QW 2
#define RP 4
#define WP 10
#define PLANE 161
#define KEPT (CB * KH * KW)
#define CB 2
#define EPILOGUE(v, b, o, p, l) ((v) + e1[(o) * 16 + (l)])
#include "../../runtime/kernels/conv_bf16.c"

static double cell_of(const float *x, int b, int c, int h, int w)
{
    if (h < 0 || h >= H || w < 0 || w >= W)
        return 0;
    return (double)x[(((b * XB + c / 16) * H + h) * W + w) * 16 + c % 16];
}

static void check_image(int n)
{
    enum { PLACES = OH * OW, C = XB * 16, O = OB * 16 };
    enum { WORDS = PARTS * (512 * KEPT + 16 * CB * PLANE) };
    float *x = numbers_f32((size_t)(n * C * H * W)), *e1 = numbers_f32(O);
    float *w = numbers_f32(O * C * KH * KW);
    float *y = numbers_f32((size_t)(n * O * PLACES));
    float *scratch = numbers_f32(1024 + WORDS + 512);
    KERNEL(n, x, w, scratch, y, e1);
    for (int i = 0; i < n * O * PLACES; i++) {
        int b = i / (O * PLACES), o = i / PLACES % O, p = i % PLACES;
        double sum = (double)e1[o], magnitude = fabs(sum);
        for (int k = 0; k < C * KH * KW; k++) {
            int c = k / (KH * KW), kh = k / KW % KH, kw = k % KW;
            double cell = cell_of(x, b, c, p / OW * SH + kh * DH - LH,
                                  p % OW * SW + kw * DW - LW);
            int at = ((o / 16 * XB + c / 16) * (KH * KW) + kh * KW + kw) * 256;
            double term = cell * (double)w[at + c % 16 * 16 + o % 16];
            sum += term;
            magnitude += fabs(term);
        }
        double got = (double)y[((b * OB + o / 16) * PLACES + p) * 16 + o % 16];
        if (!near(got, sum, 2 * magnitude, C * KH * KW, UNIT))
            fail("place", i, got, sum);
    }
    free(x);
    free(w);
    free(e1);
    free(y);
    free(scratch);
}

int main(void)
{
    check_matrix(70);
    check_image(1);
    return failures != 0;
}
