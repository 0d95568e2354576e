/* Compiled by dlc 0.1 from model.dl.
 *
 * Model linear_ae: 16,384 parameters; infer: 32,768 operations a sample.
 *   workspace of infer: 16,384 bytes (no plan needs less)
 *   workspace of eval: 147,456 bytes (no plan needs less)
 *   workspace of step: 321,536 bytes (no plan needs less)
 *   workspace of step_gradient: 288,768 bytes (no plan needs less)
 *
 * Model coupled_ae: 8,192 parameters; infer: 32,768 operations a sample.
 *   workspace of eval: 147,456 bytes (no plan needs less)
 *   workspace of step: 364,544 bytes (no plan needs less)
 *   workspace of step_gradient: 364,544 bytes (no plan needs less)
 *   workspace of pack: 32,768 bytes (no plan needs less)
 *
 * Model denoising_ae: 8,480 parameters; infer: 32,768 operations a sample.
 *   workspace of infer: 16,384 bytes (no plan needs less)
 *   workspace of eval: 147,456 bytes (no plan needs less)
 *   workspace of step: 496,640 bytes (no plan needs less)
 *   workspace of step_gradient: 495,616 bytes (no plan needs less)
 *   workspace of pack: 32,768 bytes (no plan needs less)
 *
 * Model ridge: 8,256 parameters; infer: 16,448 operations a sample.
 *   workspace of infer: 16,384 bytes (no plan needs less)
 *   workspace of eval: 16,896 bytes (no plan needs less)
 *   workspace of step: 217,216 bytes (no plan needs less)
 *   workspace of step_gradient: 184,320 bytes (no plan needs less)
 *   workspace of step_update: 32,896 bytes (no plan needs less)
 *   workspace of pack: 32,768 bytes (no plan needs less)
 *
 * Compile with: cc -std=c99 -O3 -c; link with -lm
 */

#include "model.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <math.h>

/* Products and sums may be fused, whatever the language mode. No loop
 * depends on the flags of floating-point traps, so gcc may turn conditions
 * into masks; loops become vector code at -O2, too, and no value is carried
 * from one turn to the next where loading it again costs less.
 */
#if defined(__clang__)
#pragma STDC FP_CONTRACT ON
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=fast", "no-trapping-math")
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#pragma GCC optimize("no-predictive-commoning")
#endif

#ifdef __cplusplus
#define restrict __restrict
#endif

/* The turns of the next loop do not depend on each other: compilers make
 * vectors of them, also where it is short, and do not write it out before. */
#if defined(__GNUC__) && !defined(__clang__)
#define INDEPENDENT _Pragma("GCC ivdep") _Pragma("GCC unroll 1")
#elif defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT
#endif

/* The same for a few turns on neighbours in memory: clang writes them out
 * first unless told not to, and finds no vectors in what comes of it. */
#if defined(__clang__)
#define INDEPENDENT_LANES \
    _Pragma("clang loop vectorize(assume_safety) unroll(disable)")
#else
#define INDEPENDENT_LANES INDEPENDENT
#endif

/* The next loop, of at most 16 turns, is written out; UNROLL_2, _4, _8:
 * so many turns of it at a time; ROLLED: it stays a loop. UNROLL_AROUND: four
 * turns around INDEPENDENT_LANES, of which clang would lose the vectors. */
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#define UNROLL_2 _Pragma("clang loop unroll_count(2)")
#define UNROLL_4 _Pragma("clang loop unroll_count(4)")
#define UNROLL_8 _Pragma("clang loop unroll_count(8)")
#define ROLLED _Pragma("clang loop unroll(disable)")
#define UNROLL_AROUND ROLLED
#elif defined(__GNUC__)
#define UNROLL _Pragma("GCC unroll 16")
#define UNROLL_2 _Pragma("GCC unroll 2")
#define UNROLL_4 _Pragma("GCC unroll 4")
#define UNROLL_8 _Pragma("GCC unroll 8")
#define ROLLED _Pragma("GCC unroll 1")
#define UNROLL_AROUND UNROLL_4
#else
#define UNROLL
#define UNROLL_2
#define UNROLL_4
#define UNROLL_8
#define ROLLED
#define UNROLL_AROUND
#endif

/* A function whose integer arguments have to become literals. */
#if defined(__GNUC__)
#define INLINE inline __attribute__((always_inline))
#else
#define INLINE inline
#endif

/* Asks for memory that is read soon; the address need not be valid. */
#if defined(__GNUC__) && !defined(__TINYC__)
#define PREFETCH(p) __builtin_prefetch(p)
#else
#define PREFETCH(p) ((void)0)
#endif

/* A kernel stays a function: compilers, debuggers and profilers see it. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

/* The bits of a number. */
static inline uint32_t bits_f32(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The number with these bits. */
static inline float of_bits_f32(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The size of the first with the sign of the second. */
static inline float signed_f32(float size, float sign)
{
    return of_bits_f32((bits_f32(size) & 0x7fffffffu) |
                       (bits_f32(sign) & 0x80000000u));
}

/* exp(x) / 2^k - 1 for an x near k log(2). Degree 6, to 2^-28. */
static inline float mantissa_less_1_f32(float x, float k)
{
    float head = x - k * 0.693359375f;
    float rest = k * 0.000212194440f;
    float r = head + rest;
    float p = 0.00139505591f;
    p = p * r + 0.00836892892f;
    p = p * r + 0.041666206f;
    p = p * r + 0.166665182f;
    p = p * r + 0.5f;
    return head + (rest + r * r * p);
}

/* exp of an x <= 0; at most 1 ulp. The sum with 1.5 * 2^23 + 191 has k + 191 in
 * its last bits: they are the exponent of 2^(k + 64), a normal number.
 */
static inline float exp_down_f32(float x)
{
    x = x < -105.0f ? -105.0f : x;
    float bits = x * 1.44269504f + 12583103.0f, k = bits - 12583103.0f;
    return (1.0f + mantissa_less_1_f32(x, k)) *
           of_bits_f32(bits_f32(bits) << 23) * 5.42101086e-20f;
}

/* 1 / (1 + exp(-x)); at most 2 ulp. With e = exp(-|x|) it is 1 / (1 + e) or
 * e / (1 + e); the sum's rounding error is put right.
 */
static inline float sigmoid_f32(float x)
{
    float e = exp_down_f32(of_bits_f32(bits_f32(x) | 0x80000000u));
    float sum = 1.0f + e, off = e - (sum - 1.0f);
    float y = (x < 0.0f ? e : 1.0f) / sum;
    return y - y * off * (x < 0.0f ? 1.0f - y : y);
}

/* tanh; at most 1.5 ulp. Below 0.6 x + x^3 P(x^2), above 1 - 2 / (1 +
 * exp(2 |x|)).
 */
static inline float tanh_f32(float x)
{
    float z = x * x;
    float p = -0.00589514989f;
    p = p * z + 0.0207959637f;
    p = p * z - 0.0537838265f;
    p = p * z + 0.133319244f;
    p = p * z - 0.333332986f;
    float a = of_bits_f32(bits_f32(x + x) & 0x7fffffffu);
    a = a > 20.0f ? 20.0f : a;
    /* the last bits of the sum are the exponent of 2^k */
    float bits = a * 1.44269504f + 12583039.0f, k = bits - 12583039.0f;
    float e = (1.0f + mantissa_less_1_f32(a, k)) *
              of_bits_f32(bits_f32(bits) << 23);
    float y = 1.0f - 2.0f / (1.0f + e);
    return signed_f32(a < 1.2f ? x + x * (z * p) : y, x);
}

/* The larger of two; a NaN wins, at a tie the first. */
static inline float max_f32(float a, float b)
{
    return a < b || b != b ? b : a;
}

/* -1, 0 or 1; a NaN stays. */
static inline float sign_f32(float x)
{
    return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x;
}

/* x * x. */
static inline float square_f32(float x)
{
    return x * x;
}

/* The square root. Told that there are no negative arguments, gcc makes the
 * instruction of it; clang wants to hear that errno does not count.
 */
#if defined(__clang__) && defined(__cplusplus)
extern "C" float sqrtf(float) __attribute__((const));
#elif defined(__clang__)
float sqrtf(float) __attribute__((const));
#endif
static inline float sqrt_f32(float x)
{
    return sqrtf(x < 0.0f ? NAN : x);
}

/* A vector of VB bytes, and the same at any address.
 *
 * The GNU vector extension where there is one; elsewhere, and with VB = 0, a
 * vector has one element and the same code is plain C.
 */
#if defined(__GNUC__) && !defined(__TINYC__)
typedef float vec __attribute__((vector_size(16)));
typedef float mem __attribute__((vector_size(16), aligned(sizeof(float)),
                                 may_alias));
#else
typedef float vec;
typedef float mem;
#endif

/* The register tile of a product with a panel: c[i, j] = sum over k of a[i, k]
 * * b[k, j] for mr rows, MR of them at most, and NR columns.
 *
 * Rows of a lie K elements apart, those of b and c NR. The order of the sum is
 * that of k, whatever mr is.
 */
INLINE static void panel_tile(int mr, const float *restrict a,
                              const float *restrict b, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    const vec zero = {0};
    vec acc[6][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < 256; k++, a++, b += 8) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * 256] * *(const mem *)(b + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * 8 + v * LANES) = acc[i][v];
    }
}

/* One row of a product with a panel: c[j] = sum over k of a[k] * b[k, j], NR
 * columns. STEPS partial sums for each, of every STEPS-th term, so that loads
 * are the limit.
 */
static void panel_row(int depth, const float *restrict a,
                      const float *restrict b, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    const vec zero = {0};
    vec acc[4][NV];
    const int whole = depth / 4 * 4;
#pragma GCC unroll 16
    for (int i = 0; i < 4; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    for (int k = 0; k < whole; k += 4)
#pragma GCC unroll 16
        for (int i = 0; i < 4; i++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[i][v] +=
                    a[k + i] * *(const mem *)(b + (k + i) * 8 + v * LANES);
    for (int k = whole; k < depth; k++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[0][v] += a[k] * *(const mem *)(b + k * 8 + v * LANES);
#pragma GCC unroll 16
    for (int i = 1; i < 4; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[0][v] += acc[i][v];
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        *(mem *)(c + v * LANES) = acc[0][v];
}

/* Matrix product with a matrix in panels of NR columns.
 *
 * y[i,j] = sum over k of x[i,k] * w[j / NR, k, j % NR]: x is [M, K], w is
 * [ceil(N / NR), K, NR]. MB rows of x stay in the second cache while the panels
 * pass, one after the other; a panel passes from there through the tile, MR
 * rows at a time. With FEW the rows end with tiles of MR - 1, as many as make
 * the number right; rows too few for that are done one by one. Each tile
 * asks for AHEAD lines, of LINE elements, of the next panel. N_TAIL: NR does
 * not divide N. MB is 0 where one block is enough.
 * Contract: y overlaps nothing; MR divides MB.
 *
 * Here M=n, N=32, K=256, MB=252, FEW=1, N_TAIL=0, AHEAD=0, LINE=16, MR=6, NR=8,
 * EXTRAS=0.
 */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_rows(int mr, int count,
                                      const float *restrict x,
                                      const float *restrict panel, int i, int j,
                                      float *restrict y)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        panel_tile(mr, x + i * 256, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 32 + j + s] = c[r * 8 + s];
    }
}

NOINLINE static void matmul_panels(int n, const float *restrict x,
                                   const float *restrict w, float *restrict y)
{
    for (int i0 = 0; i0 < n; i0 += 252) {
        int rest = n - i0, rows = rest < 252 ? rest : 252;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 32; j += 8) {
            const float *panel = w + j * 256;
            matmul_panels_rows(6, many, x, panel, i0, j, y);
            matmul_panels_rows(5, few, x, panel, i0 + many * 6, j, y);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(256, x + i * 256, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 32 + j + s] = c[s];
            }
        }
    }
}

INLINE static void panel_tile_2(int mr, const float *restrict a,
                                const float *restrict b, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    const vec zero = {0};
    vec acc[6][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < 32; k++, a++, b += 8) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * 32] * *(const mem *)(b + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * 8 + v * LANES) = acc[i][v];
    }
}

/* matmul_panels with M=n, N=256, K=32, MB=2046, FEW=1, N_TAIL=0, AHEAD=0,
 * LINE=16, MR=6, NR=8, EXTRAS=0. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_2_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        panel_tile_2(mr, x + i * 32, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 256 + j + s] = c[r * 8 + s];
    }
}

NOINLINE static void matmul_panels_2(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y)
{
    for (int i0 = 0; i0 < n; i0 += 2046) {
        int rest = n - i0, rows = rest < 2046 ? rest : 2046;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 256; j += 8) {
            const float *panel = w + j * 32;
            matmul_panels_2_rows(6, many, x, panel, i0, j, y);
            matmul_panels_2_rows(5, few, x, panel, i0 + many * 6, j, y);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(32, x + i * 32, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 256 + j + s] = c[s];
            }
        }
    }
}

/* matmul_panels with M=n, N=256, K=32, MB=2046, FEW=1, N_TAIL=0, AHEAD=0,
 * LINE=16, MR=6, NR=8, EXTRAS=1. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_3_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y,
                                        const float *restrict e1)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        for (int r = 0; r < mr; r++)
            PREFETCH(&e1[(i + r) * 256 + j]);
        panel_tile_2(mr, x + i * 32, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 256 + j + s] =
                    square_f32(c[r * 8 + s] - e1[(i + r) * 256 + j + s]);
    }
}

NOINLINE static void matmul_panels_3(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y,
                                     const float *restrict e1)
{
    for (int i0 = 0; i0 < n; i0 += 2046) {
        int rest = n - i0, rows = rest < 2046 ? rest : 2046;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 256; j += 8) {
            const float *panel = w + j * 32;
            matmul_panels_3_rows(6, many, x, panel, i0, j, y, e1);
            matmul_panels_3_rows(5, few, x, panel, i0 + many * 6, j, y, e1);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(32, x + i * 32, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 256 + j + s] = square_f32(c[s] - e1[i * 256 + j + s]);
            }
        }
    }
}

/* The sum of a row, in 16 lanes: a running sum for every sixteenth element
 * keeps the error of a long row small, and vectors busy.
 */
static float row_sum(const float *restrict x, int count)
{
    float lane[16] = {0};
    int i = 0;
    for (; i + 16 <= count; i += 16)
        for (int k = 0; k < 16; k++)
            lane[k] += x[i + k];
    for (int k = 0; i + k < count; k++)
        lane[k] += x[i + k];
    for (int half = 8; half > 0; half /= 2)
        for (int k = 0; k < half; k++)
            lane[k] += lane[k + half];
    return lane[0];
}

/* One row of inner products: c[j] = sum over k of a[k] * b[j, k], ROW_NR of
 * them, for two operands stored along k.
 *
 * For few rows, where reading b is the limit: nothing is copied, and the rows
 * behind these, which come next, are asked for ahead of time. A vector of
 * partial sums for each product; the last depth % LANES elements are padded
 * with zeros; at the end the halves of each vector are added until one element
 * is left. The order depends on nothing but depth.
 */
static void dot_row(int depth, const float *restrict a, const float *restrict b,
                    int bj, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    enum { LINE = 64 / sizeof(float) };
    const vec zero = {0};
    vec acc[8];
    float part[9][LANES];
    int k = 0;
#pragma GCC unroll 16
    for (int j = 0; j < 8; j++)
        acc[j] = zero;
    for (; k + LANES <= depth; k += LANES) {
#pragma GCC unroll 16
        for (int j = 0; j < 8 * LANES; j += LINE)
            PREFETCH(b + (8 * bj + 8 * k + j));
#pragma GCC unroll 16
        for (int j = 0; j < 8; j++)
            acc[j] += *(const mem *)(a + k) * *(const mem *)(b + j * bj + k);
    }
    if (k < depth) {
        for (int l = 0; l < LANES; l++) {
            part[8][l] = k + l < depth ? a[k + l] : 0;
            for (int j = 0; j < 8; j++)
                part[j][l] = k + l < depth ? b[j * bj + k + l] : 0;
        }
#pragma GCC unroll 16
        for (int j = 0; j < 8; j++)
            acc[j] += *(const mem *)part[8] * *(const mem *)part[j];
    }
#pragma GCC unroll 16
    for (int j = 0; j < 8; j++)
        *(mem *)part[j] = acc[j];
    for (int j = 0; j < 8; j++) {
#pragma GCC unroll 4
        for (int half = LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
            for (int l = 0; l < half; l++)
                part[j][l] += part[j][l + half];
        c[j] = part[j][0];
    }
}

/* The register tile: c[i][j] = sum over k of a[i, k] * b[k, j], MR x NR.
 *
 * MR * NR sums stay in registers while k runs: NR / LANES loads of b and MR
 * scalars of a serve MR * NR multiply-adds. Row i of a starts i * ai elements
 * after a, row i of c i * ci after c. The order of the sum is that of k,
 * whatever the sizes, so an element does not depend on its neighbours. Row k
 * of b starts k * bk elements after b, with B_TABLE at[k] elements.
 */
INLINE static void tile_part(int depth, const float *restrict a, int ai, int ak,
                             const float *restrict b, int bk, float *restrict c,
                             int ci)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    const vec zero = {0};
    vec acc[5][NV];
    UNROLL
    for (int i = 0; i < 5; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
        const float *bp = b;
        b += bk;
        UNROLL
        for (int i = 0; i < 5; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * ai] * *(const mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < 5; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}

/* TURN x TURN elements turned in registers: to[k, j] = from[j, k], rows `step`
 * and `to_step` elements apart. TURN is 4, or 8 with vectors of 32 bytes at
 * least. There where compilers know __builtin_shufflevector.
 */
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
typedef float turn_square_line __attribute__((vector_size(4 * sizeof(float))));
typedef float line_mem __attribute__((vector_size(4 * sizeof(float)),
                                      aligned(sizeof(float)), may_alias));

static void turn_square_turn(const float *restrict from, int step,
                             float *restrict to, int to_step)
{
    turn_square_line r[4], s[4];
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++)
        r[i] = *(const line_mem *)(from + i * step);
#pragma GCC unroll 8
    for (int i = 0; i < 4; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 4, 1, 5);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 6, 3, 7);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 2; i++) {
        r[2 * i] = __builtin_shufflevector(s[i], s[i + 2], 0, 1, 4, 5);
        r[2 * i + 1] = __builtin_shufflevector(s[i], s[i + 2], 2, 3, 6, 7);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++)
        *(line_mem *)(to + i * to_step) = r[i];
}
#endif

/* Copies for the tile: what it reads lies in the order in which it is read.
 *
 * KERNEL_columns: `cols` columns of a matrix as panels of NR, each [depth, NR],
 * the last one filled up with zeros; b[k, j] lies k * bk + j * bj elements
 * after b. Where that is a transposition, TURN rows and columns at a time are
 * turned in registers.
 * KERNEL_rows: `rows` rows of a matrix, MR side by side, the last one repeated;
 * a[i, k] lies i * ai + k * ak elements after a.
 */
static void pack_columns(int depth, int cols, const float *restrict b, int bk,
                         int bj, float *restrict to)
{
    int done = 0; /* columns */
    if (bj == 1) /* eight rows at a time: whole lines are read and written */
        for (int k0 = 0; k0 < depth; k0 += 8)
            for (int j0 = 0; j0 + 8 <= cols; j0 += 8)
                for (int k = k0; k < depth && k < k0 + 8; k++)
                    for (int j = 0; j < 8; j++)
                        to[j0 * depth + k * 8 + j] = b[k * bk + j0 + j];
    if (bj == 1)
        done = cols / 8 * 8;
    for (int j0 = done; j0 < cols; j0 += 8) {
        float *panel = to + j0 * depth;
        int width = cols - j0 < 8 ? cols - j0 : 8, j1 = 0;
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
        for (; bk == 1 && j1 + 4 <= width; j1 += 4) {
            const float *from = b + (j0 + j1) * bj;
            int whole = depth / 4 * 4;
            for (int k = 0; k < whole; k += 4)
                turn_square_turn(from + k, bj, panel + k * 8 + j1, 8);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < 4; j++)
                    panel[k * 8 + j1 + j] = from[k + j * bj];
        }
#endif
        for (int k = 0; k < depth && j1 < 8; k++)
            for (int j = 0; j < 8; j++) {
                if (j >= width)
                    panel[k * 8 + j] = 0;
                else if (j >= j1)
                    panel[k * 8 + j] = b[k * bk + (j0 + j) * bj];
            }
    }
}

/* Matrix product in register tiles.
 *
 * y[b,i,j] = sum over k of A(b,i,k) * B(b,k,j). AI AK, BK BJ are the strides
 * of those indices, so that transposed operands are one text. KC rows and NB
 * columns of B are copied into the scratch (PACK_B) as panels of NR columns,
 * and a block of MB rows of A likewise (PACK_A): a panel stays in the first
 * cache while the block, which stays in the second, passes. Without a copy the
 * last tile overlaps its neighbour. With SPLIT_K there may be more than KC
 * terms: sums lie in y between the blocks. N_TAIL: NR does not divide N. With
 * FEW_ROWS, fewer than MR rows are done one by one: 1 = M is only known at run
 * time, 2 = always.
 * Goto, van de Geijn, "Anatomy of high-performance matrix multiplication",
 * ACM TOMS 34(3), 2008.
 * Contract: y overlaps nothing. N >= NR and NB >= N unless PACK_B, M >= MR
 * unless PACK_A or FEW_ROWS, N >= ROW_NR; K <= KC, or SPLIT_K, PACK_A, PACK_B.
 * ROW_DOTS needs AK = BK = 1. Scratch: KC * NB and MB * KC elements.
 *
 * Here BATCH=1, M=n, N=32, K=256, AI=256, AK=1, BK=1, BJ=256, MR=5, NR=8,
 * FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=256, NB=32, MB=125.
 */
NOINLINE static void matmul(int n, const float *restrict x,
                            const float *restrict w, void *restrict scratch,
                            float *restrict y)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 256);
        const float *wb = w + b * (256 * 32);
        if (n < 5)
            for (int j0 = 0; j0 < 32; j0 += 8) {
                int j = j0 < 24 ? j0 : 24;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(256, xb + i * 256, wb + j * 256, 256, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 32 + j + s] = c[s];
                }
            }
        if (n < 5)
            continue;
        int depth = 256;
        int width = 32;
        pack_columns(depth, width, wb, 1, 256, columns);
        for (int i0 = 0; i0 < n; i0 += 125) {
            int height = n - i0 < 125 ? n - i0 : 125;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 5) {
                    float c[5 * 8];
                    int i = i0 + i1, j = j1, count = 5;
                    i = i < n - 5 ? i : n - 5;
                    const float *a = xb + i * 256;
                    const float *panel = columns + j1 * depth;
                    tile_part(depth, a, 256, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 32 + j + s] = c[r * 8 + s];
                }
        }
    }
}

INLINE static void tile_part_2(int depth, const float *restrict a, int ai,
                               int ak, const float *restrict b, int bk,
                               float *restrict c, int ci)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    const vec zero = {0};
    vec acc[4][NV];
    UNROLL
    for (int i = 0; i < 4; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
        const float *bp = b;
        b += bk;
        UNROLL
        for (int i = 0; i < 4; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * ai] * *(const mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}

/* matmul with BATCH=1, M=n, N=256, K=32, AI=32, AK=1, BK=1, BJ=32, MR=4, NR=8,
 * FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=32, NB=256, MB=4. */
NOINLINE static void matmul_2(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 32);
        const float *wb = w + b * (32 * 256);
        if (n < 4)
            for (int j0 = 0; j0 < 256; j0 += 8) {
                int j = j0 < 248 ? j0 : 248;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(32, xb + i * 32, wb + j * 32, 32, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 256 + j + s] =
                            c[s] - e1[i * 256 + j + s];
                }
            }
        if (n < 4)
            continue;
        int depth = 32;
        int width = 256;
        pack_columns(depth, width, wb, 1, 32, columns);
        for (int i0 = 0; i0 < n; i0 += 4) {
            int height = n - i0 < 4 ? n - i0 : 4;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 4) {
                    float c[4 * 8];
                    int i = i0 + i1, j = j1, count = 4;
                    i = i < n - 4 ? i : n - 4;
                    const float *a = xb + i * 32;
                    const float *panel = columns + j1 * depth;
                    tile_part_2(depth, a, 32, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 256 + j + s] =
                                c[r * 8 + s] - e1[(i + r) * 256 + j + s];
                }
        }
    }
}

/* One row of a product: c[j] = sum over k of a[k] * b[k, j], ROW_NR columns.
 *
 * The tile for few rows: the loads of b are the limit, so it is wide. The
 * order of the sums is that of the tile.
 */
static void row_part(int depth, const float *restrict a, int ak,
                     const float *restrict b, int bk, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 32 / LANES };
    const vec zero = {0};
    vec acc[NV];
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        acc[v] = zero;
    for (int k = 0; k < depth; k++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[v] += a[k * ak] * *(const mem *)(b + k * bk + v * LANES);
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        *(mem *)(c + v * LANES) = acc[v];
}

/* matmul with BATCH=1, M=n, N=32, K=256, AI=256, AK=1, BK=32, BJ=1, MR=5, NR=8,
 * FEW_ROWS=1, ROW_DOTS=0, ROW_NR=32, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=256, NB=32, MB=125. */
NOINLINE static void matmul_3(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 256);
        const float *wb = w + b * (256 * 32);
        if (n < 5) {
            for (int i = 0; i < n; i++) {
                float c[32];
                row_part(256, xb + i * 256, 1, wb, 32, c);
                INDEPENDENT_LANES
                for (int s = 0; s < 32; s++)
                    y[(b * n + i) * 32 + s] = c[s];
            }
        }
        if (n < 5)
            continue;
        int depth = 256;
        int width = 32;
        pack_columns(depth, width, wb, 32, 1, columns);
        for (int i0 = 0; i0 < n; i0 += 125) {
            int height = n - i0 < 125 ? n - i0 : 125;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 5) {
                    float c[5 * 8];
                    int i = i0 + i1, j = j1, count = 5;
                    i = i < n - 5 ? i : n - 5;
                    const float *a = xb + i * 256;
                    const float *panel = columns + j1 * depth;
                    tile_part(depth, a, 256, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 32 + j + s] = c[r * 8 + s];
                }
        }
    }
}

INLINE static void tile_part_3(int depth, const float *restrict a, int ai,
                               int ak, const float *restrict b, int bk,
                               float *restrict c, int ci)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    const vec zero = {0};
    vec acc[6][NV];
    UNROLL
    for (int i = 0; i < 6; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
        const float *bp = b;
        b += bk;
        UNROLL
        for (int i = 0; i < 6; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * ai] * *(const mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < 6; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}

static void pack_columns_2(int depth, int cols, const float *restrict b, int bk,
                           int bj, float *restrict to)
{
    int done = 0; /* columns */
    if (bj == 1) /* eight rows at a time: whole lines are read and written */
        for (int k0 = 0; k0 < depth; k0 += 8)
            for (int j0 = 0; j0 + 8 <= cols; j0 += 8)
                for (int k = k0; k < depth && k < k0 + 8; k++)
                    for (int j = 0; j < 8; j++)
                        to[j0 * depth + k * 8 + j] = b[k * bk + j0 + j];
    if (bj == 1)
        done = cols / 8 * 8;
    for (int j0 = done; j0 < cols; j0 += 8) {
        float *panel = to + j0 * depth;
        int width = cols - j0 < 8 ? cols - j0 : 8, j1 = 0;
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
        for (; bk == 1 && j1 + 4 <= width; j1 += 4) {
            const float *from = b + (j0 + j1) * bj;
            int whole = depth / 4 * 4;
            for (int k = 0; k < whole; k += 4)
                turn_square_turn(from + k, bj, panel + k * 8 + j1, 8);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < 4; j++)
                    panel[k * 8 + j1 + j] = from[k + j * bj];
        }
#endif
        for (int k = 0; k < depth && j1 < 8; k++)
            for (int j = 0; j < 8; j++) {
                if (j >= width)
                    panel[k * 8 + j] = 0;
                else if (j >= j1)
                    panel[k * 8 + j] = b[k * bk + (j0 + j) * bj];
            }
    }
}

static void pack_rows_2(int depth, int rows, const float *restrict a, int ai,
                        int ak, float *restrict to)
{
    for (int i = 0; i < rows; i += 6, to += depth * 6)
        if (i + 6 <= rows)
            for (int k = 0; k < depth; k++)
                for (int r = 0; r < 6; r++)
                    to[k * 6 + r] = a[(i + r) * ai + k * ak];
        else
            for (int k = 0; k < depth; k++)
                for (int r = i; r < i + 6; r++)
                    to[k * 6 + r - i] =
                        a[(r < rows ? r : rows - 1) * ai + k * ak];
}

/* matmul with BATCH=1, M=256, N=32, K=n, AI=1, AK=256, BK=32, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=32, MB=90. */
NOINLINE static void matmul_4(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 32;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256) {
        int depth = n - k0 < 256 ? n - k0 : 256;
        int width = 32;
        pack_columns_2(depth, width, wb + k0 * 32, 32, 1, columns);
        for (int i0 = 0; i0 < 256; i0 += 90) {
            int height = 256 - i0 < 90 ? 256 - i0 : 90;
            pack_rows_2(depth, height, xb + i0 + k0 * 256, 1, 256, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i0 + i1, j = j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 32 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 32 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 32 + j + s] =
                                e1[(i + r) * 32 + j + s] - 0.05f * c[r * 8 + s];
                }
        }
    }
}

/* matmul with BATCH=1, M=32, N=256, K=n, AI=1, AK=32, BK=256, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=128, MB=36. */
NOINLINE static void matmul_5(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 128;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256)
        for (int j0 = 0; j0 < 256; j0 += 128) {
            int depth = n - k0 < 256 ? n - k0 : 256;
            int width = 256 - j0 < 128 ? 256 - j0 : 128;
            pack_columns_2(depth, width, wb + k0 * 256 + j0, 256, 1, columns);
            int height = 32;
            pack_rows_2(depth, height, xb + k0 * 32, 1, 32, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i1, j = j0 + j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 256 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] =
                                e1[(i + r) * 256 + j + s] -
                                0.05f * c[r * 8 + s];
                }
        }
}

/* matmul with BATCH=1, M=256, N=32, K=n, AI=1, AK=256, BK=32, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=32, MB=90. */
NOINLINE static void matmul_6(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 32;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256) {
        int depth = n - k0 < 256 ? n - k0 : 256;
        int width = 32;
        pack_columns_2(depth, width, wb + k0 * 32, 32, 1, columns);
        for (int i0 = 0; i0 < 256; i0 += 90) {
            int height = 256 - i0 < 90 ? 256 - i0 : 90;
            pack_rows_2(depth, height, xb + i0 + k0 * 256, 1, 256, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i0 + i1, j = j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 32 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 32 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 32 + j + s] = c[r * 8 + s];
                }
        }
    }
}

/* matmul with BATCH=1, M=32, N=256, K=n, AI=1, AK=32, BK=256, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=128, MB=36. */
NOINLINE static void matmul_7(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 128;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256)
        for (int j0 = 0; j0 < 256; j0 += 128) {
            int depth = n - k0 < 256 ? n - k0 : 256;
            int width = 256 - j0 < 128 ? 256 - j0 : 128;
            pack_columns_2(depth, width, wb + k0 * 256 + j0, 256, 1, columns);
            int height = 32;
            pack_rows_2(depth, height, xb + k0 * 32, 1, 32, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i1, j = j0 + j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 256 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                }
        }
}

/* Philox4x32-10: four random words for a key and a counter.
 *
 * Counter-based, so that every element is drawn alone: no state, any order.
 * Key = seed, counter = (block, turn, step, stream).
 * Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC11.
 */
static void philox(uint64_t seed, uint32_t block, uint32_t turn, uint32_t step,
                   uint32_t stream, uint32_t *word)
{
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    uint32_t c0 = block, c1 = turn, c2 = step, c3 = stream;
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0;
        uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ key0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ key1;
        c3 = (uint32_t)p0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    word[0] = c0;
    word[1] = c1;
    word[2] = c2;
    word[3] = c3;
}

/* A count of normal draws, in pairs by the method of Box and Muller.
 *
 * In double precision, then rounded, so that float and double programs draw
 * the same numbers.
 */
NOINLINE static void randn(uint64_t seed, uint64_t step, uint32_t turn,
                           uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        double draw[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = 0; j < 4; j += 2) {
            double u = ((word[j] >> 8) + 1) * 5.9604644775390625e-08;
            double v = (word[j + 1] >> 8) * 5.9604644775390625e-08;
            double r = sqrt(-2 * log(u));
            draw[j] = r * cos(6.283185307179586 * v);
            draw[j + 1] = r * sin(6.283185307179586 * v);
        }
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)draw[j - i];
            y[j] = 0.05f * v;
        }
    }
}

/* An axis of COUNT places cut into BLOCKS blocks of SIZE: x is [OUTER, COUNT,
 * INNER], y is [OUTER, BLOCKS, INNER, SIZE], zero beyond COUNT.
 *
 * Here OUTER=1, INNER=256, COUNT=32, BLOCKS=4, SIZE=8.
 */
NOINLINE static void block(const float *restrict x, float *restrict y)
{
    for (int b = 0; b < 4; b++) {
        const float *from = x + (b * 8) * 256;
        float *to = y + b * (256 * 8);
        for (int i = 0; i < 256; i++)
            for (int s = 0; s < 8; s++) {
                float v = from[s * 256 + i];
                to[i * 8 + s] = v;
            }
    }
}

/* block with OUTER=1, INNER=32, COUNT=256, BLOCKS=32, SIZE=8. */
NOINLINE static void block_2(const float *restrict x, float *restrict y)
{
    for (int b = 0; b < 32; b++) {
        const float *from = x + (b * 8) * 32;
        float *to = y + b * (32 * 8);
        for (int i = 0; i < 32; i++)
            for (int s = 0; s < 8; s++) {
                float v = from[s * 32 + i];
                to[i * 8 + s] = v;
            }
    }
}

/* matmul with BATCH=1, M=n, N=256, K=32, AI=32, AK=1, BK=256, BJ=1, MR=4, NR=8,
 * FEW_ROWS=1, ROW_DOTS=0, ROW_NR=32, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=32, NB=256, MB=4. */
NOINLINE static void matmul_8(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 32);
        const float *wb = w + b * (32 * 256);
        if (n < 4)
            for (int j0 = 0; j0 < 256; j0 += 32) {
                int j = j0 < 224 ? j0 : 224;
                for (int i = 0; i < n; i++) {
                    float c[32];
                    row_part(32, xb + i * 32, 1, wb + j, 256, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 32; s++)
                        y[(b * n + i) * 256 + j + s] =
                            c[s] - e1[i * 256 + j + s];
                }
            }
        if (n < 4)
            continue;
        int depth = 32;
        int width = 256;
        pack_columns(depth, width, wb, 256, 1, columns);
        for (int i0 = 0; i0 < n; i0 += 4) {
            int height = n - i0 < 4 ? n - i0 : 4;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 4) {
                    float c[4 * 8];
                    int i = i0 + i1, j = j1, count = 4;
                    i = i < n - 4 ? i : n - 4;
                    const float *a = xb + i * 32;
                    const float *panel = columns + j1 * depth;
                    tile_part_2(depth, a, 32, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 256 + j + s] =
                                c[r * 8 + s] - e1[(i + r) * 256 + j + s];
                }
        }
    }
}

/* matmul with BATCH=1, M=32, N=256, K=n, AI=1, AK=32, BK=256, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=128, MB=36. */
NOINLINE static void matmul_9(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1,
                              const float *restrict e2)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 128;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256)
        for (int j0 = 0; j0 < 256; j0 += 128) {
            int depth = n - k0 < 256 ? n - k0 : 256;
            int width = 256 - j0 < 128 ? 256 - j0 : 128;
            pack_columns_2(depth, width, wb + k0 * 256 + j0, 256, 1, columns);
            int height = 32;
            pack_rows_2(depth, height, xb + k0 * 32, 1, 32, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i1, j = j0 + j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 256 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] =
                                e1[(i + r) * 256 + j + s] -
                                0.05f * (e2[(i + r) * 256 + j + s] +
                                         c[r * 8 + s]);
                }
        }
}

/* matmul with BATCH=1, M=32, N=256, K=n, AI=1, AK=32, BK=256, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=128, MB=36. */
NOINLINE static void matmul_10(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 128;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256)
        for (int j0 = 0; j0 < 256; j0 += 128) {
            int depth = n - k0 < 256 ? n - k0 : 256;
            int width = 256 - j0 < 128 ? 256 - j0 : 128;
            pack_columns_2(depth, width, wb + k0 * 256 + j0, 256, 1, columns);
            int height = 32;
            pack_rows_2(depth, height, xb + k0 * 32, 1, 32, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i1, j = j0 + j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 256 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] =
                                e1[(i + r) * 256 + j + s] + c[r * 8 + s];
                }
        }
}

/* Copies a box of RANK axes with the last two exchanged: neighbours along the
 * last axis lie far apart in x, those along the one before side by side.
 *
 * In squares of SIDE x SIDE elements, so that a line of the cache that was read
 * for one element is still there for the next. Other symbols as in copy.c; the
 * last axes are p, of DP places, and q, of DQ.
 *
 * Here RANK=2, DP=256, DQ=32, XINDEX=p + q * 256, YINDEX=p * 32 + q.
 */
NOINLINE static void turn(const float *restrict x, float *restrict y)
{
    enum { SIDE = 16 };
    for (int p0 = 0; p0 < 256; p0 += SIDE)
        for (int q0 = 0; q0 < 32; q0 += SIDE) {
            int p1 = 256 - p0 < SIDE ? 256 : p0 + SIDE;
            int q1 = 32 - q0 < SIDE ? 32 : q0 + SIDE;
            for (int p = p0; p < p1; p++)
                for (int q = q0; q < q1; q++)
                    y[p * 32 + q] = x[p + q * 256];
        }
}

/* matmul_panels with M=n, N=32, K=256, MB=252, FEW=1, N_TAIL=0, AHEAD=0,
 * LINE=16, MR=6, NR=8, EXTRAS=0. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_4_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y,
                                        const float *restrict e1)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        panel_tile(mr, x + i * 256, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 32 + j + s] = sigmoid_f32(c[r * 8 + s] + e1[j + s]);
    }
}

NOINLINE static void matmul_panels_4(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y,
                                     const float *restrict e1)
{
    for (int i0 = 0; i0 < n; i0 += 252) {
        int rest = n - i0, rows = rest < 252 ? rest : 252;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 32; j += 8) {
            const float *panel = w + j * 256;
            matmul_panels_4_rows(6, many, x, panel, i0, j, y, e1);
            matmul_panels_4_rows(5, few, x, panel, i0 + many * 6, j, y, e1);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(256, x + i * 256, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 32 + j + s] = sigmoid_f32(c[s] + e1[j + s]);
            }
        }
    }
}

/* matmul_panels with M=n, N=256, K=32, MB=2046, FEW=1, N_TAIL=0, AHEAD=0,
 * LINE=16, MR=6, NR=8, EXTRAS=0. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_5_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y,
                                        const float *restrict e1)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        panel_tile_2(mr, x + i * 32, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 256 + j + s] = c[r * 8 + s] + e1[j + s];
    }
}

NOINLINE static void matmul_panels_5(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y,
                                     const float *restrict e1)
{
    for (int i0 = 0; i0 < n; i0 += 2046) {
        int rest = n - i0, rows = rest < 2046 ? rest : 2046;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 256; j += 8) {
            const float *panel = w + j * 32;
            matmul_panels_5_rows(6, many, x, panel, i0, j, y, e1);
            matmul_panels_5_rows(5, few, x, panel, i0 + many * 6, j, y, e1);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(32, x + i * 32, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 256 + j + s] = c[s] + e1[j + s];
            }
        }
    }
}

/* matmul_panels with M=n, N=256, K=32, MB=2046, FEW=1, N_TAIL=0, AHEAD=0,
 * LINE=16, MR=6, NR=8, EXTRAS=1. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_6_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y,
                                        const float *restrict e1,
                                        const float *restrict e2)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        for (int r = 0; r < mr; r++)
            PREFETCH(&e2[(i + r) * 256 + j]);
        panel_tile_2(mr, x + i * 32, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 256 + j + s] =
                    square_f32(c[r * 8 + s] + e1[j + s] -
                               e2[(i + r) * 256 + j + s]);
    }
}

NOINLINE static void matmul_panels_6(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y,
                                     const float *restrict e1,
                                     const float *restrict e2)
{
    for (int i0 = 0; i0 < n; i0 += 2046) {
        int rest = n - i0, rows = rest < 2046 ? rest : 2046;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 256; j += 8) {
            const float *panel = w + j * 32;
            matmul_panels_6_rows(6, many, x, panel, i0, j, y, e1, e2);
            matmul_panels_6_rows(5, few, x, panel, i0 + many * 6, j, y, e1, e2);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(32, x + i * 32, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 256 + j + s] =
                        square_f32(c[s] + e1[j + s] - e2[i * 256 + j + s]);
            }
        }
    }
}

NOINLINE static void randn_2(uint64_t seed, uint64_t step, uint32_t turn,
                             uint32_t stream, int count, float *restrict y,
                             const float *restrict e1)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        double draw[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = 0; j < 4; j += 2) {
            double u = ((word[j] >> 8) + 1) * 5.9604644775390625e-08;
            double v = (word[j + 1] >> 8) * 5.9604644775390625e-08;
            double r = sqrt(-2 * log(u));
            draw[j] = r * cos(6.283185307179586 * v);
            draw[j + 1] = r * sin(6.283185307179586 * v);
        }
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)draw[j - i];
            y[j] = e1[j] + 0.3f * v;
        }
    }
}

/* matmul with BATCH=1, M=n, N=32, K=256, AI=256, AK=1, BK=1, BJ=256, MR=5,
 * NR=8, FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0,
 * N_TAIL=0, KC=256, NB=32, MB=125. */
NOINLINE static void matmul_11(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 256);
        const float *wb = w + b * (256 * 32);
        if (n < 5)
            for (int j0 = 0; j0 < 32; j0 += 8) {
                int j = j0 < 24 ? j0 : 24;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(256, xb + i * 256, wb + j * 256, 256, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 32 + j + s] =
                            sigmoid_f32(c[s] + e1[j + s]);
                }
            }
        if (n < 5)
            continue;
        int depth = 256;
        int width = 32;
        pack_columns(depth, width, wb, 1, 256, columns);
        for (int i0 = 0; i0 < n; i0 += 125) {
            int height = n - i0 < 125 ? n - i0 : 125;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 5) {
                    float c[5 * 8];
                    int i = i0 + i1, j = j1, count = 5;
                    i = i < n - 5 ? i : n - 5;
                    const float *a = xb + i * 256;
                    const float *panel = columns + j1 * depth;
                    tile_part(depth, a, 256, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 32 + j + s] =
                                sigmoid_f32(c[r * 8 + s] + e1[j + s]);
                }
        }
    }
}

/* matmul with BATCH=1, M=n, N=256, K=32, AI=32, AK=1, BK=256, BJ=1, MR=4, NR=8,
 * FEW_ROWS=1, ROW_DOTS=0, ROW_NR=32, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=32, NB=256, MB=4. */
NOINLINE static void matmul_12(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1,
                               const float *restrict e2)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 32);
        const float *wb = w + b * (32 * 256);
        if (n < 4)
            for (int j0 = 0; j0 < 256; j0 += 32) {
                int j = j0 < 224 ? j0 : 224;
                for (int i = 0; i < n; i++) {
                    float c[32];
                    row_part(32, xb + i * 32, 1, wb + j, 256, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 32; s++)
                        y[(b * n + i) * 256 + j + s] =
                            c[s] + e1[j + s] - e2[i * 256 + j + s];
                }
            }
        if (n < 4)
            continue;
        int depth = 32;
        int width = 256;
        pack_columns(depth, width, wb, 256, 1, columns);
        for (int i0 = 0; i0 < n; i0 += 4) {
            int height = n - i0 < 4 ? n - i0 : 4;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 4) {
                    float c[4 * 8];
                    int i = i0 + i1, j = j1, count = 4;
                    i = i < n - 4 ? i : n - 4;
                    const float *a = xb + i * 32;
                    const float *panel = columns + j1 * depth;
                    tile_part_2(depth, a, 32, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 256 + j + s] = c[r * 8 + s] +
                                e1[j + s] - e2[(i + r) * 256 + j + s];
                }
        }
    }
}

/* matmul with BATCH=1, M=n, N=32, K=256, AI=256, AK=1, BK=1, BJ=256, MR=5,
 * NR=8, FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0,
 * N_TAIL=0, KC=256, NB=32, MB=125. */
NOINLINE static void matmul_13(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1,
                               const float *restrict e2)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 256);
        const float *wb = w + b * (256 * 32);
        if (n < 5)
            for (int j0 = 0; j0 < 32; j0 += 8) {
                int j = j0 < 24 ? j0 : 24;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(256, xb + i * 256, wb + j * 256, 256, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 32 + j + s] =
                            (e1[0] * sign_f32(e2[i * 32 + j + s]) + c[s]) *
                            (e2[i * 32 + j + s] * (1.0f - e2[i * 32 + j + s]));
                }
            }
        if (n < 5)
            continue;
        int depth = 256;
        int width = 32;
        pack_columns(depth, width, wb, 1, 256, columns);
        for (int i0 = 0; i0 < n; i0 += 125) {
            int height = n - i0 < 125 ? n - i0 : 125;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 5) {
                    float c[5 * 8];
                    int i = i0 + i1, j = j1, count = 5;
                    i = i < n - 5 ? i : n - 5;
                    const float *a = xb + i * 256;
                    const float *panel = columns + j1 * depth;
                    tile_part(depth, a, 256, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 32 + j + s] =
                                (e1[0] * sign_f32(e2[(i + r) * 32 + j + s]) +
                                 c[r * 8 + s]) *
                                (e2[(i + r) * 32 + j + s] *
                                 (1.0f - e2[(i + r) * 32 + j + s]));
                }
        }
    }
}

/* A count of uniform draws from [0, 1): the upper 24 bits of a random word. */
NOINLINE static void uniform(uint64_t seed, uint64_t step, uint32_t turn,
                             uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)(word[j - i] >> 8) * (float)5.9604644775390625e-08;
            y[j] = 0.28867513f * v - 0.14433756f;
        }
    }
}

/* matmul_panels with M=n, N=32, K=256, MB=252, FEW=1, N_TAIL=0, AHEAD=0,
 * LINE=16, MR=6, NR=8, EXTRAS=0. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_7_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y,
                                        const float *restrict e1)
{
    const int cols = 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        panel_tile(mr, x + i * 256, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 32 + j + s] = tanh_f32(c[r * 8 + s] + e1[j + s]);
    }
}

NOINLINE static void matmul_panels_7(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y,
                                     const float *restrict e1)
{
    for (int i0 = 0; i0 < n; i0 += 252) {
        int rest = n - i0, rows = rest < 252 ? rest : 252;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 32; j += 8) {
            const float *panel = w + j * 256;
            matmul_panels_7_rows(6, many, x, panel, i0, j, y, e1);
            matmul_panels_7_rows(5, few, x, panel, i0 + many * 6, j, y, e1);
            const int cols = 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(256, x + i * 256, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 32 + j + s] = tanh_f32(c[s] + e1[j + s]);
            }
        }
    }
}

static void dot_row_2(int depth, const float *restrict a,
                      const float *restrict b, int bj, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    enum { LINE = 64 / sizeof(float) };
    const vec zero = {0};
    vec acc[1];
    float part[2][LANES];
    int k = 0;
    acc[0] = zero;
    for (; k + LANES <= depth; k += LANES) {
#pragma GCC unroll 16
        for (int j = 0; j < LANES; j += LINE)
            PREFETCH(b + (bj + k + j));
        acc[0] += *(const mem *)(a + k) * *(const mem *)(b + k);
    }
    if (k < depth) {
        for (int l = 0; l < LANES; l++) {
            part[1][l] = k + l < depth ? a[k + l] : 0;
            part[0][l] = k + l < depth ? b[k + l] : 0;
        }
        acc[0] += *(const mem *)part[1] * *(const mem *)part[0];
    }
    *(mem *)part[0] = acc[0];
#pragma GCC unroll 4
    for (int half = LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
        for (int l = 0; l < half; l++)
            part[0][l] += part[0][l + half];
    c[0] = part[0][0];
}

/* matmul with BATCH=1, M=n, N=1, K=32, AI=32, AK=1, BK=1, BJ=32, MR=0, NR=0,
 * FEW_ROWS=2, ROW_DOTS=1, ROW_NR=1, PACK_A=0, PACK_B=0, SPLIT_K=0, N_TAIL=1,
 * KC=32, NB=0, MB=0. */
NOINLINE static void matmul_14(int n, const float *restrict x,
                               const float *restrict w, float *restrict y)
{
    const float *xb = x;
    const float *wb = w;
    for (int i = 0; i < n; i++) {
        float c[1];
        dot_row_2(32, xb + i * 32, wb, 32, c);
        y[i] = c[0];
    }
}

/* matmul with BATCH=1, M=n, N=32, K=256, AI=256, AK=1, BK=1, BJ=256, MR=5,
 * NR=8, FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0,
 * N_TAIL=0, KC=256, NB=32, MB=125. */
NOINLINE static void matmul_15(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 256);
        const float *wb = w + b * (256 * 32);
        if (n < 5)
            for (int j0 = 0; j0 < 32; j0 += 8) {
                int j = j0 < 24 ? j0 : 24;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(256, xb + i * 256, wb + j * 256, 256, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 32 + j + s] =
                            tanh_f32(c[s] + e1[j + s]);
                }
            }
        if (n < 5)
            continue;
        int depth = 256;
        int width = 32;
        pack_columns(depth, width, wb, 1, 256, columns);
        for (int i0 = 0; i0 < n; i0 += 125) {
            int height = n - i0 < 125 ? n - i0 : 125;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 5) {
                    float c[5 * 8];
                    int i = i0 + i1, j = j1, count = 5;
                    i = i < n - 5 ? i : n - 5;
                    const float *a = xb + i * 256;
                    const float *panel = columns + j1 * depth;
                    tile_part(depth, a, 256, 1, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 32 + j + s] =
                                tanh_f32(c[r * 8 + s] + e1[j + s]);
                }
        }
    }
}

INLINE static void tile_part_4(int depth, const float *restrict a, int ai,
                               int ak, const float *restrict b, int bk,
                               float *restrict c, int ci)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 4 / LANES };
    const vec zero = {0};
    vec acc[8][NV];
    UNROLL
    for (int i = 0; i < 8; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
        const float *bp = b;
        b += bk;
        UNROLL
        for (int i = 0; i < 8; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * ai] * *(const mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < 8; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}

static void pack_columns_3(int depth, int cols, const float *restrict b, int bk,
                           int bj, float *restrict to)
{
    int done = 0; /* columns */
    if (bj == 1) /* eight rows at a time: whole lines are read and written */
        for (int k0 = 0; k0 < depth; k0 += 8)
            for (int j0 = 0; j0 + 4 <= cols; j0 += 4)
                for (int k = k0; k < depth && k < k0 + 8; k++)
                    for (int j = 0; j < 4; j++)
                        to[j0 * depth + k * 4 + j] = b[k * bk + j0 + j];
    if (bj == 1)
        done = cols / 4 * 4;
    for (int j0 = done; j0 < cols; j0 += 4) {
        float *panel = to + j0 * depth;
        int width = cols - j0 < 4 ? cols - j0 : 4, j1 = 0;
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
        for (; bk == 1 && j1 + 4 <= width; j1 += 4) {
            const float *from = b + (j0 + j1) * bj;
            int whole = depth / 4 * 4;
            for (int k = 0; k < whole; k += 4)
                turn_square_turn(from + k, bj, panel + k * 4 + j1, 4);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < 4; j++)
                    panel[k * 4 + j1 + j] = from[k + j * bj];
        }
#endif
        for (int k = 0; k < depth && j1 < 4; k++)
            for (int j = 0; j < 4; j++) {
                if (j >= width)
                    panel[k * 4 + j] = 0;
                else if (j >= j1)
                    panel[k * 4 + j] = b[k * bk + (j0 + j) * bj];
            }
    }
}

/* matmul with BATCH=1, M=n, N=32, K=1, AI=1, AK=1, BK=1, BJ=1, MR=8, NR=4,
 * FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=1, NB=32, MB=8. */
NOINLINE static void matmul_16(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n);
        const float *wb = w + b * 32;
        if (n < 8)
            for (int j0 = 0; j0 < 32; j0 += 8) {
                int j = j0 < 24 ? j0 : 24;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(1, xb + i, wb + j, 1, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 32 + j + s] =
                            c[s] * (1.0f - e1[i * 32 + j + s] *
                                    e1[i * 32 + j + s]);
                }
            }
        if (n < 8)
            continue;
        int width = 32;
        pack_columns_3(1, width, wb, 1, 1, columns);
        for (int i0 = 0; i0 < n; i0 += 8) {
            int height = n - i0 < 8 ? n - i0 : 8;
            for (int j1 = 0; j1 < width; j1 += 4)
                for (int i1 = 0; i1 < height; i1 += 8) {
                    float c[8 * 4];
                    int i = i0 + i1, j = j1, count = 8;
                    i = i < n - 8 ? i : n - 8;
                    const float *a = xb + i;
                    const float *panel = columns + j1;
                    tile_part_4(1, a, 1, 1, panel, 4, c, 4);
                    const int cols = 4;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 32 + j + s] =
                                c[r * 4 + s] * (1.0f -
                                                square_f32(e1[(i + r) * 32 + j +
                                s]));
                }
        }
    }
}

INLINE static void tile_part_5(int depth, const float *restrict a, int ai,
                               int ak, const float *restrict b, int bk,
                               float *restrict c, int ci)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 4 / LANES };
    const vec zero = {0};
    vec acc[11][NV];
    UNROLL
    for (int i = 0; i < 11; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
        const float *bp = b;
        b += bk;
        UNROLL
        for (int i = 0; i < 11; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * ai] * *(const mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < 11; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}

static void pack_columns_4(int depth, int cols, const float *restrict b, int bk,
                           int bj, float *restrict to)
{
    int done = 0; /* columns */
    if (bj == 1) /* eight rows at a time: whole lines are read and written */
        for (int k0 = 0; k0 < depth; k0 += 8)
            for (int j0 = 0; j0 + 4 <= cols; j0 += 4)
                for (int k = k0; k < depth && k < k0 + 8; k++)
                    for (int j = 0; j < 4; j++)
                        to[j0 * depth + k * 4 + j] = b[k * bk + j0 + j];
    if (bj == 1)
        done = cols / 4 * 4;
    for (int j0 = done; j0 < cols; j0 += 4) {
        float *panel = to + j0 * depth;
        int width = cols - j0 < 4 ? cols - j0 : 4, j1 = 0;
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
        for (; bk == 1 && j1 + 4 <= width; j1 += 4) {
            const float *from = b + (j0 + j1) * bj;
            int whole = depth / 4 * 4;
            for (int k = 0; k < whole; k += 4)
                turn_square_turn(from + k, bj, panel + k * 4 + j1, 4);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < 4; j++)
                    panel[k * 4 + j1 + j] = from[k + j * bj];
        }
#endif
        for (int k = 0; k < depth && j1 < 4; k++)
            for (int j = 0; j < 4; j++) {
                if (j >= width)
                    panel[k * 4 + j] = 0;
                else if (j >= j1)
                    panel[k * 4 + j] = b[k * bk + (j0 + j) * bj];
            }
    }
}

static void pack_rows_4(int depth, int rows, const float *restrict a, int ai,
                        int ak, float *restrict to)
{
    for (int i = 0; i < rows; i += 11, to += depth * 11)
        if (i + 11 <= rows)
            for (int k = 0; k < depth; k++)
                for (int r = 0; r < 11; r++)
                    to[k * 11 + r] = a[(i + r) * ai + k * ak];
        else
            for (int k = 0; k < depth; k++)
                for (int r = i; r < i + 11; r++)
                    to[k * 11 + r - i] =
                        a[(r < rows ? r : rows - 1) * ai + k * ak];
}

/* matmul with BATCH=1, M=32, N=1, K=n, AI=1, AK=32, BK=1, BJ=1, MR=11, NR=4,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=1,
 * KC=512, NB=4, MB=33. */
NOINLINE static void matmul_17(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 512 * 4;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 512) {
        int depth = n - k0 < 512 ? n - k0 : 512;
        pack_columns_4(depth, 1, wb + k0, 1, 1, columns);
        int height = 32;
        pack_rows_4(depth, height, xb + k0 * 32, 1, 32, rows);
        for (int i1 = 0; i1 < height; i1 += 11) {
            float c[11 * 4];
            int i = i1, j = 0, count = 11;
            if (height - i1 < 11)
                count = height - i1;
            const float *a = rows + i1 * depth;
            const float *panel = columns;
            tile_part_5(depth, a, 1, 11, panel, 4, c, 4);
            for (int r = 0; r < count && k0 > 0; r++)
                c[r * 4] += y[i + r + j];
            for (int r = 0; r < count && k0 + 512 < n; r++)
                y[i + r + j] = c[r * 4];
            if (k0 + 512 < n)
                continue;
            for (int r = 0; r < count; r++)
                y[i + r + j] = e1[i + r] - 0.05f * c[r * 4];
        }
    }
}

/* matmul with BATCH=1, M=32, N=256, K=n, AI=1, AK=32, BK=256, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=128, MB=36. */
NOINLINE static void matmul_18(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 128;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256)
        for (int j0 = 0; j0 < 256; j0 += 128) {
            int depth = n - k0 < 256 ? n - k0 : 256;
            int width = 256 - j0 < 128 ? 256 - j0 : 128;
            pack_columns_2(depth, width, wb + k0 * 256 + j0, 256, 1, columns);
            int height = 32;
            pack_rows_2(depth, height, xb + k0 * 32, 1, 32, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i1, j = j0 + j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 256 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] =
                                e1[(i + r) * 256 + j + s] -
                                0.05f * (0.002f * e1[(i + r) * 256 + j + s] +
                                         c[r * 8 + s]);
                }
        }
}

/* matmul with BATCH=1, M=32, N=1, K=n, AI=1, AK=32, BK=1, BJ=1, MR=11, NR=4,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=1,
 * KC=512, NB=4, MB=33. */
NOINLINE static void matmul_19(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 512 * 4;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 512) {
        int depth = n - k0 < 512 ? n - k0 : 512;
        pack_columns_4(depth, 1, wb + k0, 1, 1, columns);
        int height = 32;
        pack_rows_4(depth, height, xb + k0 * 32, 1, 32, rows);
        for (int i1 = 0; i1 < height; i1 += 11) {
            float c[11 * 4];
            int i = i1, j = 0, count = 11;
            if (height - i1 < 11)
                count = height - i1;
            const float *a = rows + i1 * depth;
            const float *panel = columns;
            tile_part_5(depth, a, 1, 11, panel, 4, c, 4);
            for (int r = 0; r < count && k0 > 0; r++)
                c[r * 4] += y[i + r + j];
            for (int r = 0; r < count && k0 + 512 < n; r++)
                y[i + r + j] = c[r * 4];
            if (k0 + 512 < n)
                continue;
            for (int r = 0; r < count; r++)
                y[i + r + j] = c[r * 4];
        }
    }
}

/* matmul with BATCH=1, M=32, N=256, K=n, AI=1, AK=32, BK=256, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=128, MB=36. */
NOINLINE static void matmul_20(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 128;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256)
        for (int j0 = 0; j0 < 256; j0 += 128) {
            int depth = n - k0 < 256 ? n - k0 : 256;
            int width = 256 - j0 < 128 ? 256 - j0 : 128;
            pack_columns_2(depth, width, wb + k0 * 256 + j0, 256, 1, columns);
            int height = 32;
            pack_rows_2(depth, height, xb + k0 * 32, 1, 32, rows);
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 6) {
                    float c[6 * 8];
                    int i = i1, j = j0 + j1, count = 6;
                    if (height - i1 < 6)
                        count = height - i1;
                    const float *a = rows + i1 * depth;
                    const float *panel = columns + j1 * depth;
                    tile_part_3(depth, a, 1, 6, panel, 8, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count && k0 > 0; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            c[r * 8 + s] += y[(i + r) * 256 + j + s];
                    for (int r = 0; r < count && k0 + 256 < n; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] = c[r * 8 + s];
                    if (k0 + 256 < n)
                        continue;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(i + r) * 256 + j + s] =
                                0.002f * e1[(i + r) * 256 + j + s] +
                                c[r * 8 + s];
                }
        }
}

NOINLINE static void randn_3(uint64_t seed, uint64_t step, uint32_t turn,
                             uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        double draw[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = 0; j < 4; j += 2) {
            double u = ((word[j] >> 8) + 1) * 5.9604644775390625e-08;
            double v = (word[j + 1] >> 8) * 5.9604644775390625e-08;
            double r = sqrt(-2 * log(u));
            draw[j] = r * cos(6.283185307179586 * v);
            draw[j + 1] = r * sin(6.283185307179586 * v);
        }
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)draw[j - i];
            y[j] = 0.088388346f * v;
        }
    }
}

NOINLINE static void randn_4(uint64_t seed, uint64_t step, uint32_t turn,
                             uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        double draw[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = 0; j < 4; j += 2) {
            double u = ((word[j] >> 8) + 1) * 5.9604644775390625e-08;
            double v = (word[j + 1] >> 8) * 5.9604644775390625e-08;
            double r = sqrt(-2 * log(u));
            draw[j] = r * cos(6.283185307179586 * v);
            draw[j + 1] = r * sin(6.283185307179586 * v);
        }
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)draw[j - i];
            y[j] = 0.1f * v;
        }
    }
}

int linear_ae_infer(const linear_ae_weights *w, int n, const float *in_x,
                    float *out_r, void *workspace)
{
    if (!w || !in_x || !out_r || !workspace) {
        return LINEAR_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return LINEAR_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LINEAR_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:7  r.matmul = product: [N,256] x [256,32] -> [N,32], panels,
     * 8,192 multiply-adds a sample */
    float *const r_matmul = (float *)ws;
    matmul_panels(n, in_x, w->C_block_packed, r_matmul);

    /* model.dl:7  r = product: [N,32] x [32,256] -> [N,256], panels, 8,192
     * multiply-adds a sample */
    matmul_panels_2(n, r_matmul, w->B_block_packed, out_r);

    return LINEAR_AE_OK;
}

int linear_ae_eval(const linear_ae_weights *w, int n, const float *in_x,
                   linear_ae_metrics *m, void *workspace)
{
    if (!w || !in_x || !m || !workspace) {
        return LINEAR_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return LINEAR_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LINEAR_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:7  r.matmul = product: [N,256] x [256,32] -> [N,32], panels,
     * 8,192 multiply-adds a sample */
    float *const r_matmul = (float *)(ws + 131072);
    matmul_panels(n, in_x, w->C_block_packed, r_matmul);

    /* model.dl:7  J.pow = product: [N,32] x [32,256] -> [N,256], panels, 8,192
     * multiply-adds a sample; then square(v - x) */
    float *const J_pow = (float *)ws;
    matmul_panels_3(n, r_matmul, w->B_block_packed, J_pow, in_x);

    /* model.dl:8  J = mean: [N,256] -> scalar, 256 operations a sample */
    const float J = row_sum(J_pow, 256 * n) / (float)(256 * n);

    m->J = (double)J;

    return LINEAR_AE_OK;
}

int linear_ae_step(linear_ae_params *p, linear_ae_step_state *s, int n,
                   const float *in_x, linear_ae_step_losses *l, void *workspace)
{
    if (!p || !s || !in_x || !l || !workspace) {
        return LINEAR_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return LINEAR_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LINEAR_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:7  r.matmul = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample */
    float *const r_matmul = (float *)(ws + 288768);
    matmul(n, in_x, p->C, (float *)ws, r_matmul);

    /* model.dl:7  J.sub = matmul: [N,32] x [256,32]' -> [N,256], blocked, 8,192
     * multiply-adds a sample; then v - x */
    float *const J_sub = (float *)ws;
    matmul_2(n, r_matmul, p->B, (float *)(ws + 131072), J_sub, in_x);

    /* model.dl:8  J.pow = J.sub * J.sub: [N,256], 256 operations a sample */
    float *const J_pow = (float *)(ws + 131072);
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:8  J = mean: [N,256] -> scalar, 256 operations a sample */
    const float J = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:8 */
    const float J_pow_grad_extent = (float)(256 * n);
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:8  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N,256], 512
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }

    /* model.dl:7  r.matmul.grad = matmul: [N,256] x [256,32] -> [N,32],
     * blocked, 8,192 multiply-adds a sample */
    float *const r_matmul_grad = (float *)(ws + 305152);
    matmul_3(n, J_sub_grad, p->B, (float *)(ws + 131072), r_matmul_grad);

    /* model.dl:7  B.new = matmul: [N,256]' x [N,32] -> [256,32], blocked, 8,192
     * multiply-adds a sample; then B - 0.05 * v */
    float *const B_new = (float *)(ws + 256000);
    matmul_4(n, J_sub_grad, r_matmul, (float *)(ws + 131072), B_new, p->B);

    /* model.dl:7  B.new.store = B.new: [256,32] */
    memcpy(p->B, B_new, 8192 * sizeof(float));

    /* model.dl:7  C.new = matmul: [N,32]' x [N,256] -> [32,256], blocked, 8,192
     * multiply-adds a sample; then C - 0.05 * v */
    float *const C_new = (float *)(ws + 167936);
    matmul_5(n, r_matmul_grad, in_x, (float *)ws, C_new, p->C);

    /* model.dl:7  C.new.store = C.new: [32,256] */
    memcpy(p->C, C_new, 8192 * sizeof(float));

    l->J = (double)J;

    s->iter++;
    p->steps++;

    return LINEAR_AE_OK;
}

int linear_ae_step_gradient(const linear_ae_params *p, int n, const float *in_x,
                            linear_ae_step_losses *l, float *out_gradient,
                            void *workspace)
{
    if (!p || !in_x || !l || !out_gradient || !workspace) {
        return LINEAR_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return LINEAR_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LINEAR_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    float *const grad_C = out_gradient;
    float *const grad_B = out_gradient + 8192;

    /* model.dl:7  r.matmul = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample */
    float *const r_matmul = (float *)(ws + 141312);
    matmul(n, in_x, p->C, (float *)ws, r_matmul);

    /* model.dl:7  J.sub = matmul: [N,32] x [256,32]' -> [N,256], blocked, 8,192
     * multiply-adds a sample; then v - x */
    float *const J_sub = (float *)(ws + 157696);
    matmul_2(n, r_matmul, p->B, (float *)ws, J_sub, in_x);

    /* model.dl:8  J.pow = J.sub * J.sub: [N,256], 256 operations a sample */
    float *const J_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:8  J = mean: [N,256] -> scalar, 256 operations a sample */
    const float J = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:8 */
    const float J_pow_grad_extent = (float)(256 * n);
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:8  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N,256], 512
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }

    /* model.dl:7  r.matmul.grad = matmul: [N,256] x [256,32] -> [N,32],
     * blocked, 8,192 multiply-adds a sample */
    float *const r_matmul_grad = (float *)ws;
    matmul_3(n, J_sub_grad, p->B, (float *)(ws + 16384), r_matmul_grad);

    /* model.dl:7  B.grad = matmul: [N,256]' x [N,32] -> [256,32], blocked,
     * 8,192 multiply-adds a sample */
    matmul_6(n, J_sub_grad, r_matmul, (float *)(ws + 16384), grad_B);

    /* model.dl:7  C.grad = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample */
    matmul_7(n, r_matmul_grad, in_x, (float *)(ws + 16384), grad_C);

    l->J = (double)J;

    return LINEAR_AE_OK;
}

int linear_ae_step_update(linear_ae_params *p, linear_ae_step_state *s,
                          const float *in_gradient, void *workspace)
{
    if (!p || !s || !in_gradient) {
        return LINEAR_AE_ERROR_NULL;
    }
    (void)workspace;

    const float *const grad_C = in_gradient;
    const float *const grad_B = in_gradient + 8192;

    /* model.dl:9  C.new = C - 0.05 * C: [32,256], 16,384 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        p->C[i] = p->C[i] - 0.05f * grad_C[i];
    }

    /* model.dl:9  B.new = B - 0.05 * B: [256,32], 16,384 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        p->B[i] = p->B[i] - 0.05f * grad_B[i];
    }

    s->iter++;
    p->steps++;

    return LINEAR_AE_OK;
}

void linear_ae_init(linear_ae_params *p, uint64_t seed)
{
    const uint64_t step = 0;

    /* model.dl:5  C.mul: [32,256] */
    randn(seed, step, 0, 0x86022652u, 8192, p->C);

    /* model.dl:6  B.mul: [256,32] */
    randn(seed, step, 0, 0x86022805u, 8192, p->B);

    p->steps = 0;
}

void linear_ae_step_state_init(linear_ae_step_state *s)
{
    s->iter = 0;
}

int linear_ae_pack(const linear_ae_params *p, linear_ae_weights *w)
{
    if (!p || !w) {
        return LINEAR_AE_ERROR_NULL;
    }

    /* model.dl:7  block: [32,256] -> [4,256,8] */
    block(p->C, w->C_block_packed);

    /* model.dl:7  block: [256,32] -> [32,32,8] */
    block_2(p->B, w->B_block_packed);

    return LINEAR_AE_OK;
}

size_t linear_ae_infer_workspace_bytes(void)
{
    return LINEAR_AE_INFER_WORKSPACE_BYTES;
}

size_t linear_ae_eval_workspace_bytes(void)
{
    return LINEAR_AE_EVAL_WORKSPACE_BYTES;
}

size_t linear_ae_step_workspace_bytes(void)
{
    return LINEAR_AE_STEP_WORKSPACE_BYTES;
}

size_t linear_ae_step_gradient_workspace_bytes(void)
{
    return LINEAR_AE_STEP_GRADIENT_WORKSPACE_BYTES;
}

size_t linear_ae_step_update_workspace_bytes(void)
{
    return LINEAR_AE_STEP_UPDATE_WORKSPACE_BYTES;
}

const char *linear_ae_strerror(int status)
{
    switch (status) {
    case LINEAR_AE_OK:
        return "success";
    case LINEAR_AE_ERROR_NULL:
        return "a pointer is null";
    case LINEAR_AE_ERROR_SIZE:
        return "n is not within 1..128";
    case LINEAR_AE_ERROR_RANGE:
        return "a label or an index is out of range";
    case LINEAR_AE_ERROR_ALIGNMENT:
        return "the workspace is not aligned to 64 bytes";
    default:
        return "unknown status";
    }
}

const linear_ae_array linear_ae_param_table[] = {
    {"C", "f32", 2, {32, 256}, offsetof(linear_ae_params, C)},
    {"B", "f32", 2, {256, 32}, offsetof(linear_ae_params, B)},
};

const linear_ae_array linear_ae_input_table[] = {
    {"x", "f32", 2, {-1, 256}, 0},
};

const linear_ae_array linear_ae_output_table[] = {
    {"r", "f32", 2, {-1, 256}, 0},
};

int coupled_ae_infer(const coupled_ae_weights *w, int n, const float *in_x,
                     float *out_code, float *out_r, void *workspace)
{
    if (!w || !in_x || !out_code || !out_r) {
        return COUPLED_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return COUPLED_AE_ERROR_SIZE;
    }
    (void)workspace;

    /* model.dl:14  code = product: [N,256] x [256,32] -> [N,32], panels, 8,192
     * multiply-adds a sample */
    matmul_panels(n, in_x, w->C_block_packed, out_code);

    /* model.dl:15  r = product: [N,32] x [32,256] -> [N,256], panels, 8,192
     * multiply-adds a sample */
    matmul_panels_2(n, out_code, w->C_block_2_packed, out_r);

    return COUPLED_AE_OK;
}

int coupled_ae_eval(const coupled_ae_weights *w, int n, const float *in_x,
                    coupled_ae_metrics *m, void *workspace)
{
    if (!w || !in_x || !m || !workspace) {
        return COUPLED_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return COUPLED_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return COUPLED_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:14  code = product: [N,256] x [256,32] -> [N,32], panels, 8,192
     * multiply-adds a sample */
    float *const code = (float *)(ws + 131072);
    matmul_panels(n, in_x, w->C_block_packed, code);

    /* model.dl:15  J.pow = product: [N,32] x [32,256] -> [N,256], panels, 8,192
     * multiply-adds a sample; then square(v - x) */
    float *const J_pow = (float *)ws;
    matmul_panels_3(n, code, w->C_block_2_packed, J_pow, in_x);

    /* model.dl:16  J = mean: [N,256] -> scalar, 256 operations a sample */
    const float J = row_sum(J_pow, 256 * n) / (float)(256 * n);

    m->J = (double)J;

    return COUPLED_AE_OK;
}

int coupled_ae_step(coupled_ae_params *p, coupled_ae_step_state *s, int n,
                    const float *in_x, coupled_ae_step_losses *l,
                    void *workspace)
{
    if (!p || !s || !in_x || !l || !workspace) {
        return COUPLED_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return COUPLED_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return COUPLED_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:14  code = matmul: [N,256] x [32,256]' -> [N,32], blocked, 8,192
     * multiply-adds a sample */
    float *const code = (float *)(ws + 331776);
    matmul(n, in_x, p->C, (float *)ws, code);

    /* model.dl:15  J.sub = matmul: [N,32] x [32,256] -> [N,256], blocked, 8,192
     * multiply-adds a sample; then v - x */
    float *const J_sub = (float *)(ws + 167936);
    matmul_8(n, code, p->C, (float *)ws, J_sub, in_x);

    /* model.dl:16  J.pow = J.sub * J.sub: [N,256], 256 operations a sample */
    float *const J_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:16  J = mean: [N,256] -> scalar, 256 operations a sample */
    const float J = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:16 */
    const float J_pow_grad_extent = (float)(256 * n);
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:16  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N,256], 512
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }

    /* model.dl:15  code.grad = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample */
    float *const code_grad = (float *)(ws + 348160);
    matmul(n, J_sub_grad, p->C, (float *)ws, code_grad);

    /* model.dl:15  code.grad.matmul.2 = matmul: [N,32]' x [N,256] -> [32,256],
     * blocked, 8,192 multiply-adds a sample */
    float *const code_grad_matmul_2 = (float *)(ws + 299008);
    matmul_7(n, code, J_sub_grad, (float *)ws, code_grad_matmul_2);

    /* model.dl:14  C.new = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample; then C - 0.05 * (code.grad.matmul.2 + v) */
    float *const C_new = (float *)(ws + 167936);
    matmul_9(n, code_grad, in_x, (float *)ws, C_new, p->C, code_grad_matmul_2);

    /* model.dl:14  C.new.store = C.new: [32,256] */
    memcpy(p->C, C_new, 8192 * sizeof(float));

    l->J = (double)J;

    s->iter++;
    p->steps++;

    return COUPLED_AE_OK;
}

int coupled_ae_step_gradient(const coupled_ae_params *p, int n,
                             const float *in_x, coupled_ae_step_losses *l,
                             float *out_gradient, void *workspace)
{
    if (!p || !in_x || !l || !out_gradient || !workspace) {
        return COUPLED_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return COUPLED_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return COUPLED_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    float *const grad_C = out_gradient;

    /* model.dl:14  code = matmul: [N,256] x [32,256]' -> [N,32], blocked, 8,192
     * multiply-adds a sample */
    float *const code = (float *)(ws + 331776);
    matmul(n, in_x, p->C, (float *)ws, code);

    /* model.dl:15  J.sub = matmul: [N,32] x [32,256] -> [N,256], blocked, 8,192
     * multiply-adds a sample; then v - x */
    float *const J_sub = (float *)(ws + 167936);
    matmul_8(n, code, p->C, (float *)ws, J_sub, in_x);

    /* model.dl:16  J.pow = J.sub * J.sub: [N,256], 256 operations a sample */
    float *const J_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:16  J = mean: [N,256] -> scalar, 256 operations a sample */
    const float J = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:16 */
    const float J_pow_grad_extent = (float)(256 * n);
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:16  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N,256], 512
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }

    /* model.dl:15  code.grad = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample */
    float *const code_grad = (float *)(ws + 348160);
    matmul(n, J_sub_grad, p->C, (float *)ws, code_grad);

    /* model.dl:15  code.grad.matmul.2 = matmul: [N,32]' x [N,256] -> [32,256],
     * blocked, 8,192 multiply-adds a sample */
    float *const code_grad_matmul_2 = (float *)(ws + 299008);
    matmul_7(n, code, J_sub_grad, (float *)ws, code_grad_matmul_2);

    /* model.dl:14  C.grad = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample; then code.grad.matmul.2 + v */
    matmul_10(n, code_grad, in_x, (float *)ws, grad_C, code_grad_matmul_2);

    l->J = (double)J;

    return COUPLED_AE_OK;
}

int coupled_ae_step_update(coupled_ae_params *p, coupled_ae_step_state *s,
                           const float *in_gradient, void *workspace)
{
    if (!p || !s || !in_gradient) {
        return COUPLED_AE_ERROR_NULL;
    }
    (void)workspace;

    const float *const grad_C = in_gradient;

    /* model.dl:17  C.new = C - 0.05 * C: [32,256], 16,384 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        p->C[i] = p->C[i] - 0.05f * grad_C[i];
    }

    s->iter++;
    p->steps++;

    return COUPLED_AE_OK;
}

void coupled_ae_init(coupled_ae_params *p, uint64_t seed)
{
    const uint64_t step = 0;

    /* model.dl:13  C.mul: [32,256] */
    randn(seed, step, 0, 0x86022652u, 8192, p->C);

    p->steps = 0;
}

void coupled_ae_step_state_init(coupled_ae_step_state *s)
{
    s->iter = 0;
}

int coupled_ae_pack(const coupled_ae_params *p, coupled_ae_weights *w,
                    void *workspace)
{
    if (!p || !w || !workspace) {
        return COUPLED_AE_ERROR_NULL;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return COUPLED_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:14  block: [32,256] -> [4,256,8] */
    block(p->C, w->C_block_packed);

    /* model.dl:15  transpose: [32,256] -> [256,32] */
    float *const C_transpose = (float *)ws;
    turn(p->C, C_transpose);

    /* model.dl:15  block: [256,32] -> [32,32,8] */
    block_2(C_transpose, w->C_block_2_packed);

    return COUPLED_AE_OK;
}

size_t coupled_ae_infer_workspace_bytes(void)
{
    return COUPLED_AE_INFER_WORKSPACE_BYTES;
}

size_t coupled_ae_eval_workspace_bytes(void)
{
    return COUPLED_AE_EVAL_WORKSPACE_BYTES;
}

size_t coupled_ae_step_workspace_bytes(void)
{
    return COUPLED_AE_STEP_WORKSPACE_BYTES;
}

size_t coupled_ae_step_gradient_workspace_bytes(void)
{
    return COUPLED_AE_STEP_GRADIENT_WORKSPACE_BYTES;
}

size_t coupled_ae_step_update_workspace_bytes(void)
{
    return COUPLED_AE_STEP_UPDATE_WORKSPACE_BYTES;
}

size_t coupled_ae_pack_workspace_bytes(void)
{
    return COUPLED_AE_PACK_WORKSPACE_BYTES;
}

const char *coupled_ae_strerror(int status)
{
    switch (status) {
    case COUPLED_AE_OK:
        return "success";
    case COUPLED_AE_ERROR_NULL:
        return "a pointer is null";
    case COUPLED_AE_ERROR_SIZE:
        return "n is not within 1..128";
    case COUPLED_AE_ERROR_RANGE:
        return "a label or an index is out of range";
    case COUPLED_AE_ERROR_ALIGNMENT:
        return "the workspace is not aligned to 64 bytes";
    default:
        return "unknown status";
    }
}

const coupled_ae_array coupled_ae_param_table[] = {
    {"C", "f32", 2, {32, 256}, offsetof(coupled_ae_params, C)},
};

const coupled_ae_array coupled_ae_input_table[] = {
    {"x", "f32", 2, {-1, 256}, 0},
};

const coupled_ae_array coupled_ae_output_table[] = {
    {"code", "f32", 2, {-1, 32}, 0},
    {"r", "f32", 2, {-1, 256}, 0},
};

int denoising_ae_infer(const denoising_ae_weights *w, int n, const float *in_x,
                       float *out_r, void *workspace)
{
    if (!w || !in_x || !out_r || !workspace) {
        return DENOISING_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return DENOISING_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return DENOISING_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:22  h = product: [N,256] x [256,32] -> [N,32], panels, 8,192
     * multiply-adds a sample; then sigmoid(v + b.packed) */
    float *const h = (float *)ws;
    matmul_panels_4(n, in_x, w->C_block_packed, h, w->b_packed);

    /* model.dl:23  r = product: [N,32] x [32,256] -> [N,256], panels, 8,192
     * multiply-adds a sample; then v + c.packed */
    matmul_panels_5(n, h, w->C_block_2_packed, out_r, w->c_packed);

    return DENOISING_AE_OK;
}

int denoising_ae_eval(const denoising_ae_weights *w, int n, const float *in_x,
                      denoising_ae_metrics *m, void *workspace)
{
    if (!w || !in_x || !m || !workspace) {
        return DENOISING_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return DENOISING_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return DENOISING_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:22  h = product: [N,256] x [256,32] -> [N,32], panels, 8,192
     * multiply-adds a sample; then sigmoid(v + b.packed) */
    float *const h = (float *)(ws + 131072);
    matmul_panels_4(n, in_x, w->C_block_packed, h, w->b_packed);

    /* model.dl:23  J.pow = product: [N,32] x [32,256] -> [N,256], panels, 8,192
     * multiply-adds a sample; then square(v + c.packed - x) */
    float *const J_pow = (float *)ws;
    matmul_panels_6(n, h, w->C_block_2_packed, J_pow, w->c_packed, in_x);

    /* model.dl:24  J.mean = mean: [N,256] -> scalar, 256 operations a sample */
    const float J_mean = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:24  J.abs = fabs(h): [N,32], 32 operations a sample */
    float *const J_abs = h;
    INDEPENDENT
    for (int i = 0; i < 32 * n; i++) {
        J_abs[i] = fabsf(h[i]);
    }

    /* model.dl:24  J = mean: [N,32] -> scalar, 32 operations a sample; then
     * J.mean + 0.001 * v */
    float J_acc = row_sum(J_abs, 32 * n);
    J_acc /= (float)(32 * n);
    const float J = J_mean + 0.001f * J_acc;

    m->J = (double)J;

    return DENOISING_AE_OK;
}

int denoising_ae_step(denoising_ae_params *p, denoising_ae_step_state *s, int n,
                      const float *in_x, denoising_ae_step_losses *l,
                      uint64_t seed, void *workspace)
{
    if (!p || !s || !in_x || !l || !workspace) {
        return DENOISING_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return DENOISING_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return DENOISING_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;
    const uint64_t step = p->steps;
    const uint64_t iter = s->iter;

    /* model.dl:22  noise1.add = x + 0.3 * v: [N,256], philox */
    float *const noise1_add = (float *)(ws + 167936);
    randn_2(seed, step, 0, 0xe29734a0u, 256 * n, noise1_add, in_x);

    /* model.dl:22  h = matmul: [N,256] x [32,256]' -> [N,32], blocked, 8,192
     * multiply-adds a sample; then sigmoid(v + b) */
    float *const h = (float *)(ws + 462848);
    matmul_11(n, noise1_add, p->C, (float *)ws, h, p->b);

    /* model.dl:23  J.sub = matmul: [N,32] x [32,256] -> [N,256], blocked, 8,192
     * multiply-adds a sample; then v + c - x */
    float *const J_sub = (float *)(ws + 299008);
    matmul_12(n, h, p->C, (float *)ws, J_sub, p->c, in_x);

    /* model.dl:24  J.pow = J.sub * J.sub: [N,256], 256 operations a sample */
    float *const J_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:24  J.mean = mean: [N,256] -> scalar, 256 operations a sample */
    const float J_mean = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:24  J.abs = fabs(h): [N,32], 32 operations a sample */
    float *const J_abs = (float *)(ws + 131072);
    INDEPENDENT
    for (int i = 0; i < 32 * n; i++) {
        J_abs[i] = fabsf(h[i]);
    }

    /* model.dl:24  J = mean: [N,32] -> scalar, 32 operations a sample; then
     * J.mean + 0.001 * v */
    float J_acc = row_sum(J_abs, 32 * n);
    J_acc /= (float)(32 * n);
    const float J = J_mean + 0.001f * J_acc;

    /* model.dl:24 */
    const float J_abs_grad_extent = (float)(32 * n);
    const float J_abs_grad_div = 0.001f / J_abs_grad_extent;
    const float J_pow_grad_extent = (float)(256 * n);
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:24  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N,256], 512
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }

    /* model.dl:23  c.grad = sum over axis 0: [N,256] -> [256], 256 operations a
     * sample */
    float *const c_grad = (float *)(ws + 495616);
    INDEPENDENT
    for (int j = 0; j < 256; j++) {
        c_grad[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 256; j++) {
            c_grad[j] += J_sub_grad[i * 256 + j];
        }
    }

    /* model.dl:23  h.add.grad = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample; then (J.abs.grad.div * sign(h) + v) * (h *
     * (1.0 - h)) */
    float *const h_add_grad = (float *)(ws + 479232);
    matmul_13(n, J_sub_grad, p->C, (float *)ws, h_add_grad, &J_abs_grad_div, h);

    /* model.dl:23  h.grad.matmul.2 = matmul: [N,32]' x [N,256] -> [32,256],
     * blocked, 8,192 multiply-adds a sample */
    float *const h_grad_matmul_2 = (float *)(ws + 430080);
    matmul_7(n, h, J_sub_grad, (float *)ws, h_grad_matmul_2);

    /* model.dl:22  b.grad = sum over axis 0: [N,32] -> [32], 32 operations a
     * sample */
    float *const b_grad = (float *)(ws + 331776);
    INDEPENDENT
    for (int j = 0; j < 32; j++) {
        b_grad[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 32; j++) {
            b_grad[j] += h_add_grad[i * 32 + j];
        }
    }

    /* model.dl:22  C.grad = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample; then h.grad.matmul.2 + v */
    float *const C_grad = (float *)(ws + 299008);
    matmul_10(n, h_add_grad, noise1_add, (float *)ws, C_grad, h_grad_matmul_2);

    /* model.dl:25  C.m1.add = 0.9 * step.C.m + 0.09999999999999998 * C.grad:
     * [32,256], 24,576 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        s->C_m[i] = 0.9f * s->C_m[i] + 0.1f * C_grad[i];
    }

    /* model.dl:25  C.v1.add = 0.999 * step.C.v + 0.0010000000000000009 * C.grad
     * * C.grad: [32,256], 32,768 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        s->C_v[i] = 0.999f * s->C_v[i] + 0.001f * C_grad[i] * C_grad[i];
    }

    /* model.dl:25 */
    const float C_iter = (float)iter;
    const float C_add = C_iter + 1.0f;
    const float C_div = 0.001f / (1.0f - powf(0.9f, C_add));
    const float C_sqrt_2 = sqrt_f32(1.0f - powf(0.999f, C_add));

    /* model.dl:25  C.new = C - C.div * C.m1.add / (sqrt(C.v1.add) / C.sqrt.2 +
     * 1e-08): [32,256], 49,152 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        p->C[i] = p->C[i] - C_div * s->C_m[i] /
            (sqrt_f32(s->C_v[i]) / C_sqrt_2 + 1e-08f);
    }

    /* model.dl:25  b.m1.add = 0.9 * step.b.m + 0.09999999999999998 * b.grad:
     * [32], 96 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        s->b_m[i] = 0.9f * s->b_m[i] + 0.1f * b_grad[i];
    }

    /* model.dl:25  b.v1.add = 0.999 * step.b.v + 0.0010000000000000009 * b.grad
     * * b.grad: [32], 128 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        s->b_v[i] = 0.999f * s->b_v[i] + 0.001f * b_grad[i] * b_grad[i];
    }

    /* model.dl:25  b.new = b - C.div * b.m1.add / (sqrt(b.v1.add) / C.sqrt.2 +
     * 1e-08): [32], 192 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        p->b[i] = p->b[i] - C_div * s->b_m[i] /
            (sqrt_f32(s->b_v[i]) / C_sqrt_2 + 1e-08f);
    }

    /* model.dl:25  c.m1.add = 0.9 * step.c.m + 0.09999999999999998 * c.grad:
     * [256], 768 operations */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        s->c_m[i] = 0.9f * s->c_m[i] + 0.1f * c_grad[i];
    }

    /* model.dl:25  c.v1.add = 0.999 * step.c.v + 0.0010000000000000009 * c.grad
     * * c.grad: [256], 1,024 operations */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        s->c_v[i] = 0.999f * s->c_v[i] + 0.001f * c_grad[i] * c_grad[i];
    }

    /* model.dl:25  c.new = c - C.div * c.m1.add / (sqrt(c.v1.add) / C.sqrt.2 +
     * 1e-08): [256], 1,536 operations */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        p->c[i] = p->c[i] - C_div * s->c_m[i] /
            (sqrt_f32(s->c_v[i]) / C_sqrt_2 + 1e-08f);
    }

    l->J = (double)J;

    s->iter++;
    p->steps++;

    return DENOISING_AE_OK;
}

int denoising_ae_step_gradient(const denoising_ae_params *p, int n,
                               const float *in_x, denoising_ae_step_losses *l,
                               float *out_gradient, uint64_t seed,
                               void *workspace)
{
    if (!p || !in_x || !l || !out_gradient || !workspace) {
        return DENOISING_AE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return DENOISING_AE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return DENOISING_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;
    const uint64_t step = p->steps;

    float *const grad_C = out_gradient;
    float *const grad_b = out_gradient + 8192;
    float *const grad_c = out_gradient + 8224;

    /* model.dl:22  noise1.add = x + 0.3 * v: [N,256], philox */
    float *const noise1_add = (float *)(ws + 167936);
    randn_2(seed, step, 0, 0xe29734a0u, 256 * n, noise1_add, in_x);

    /* model.dl:22  h = matmul: [N,256] x [32,256]' -> [N,32], blocked, 8,192
     * multiply-adds a sample; then sigmoid(v + b) */
    float *const h = (float *)(ws + 462848);
    matmul_11(n, noise1_add, p->C, (float *)ws, h, p->b);

    /* model.dl:23  J.sub = matmul: [N,32] x [32,256] -> [N,256], blocked, 8,192
     * multiply-adds a sample; then v + c - x */
    float *const J_sub = (float *)(ws + 299008);
    matmul_12(n, h, p->C, (float *)ws, J_sub, p->c, in_x);

    /* model.dl:24  J.pow = J.sub * J.sub: [N,256], 256 operations a sample */
    float *const J_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:24  J.mean = mean: [N,256] -> scalar, 256 operations a sample */
    const float J_mean = row_sum(J_pow, 256 * n) / (float)(256 * n);

    /* model.dl:24  J.abs = fabs(h): [N,32], 32 operations a sample */
    float *const J_abs = (float *)(ws + 131072);
    INDEPENDENT
    for (int i = 0; i < 32 * n; i++) {
        J_abs[i] = fabsf(h[i]);
    }

    /* model.dl:24  J = mean: [N,32] -> scalar, 32 operations a sample; then
     * J.mean + 0.001 * v */
    float J_acc = row_sum(J_abs, 32 * n);
    J_acc /= (float)(32 * n);
    const float J = J_mean + 0.001f * J_acc;

    /* model.dl:24 */
    const float J_abs_grad_extent = (float)(32 * n);
    const float J_abs_grad_div = 0.001f / J_abs_grad_extent;
    const float J_pow_grad_extent = (float)(256 * n);
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:24  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N,256], 512
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < 256 * n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }

    /* model.dl:23  c.grad = sum over axis 0: [N,256] -> [256], 256 operations a
     * sample */
    INDEPENDENT
    for (int j = 0; j < 256; j++) {
        grad_c[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 256; j++) {
            grad_c[j] += J_sub_grad[i * 256 + j];
        }
    }

    /* model.dl:23  h.add.grad = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample; then (J.abs.grad.div * sign(h) + v) * (h *
     * (1.0 - h)) */
    float *const h_add_grad = (float *)(ws + 479232);
    matmul_13(n, J_sub_grad, p->C, (float *)ws, h_add_grad, &J_abs_grad_div, h);

    /* model.dl:23  h.grad.matmul.2 = matmul: [N,32]' x [N,256] -> [32,256],
     * blocked, 8,192 multiply-adds a sample */
    float *const h_grad_matmul_2 = (float *)(ws + 430080);
    matmul_7(n, h, J_sub_grad, (float *)ws, h_grad_matmul_2);

    /* model.dl:22  b.grad = sum over axis 0: [N,32] -> [32], 32 operations a
     * sample */
    INDEPENDENT
    for (int j = 0; j < 32; j++) {
        grad_b[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 32; j++) {
            grad_b[j] += h_add_grad[i * 32 + j];
        }
    }

    /* model.dl:22  C.grad = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample; then h.grad.matmul.2 + v */
    matmul_10(n, h_add_grad, noise1_add, (float *)ws, grad_C, h_grad_matmul_2);

    l->J = (double)J;

    return DENOISING_AE_OK;
}

int denoising_ae_step_update(denoising_ae_params *p, denoising_ae_step_state *s,
                             const float *in_gradient, void *workspace)
{
    if (!p || !s || !in_gradient) {
        return DENOISING_AE_ERROR_NULL;
    }
    const uint64_t iter = s->iter;
    (void)workspace;

    const float *const grad_C = in_gradient;
    const float *const grad_b = in_gradient + 8192;
    const float *const grad_c = in_gradient + 8224;

    /* model.dl:25  C.m1.add = 0.9 * step.C.m + 0.09999999999999998 * C:
     * [32,256], 24,576 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        s->C_m[i] = 0.9f * s->C_m[i] + 0.1f * grad_C[i];
    }

    /* model.dl:25  C.v1.add = 0.999 * step.C.v + 0.0010000000000000009 * C * C:
     * [32,256], 32,768 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        s->C_v[i] = 0.999f * s->C_v[i] + 0.001f * grad_C[i] * grad_C[i];
    }

    /* model.dl:25 */
    const float C_iter = (float)iter;
    const float C_add = C_iter + 1.0f;
    const float C_div = 0.001f / (1.0f - powf(0.9f, C_add));
    const float C_sqrt_2 = sqrt_f32(1.0f - powf(0.999f, C_add));

    /* model.dl:25  C.new = C - C.div * C.m1.add / (sqrt(C.v1.add) / C.sqrt.2 +
     * 1e-08): [32,256], 49,152 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        p->C[i] = p->C[i] - C_div * s->C_m[i] /
            (sqrt_f32(s->C_v[i]) / C_sqrt_2 + 1e-08f);
    }

    /* model.dl:25  b.m1.add = 0.9 * step.b.m + 0.09999999999999998 * b: [32],
     * 96 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        s->b_m[i] = 0.9f * s->b_m[i] + 0.1f * grad_b[i];
    }

    /* model.dl:25  b.v1.add = 0.999 * step.b.v + 0.0010000000000000009 * b * b:
     * [32], 128 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        s->b_v[i] = 0.999f * s->b_v[i] + 0.001f * grad_b[i] * grad_b[i];
    }

    /* model.dl:25  b.new = b - C.div * b.m1.add / (sqrt(b.v1.add) / C.sqrt.2 +
     * 1e-08): [32], 192 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        p->b[i] = p->b[i] - C_div * s->b_m[i] /
            (sqrt_f32(s->b_v[i]) / C_sqrt_2 + 1e-08f);
    }

    /* model.dl:25  c.m1.add = 0.9 * step.c.m + 0.09999999999999998 * c: [256],
     * 768 operations */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        s->c_m[i] = 0.9f * s->c_m[i] + 0.1f * grad_c[i];
    }

    /* model.dl:25  c.v1.add = 0.999 * step.c.v + 0.0010000000000000009 * c * c:
     * [256], 1,024 operations */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        s->c_v[i] = 0.999f * s->c_v[i] + 0.001f * grad_c[i] * grad_c[i];
    }

    /* model.dl:25  c.new = c - C.div * c.m1.add / (sqrt(c.v1.add) / C.sqrt.2 +
     * 1e-08): [256], 1,536 operations */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        p->c[i] = p->c[i] - C_div * s->c_m[i] /
            (sqrt_f32(s->c_v[i]) / C_sqrt_2 + 1e-08f);
    }

    s->iter++;
    p->steps++;

    return DENOISING_AE_OK;
}

void denoising_ae_init(denoising_ae_params *p, uint64_t seed)
{
    const uint64_t step = 0;

    /* model.dl:21  C.add: [32,256] */
    uniform(seed, step, 0, 0x86022652u, 8192, p->C);

    /* model.dl:21  b.broadcast: [32] */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        p->b[i] = 0.0f;
    }

    /* model.dl:21  c.broadcast: [256] */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        p->c[i] = 0.0f;
    }

    p->steps = 0;
}

void denoising_ae_step_state_init(denoising_ae_step_state *s)
{
    /* model.dl:25  step.C.m.broadcast: [32,256] */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        s->C_m[i] = 0.0f;
    }
    memcpy(s->C_v, s->C_m, 8192 * sizeof(float));

    /* model.dl:25  step.b.m.broadcast: [32] */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        s->b_m[i] = 0.0f;
    }
    memcpy(s->b_v, s->b_m, 32 * sizeof(float));

    /* model.dl:25  step.c.m.broadcast: [256] */
    INDEPENDENT
    for (int i = 0; i < 256; i++) {
        s->c_m[i] = 0.0f;
    }
    memcpy(s->c_v, s->c_m, 256 * sizeof(float));

    s->iter = 0;
}

int denoising_ae_pack(const denoising_ae_params *p, denoising_ae_weights *w,
                      void *workspace)
{
    if (!p || !w || !workspace) {
        return DENOISING_AE_ERROR_NULL;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return DENOISING_AE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    memcpy(w->b_packed, p->b, 32 * sizeof(float));
    memcpy(w->c_packed, p->c, 256 * sizeof(float));

    /* model.dl:22  block: [32,256] -> [4,256,8] */
    block(p->C, w->C_block_packed);

    /* model.dl:23  transpose: [32,256] -> [256,32] */
    float *const C_transpose = (float *)ws;
    turn(p->C, C_transpose);

    /* model.dl:23  block: [256,32] -> [32,32,8] */
    block_2(C_transpose, w->C_block_2_packed);

    return DENOISING_AE_OK;
}

size_t denoising_ae_infer_workspace_bytes(void)
{
    return DENOISING_AE_INFER_WORKSPACE_BYTES;
}

size_t denoising_ae_eval_workspace_bytes(void)
{
    return DENOISING_AE_EVAL_WORKSPACE_BYTES;
}

size_t denoising_ae_step_workspace_bytes(void)
{
    return DENOISING_AE_STEP_WORKSPACE_BYTES;
}

size_t denoising_ae_step_gradient_workspace_bytes(void)
{
    return DENOISING_AE_STEP_GRADIENT_WORKSPACE_BYTES;
}

size_t denoising_ae_step_update_workspace_bytes(void)
{
    return DENOISING_AE_STEP_UPDATE_WORKSPACE_BYTES;
}

size_t denoising_ae_pack_workspace_bytes(void)
{
    return DENOISING_AE_PACK_WORKSPACE_BYTES;
}

const char *denoising_ae_strerror(int status)
{
    switch (status) {
    case DENOISING_AE_OK:
        return "success";
    case DENOISING_AE_ERROR_NULL:
        return "a pointer is null";
    case DENOISING_AE_ERROR_SIZE:
        return "n is not within 1..128";
    case DENOISING_AE_ERROR_RANGE:
        return "a label or an index is out of range";
    case DENOISING_AE_ERROR_ALIGNMENT:
        return "the workspace is not aligned to 64 bytes";
    default:
        return "unknown status";
    }
}

const denoising_ae_array denoising_ae_param_table[] = {
    {"C", "f32", 2, {32, 256}, offsetof(denoising_ae_params, C)},
    {"b", "f32", 1, {32}, offsetof(denoising_ae_params, b)},
    {"c", "f32", 1, {256}, offsetof(denoising_ae_params, c)},
};

const denoising_ae_array denoising_ae_step_state_table[] = {
    {"step.C.m", "f32", 2, {32, 256}, offsetof(denoising_ae_step_state, C_m)},
    {"step.C.v", "f32", 2, {32, 256}, offsetof(denoising_ae_step_state, C_v)},
    {"step.b.m", "f32", 1, {32}, offsetof(denoising_ae_step_state, b_m)},
    {"step.b.v", "f32", 1, {32}, offsetof(denoising_ae_step_state, b_v)},
    {"step.c.m", "f32", 1, {256}, offsetof(denoising_ae_step_state, c_m)},
    {"step.c.v", "f32", 1, {256}, offsetof(denoising_ae_step_state, c_v)},
};

const denoising_ae_array denoising_ae_input_table[] = {
    {"x", "f32", 2, {-1, 256}, 0},
};

const denoising_ae_array denoising_ae_output_table[] = {
    {"r", "f32", 2, {-1, 256}, 0},
};

int ridge_infer(const ridge_weights *w, int n, const float *in_x, float *out_f,
                void *workspace)
{
    if (!w || !in_x || !out_f || !workspace) {
        return RIDGE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return RIDGE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return RIDGE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:30  f.tanh = product: [N,256] x [256,32] -> [N,32], panels,
     * 8,192 multiply-adds a sample; then tanh(v + b.packed) */
    float *const f_tanh = (float *)ws;
    matmul_panels_7(n, in_x, w->A_block_packed, f_tanh, w->b_packed);

    /* model.dl:30  f.matmul.2 = matmul: [N,32] x [32,1] -> [N,1], blocked, 32
     * multiply-adds a sample */
    matmul_14(n, f_tanh, w->v_packed, out_f);

    return RIDGE_OK;
}

int ridge_eval(const ridge_weights *w, int n, const float *in_x,
               const float *in_t, ridge_metrics *m, void *workspace)
{
    if (!w || !in_x || !in_t || !m || !workspace) {
        return RIDGE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return RIDGE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return RIDGE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:30  f.tanh = product: [N,256] x [256,32] -> [N,32], panels,
     * 8,192 multiply-adds a sample; then tanh(v + b.packed) */
    float *const f_tanh = (float *)ws;
    matmul_panels_7(n, in_x, w->A_block_packed, f_tanh, w->b_packed);

    /* model.dl:30  f.matmul.2 = matmul: [N,32] x [32,1] -> [N,1], blocked, 32
     * multiply-adds a sample */
    float *const f_matmul_2 = (float *)(ws + 16384);
    matmul_14(n, f_tanh, w->v_packed, f_matmul_2);

    /* model.dl:31  J.sub.2 = f.matmul.2 - J.sub.reshape: [N,1], 1 operation a
     * sample */
    float *const J_sub_2 = f_matmul_2;
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_sub_2[i] = f_matmul_2[i] - in_t[i];
    }
    float *const J_sub = J_sub_2;

    /* model.dl:31  J.pow = J.sub * J.sub: [N], 1 operation a sample */
    float *const J_pow = J_sub;
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:31  J = mean: [N] -> scalar, 1 operation a sample; then v +
     * J.mul.2.packed */
    float J_acc = row_sum(J_pow, n);
    J_acc /= (float)n;
    const float J = J_acc + w->J_mul_2_packed;

    m->J = (double)J;

    return RIDGE_OK;
}

int ridge_step(ridge_params *p, ridge_step_state *s, int n, const float *in_x,
               const float *in_t, ridge_step_losses *l, void *workspace)
{
    if (!p || !s || !in_x || !in_t || !l || !workspace) {
        return RIDGE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return RIDGE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return RIDGE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:30  f.tanh = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample; then tanh(v + b) */
    float *const f_tanh = (float *)(ws + 75776);
    matmul_15(n, in_x, p->A, (float *)ws, f_tanh, p->b);

    /* model.dl:30  f.matmul.2 = matmul: [N,32] x [32,1] -> [N,1], blocked, 32
     * multiply-adds a sample */
    float *const f_matmul_2 = (float *)(ws + 92160);
    matmul_14(n, f_tanh, p->v, f_matmul_2);

    /* model.dl:31  J.sub.2 = f.matmul.2 - J.sub.reshape: [N,1], 1 operation a
     * sample */
    float *const J_sub_2 = f_matmul_2;
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_sub_2[i] = f_matmul_2[i] - in_t[i];
    }
    float *const J_sub = J_sub_2;

    /* model.dl:31  J.pow = J.sub * J.sub: [N], 1 operation a sample */
    float *const J_pow = (float *)(ws + 32768);
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:31  J.mean = mean: [N] -> scalar, 1 operation a sample */
    const float J_mean = row_sum(J_pow, n) / (float)n;

    /* model.dl:31  J.mul = A * A: [32,256], 8,192 operations */
    float *const J_mul = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        J_mul[i] = p->A[i] * p->A[i];
    }

    /* model.dl:31  J = sum: [32,256] -> scalar, 8,192 operations; then J.mean +
     * 0.001 * v */
    const float J_acc = row_sum(J_mul, 8192);
    const float J = J_mean + 0.001f * J_acc;

    /* model.dl:31 */
    const float J_pow_grad_extent = (float)n;
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:31  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N], 2
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }
    float *const f_matmul_2_grad = J_sub_grad;

    /* model.dl:30  f.add.grad = matmul: [N,1] x [32,1]' -> [N,32], blocked, 32
     * multiply-adds a sample; then v * (1.0 - f.tanh * f.tanh) */
    float *const f_add_grad = (float *)(ws + 200704);
    matmul_16(n, f_matmul_2_grad, p->v, (float *)ws, f_add_grad, f_tanh);

    /* model.dl:30  v.new.sub = matmul: [N,32]' x [N,1] -> [32,1], blocked, 32
     * multiply-adds a sample; then f.reshape - 0.05 * v */
    float *const v_new_sub = (float *)(ws + 217088);
    matmul_17(n, f_tanh, f_matmul_2_grad, (float *)ws, v_new_sub, p->v);

    /* model.dl:30  b.new = sum: [N,32] -> [32], 32 operations a sample; then b
     * - 0.05 * v */
    float *const b_new = (float *)ws;
    INDEPENDENT
    for (int j = 0; j < 32; j++) {
        b_new[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 32; j++) {
            b_new[j] += f_add_grad[i * 32 + j];
        }
    }
    INDEPENDENT
    for (int j = 0; j < 32; j++) {
        const float acc = b_new[j];
        b_new[j] = p->b[j] - 0.05f * acc;
    }

    /* model.dl:30  b.new.store = b.new: [32] */
    memcpy(p->b, b_new, 32 * sizeof(float));

    /* model.dl:30  A.sub = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample; then A - 0.05 * (0.002 * A + v) */
    float *const A_sub = (float *)(ws + 167936);
    matmul_18(n, f_add_grad, in_x, (float *)ws, A_sub, p->A);
    float *const v_new = v_new_sub;

    /* model.dl:32  v.new.store = v.new: [32] */
    memcpy(p->v, v_new, 32 * sizeof(float));

    /* model.dl:32  norm.pow = A.sub * A.sub: [32,256], 8,192 operations */
    float *const norm_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        norm_pow[i] = A_sub[i] * A_sub[i];
    }

    /* model.dl:32  A.div = sum over axis 1: [32,256] -> [32], 8,192 operations;
     * then 1.0 / max(sqrt(v), 1e-30) */
    float *const A_div = (float *)(ws + 32768);
    for (int i = 0; i < 32; i++) {
        const float acc = row_sum(norm_pow + i * 256, 256);
        A_div[i] = 1.0f / max_f32(sqrt_f32(acc), 1e-30f);
    }

    /* model.dl:32  A.new = A.sub * A.div: [32,256], 8,192 operations */
    for (int i = 0; i < 32; i++) {
        const float A_div_i = A_div[i];
        INDEPENDENT
        for (int j = 0; j < 256; j++) {
            p->A[i * 256 + j] = A_sub[i * 256 + j] * A_div_i;
        }
    }

    l->J = (double)J;

    s->iter++;
    p->steps++;

    return RIDGE_OK;
}

int ridge_step_gradient(const ridge_params *p, int n, const float *in_x,
                        const float *in_t, ridge_step_losses *l,
                        float *out_gradient, void *workspace)
{
    if (!p || !in_x || !in_t || !l || !out_gradient || !workspace) {
        return RIDGE_ERROR_NULL;
    }
    if (n < 1 || n > 128) {
        return RIDGE_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return RIDGE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    float *const grad_A = out_gradient;
    float *const grad_b = out_gradient + 8192;
    float *const grad_v = out_gradient + 8224;

    /* model.dl:30  f.tanh = matmul: [N,256] x [32,256]' -> [N,32], blocked,
     * 8,192 multiply-adds a sample; then tanh(v + b) */
    float *const f_tanh = (float *)(ws + 75776);
    matmul_15(n, in_x, p->A, (float *)ws, f_tanh, p->b);

    /* model.dl:30  f.matmul.2 = matmul: [N,32] x [32,1] -> [N,1], blocked, 32
     * multiply-adds a sample */
    float *const f_matmul_2 = (float *)(ws + 92160);
    matmul_14(n, f_tanh, p->v, f_matmul_2);

    /* model.dl:31  J.sub.2 = f.matmul.2 - J.sub.reshape: [N,1], 1 operation a
     * sample */
    float *const J_sub_2 = f_matmul_2;
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_sub_2[i] = f_matmul_2[i] - in_t[i];
    }
    float *const J_sub = J_sub_2;

    /* model.dl:31  J.pow = J.sub * J.sub: [N], 1 operation a sample */
    float *const J_pow = (float *)(ws + 32768);
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_pow[i] = J_sub[i] * J_sub[i];
    }

    /* model.dl:31  J.mean = mean: [N] -> scalar, 1 operation a sample */
    const float J_mean = row_sum(J_pow, n) / (float)n;

    /* model.dl:31  J.mul = A * A: [32,256], 8,192 operations */
    float *const J_mul = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        J_mul[i] = p->A[i] * p->A[i];
    }

    /* model.dl:31  J = sum: [32,256] -> scalar, 8,192 operations; then J.mean +
     * 0.001 * v */
    const float J_acc = row_sum(J_mul, 8192);
    const float J = J_mean + 0.001f * J_acc;

    /* model.dl:31 */
    const float J_pow_grad_extent = (float)n;
    const float J_pow_grad_div = 1.0f / J_pow_grad_extent;

    /* model.dl:31  J.sub.grad = J.pow.grad.div * (2.0 * J.sub): [N], 2
     * operations a sample */
    float *const J_sub_grad = J_sub;
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        J_sub_grad[i] = J_pow_grad_div * (2.0f * J_sub[i]);
    }
    float *const f_matmul_2_grad = J_sub_grad;

    /* model.dl:30  f.add.grad = matmul: [N,1] x [32,1]' -> [N,32], blocked, 32
     * multiply-adds a sample; then v * (1.0 - f.tanh * f.tanh) */
    float *const f_add_grad = (float *)(ws + 167936);
    matmul_16(n, f_matmul_2_grad, p->v, (float *)ws, f_add_grad, f_tanh);

    /* model.dl:30  f.reshape.grad = matmul: [N,32]' x [N,1] -> [32,1], blocked,
     * 32 multiply-adds a sample */
    matmul_19(n, f_tanh, f_matmul_2_grad, (float *)ws, grad_v);

    /* model.dl:30  b.grad = sum over axis 0: [N,32] -> [32], 32 operations a
     * sample */
    INDEPENDENT
    for (int j = 0; j < 32; j++) {
        grad_b[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 32; j++) {
            grad_b[j] += f_add_grad[i * 32 + j];
        }
    }

    /* model.dl:30  A.grad = matmul: [N,32]' x [N,256] -> [32,256], blocked,
     * 8,192 multiply-adds a sample; then 0.002 * A + v */
    matmul_20(n, f_add_grad, in_x, (float *)ws, grad_A, p->A);

    l->J = (double)J;

    return RIDGE_OK;
}

int ridge_step_update(ridge_params *p, ridge_step_state *s,
                      const float *in_gradient, void *workspace)
{
    if (!p || !s || !in_gradient || !workspace) {
        return RIDGE_ERROR_NULL;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return RIDGE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    const float *const grad_A = in_gradient;
    const float *const grad_b = in_gradient + 8192;
    const float *const grad_v = in_gradient + 8224;

    /* model.dl:32  A.sub = A - 0.05 * A: [32,256], 16,384 operations */
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        p->A[i] = p->A[i] - 0.05f * grad_A[i];
    }

    /* model.dl:32  b.new = b - 0.05 * b: [32], 64 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        p->b[i] = p->b[i] - 0.05f * grad_b[i];
    }

    /* model.dl:32  v.new = v - 0.05 * v: [32], 64 operations */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        p->v[i] = p->v[i] - 0.05f * grad_v[i];
    }

    /* model.dl:32  norm.pow = A.sub * A.sub: [32,256], 8,192 operations */
    float *const norm_pow = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        norm_pow[i] = p->A[i] * p->A[i];
    }

    /* model.dl:32  A.div = sum over axis 1: [32,256] -> [32], 8,192 operations;
     * then 1.0 / max(sqrt(v), 1e-30) */
    float *const A_div = (float *)(ws + 32768);
    for (int i = 0; i < 32; i++) {
        const float acc = row_sum(norm_pow + i * 256, 256);
        A_div[i] = 1.0f / max_f32(sqrt_f32(acc), 1e-30f);
    }

    /* model.dl:32  A.new = A.sub * A.div: [32,256], 8,192 operations */
    for (int i = 0; i < 32; i++) {
        const float A_div_i = A_div[i];
        INDEPENDENT
        for (int j = 0; j < 256; j++) {
            p->A[i * 256 + j] = p->A[i * 256 + j] * A_div_i;
        }
    }

    s->iter++;
    p->steps++;

    return RIDGE_OK;
}

void ridge_init(ridge_params *p, uint64_t seed)
{
    const uint64_t step = 0;

    /* model.dl:29  A.mul: [32,256] */
    randn_3(seed, step, 0, 0x860222ecu, 8192, p->A);

    /* model.dl:29  b.broadcast: [32] */
    INDEPENDENT
    for (int i = 0; i < 32; i++) {
        p->b[i] = 0.0f;
    }

    /* model.dl:29  v.mul: [32] */
    randn_4(seed, step, 0, 0x86020609u, 32, p->v);

    p->steps = 0;
}

void ridge_step_state_init(ridge_step_state *s)
{
    s->iter = 0;
}

int ridge_pack(const ridge_params *p, ridge_weights *w, void *workspace)
{
    if (!p || !w || !workspace) {
        return RIDGE_ERROR_NULL;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return RIDGE_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    memcpy(w->b_packed, p->b, 32 * sizeof(float));
    memcpy(w->v_packed, p->v, 32 * sizeof(float));

    /* model.dl:30  block: [32,256] -> [4,256,8] */
    block(p->A, w->A_block_packed);

    /* model.dl:31  J.mul: [32,256] */
    float *const J_mul = (float *)ws;
    INDEPENDENT
    for (int i = 0; i < 8192; i++) {
        J_mul[i] = p->A[i] * p->A[i];
    }

    /* model.dl:31  sum: [32,256] -> scalar */
    const float J_mul_2_acc = row_sum(J_mul, 8192);
    w->J_mul_2_packed = 0.001f * J_mul_2_acc;

    return RIDGE_OK;
}

size_t ridge_infer_workspace_bytes(void)
{
    return RIDGE_INFER_WORKSPACE_BYTES;
}

size_t ridge_eval_workspace_bytes(void)
{
    return RIDGE_EVAL_WORKSPACE_BYTES;
}

size_t ridge_step_workspace_bytes(void)
{
    return RIDGE_STEP_WORKSPACE_BYTES;
}

size_t ridge_step_gradient_workspace_bytes(void)
{
    return RIDGE_STEP_GRADIENT_WORKSPACE_BYTES;
}

size_t ridge_step_update_workspace_bytes(void)
{
    return RIDGE_STEP_UPDATE_WORKSPACE_BYTES;
}

size_t ridge_pack_workspace_bytes(void)
{
    return RIDGE_PACK_WORKSPACE_BYTES;
}

const char *ridge_strerror(int status)
{
    switch (status) {
    case RIDGE_OK:
        return "success";
    case RIDGE_ERROR_NULL:
        return "a pointer is null";
    case RIDGE_ERROR_SIZE:
        return "n is not within 1..128";
    case RIDGE_ERROR_RANGE:
        return "a label or an index is out of range";
    case RIDGE_ERROR_ALIGNMENT:
        return "the workspace is not aligned to 64 bytes";
    default:
        return "unknown status";
    }
}

const ridge_array ridge_param_table[] = {
    {"A", "f32", 2, {32, 256}, offsetof(ridge_params, A)},
    {"b", "f32", 1, {32}, offsetof(ridge_params, b)},
    {"v", "f32", 1, {32}, offsetof(ridge_params, v)},
};

const ridge_array ridge_input_table[] = {
    {"x", "f32", 2, {-1, 256}, 0},
    {"t", "f32", 1, {-1}, 0},
};

const ridge_array ridge_output_table[] = {
    {"f", "f32", 1, {-1}, 0},
};
