/* Compiled by dlc 0.1 from model.dl.
 *
 * Model lenet5: 61,706 parameters; infer: 911,880 operations a sample.
 *   workspace of infer: 1,003,520 bytes (no plan needs less)
 *   workspace of eval: 1,003,520 bytes (no plan needs less)
 *   workspace of step: 1,465,856 bytes (no plan needs less)
 *   workspace of step_gradient: 1,465,856 bytes (no plan needs less)
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

/* IN_REGISTER: the vector is loaded once; clang would load it for each use.
 * UNTIL_HERE: it keeps its register; gcc would give it away earlier, and
 * move sums or load factors again for that. Where products are not fused
 * with sums they take the register of a factor at its last use. */
#if defined(__SSE2__) && defined(__clang__)
#define IN_REGISTER(v) __asm__("" : "+x"(v))
#define UNTIL_HERE(v) ((void)0)
#elif defined(__FMA__) && defined(__GNUC__)
#define IN_REGISTER(v) ((void)0)
#define UNTIL_HERE(v) __asm__("" : : "x"(v))
#else
#define IN_REGISTER(v) ((void)0)
#define UNTIL_HERE(v) ((void)0)
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

/* log(x) + add for x > 0, add below an ulp of x. x = m 2^k with m from
 * sqrt(1/2) to sqrt(2); f = m - 1 is exact, and k log(2) + f is summed with its
 * rounding error.
 */
static inline float log_sum_f32(float x, float add)
{
    int is_small = x < 1.17549435e-38f;
    uint32_t bits = bits_f32(is_small ? x * 8388608.0f : x) + 0x004afb0du;
    float k = (float)((int32_t)(bits >> 23) - (is_small ? 150 : 127));
    float f = of_bits_f32((bits & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    float p = -0.0763458461f;
    p = p * f + 0.127616987f;
    p = p * f - 0.131602079f;
    p = p * f + 0.142017439f;
    p = p * f - 0.16623354f;
    p = p * f + 0.200012267f;
    p = p * f - 0.250008225f;
    p = p * f + 0.333333313f;
    float rest = f * f * (f * p - 0.5f);
    float high = k * 0.693359375f + f;
    float off = f - (high - k * 0.693359375f);
    return high + (rest - k * 0.000212194440f + (off + add));
}

/* log; at most 1 ulp. */
static inline float log_f32(float x)
{
    float y = log_sum_f32(x, 0.0f);
    y = x > 0.0f ? y : NAN;
    y = x == 0.0f ? -INFINITY : y;
    return x == INFINITY || x != x ? x : y;
}

/* x * x. */
static inline float square_f32(float x)
{
    return x * x;
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

/* The register tile of a convolution on channel-blocked arrays: MR places of
 * one row by NB blocks of V output channels.
 *
 * For each input channel and window place, NB blocks of weights are loaded
 * and mr input cells broadcast. x is the first cell of the first window, its
 * channel blocks XPLANE apart and its rows XROW; w are the weights of the
 * first output block, the next ones WBLOCK apart; c is [mr, NB, V]. The order
 * of a sum is that of the channel blocks, window places, channels in a block.
 * With XV = 1 neighbouring places see the same cells one turn later: kept until
 * then, they would need more registers than there are. With COPIES > 1, each
 * cell of x as often as a vector has lanes, as many turns are written out as
 * the compilers find registers for. A cell that serves one block is spread by
 * the multiply-add itself, where instructions of 64 bytes do that.
 * With CHUNK < CB only `blocks` channel blocks are added, to what c holds
 * unless they are the first; c is [NB, OH * OW, V] then, and its first `old`
 * blocks stay. The last SPARE channels of the last block are not read.
 */
INLINE static void window_tile(int mr, const float *restrict x,
                               const float *restrict w, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), PARTS = 4 / LANES };
    enum { NV = 2 * PARTS, WBLOCK = 5 * 5 * 4 };
    /* Runs of cells that lie evenly apart. */
    enum { TURNS = 5, APART = 4 };
    const vec zero = {0};
    vec acc[6][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            acc[i][j] = zero;
    }
    for (int r = 0; r < 5; r++) {
        const float *xr = x + r * 128;
#if defined(__clang__)
        ROLLED
#else
        UNROLL_2
#endif
        for (int k = 0; k < TURNS; k++) {
            const float *xp = xr + k * APART;
            vec wv[NV];
            UNROLL
            for (int j = 0; j < NV; j++) {
                wv[j] = *(const mem *)(w + j / PARTS * WBLOCK +
                                       j % PARTS * LANES);
                IN_REGISTER(wv[j]);
            }
            w += 4;
            UNROLL
            for (int i = 0; i < mr; i++) {
                vec cell = *(const mem *)(xp + i * 4);
                IN_REGISTER(cell);
                UNROLL
                for (int j = 0; j < NV; j++)
                    acc[i][j] += cell * wv[j];
                UNTIL_HERE(cell);
            }
            UNROLL
            for (int j = 0; j < NV; j++)
                UNTIL_HERE(wv[j]);
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            *(mem *)(c + (i * NV + j) * LANES) = acc[i][j];
    }
}

/* The cells that RP rows from `first` on see, [blocks, RP, WP, XV], with zeros
 * around the image, each COPIES times: vectors of equal lanes.
 */
static void spread(const float *restrict x, int blocks, int first,
                   float *restrict to)
{
    for (int c = 0; c < blocks; c++)
        for (int r = first; r < first + 32; r++)
            for (int j = -2; j < 30; j++)
                for (int l = 0; l < 1; l++, to += 4) {
                    int inside = r >= 0 && r < 28 && j >= 0 && j < 28;
                    float cell = inside ? x[(c * 28 + r) * 28 + j + l] : 0;
                    *(mem *)to = cell - (vec){0};
                }
}

/* Convolution on channel-blocked arrays, sums over the window.
 *
 * x is [B, G * CB, H, W, XV]: blocks of XV channels, the channels of a place
 * side by side (XV = 1: channels first); w is [G * OB, CB, KH, KW, XV, V] and y
 * [B, G * OB, OH, OW, V]. A tile is MR places of a row by NB output blocks;
 * a row has MANY tiles of MR places, then FEW of MR - 1. ROWS result rows at a
 * time, so that the cells they see stay in the cache; with BORDER they are
 * copied there with zeros around them, as RP rows of WP cells, COPIES of each
 * side by side. With CHUNK < CB the channels are added CHUNK blocks at a time,
 * and the sums wait in y, but for those of the `old` blocks that the tile
 * before made. PICK: the window is one place, and every PSH-th row and PSW-th
 * column of x [B, G * CB, PH, PW, XV] is copied first, PER rows of them as one
 * of W places. AHEAD: each tile asks for that many of the LINES lines, of LINE
 * elements, that a channel block has of the next output blocks' weights.
 * The ends of short sums are written out, so that they are taken from
 * registers.
 * Contract: y overlaps nothing; OB >= NB; MANY * MR + FEW * (MR - 1) = OW; with
 * BORDER or PICK scratch for CHUNK * RP * WP * XV * COPIES elements; CHUNK <
 * CB only where OUT is REAL.
 *
 * Here CELLS=784, B=n, G=1, CB=1, XV=1, OB=2, V=4, H=28, W=28, OH=28, OW=28,
 * KH=5, KW=5, SH=1, SW=1, LH=2, LW=2, MR=6, NB=2, MANY=3, FEW=2, ROWS=28,
 * BORDER=1, XROW=128, PICK=0, CHUNK=1, COPIES=4, AHEAD=0, RP=32, WP=32, RELU=0.
 *
 */

/* count places of one row from place p on: all tiles of one size. */
INLINE static void conv_blocked_places(int mr, int count,
                                       const float *restrict x,
                                       const float *restrict w, int b, int o,
                                       int p, float *restrict y,
                                       const float *restrict e1)
{
    for (int t = 0; t < count; t++, p += mr, x += mr * 4) {
        float c[6 * 2 * 4];
        window_tile(mr, x, w, c);
        UNROLL
        for (int j = 0; j < 2; j++)
            UNROLL
            for (int i = 0; i < mr; i++) {
                const float *from = c + (i * 2 + j) * 4;
                float *to = y + ((b * 2 + o + j) * (28 * 28) + p + i) * 4;
                INDEPENDENT
                for (int l = 0; l < 4; l++)
                    to[l] = tanh_f32(from[l] + e1[(o + j) * 4 + l]);
            }
    }
}

NOINLINE static void conv_blocked(int n, const float *restrict x,
                                  const float *restrict w,
                                  void *restrict scratch, float *restrict y,
                                  const float *restrict e1)
{
    for (int b = 0; b < n; b++) {
        int h1 = 28;
        const float *cells = x + b * 784;
        spread(cells, 1, -2, (float *)scratch);
        cells = (const float *)scratch;
        const float *wo = w;
        for (int h = 0; h < h1; h++) {
            const float *row = cells + h * 128;
            conv_blocked_places(6, 3, row, wo, b, 0, h * 28, y, e1);
            conv_blocked_places(5, 2, row + 3 * 6 * 4, wo, b, 0, h * 28 + 3 * 6,
                                y, e1);
        }
    }
}

/* Sum of each window; cells of the border are 0.
 *
 * x is [OUTER, H, W, INNER], PART of its inner elements at a time. The lines of
 * a window are added up on their own: a chain of all its cells would wait for
 * every single addition.
 *
 * Here OUTER=2 * n, INNER=4, PART=4, H=28, OH=14, KH=2, SH=2, DH=1, LH=0, W=28,
 * OW=14, KW=2, SW=2, DW=1, LW=0, BORDER=0.
 */
NOINLINE static void sumpool(int n, const float *restrict x, float *restrict y)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    const vec zero = {0};
    for (int o = 0; o < 2 * n; o++)
        for (int oh = 0; oh < 14; oh++)
            for (int ow = 0; ow < 14; ow++) {
                int p = oh * 14 + ow, ih = oh * 2, iw = ow * 2;
                enum { h1 = 2, w1 = 2 };
                const float *cells = x + ((o * 28 + ih) * 28 + iw) * 4;
                float sums[4];
                UNROLL
                for (int v = 0; v < 4; v += LANES) {
                    const float *from = cells + v;
                    vec sum = zero;
                    for (int kh = 0; kh < h1; kh++) {
                        vec line = zero;
                        for (int kw = 0; kw < w1; kw++)
                            line += *(const mem *)(from + (kh * 28 + kw) * 4);
                        sum += line;
                    }
                    *(mem *)(sums + v) = sum;
                }
                float *to = y + (o * (14 * 14) + p) * 4;
                INDEPENDENT
                for (int i = 0; i < 4; i++)
                    to[i] = 0.25f * sums[i];
            }
}

INLINE static void window_tile_2(int mr, const float *restrict x,
                                 const float *restrict w, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), PARTS = 4 / LANES };
    enum { NV = 2 * PARTS, WBLOCK = 2 * 5 * 5 * 4 * 4 };
    /* Runs of cells that lie evenly apart. */
    enum { RUNS = 5, TURNS = 4, APART = 4 };
    const vec zero = {0};
    vec acc[5][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            acc[i][j] = zero;
    }
    for (int cb = 0; cb < 2; cb++) {
        for (int r = 0; r < 5; r++)
            for (int q = 0; q < RUNS; q++) {
                const float *xr = x + cb * 3136 + r * 224 + q * (4 * 4);
                int turns = cb + 1 < 2 ? 4 : 2;
                UNROLL_4
                for (int k = 0; k < turns; k++) {
                    const float *xp = xr + k * APART;
                    vec wv[NV];
                    UNROLL
                    for (int j = 0; j < NV; j++) {
                        wv[j] = *(const mem *)(w + j / PARTS * WBLOCK +
                                               j % PARTS * LANES);
                        IN_REGISTER(wv[j]);
                    }
                    w += 4;
                    UNROLL
                    for (int i = 0; i < mr; i++) {
                        vec cell = *(const mem *)(xp + i * (4 * 4));
                        IN_REGISTER(cell);
                        UNROLL
                        for (int j = 0; j < NV; j++)
                            acc[i][j] += cell * wv[j];
                        UNTIL_HERE(cell);
                    }
                    UNROLL
                    for (int j = 0; j < NV; j++)
                        UNTIL_HERE(wv[j]);
                }
                w += (TURNS - turns) * 4;
            }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            *(mem *)(c + (i * NV + j) * LANES) = acc[i][j];
    }
}

static void spread_2(const float *restrict x, int blocks, int first,
                     float *restrict to)
{
    for (int c = 0; c < blocks; c++)
        for (int r = first; r < first + 14; r++)
            for (int j = 0; j < 14; j++)
                for (int l = 0; l < 4; l++, to += 4) {
                    int inside = r >= 0 && r < 14 && j >= 0 && j < 14;
                    float cell =
                        inside ? x[((c * 14 + r) * 14 + j) * 4 + l] : 0;
                    *(mem *)to = cell - (vec){0};
                }
}

/* conv_blocked with CELLS=196, B=n, G=1, CB=2, XV=4, OB=4, V=4, H=14, W=14,
 * OH=10, OW=10, KH=5, KW=5, SH=1, SW=1, LH=0, LW=0, MR=5, NB=2, MANY=2, FEW=0,
 * ROWS=10, BORDER=1, XROW=224, PICK=0, CHUNK=2, COPIES=4, AHEAD=0, RP=14,
 * WP=14, RELU=0. */

/* count places of one row from place p on: all tiles of one size. */
INLINE static void conv_blocked_2_places(int mr, int count,
                                         const float *restrict x,
                                         const float *restrict w, int b, int o,
                                         int p, float *restrict y,
                                         const float *restrict e1)
{
    for (int t = 0; t < count; t++, p += mr, x += mr * (4 * 4)) {
        float c[5 * 2 * 4];
        window_tile_2(mr, x, w, c);
        for (int j = 0; j < 2; j++)
            for (int i = 0; i < mr; i++) {
                const float *from = c + (i * 2 + j) * 4;
                float *to = y + ((b * 4 + o + j) * (10 * 10) + p + i) * 4;
                INDEPENDENT
                for (int l = 0; l < 4; l++)
                    to[l] = tanh_f32(from[l] + e1[(o + j) * 4 + l]);
            }
    }
}

NOINLINE static void conv_blocked_2(int n, const float *restrict x,
                                    const float *restrict w,
                                    void *restrict scratch, float *restrict y,
                                    const float *restrict e1)
{
    for (int b = 0; b < n; b++) {
        int h1 = 10;
        const float *cells = x + b * (2 * 196 * 4);
        enum { blocks = 2 };
        spread_2(cells, blocks, 0, (float *)scratch);
        cells = (const float *)scratch;
        for (int o0 = 0; o0 < 4; o0 += 2) {
            int o = o0 < 2 ? o0 : 2;
            const float *wo = w + o * (2 * 5 * 5 * 4 * 4);
            for (int h = 0; h < h1; h++) {
                const float *row = cells + h * 224;
                conv_blocked_2_places(5, 2, row, wo, b, o, h * 10, y, e1);
            }
        }
    }
}

/* sumpool with OUTER=4 * n, INNER=4, PART=4, H=10, OH=5, KH=2, SH=2, DH=1,
 * LH=0, W=10, OW=5, KW=2, SW=2, DW=1, LW=0, BORDER=0. */
NOINLINE static void sumpool_2(int n, const float *restrict x,
                               float *restrict y)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    const vec zero = {0};
    for (int o = 0; o < 4 * n; o++)
        for (int oh = 0; oh < 5; oh++)
            for (int ow = 0; ow < 5; ow++) {
                int p = oh * 5 + ow, ih = oh * 2, iw = ow * 2;
                enum { h1 = 2, w1 = 2 };
                const float *cells = x + ((o * 10 + ih) * 10 + iw) * 4;
                float sums[4];
                UNROLL
                for (int v = 0; v < 4; v += LANES) {
                    const float *from = cells + v;
                    vec sum = zero;
                    for (int kh = 0; kh < h1; kh++) {
                        vec line = zero;
                        for (int kw = 0; kw < w1; kw++)
                            line += *(const mem *)(from + (kh * 10 + kw) * 4);
                        sum += line;
                    }
                    *(mem *)(sums + v) = sum;
                }
                float *to = y + (o * (5 * 5) + p) * 4;
                INDEPENDENT
                for (int i = 0; i < 4; i++)
                    to[i] = 0.25f * sums[i];
            }
}

INLINE static void window_tile_3(int mr, const float *restrict x,
                                 const float *restrict w, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), PARTS = 4 / LANES };
    enum { NV = 4 * PARTS, WBLOCK = 4 * 5 * 5 * 4 * 4 };
    /* Runs of cells that lie evenly apart. */
    enum { TURNS = 5 * 4 };
    const vec zero = {0};
    vec acc[1][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            acc[i][j] = zero;
    }
    for (int cb = 0; cb < 4; cb++) {
        for (int r = 0; r < 5; r++) {
            const float *xr = x + cb * 100 + r * 20;
            UNROLL_8
            for (int k = 0; k < TURNS; k++) {
                const float *xp = xr + k;
                vec wv[NV];
                UNROLL
                for (int j = 0; j < NV; j++) {
                    wv[j] = *(const mem *)(w + j / PARTS * WBLOCK +
                                           j % PARTS * LANES);
                    IN_REGISTER(wv[j]);
                }
                w += 4;
                UNROLL
                for (int i = 0; i < mr; i++) {
                    vec cell = xp[i * 4] - zero;
                    UNROLL
                    for (int j = 0; j < NV; j++)
                        acc[i][j] += cell * wv[j];
                    UNTIL_HERE(cell);
                }
                UNROLL
                for (int j = 0; j < NV; j++)
                    UNTIL_HERE(wv[j]);
            }
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            *(mem *)(c + (i * NV + j) * LANES) = acc[i][j];
    }
}

/* conv_blocked with CELLS=25, B=n, G=1, CB=4, XV=4, OB=30, V=4, H=5, W=5, OH=1,
 * OW=1, KH=5, KW=5, SH=1, SW=1, LH=0, LW=0, MR=1, NB=4, MANY=1, FEW=0, ROWS=1,
 * BORDER=0, XROW=20, PICK=0, CHUNK=4, COPIES=1, AHEAD=0, RELU=0. */

/* count places of one row from place p on: all tiles of one size. */
INLINE static void conv_blocked_3_places(int mr, int count,
                                         const float *restrict x,
                                         const float *restrict w, int b, int o,
                                         int p, float *restrict y)
{
    for (int t = 0; t < count; t++, p += mr, x += mr * 4) {
        float c[4 * 4];
        window_tile_3(mr, x, w, c);
        for (int j = 0; j < 4; j++)
            for (int i = 0; i < mr; i++) {
                const float *from = c + (i * 4 + j) * 4;
                float *to = y + (b * 30 + o + j + p + i) * 4;
                INDEPENDENT
                for (int l = 0; l < 4; l++)
                    to[l] = from[l];
            }
    }
}

NOINLINE static void conv_blocked_3(int n, const float *restrict x,
                                    const float *restrict w, float *restrict y)
{
    for (int b = 0; b < n; b++) {
        const float *cells = x + b * (4 * 25 * 4);
        for (int o0 = 0; o0 < 30; o0 += 4) {
            int o = o0 < 26 ? o0 : 26;
            const float *wo = w + o * (4 * 5 * 5 * 4 * 4);
            const float *row = cells;
            conv_blocked_3_places(1, 1, row, wo, b, o, 0, y);
        }
    }
}

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
    for (int k = 0; k < 120; k++, a++, b += 8) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * 120] * *(const mem *)(b + v * LANES);
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
 * Here M=n, N=84, K=120, MB=546, FEW=1, N_TAIL=1, AHEAD=0, LINE=16, MR=6, NR=8,
 * EXTRAS=0.
 */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_rows(int mr, int count,
                                      const float *restrict x,
                                      const float *restrict panel, int i, int j,
                                      float *restrict y,
                                      const float *restrict e1)
{
    int cols = 84 - j < 8 ? 84 - j : 8;
    for (int t = 0; t < count; t++, i += mr) {
        float c[6 * 8];
        panel_tile(mr, x + i * 120, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 84 + j + s] = tanh_f32(c[r * 8 + s] + e1[j + s]);
    }
}

NOINLINE static void matmul_panels(int n, const float *restrict x,
                                   const float *restrict w, float *restrict y,
                                   const float *restrict e1)
{
    for (int i0 = 0; i0 < n; i0 += 546) {
        int rest = n - i0, rows = rest < 546 ? rest : 546;
        const int missing = (6 - rows % 6) % 6;
        const int few = missing * 5 <= rows ? missing : 0;
        const int many = (rows - few * 5) / 6;
        for (int j = 0; j < 84; j += 8) {
            const float *panel = w + j * 120;
            matmul_panels_rows(6, many, x, panel, i0, j, y, e1);
            matmul_panels_rows(5, few, x, panel, i0 + many * 6, j, y, e1);
            int cols = 84 - j < 8 ? 84 - j : 8;
            for (int i = i0 + many * 6 + few * 5; i < i0 + rows; i++) {
                float c[8];
                panel_row(120, x + i * 120, panel, c);
                INDEPENDENT_LANES
                for (int s = 0; s < cols; s++)
                    y[i * 84 + j + s] = tanh_f32(c[s] + e1[j + s]);
            }
        }
    }
}

INLINE static void panel_tile_2(int mr, const float *restrict a,
                                const float *restrict b, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 12 / LANES };
    const vec zero = {0};
    vec acc[3][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < 84; k++, a++, b += 12) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * 84] * *(const mem *)(b + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * 12 + v * LANES) = acc[i][v];
    }
}

static void panel_row_2(int depth, const float *restrict a,
                        const float *restrict b, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 12 / LANES };
    const vec zero = {0};
    vec acc[2][NV];
    const int whole = depth / 2 * 2;
#pragma GCC unroll 16
    for (int i = 0; i < 2; i++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    for (int k = 0; k < whole; k += 2)
#pragma GCC unroll 16
        for (int i = 0; i < 2; i++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[i][v] +=
                    a[k + i] * *(const mem *)(b + (k + i) * 12 + v * LANES);
    for (int k = whole; k < depth; k++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[0][v] += a[k] * *(const mem *)(b + k * 12 + v * LANES);
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        acc[0][v] += acc[1][v];
#pragma GCC unroll 16
    for (int v = 0; v < NV; v++)
        *(mem *)(c + v * LANES) = acc[0][v];
}

/* matmul_panels with M=n, N=10, K=84, MB=780, FEW=1, N_TAIL=1, AHEAD=0,
 * LINE=16, MR=3, NR=12, EXTRAS=0. */

/* count * mr rows from row i on. */
INLINE static void matmul_panels_2_rows(int mr, int count,
                                        const float *restrict x,
                                        const float *restrict panel, int i,
                                        int j, float *restrict y,
                                        const float *restrict e1)
{
    int cols = 10 - j < 12 ? 10 - j : 12;
    for (int t = 0; t < count; t++, i += mr) {
        float c[3 * 12];
        panel_tile_2(mr, x + i * 84, panel, c);
        for (int r = 0; r < mr; r++)
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[(i + r) * 10 + j + s] = c[r * 12 + s] + e1[j + s];
    }
}

NOINLINE static void matmul_panels_2(int n, const float *restrict x,
                                     const float *restrict w, float *restrict y,
                                     const float *restrict e1)
{
    for (int i0 = 0; i0 < n; i0 += 780) {
        int rest = n - i0, rows = rest < 780 ? rest : 780;
        const int missing = (3 - rows % 3) % 3;
        const int few = missing * 2 <= rows ? missing : 0;
        const int many = (rows - few * 2) / 3;
        const float *panel = w;
        matmul_panels_2_rows(3, many, x, panel, i0, 0, y, e1);
        matmul_panels_2_rows(2, few, x, panel, i0 + many * 3, 0, y, e1);
        int cols = 10;
        for (int i = i0 + many * 3 + few * 2; i < i0 + rows; i++) {
            float c[12];
            panel_row_2(84, x + i * 84, panel, c);
            INDEPENDENT_LANES
            for (int s = 0; s < cols; s++)
                y[i * 10 + s] = c[s] + e1[s];
        }
    }
}

/* The largest of a row, in LANES lanes that are then compared by halves. */
static float row_max(const float *restrict x, int count)
{
    float top = x[0];
    int i = 0;
    for (; i < count; i++)
        top = x[i] > top ? x[i] : top;
    return top;
}

/* exp(x - max) / sum, row by row: the shift keeps exp from overflowing.
 *
 * In long rows maximum and sum run in LANES lanes, so that vectors are busy and
 * the error of the sum stays small; the last COLS % LANES elements join the
 * first lanes. clang would write all of a row out before it looks for vectors.
 *
 * Here ROWS=n, COLS=10, LANES=1.
 */
NOINLINE static void softmax(int n, const float *restrict x, float *restrict y)
{
    for (int i = 0; i < n; i++) {
        const float *row = x + i * 10;
        float *out = y + i * 10;
        const float top = row_max(row, 10);
        float sum = 0;
        for (int j = 0; j < 10; j++) {
            out[j] = exp_down_f32(row[j] - top);
            sum += out[j];
        }
        for (int k = 0; k < 10; k++)
            out[k] /= sum;
    }
}

/* Place of the largest element of each row, the first of ties.
 *
 * A NaN counts as larger than any number, as in PyTorch.
 *
 * Here ROWS=n, COLS=10.
 */
NOINLINE static void argmax(int n, const float *restrict x, int32_t *restrict y)
{
    for (int i = 0; i < n; i++) {
        const float *row = x + i * 10;
        float best = row[0];
        int place = 0;
        for (int j = 1; j < 10; j++)
            if (row[j] > best || (row[j] != row[j] && best == best)) {
                best = row[j];
                place = j;
            }
        y[i] = place;
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

/* log of the sum of exp(x), row by row, shifted by the row's maximum. As in
 * softmax.c, maximum and sum run in LANES lanes.
 *
 * Here ROWS=n, COLS=10, LANES=1.
 */
NOINLINE static void logsumexp(int n, const float *restrict x,
                               float *restrict y)
{
    for (int i = 0; i < n; i++) {
        const float *row = x + i * 10;
        const float top = row_max(row, 10);
        float sum = 0;
        for (int j = 0; j < 10; j++)
            sum += exp_down_f32(row[j] - top);
        y[i] = log_f32(sum) + top;
    }
}

/* One element of each row: y[i] = x[i, index[i]].
 *
 * Here ROWS=n, COLS=10.
 */
NOINLINE static void pick(int n, const float *restrict x,
                          const int32_t *restrict index, float *restrict y,
                          const float *restrict e1)
{
    for (int i = 0; i < n; i++) {
        float v = x[i * 10 + index[i]];
        y[i] = e1[i] - v;
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
                             const float *restrict b, const int *restrict at,
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
        const float *bp = b + at[k];
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

/* An image with its border: to[c][r][j] is input cell (first + r, j - left) of
 * channel c, and zero outside.
 *
 * x is [.., h, w], its channels `step` elements apart. With STRIDED, cells that
 * are sh rows and sw columns apart lie side by side: to[c][qr][qc][r][j] is
 * cell (first + r * sh + qr, j * sw + qc - left), qr < qh and qc < qw.
 * Many cells are read before they are written: where `to` lies a little behind
 * x modulo 4096, a load that follows a store waits for it, 20 times as long.
 */
INLINE static void border_part(const float *restrict x, int channels, int step,
                               int h, int w, int first, int rows, int left,
                               int width, float *restrict to)
{
    const int from = left > 0 ? left : 0;
    const int end = left + w < width ? left + w : width;
    for (int c = 0; c < channels; c++)
        for (int r = 0; r < rows; r++) {
            int ih = first + r, at = c * step + ih * w - left;
            if (ih < 0 || ih >= h || end < from) {
                for (int j = 0; j < width; j++)
                    *to++ = 0;
                continue;
            }
            for (int j = 0; j < from; j++)
                *to++ = 0;
            int whole = from + (end - from) / 32 * 32;
            for (int j = from; j < whole; j += 32) {
                float part[32];
                for (int k = 0; k < 32; k++)
                    part[k] = x[at + j + k];
                for (int k = 0; k < 32; k++)
                    *to++ = part[k];
            }
            for (int j = whole; j < end; j++)
                *to++ = x[at + j];
            for (int j = end; j < width; j++)
                *to++ = 0;
        }
}

/* Convolution, vectors along the rows of the result.
 *
 * Blocks of ROWS result rows; the input cells they need are first copied with
 * their border into the scratch, as rows of WP cells; with a stride, cells that
 * are a stride apart lie side by side, in QH x QW planes. There the k-th place
 * of the window lies at[k] cells from its first for every result, also across
 * the ends of rows: a tile is MR outputs by NR consecutive cells, and the
 * WP - OW sums at the end of each row are dropped. With BY_ROW each row is for
 * itself and leaves out the rows of the window that see the border only;
 * weights and offsets are then [KH, CG, KW]. Other symbols as in conv.c.
 * Contract: y overlaps nothing; OG >= MR; with BY_ROW stride 1 and PACK_W;
 * scratch for CG * QH * QW * RP * WP + SLACK cells, MR * QP sums, CG * KH * KW
 * offsets and, with PACK_W, the weights.
 *
 * Here B=n, O=6, OG=6, CG=1, XB=784, XG=784, XC=784, WO=25, WC=25, YB=4704,
 * YO=784, Y_CN=0, H=28, OH=28, KH=5, SH=1, DH=1, LH=2, W=28, OW=28, KW=5, SW=1,
 * DW=1, LW=2, NR=8, SLACK=12, ROWS=28, WP=32, RP=32, QH=1, QW=1, STRIDED=0,
 * MR=6, QP=896, PACK_W=0, BY_ROW=0.
 */
NOINLINE static void conv_rows(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    enum { DEPTH = 5 * 5, PLANE = 32 * 32 };
    enum { CELLS = PLANE };
    float *cells = (float *)scratch;
    float *sums = cells + CELLS + 12; /* [MR, QP] */
    const float *weights = w;
    int *at = (int *)(sums + 6 * 896);
    for (int kh = 0; kh < 5; kh++)
        for (int kw = 0; kw < 5; kw++)
            at[kh * 5 + kw] = kh * 32 + kw;
    for (int i = 0; i < 12; i++)
        cells[CELLS + i] = 0;
    for (int b = 0; b < n; b++) {
        int rows = 28;
        border_part(x + b * 784, 1, 784, 28, 28, -2, 32, 2, 32, cells);
        for (int q = 0; q < rows * 32; q += 8)
            tile_part(DEPTH, weights, DEPTH, 1, cells + q, at, sums + q, 896);
        for (int r = 0; r < 6; r++)
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < 28; j++) {
                    float v = sums[r * 896 + i * 32 + j];
                    int p = i * 28 + j;
                    y[b * 4704 + r * 784 + p] = tanh_f32(v + e1[r]);
                }
    }
}

typedef float vec_2;
typedef float mem_2;

/* sumpool with OUTER=6 * n, INNER=1, PART=1, H=28, OH=14, KH=2, SH=2, DH=1,
 * LH=0, W=28, OW=14, KW=2, SW=2, DW=1, LW=0, BORDER=0. */
NOINLINE static void sumpool_3(int n, const float *restrict x,
                               float *restrict y)
{
    enum { LANES = sizeof(vec_2) / sizeof(float) };
    const vec_2 zero = {0};
    for (int o = 0; o < 6 * n; o++)
        for (int oh = 0; oh < 14; oh++)
            for (int ow = 0; ow < 14; ow++) {
                int p = oh * 14 + ow, ih = oh * 2, iw = ow * 2;
                enum { h1 = 2, w1 = 2 };
                const float *cells = x + ((o * 28 + ih) * 28 + iw);
                float sums[1];
                const float *from = cells;
                vec_2 sum = zero;
                for (int kh = 0; kh < h1; kh++) {
                    vec_2 line = zero;
                    for (int kw = 0; kw < w1; kw++)
                        line += *(const mem_2 *)(from + (kh * 28 + kw));
                    sum += line;
                }
                *(mem_2 *)(sums) = sum;
                float *to = y + (o * (14 * 14) + p);
                to[0] = 0.25f * sums[0];
            }
}

/* Weights in blocks of channels: w has `outputs` wo apart, `channels` inputs wc
 * apart and `places` in a window; y is [.., .., places, XV, V], zero beyond
 * outputs and channels. Only V and XV are literals: layers share this.
 *
 * Here XV=1, V=4, CUT=0.
 */
NOINLINE static void pack_blocked(const float *restrict w, int outputs,
                                  int channels, int places, int wo, int wc,
                                  float *restrict y)
{
    int blocks = (channels + 1 - 1);
    for (int ob = 0; ob * 4 < outputs; ob++)
        for (int cb = 0; cb < blocks; cb++)
            for (int k = 0; k < places; k++)
                for (int l = 0; l < 4; l++) {
                    int o = ob * 4 + l, c = cb;
                    float v = 0;
                    v = w[o * wo + c * wc + k];
                    y[((ob * blocks + cb) * places + k) * 4 + l] = v;
                }
}

INLINE static void window_tile_4(int mr, const float *restrict x,
                                 const float *restrict w, float *restrict c)
{
    enum { LANES = sizeof(vec) / sizeof(float), PARTS = 4 / LANES };
    enum { NV = 2 * PARTS, WBLOCK = 6 * 5 * 5 * 4 };
    /* Runs of cells that lie evenly apart. */
    enum { TURNS = 5, APART = 4 };
    const vec zero = {0};
    vec acc[5][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            acc[i][j] = zero;
    }
    for (int cb = 0; cb < 6; cb++) {
        for (int r = 0; r < 5; r++) {
            const float *xr = x + cb * 784 + r * 56;
            UNROLL_4
            for (int k = 0; k < TURNS; k++) {
                const float *xp = xr + k * APART;
                vec wv[NV];
                UNROLL
                for (int j = 0; j < NV; j++) {
                    wv[j] = *(const mem *)(w + j / PARTS * WBLOCK +
                                           j % PARTS * LANES);
                    IN_REGISTER(wv[j]);
                }
                w += 4;
                UNROLL
                for (int i = 0; i < mr; i++) {
                    vec cell = *(const mem *)(xp + i * 4);
                    IN_REGISTER(cell);
                    UNROLL
                    for (int j = 0; j < NV; j++)
                        acc[i][j] += cell * wv[j];
                    UNTIL_HERE(cell);
                }
                UNROLL
                for (int j = 0; j < NV; j++)
                    UNTIL_HERE(wv[j]);
            }
        }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            *(mem *)(c + (i * NV + j) * LANES) = acc[i][j];
    }
}

static void spread_3(const float *restrict x, int blocks, int first,
                     float *restrict to)
{
    for (int c = 0; c < blocks; c++)
        for (int r = first; r < first + 14; r++)
            for (int j = 0; j < 14; j++)
                for (int l = 0; l < 1; l++, to += 4) {
                    int inside = r >= 0 && r < 14 && j >= 0 && j < 14;
                    float cell = inside ? x[(c * 14 + r) * 14 + j + l] : 0;
                    *(mem *)to = cell - (vec){0};
                }
}

/* conv_blocked with CELLS=196, B=n, G=1, CB=6, XV=1, OB=4, V=4, H=14, W=14,
 * OH=10, OW=10, KH=5, KW=5, SH=1, SW=1, LH=0, LW=0, MR=5, NB=2, MANY=2, FEW=0,
 * ROWS=10, BORDER=1, XROW=56, PICK=0, CHUNK=6, COPIES=4, AHEAD=0, RP=14, WP=14,
 * RELU=0. */

/* count places of one row from place p on: all tiles of one size. */
INLINE static void conv_blocked_4_places(int mr, int count,
                                         const float *restrict x,
                                         const float *restrict w, int b, int o,
                                         int p, float *restrict y,
                                         const float *restrict e1)
{
    for (int t = 0; t < count; t++, p += mr, x += mr * 4) {
        float c[5 * 2 * 4];
        window_tile_4(mr, x, w, c);
        for (int j = 0; j < 2; j++)
            for (int i = 0; i < mr; i++) {
                const float *from = c + (i * 2 + j) * 4;
                float *to = y + ((b * 4 + o + j) * (10 * 10) + p + i) * 4;
                INDEPENDENT
                for (int l = 0; l < 4; l++)
                    to[l] = tanh_f32(from[l] + e1[(o + j) * 4 + l]);
            }
    }
}

NOINLINE static void conv_blocked_4(int n, const float *restrict x,
                                    const float *restrict w,
                                    void *restrict scratch, float *restrict y,
                                    const float *restrict e1)
{
    for (int b = 0; b < n; b++) {
        int h1 = 10;
        const float *cells = x + b * (6 * 196);
        enum { blocks = 6 };
        spread_3(cells, blocks, 0, (float *)scratch);
        cells = (const float *)scratch;
        for (int o0 = 0; o0 < 4; o0 += 2) {
            int o = o0 < 2 ? o0 : 2;
            const float *wo = w + o * (6 * 5 * 5 * 4);
            for (int h = 0; h < h1; h++) {
                const float *row = cells + h * 56;
                conv_blocked_4_places(5, 2, row, wo, b, o, h * 10, y, e1);
            }
        }
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

/* Blocks put together again: x is [OUTER, BLOCKS, INNER, SIZE], y is [OUTER,
 * COUNT, INNER]; places beyond COUNT are dropped. TURN places at a time are
 * turned in registers (0: none, else it divides SIZE): element by element
 * either reads or writes would go to a line of the cache each.
 *
 * Here OUTER=n, INNER=25, COUNT=16, BLOCKS=4, SIZE=4, TURN=4.
 */
NOINLINE static void unblock(int n, const float *restrict x, float *restrict y)
{
    for (int o = 0; o < n; o++)
        for (int b = 0; b < 4; b++) {
            const float *from = x + (o * 4 + b) * (25 * 4);
            float *to = y + (o * 16 + b * 4) * 25;
            int places = 4;
            int turned = 0; /* places */
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
            for (; turned + 4 <= places; turned += 4)
                for (int i = 0; i + 4 <= 25; i += 4)
                    turn_square_turn(from + i * 4 + turned, 4,
                                     to + turned * 25 + i, 25);
#endif
            for (int s = 0; s < places; s++)
                for (int i = s < turned ? 25 / 4 * 4 : 0; i < 25; i++)
                    to[s * 25 + i] = from[i * 4 + s];
        }
}

/* pack_blocked with XV=4, V=4, CUT=0. */
NOINLINE static void pack_blocked_2(const float *restrict w, int outputs,
                                    int channels, int places, int wo, int wc,
                                    float *restrict y)
{
    int blocks = (channels + 3) / 4;
    for (int ob = 0; ob * 4 < outputs; ob++)
        for (int cb = 0; cb < blocks; cb++)
            for (int k = 0; k < places; k++)
                for (int i = 0; i < 4; i++)
                    for (int l = 0; l < 4; l++) {
                        int o = ob * 4 + l, c = cb * 4 + i;
                        float v = 0;
                        v = w[o * wo + c * wc + k];
                        y[(((ob * blocks + cb) * places + k) * 4 + i) * 4 + l] =
                            v;
                    }
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

INLINE static void tile_part_2(int depth, const float *restrict a, int ai,
                               int ak, const float *restrict b, int bk,
                               float *restrict c, int ci)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 12 / LANES };
    const vec zero = {0};
    vec acc[3][NV];
    UNROLL
    for (int i = 0; i < 3; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            acc[i][v] = zero;
    }
    UNROLL_8
    for (int k = 0; k < depth; k++, a += ak) {
        const float *bp = b;
        b += bk;
        UNROLL
        for (int i = 0; i < 3; i++) {
            UNROLL
            for (int v = 0; v < NV; v++)
                acc[i][v] += a[i * ai] * *(const mem *)(bp + v * LANES);
        }
    }
    UNROLL
    for (int i = 0; i < 3; i++) {
        UNROLL
        for (int v = 0; v < NV; v++)
            *(mem *)(c + i * ci + v * LANES) = acc[i][v];
    }
}

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
            for (int j0 = 0; j0 + 12 <= cols; j0 += 12)
                for (int k = k0; k < depth && k < k0 + 8; k++)
                    for (int j = 0; j < 12; j++)
                        to[j0 * depth + k * 12 + j] = b[k * bk + j0 + j];
    if (bj == 1)
        done = cols / 12 * 12;
    for (int j0 = done; j0 < cols; j0 += 12) {
        float *panel = to + j0 * depth;
        int width = cols - j0 < 12 ? cols - j0 : 12, j1 = 0;
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
        for (; bk == 1 && j1 + 4 <= width; j1 += 4) {
            const float *from = b + (j0 + j1) * bj;
            int whole = depth / 4 * 4;
            for (int k = 0; k < whole; k += 4)
                turn_square_turn(from + k, bj, panel + k * 12 + j1, 12);
            for (int k = whole; k < depth; k++)
                for (int j = 0; j < 4; j++)
                    panel[k * 12 + j1 + j] = from[k + j * bj];
        }
#endif
        for (int k = 0; k < depth && j1 < 12; k++)
            for (int j = 0; j < 12; j++) {
                if (j >= width)
                    panel[k * 12 + j] = 0;
                else if (j >= j1)
                    panel[k * 12 + j] = b[k * bk + (j0 + j) * bj];
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
 * Here BATCH=1, M=n, N=84, K=120, AI=120, AK=1, BK=1, BJ=120, MR=3, NR=12,
 * FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=0,
 * KC=120, NB=84, MB=273.
 */
NOINLINE static void matmul(int n, const float *restrict x,
                            const float *restrict w, void *restrict scratch,
                            float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 120);
        const float *wb = w + b * (120 * 84);
        if (n < 3)
            for (int j0 = 0; j0 < 84; j0 += 8) {
                int j = j0 < 76 ? j0 : 76;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(120, xb + i * 120, wb + j * 120, 120, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 84 + j + s] =
                            tanh_f32(c[s] + e1[j + s]);
                }
            }
        if (n < 3)
            continue;
        int depth = 120;
        int width = 84;
        pack_columns(depth, width, wb, 1, 120, columns);
        for (int i0 = 0; i0 < n; i0 += 273) {
            int height = n - i0 < 273 ? n - i0 : 273;
            for (int j1 = 0; j1 < width; j1 += 12)
                for (int i1 = 0; i1 < height; i1 += 3) {
                    float c[3 * 12];
                    int i = i0 + i1, j = j1, count = 3;
                    i = i < n - 3 ? i : n - 3;
                    const float *a = xb + i * 120;
                    const float *panel = columns + j1 * depth;
                    tile_part_2(depth, a, 120, 1, panel, 12, c, 12);
                    const int cols = 12;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 84 + j + s] =
                                tanh_f32(c[r * 12 + s] + e1[j + s]);
                }
        }
    }
}

/* matmul with BATCH=1, M=n, N=10, K=84, AI=84, AK=1, BK=1, BJ=84, MR=3, NR=12,
 * FEW_ROWS=1, ROW_DOTS=1, ROW_NR=8, PACK_A=0, PACK_B=1, SPLIT_K=0, N_TAIL=1,
 * KC=84, NB=12, MB=390. */
NOINLINE static void matmul_2(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 84);
        const float *wb = w + b * (84 * 10);
        if (n < 3)
            for (int j0 = 0; j0 < 10; j0 += 8) {
                int j = j0 < 2 ? j0 : 2;
                for (int i = 0; i < n; i++) {
                    float c[8];
                    dot_row(84, xb + i * 84, wb + j * 84, 84, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 8; s++)
                        y[(b * n + i) * 10 + j + s] = c[s] + e1[j + s];
                }
            }
        if (n < 3)
            continue;
        int depth = 84;
        int width = 10;
        pack_columns(depth, width, wb, 1, 84, columns);
        for (int i0 = 0; i0 < n; i0 += 390) {
            int height = n - i0 < 390 ? n - i0 : 390;
            for (int j1 = 0; j1 < width; j1 += 12)
                for (int i1 = 0; i1 < height; i1 += 3) {
                    float c[3 * 12];
                    int i = i0 + i1, j = j1, count = 3;
                    i = i < n - 3 ? i : n - 3;
                    const float *a = xb + i * 84;
                    const float *panel = columns + j1 * depth;
                    tile_part_2(depth, a, 84, 1, panel, 12, c, 12);
                    int cols = width - j1 < 12 ? width - j1 : 12;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 10 + j + s] =
                                c[r * 12 + s] + e1[j + s];
                }
        }
    }
}

/* A row of zeros with a 1 at index[i].
 *
 * Here ROWS=n, CLASSES=10.
 */
NOINLINE static void onehot(int n, const int32_t *restrict index,
                            float *restrict y)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 10; j++)
            y[i * 10 + j] = j == index[i] ? 1 : 0;
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

INLINE static void tile_part_3(int depth, const float *restrict a, int ai,
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

/* matmul with BATCH=1, M=n, N=84, K=10, AI=10, AK=1, BK=84, BJ=1, MR=8, NR=4,
 * FEW_ROWS=1, ROW_DOTS=0, ROW_NR=32, PACK_A=0, PACK_B=0, SPLIT_K=0, N_TAIL=0,
 * KC=10, NB=84, MB=8. */
NOINLINE static void matmul_3(int n, const float *restrict x,
                              const float *restrict w, float *restrict y,
                              const float *restrict e1)
{
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 10);
        const float *wb = w + b * (10 * 84);
        if (n < 8)
            for (int j0 = 0; j0 < 84; j0 += 32) {
                int j = j0 < 52 ? j0 : 52;
                for (int i = 0; i < n; i++) {
                    float c[32];
                    row_part(10, xb + i * 10, 1, wb + j, 84, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 32; s++)
                        y[(b * n + i) * 84 + j + s] =
                            c[s] * (1.0f - e1[i * 84 + j + s] *
                                    e1[i * 84 + j + s]);
                }
            }
        if (n < 8)
            continue;
        int depth = 10;
        int width = 84;
        for (int i0 = 0; i0 < n; i0 += 8) {
            int height = n - i0 < 8 ? n - i0 : 8;
            for (int j1 = 0; j1 < width; j1 += 4)
                for (int i1 = 0; i1 < height; i1 += 8) {
                    float c[8 * 4];
                    int i = i0 + i1, j = j1, count = 8;
                    i = i < n - 8 ? i : n - 8;
                    const float *a = xb + i * 10;
                    j = j < 80 ? j : 80;
                    const float *panel = wb + j;
                    tile_part_3(depth, a, 10, 1, panel, 84, c, 4);
                    const int cols = 4;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 84 + j + s] =
                                c[r * 4 + s] * (1.0f -
                                                square_f32(e1[(i + r) * 84 + j +
                                s]));
                }
        }
    }
}

INLINE static void tile_part_4(int depth, const float *restrict a, int ai,
                               int ak, const float *restrict b, int bk,
                               float *restrict c, int ci)
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
    for (int i = 0; i < rows; i += 5, to += depth * 5)
        if (i + 5 <= rows)
            for (int k = 0; k < depth; k++)
                for (int r = 0; r < 5; r++)
                    to[k * 5 + r] = a[(i + r) * ai + k * ak];
        else
            for (int k = 0; k < depth; k++)
                for (int r = i; r < i + 5; r++)
                    to[k * 5 + r - i] =
                        a[(r < rows ? r : rows - 1) * ai + k * ak];
}

/* matmul with BATCH=1, M=10, N=84, K=n, AI=1, AK=10, BK=84, BJ=1, MR=5, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=1,
 * KC=256, NB=88, MB=10. */
NOINLINE static void matmul_4(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 88;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256) {
        int depth = n - k0 < 256 ? n - k0 : 256;
        int width = 84;
        pack_columns_2(depth, width, wb + k0 * 84, 84, 1, columns);
        int height = 10;
        pack_rows_2(depth, height, xb + k0 * 10, 1, 10, rows);
        for (int j1 = 0; j1 < width; j1 += 8)
            for (int i1 = 0; i1 < height; i1 += 5) {
                float c[5 * 8];
                int i = i1, j = j1, count = 5;
                if (height - i1 < 5)
                    count = height - i1;
                const float *a = rows + i1 * depth;
                const float *panel = columns + j1 * depth;
                tile_part_4(depth, a, 1, 5, panel, 8, c, 8);
                int cols = width - j1 < 8 ? width - j1 : 8;
                for (int r = 0; r < count && k0 > 0; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        c[r * 8 + s] += y[(i + r) * 84 + j + s];
                for (int r = 0; r < count && k0 + 256 < n; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 84 + j + s] = c[r * 8 + s];
                if (k0 + 256 < n)
                    continue;
                for (int r = 0; r < count; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 84 + j + s] =
                            0.9f * e1[(i + r) * 84 + j + s] + c[r * 8 + s];
            }
    }
}

INLINE static void tile_part_5(int depth, const float *restrict a, int ai,
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

/* matmul with BATCH=1, M=n, N=120, K=84, AI=84, AK=1, BK=120, BJ=1, MR=4, NR=8,
 * FEW_ROWS=1, ROW_DOTS=0, ROW_NR=32, PACK_A=0, PACK_B=0, SPLIT_K=0, N_TAIL=0,
 * KC=84, NB=120, MB=388. */
NOINLINE static void matmul_5(int n, const float *restrict x,
                              const float *restrict w, float *restrict y)
{
    for (int b = 0; b < 1; b++) {
        const float *xb = x + b * (n * 84);
        const float *wb = w + b * (84 * 120);
        if (n < 4)
            for (int j0 = 0; j0 < 120; j0 += 32) {
                int j = j0 < 88 ? j0 : 88;
                for (int i = 0; i < n; i++) {
                    float c[32];
                    row_part(84, xb + i * 84, 1, wb + j, 120, c);
                    INDEPENDENT_LANES
                    for (int s = 0; s < 32; s++)
                        y[(b * n + i) * 120 + j + s] = c[s];
                }
            }
        if (n < 4)
            continue;
        int depth = 84;
        int width = 120;
        for (int i0 = 0; i0 < n; i0 += 388) {
            int height = n - i0 < 388 ? n - i0 : 388;
            for (int j1 = 0; j1 < width; j1 += 8)
                for (int i1 = 0; i1 < height; i1 += 4) {
                    float c[4 * 8];
                    int i = i0 + i1, j = j1, count = 4;
                    i = i < n - 4 ? i : n - 4;
                    const float *a = xb + i * 84;
                    j = j < 112 ? j : 112;
                    const float *panel = wb + j;
                    tile_part_5(depth, a, 84, 1, panel, 120, c, 8);
                    const int cols = 8;
                    for (int r = 0; r < count; r++)
                        INDEPENDENT_LANES
                        for (int s = 0; s < cols; s++)
                            y[(b * n + i + r) * 120 + j + s] = c[r * 8 + s];
                }
        }
    }
}

INLINE static void tile_part_6(int depth, const float *restrict a, int ai,
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

static void pack_columns_3(int depth, int cols, const float *restrict b, int bk,
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

static void pack_rows_3(int depth, int rows, const float *restrict a, int ai,
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

/* matmul with BATCH=1, M=84, N=120, K=n, AI=1, AK=84, BK=120, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=120, MB=84. */
NOINLINE static void matmul_6(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y, const float *restrict e1)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 120;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256) {
        int depth = n - k0 < 256 ? n - k0 : 256;
        int width = 120;
        pack_columns_3(depth, width, wb + k0 * 120, 120, 1, columns);
        int height = 84;
        pack_rows_3(depth, height, xb + k0 * 84, 1, 84, rows);
        for (int j1 = 0; j1 < width; j1 += 8)
            for (int i1 = 0; i1 < height; i1 += 6) {
                float c[6 * 8];
                int i = i1, j = j1, count = 6;
                if (height - i1 < 6)
                    count = height - i1;
                const float *a = rows + i1 * depth;
                const float *panel = columns + j1 * depth;
                tile_part_6(depth, a, 1, 6, panel, 8, c, 8);
                const int cols = 8;
                for (int r = 0; r < count && k0 > 0; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        c[r * 8 + s] += y[(i + r) * 120 + j + s];
                for (int r = 0; r < count && k0 + 256 < n; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 120 + j + s] = c[r * 8 + s];
                if (k0 + 256 < n)
                    continue;
                for (int r = 0; r < count; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 120 + j + s] =
                            0.9f * e1[(i + r) * 120 + j + s] + c[r * 8 + s];
            }
    }
}

/* Copies a box of RANK axes of sizes D0, D1, ... from one array into another.
 *
 * XINDEX and YINDEX say where element (i0, i1, ...) of the box lies, so that
 * transpose, slice, reverse, pad and concat are one text. With FILL, the
 * COUNT elements of y are first set to FILL_VALUE.
 *
 * Here FILL=0, RANK=2, D0=1920, D1=25, XINDEX=24 + i0 * 25 - i1, YINDEX=i0 * 25
 * + i1.
 */
NOINLINE static void copy(const float *restrict x, float *restrict y)
{
    for (int i0 = 0; i0 < 1920; i0++)
        for (int i1 = 0; i1 < 25; i1++)
            y[i0 * 25 + i1] = x[24 + i0 * 25 - i1];
}

/* Convolution with stride 1 as the transposed matrix product: weights
 * [OG * KH * KW, CG] times the cells, each product added to the one place of
 * the result that sees its cell at its place of the window.
 *
 * The gradient by the data of a convolution: where that one had a stride, the
 * cells here are spread (PH, PW; APART), and the zeros between them cost
 * nothing. NR cells at a time; the sums are [OG, AH, AW], of all places that
 * see any cell. Cells that are not spread are copied in rows of CW = AW, zeros
 * behind, so that NR cells go to NR places side by side. With OUTSIDE, some
 * results see no cell at all. Other symbols as in conv.c.
 * Contract: y overlaps nothing; OG * KH * KW >= MR. Scratch: sums and SLACK,
 * cells [CG, H, CW] and NR, the weights in the order in which tiles read them
 * (TILES of MR rows for each group, outputs first: rows of one tile are added
 * to different planes), offsets.
 *
 * Here B=n, O=16, OG=16, CG=120, XB=120, XG=120, XC=1, WO=25, WC=400, YB=400,
 * YO=25, Y_CN=0, H=1, OH=5, KH=5, DH=1, LH=4, PH=1, W=1, OW=5, KW=5, DW=1,
 * LW=4, PW=1, MR=6, NR=8, SLACK=12, TILES=67, APART=0, AH=5, AW=5, CW=5,
 * OUTSIDE=0.
 */
NOINLINE static void conv_scatter(int n, const float *restrict x,
                                  const float *restrict w,
                                  void *restrict scratch, float *restrict y)
{
    enum { ROWS = 16 * 5 * 5, SUMS = 16 * 5 * 5, CELLS = 120 * 5 };
    float *sums = (float *)scratch;
    float *cells = sums + SUMS + 12;
    float *weights = cells + CELLS + 8; /* [groups, TILES, CG, MR] */
    int *at = (int *)(weights + 67 * (120 * 6));
    for (int t = 0; t < 67; t++) {
        int first = t % 67 * 6 < ROWS - 6 ? t % 67 * 6 : ROWS - 6;
        for (int c = 0; c < 120; c++)
            for (int r = 0; r < 6; r++) {
                int o = t / 67 * 16 + (first + r) % 16;
                weights[(t * 120 + c) * 6 + r] =
                    w[o * 25 + c * 400 + (first + r) / 16];
            }
    }
    for (int kh = 0; kh < 5; kh++)
        for (int kw = 0; kw < 5; kw++)
            for (int o = 0; o < 16; o++)
                at[(kh * 5 + kw) * 16 + o] = (o * 5 + (4 - kh)) * 5 + (4 - kw);
    for (int i = 0; i < 8; i++)
        cells[CELLS + i] = 0;
    for (int b = 0; b < n; b++) {
        border_part(x + b * 120, 120, 1, 1, 1, 0, 1, 0, 5, cells);
        for (int i = 0; i < SUMS; i++)
            sums[i] = 0;
        int count = 5;
        for (int t = 0; t < 67; t++) {
            int m = t * 6 < ROWS - 6 ? t * 6 : ROWS - 6;
            float c[6 * 8];
            tile_part_6(120, weights + t * (120 * 6), 1, 6, cells, 5, c, 8);
            for (int r = t * 6 - m; r < 6; r++) {
                float *to = sums + at[m + r];
                for (int s = count; s < 8; s++)
                    c[r * 8 + s] = 0;
                for (int s = 0; s < 8; s++)
                    to[s] += c[r * 8 + s];
            }
        }
        for (int r = 0; r < 16; r++)
            for (int i = 0; i < 5; i++)
                for (int j = 0; j < 5; j++) {
                    int h = i - 4 + 4;
                    int v = j - 4 + 4;
                    float sum = 0;
                    sum = sums[(r * 5 + h) * 5 + v];
                    int o = r, p = i * 5 + j;
                    y[b * 400 + o * 25 + p] = 0.25f * sum;
                }
    }
}

/* The register tile of a sum over places: c[h, w][j] += sum over k of
 * a[h, w](at[k]) * b[k, j], TR x TW rows by NR.
 *
 * Rows are windows on the same cells: row (h, w) of a starts h * ah + w * aw
 * elements after a and its k-th element lies at[k] after that; row (h, w) of c
 * starts h * ch + w * cw after c; b is [depth, NR].
 */
static void tile_places_places(int depth, const float *restrict a, int ah,
                               int aw, const int *restrict at,
                               const float *restrict b, float *restrict c,
                               int ch, int cw)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    vec acc[1][5][NV];
#pragma GCC unroll 16
    for (int w = 0; w < 5; w++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[0][w][v] = *(const mem *)(c + w * cw + v * LANES);
    UNROLL_8
    for (int k = 0; k < depth; k++) {
        const float *ap = a + at[k], *bp = b + k * 8;
#pragma GCC unroll 16
        for (int w = 0; w < 5; w++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[0][w][v] +=
                    ap[0 * ah + w * aw] * *(const mem *)(bp + v * LANES);
    }
#pragma GCC unroll 16
    for (int w = 0; w < 5; w++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            *(mem *)(c + 0 * ch + w * cw + v * LANES) = acc[0][w][v];
}

static void pack_columns_4(int depth, int cols, const float *restrict b, int bk,
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

/* Convolution over images, the gradient of a convolution by its weights:
 * x = cn, w = io, y = cn; vectors along the outputs.
 *
 * Here the window has the size of the other gradient, so it is large and the
 * result small: O * B * OH * OW sums. Image by image (c), the cells of x are
 * copied with their border, the image of w is transposed to [KH * KW, outputs]
 * in panels of NR, and each tile adds its KH * KW products to its sums: TB
 * channels or TH rows, and TW columns of the result, TR = TB * TH. There are
 * TILES of them, which threads share: each copies the cells for itself. An
 * element is summed in the order of images. Other symbols as in conv.c.
 * Contract: y overlaps nothing. Scratch: sums [OP / NR, BP, OHP, OWP, NR],
 * which tiles go through in order; cells [BP, RP, WP] and SLACK, a panel [KH *
 * KW, NR], KH * KW offsets; BP, OHP, OWP and OP are B, OH, OW and OG rounded up
 * to what the tile takes.
 *
 * Here B=16, O=120, OG=120, CG=n, XB=25, XG=400, XC=400, WO=1, WC=120, YB=25,
 * YO=400, H=5, OH=5, KH=1, SH=1, DH=1, LH=0, W=5, OW=5, KW=1, SW=1, DW=1, LW=0,
 * NR=8, SLACK=0, WP=5, RP=5, TB=1, TH=1, TW=5, BP=16, OHP=5, OWP=5, OP=120,
 * TILES=1200.
 */
NOINLINE static void conv_weights(int n, const float *restrict x,
                                  const float *restrict w,
                                  void *restrict scratch, float *restrict y,
                                  const float *restrict e1)
{
    enum { PLANES = 16 * 5 * 5 };
    float *sums = (float *)scratch;
    float *cells = sums + PLANES * 120;
    float *panel = cells + 16 * 5 * 5;
    int *at = (int *)(panel + 8);
    at[0] = 0;
    enum { TILES_B = 16, TILES_H = 5 };
    enum { OF_PANEL = TILES_B * TILES_H };
    const int last = 1200;
    for (int i = 0; i < PLANES * 120; i++)
        sums[i] = 0;
    for (int i = 0; i < 16 * 5 * 5; i++)
        cells[i] = 0;
    for (int c = 0; c < n; c++) {
        border_part(x + c * 400, 16, 25, 5, 5, 0, 5, 0, 5, cells);
        for (int t = 0, have = -1; t < last; t++) {
            int o = t / OF_PANEL * 8, b = t / TILES_H % TILES_B;
            int i = t % TILES_H, j = 0;
            int cell = (b * 5 + i) * 5 + j;
            float *sum = sums + o * PLANES + ((b * 5 + i) * 5 + j) * 8;
            if (o != have)
                pack_columns_4(1, 120 - o < 8 ? 120 - o : 8, w + c * 120 + o, 1,
                               1, panel);
            have = o;
            tile_places_places(1, cells + cell, 5, 1, at, panel, sum, 5 * 8, 8);
        }
    }
    for (int t = 0; t < last; t++) {
        int o0 = t / OF_PANEL * 8, i0 = t % TILES_H;
        int b0 = t / TILES_H % TILES_B;
        for (int o = o0; o < 120 && o < o0 + 8; o++)
            for (int b = b0; b < 16 && b < b0 + 1; b++)
                for (int i = i0; i < 5 && i < i0 + 1; i++)
                    for (int j = 0; j < 5 && j < 5; j++) {
                        int place = (b * 5 + i) * 5 + j;
                        float v = sums[o0 * PLANES + place * 8 + o - o0];
                        int r = o, p = i * 5 + j;
                        y[r * 400 + b * 25 + p] =
                            0.9f * e1[r * 400 + b * 25 + p] + v;
                    }
    }
}

/* The adjoint of sumpool: each element of g is added to every cell of its
 * window. y is [OUTER, H, W, INNER], g is [OUTER, OH, OW, INNER].
 *
 * Here OUTER=16 * n, INNER=1, H=10, OH=5, KH=2, SH=2, DH=1, LH=0, W=10, OW=5,
 * KW=2, SW=2, DW=1, LW=0, BORDER=0.
 */
NOINLINE static void sumunpool(int n, const float *restrict g,
                               float *restrict y)
{
    for (int o = 0; o < 16 * n; o++) {
        for (int i = 0; i < 10 * 10; i++)
            y[o * (10 * 10) + i] = 0;
        for (int oh = 0; oh < 5; oh++)
            for (int ow = 0; ow < 5; ow++)
                for (int kh = 0; kh < 2; kh++)
                    for (int kw = 0; kw < 2; kw++) {
                        int ih = oh * 2 + kh;
                        int iw = ow * 2 + kw;
                        const float *from = g + ((o * 5 + oh) * 5 + ow);
                        float *to = y + ((o * 10 + ih) * 10 + iw);
                        to[0] += from[0];
                    }
    }
}

/* An axis of COUNT places cut into BLOCKS blocks of SIZE: x is [OUTER, COUNT,
 * INNER], y is [OUTER, BLOCKS, INNER, SIZE], zero beyond COUNT.
 *
 * Here OUTER=n, INNER=100, COUNT=16, BLOCKS=4, SIZE=4.
 */
NOINLINE static void block(int n, const float *restrict x, float *restrict y,
                           const float *restrict e1)
{
    for (int o = 0; o < n; o++)
        for (int b = 0; b < 4; b++) {
            const float *from = x + (o * 16 + b * 4) * 100;
            float *to = y + (o * 4 + b) * (100 * 4);
            for (int i = 0; i < 100; i++)
                for (int s = 0; s < 4; s++) {
                    float v = from[s * 100 + i];
                    to[i * 4 + s] =
                        v * (1.0f - e1[o * 1600 + b * 400 + i * 4 + s] *
                             e1[o * 1600 + b * 400 + i * 4 + s]);
                }
        }
}

/* unblock with OUTER=n, INNER=100, COUNT=16, BLOCKS=4, SIZE=4, TURN=4. */
NOINLINE static void unblock_2(int n, const float *restrict x,
                               float *restrict y)
{
    for (int o = 0; o < n; o++)
        for (int b = 0; b < 4; b++) {
            const float *from = x + (o * 4 + b) * (100 * 4);
            float *to = y + (o * 16 + b * 4) * 100;
            int places = 4;
            int turned = 0; /* places */
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
            for (; turned + 4 <= places; turned += 4)
                for (int i = 0; i + 4 <= 100; i += 4)
                    turn_square_turn(from + i * 4 + turned, 4,
                                     to + turned * 100 + i, 100);
#endif
            for (int s = 0; s < places; s++)
                for (int i = s < turned ? 25 * 4 : 0; i < 100; i++)
                    to[s * 100 + i] = from[i * 4 + s];
        }
}

/* Sums over samples and places: y[c, v] is the sum over o and i of x[o, c, i,
 * v], x [OUTER, C, INNER, V]; with MEAN, over how many there are.
 *
 * The part of a sample lies in one piece: WIDTH running sums of it keep vectors
 * busy and the error of many places small, then samples are added in order.
 * Contract: y overlaps nothing.
 *
 * Here OUTER=n, C=4, INNER=100, V=4, MEAN=0.
 */
NOINLINE static void sum_channels(int n, const float *restrict x,
                                  float *restrict y)
{
    enum { WIDTH = 4 * 4 };
    for (int c = 0; c < 4; c++) {
        float all[4] = {0};
        for (int o = 0; o < n; o++) {
            const float *from = x + (o * 4 + c) * (100 * 4);
            float sum[WIDTH] = {0};
            int i = 0;
            for (; i + WIDTH <= 100 * 4; i += WIDTH)
                for (int l = 0; l < WIDTH; l++)
                    sum[l] += from[i + l];
            for (int l = 0; i + l < 100 * 4; l++)
                sum[l] += from[i + l];
            for (int half = WIDTH / 2; half >= 4; half /= 2)
                for (int l = 0; l < half; l++)
                    sum[l] += sum[l + half];
            for (int l = 0; l < 4; l++)
                all[l] += sum[l];
        }
        for (int l = 0; l < 4; l++) {
            float v = all[l];
            y[c * 4 + l] = v;
        }
    }
}

/* copy with FILL=0, RANK=2, D0=96, D1=25, XINDEX=24 + i0 * 25 - i1, YINDEX=i0 *
 * 25 + i1. */
NOINLINE static void copy_2(const float *restrict x, float *restrict y)
{
    for (int i0 = 0; i0 < 96; i0++)
        for (int i1 = 0; i1 < 25; i1++)
            y[i0 * 25 + i1] = x[24 + i0 * 25 - i1];
}

/* conv_rows with B=n, O=6, OG=6, CG=16, XB=1600, XG=1600, XC=100, WO=25,
 * WC=150, YB=1176, YO=196, Y_CN=0, H=10, OH=14, KH=5, SH=1, DH=1, LH=4, W=10,
 * OW=14, KW=5, SW=1, DW=1, LW=4, NR=8, SLACK=12, ROWS=14, WP=18, RP=18, QH=1,
 * QW=1, STRIDED=0, MR=6, QP=224, PACK_W=1, BY_ROW=1. */
NOINLINE static void conv_rows_2(int n, const float *restrict x,
                                 const float *restrict w,
                                 void *restrict scratch, float *restrict y)
{
    enum { DEPTH = 16 * 5 * 5, PLANE = 18 * 18 };
    enum { CELLS = 16 * PLANE };
    float *cells = (float *)scratch;
    float *sums = cells + CELLS + 12; /* [MR, QP] */
    float *weights = sums + 6 * 224; /* [O, CG, KH, KW] */
    int *at = (int *)(weights + 6 * DEPTH);
    for (int o = 0; o < 6; o++)
        for (int c = 0; c < 16; c++)
            for (int k = 0; k < 5 * 5; k++)
                weights[((o * 5 + k / 5) * 16 + c) * 5 + k % 5] =
                    w[o * 25 + c * 150 + k];
    for (int c = 0; c < 16; c++)
        for (int kh = 0; kh < 5; kh++)
            for (int kw = 0; kw < 5; kw++)
                at[(kh * 16 + c) * 5 + kw] = c * PLANE + kh * 18 + kw;
    for (int i = 0; i < 12; i++)
        cells[CELLS + i] = 0;
    for (int b = 0; b < n; b++) {
        int rows = 14;
        border_part(x + b * 1600, 16, 100, 10, 10, -4, 18, 4, 18, cells);
        for (int i = 0; i < rows; i++) {
            int ih = i - 4, first = 0, last = 5;
            while (first < last && ih + first < 0)
                first++;
            while (first < last && ih + (last - 1) >= 10)
                last--;
            int k = first * (16 * 5);
            for (int q = 0; q < 14; q += 8)
                tile_part((last - first) * (16 * 5), weights + k, DEPTH, 1,
                          cells + i * 18 + q, at + k, sums + i * 16 + q, 224);
        }
        for (int r = 0; r < 6; r++)
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < 14; j++) {
                    float v = sums[r * 224 + i * 16 + j];
                    int p = i * 14 + j;
                    y[b * 1176 + r * 196 + p] = 0.25f * v;
                }
    }
}

static void tile_places_places_2(int depth, const float *restrict a, int ah,
                                 int aw, const int *restrict at,
                                 const float *restrict b, float *restrict c,
                                 int ch, int cw)
{
    enum { LANES = sizeof(vec) / sizeof(float), NV = 8 / LANES };
    vec acc[6][1][NV];
#pragma GCC unroll 16
    for (int h = 0; h < 6; h++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            acc[h][0][v] = *(const mem *)(c + h * ch + v * LANES);
    UNROLL_8
    for (int k = 0; k < depth; k++) {
        const float *ap = a + at[k], *bp = b + k * 8;
#pragma GCC unroll 16
        for (int h = 0; h < 6; h++)
#pragma GCC unroll 16
            for (int v = 0; v < NV; v++)
                acc[h][0][v] +=
                    ap[h * ah + 0 * aw] * *(const mem *)(bp + v * LANES);
    }
#pragma GCC unroll 16
    for (int h = 0; h < 6; h++)
#pragma GCC unroll 16
        for (int v = 0; v < NV; v++)
            *(mem *)(c + h * ch + 0 * cw + v * LANES) = acc[h][0][v];
}

/* conv_weights with B=6, O=16, OG=16, CG=n, XB=196, XG=1176, XC=1176, WO=100,
 * WC=1600, YB=25, YO=150, H=14, OH=5, KH=10, SH=1, DH=1, LH=0, W=14, OW=5,
 * KW=10, SW=1, DW=1, LW=0, NR=8, SLACK=0, WP=14, RP=14, TB=6, TH=1, TW=1, BP=6,
 * OHP=5, OWP=5, OP=16, TILES=50. */
NOINLINE static void conv_weights_2(int n, const float *restrict x,
                                    const float *restrict w,
                                    void *restrict scratch, float *restrict y,
                                    const float *restrict e1)
{
    enum { PLANES = 6 * 5 * 5 };
    float *sums = (float *)scratch;
    float *cells = sums + PLANES * 16;
    float *panel = cells + 6 * 14 * 14;
    int *at = (int *)(panel + 10 * 10 * 8);
    for (int kh = 0; kh < 10; kh++)
        for (int kw = 0; kw < 10; kw++)
            at[kh * 10 + kw] = kh * 14 + kw;
    enum { TILES_H = 5, TILES_W = 5 };
    enum { OF_PANEL = TILES_H * TILES_W };
    const int last = 50;
    for (int i = 0; i < PLANES * 16; i++)
        sums[i] = 0;
    for (int i = 0; i < 6 * 14 * 14; i++)
        cells[i] = 0;
    for (int c = 0; c < n; c++) {
        border_part(x + c * 1176, 6, 196, 14, 14, 0, 14, 0, 14, cells);
        for (int t = 0, have = -1; t < last; t++) {
            int o = t / OF_PANEL * 8, b = 0;
            int i = t / TILES_W % TILES_H, j = t % TILES_W;
            int cell = (b * 6 * 14 + i) * 14 + j;
            float *sum = sums + o * PLANES + ((b * 6 * 5 + i) * 5 + j) * 8;
            if (o != have)
                pack_columns_4(10 * 10, 16 - o < 8 ? 16 - o : 8,
                               w + c * 1600 + o * 100, 1, 100, panel);
            have = o;
            tile_places_places_2(10 * 10, cells + cell, 14 * 14, 1, at, panel,
                                 sum, 5 * 5 * 8, 8);
        }
    }
    for (int t = 0; t < last; t++) {
        int o0 = t / OF_PANEL * 8, i0 = t / TILES_W % TILES_H;
        int j0 = t % TILES_W;
        for (int o = o0; o < 16 && o < o0 + 8; o++)
            for (int b = 0; b < 6 && b < 6; b++)
                for (int i = i0; i < 5 && i < i0 + 1; i++)
                    for (int j = j0; j < 5 && j < j0 + 1; j++) {
                        int place = (b * 5 + i) * 5 + j;
                        float v = sums[o0 * PLANES + place * 8 + o - o0];
                        int r = o, p = i * 5 + j;
                        y[r * 150 + b * 25 + p] =
                            0.9f * e1[r * 150 + b * 25 + p] + v;
                    }
    }
}

/* sumunpool with OUTER=6 * n, INNER=1, H=28, OH=14, KH=2, SH=2, DH=1, LH=0,
 * W=28, OW=14, KW=2, SW=2, DW=1, LW=0, BORDER=0. */
NOINLINE static void sumunpool_2(int n, const float *restrict g,
                                 float *restrict y)
{
    for (int o = 0; o < 6 * n; o++) {
        for (int i = 0; i < 28 * 28; i++)
            y[o * (28 * 28) + i] = 0;
        for (int oh = 0; oh < 14; oh++)
            for (int ow = 0; ow < 14; ow++)
                for (int kh = 0; kh < 2; kh++)
                    for (int kw = 0; kw < 2; kw++) {
                        int ih = oh * 2 + kh;
                        int iw = ow * 2 + kw;
                        const float *from = g + ((o * 14 + oh) * 14 + ow);
                        float *to = y + ((o * 28 + ih) * 28 + iw);
                        to[0] += from[0];
                    }
    }
}

/* sum_channels with OUTER=n, C=6, INNER=784, V=1, MEAN=0. */
NOINLINE static void sum_channels_2(int n, const float *restrict x,
                                    float *restrict y, const float *restrict e1)
{
    enum { WIDTH = 16 };
    for (int c = 0; c < 6; c++) {
        float all[1] = {0};
        for (int o = 0; o < n; o++) {
            const float *from = x + (o * 6 + c) * 784;
            float sum[WIDTH] = {0};
            int i = 0;
            for (; i + WIDTH <= 784; i += WIDTH)
                for (int l = 0; l < WIDTH; l++)
                    sum[l] += from[i + l];
            for (int l = 0; i + l < 784; l++)
                sum[l] += from[i + l];
            for (int half = WIDTH / 2; half >= 1; half /= 2)
                for (int l = 0; l < half; l++)
                    sum[l] += sum[l + half];
            all[0] += sum[0];
        }
        float v = all[0];
        y[c] = 0.9f * e1[c] + v;
    }
}

/* Convolution over images, the gradient of a convolution by its weights where
 * there are few outputs: x = cn, w = io, y = cn as in conv_weights.c, vectors
 * along the places.
 *
 * Image by image (c), the cells of x are copied with their border, and what w
 * has for each output in rows of WP cells as well, zeros behind: then a result
 * is the product of one row of SPAN elements with the cells from its own place
 * on. A tile is MR outputs by TW neighbours of a row of the result; its sums
 * are vectors in the scratch, whose lanes are added at the end. There are TILES
 * of them, which threads share: each copies for itself. An element is summed in
 * the order of images. Other symbols as in conv.c.
 * Contract: y overlaps nothing; DH = DW = 1; SPAN is (KH - 1) * WP + KW rounded
 * up to vectors. Scratch: sums [TILES, MR, TW] of vectors, w [OP, SPAN], cells
 * [B, RP, WP] and SLACK; OP and OWP are OG and OW rounded up to the tile.
 *
 * Here B=1, O=6, OG=6, CG=n, XB=784, XG=784, XC=784, WO=784, WC=4704, YB=25,
 * YO=25, H=28, OH=5, KH=28, SH=1, LH=2, W=28, OW=5, KW=28, SW=1, LW=2, MR=2,
 * TW=5, OWP=5, OP=6, WP=32, RP=32, SPAN=892, SLACK=4, TILES=15.
 */
INLINE static void conv_dots_dots(const float *restrict w,
                                  const float *restrict x, float *restrict sums)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    const vec zero = {0};
    vec acc[2][5];
    UNROLL
    for (int r = 0; r < 2; r++) {
        UNROLL
        for (int s = 0; s < 5; s++)
            acc[r][s] = *(const mem *)(sums + (r * 5 + s) * LANES);
    }
    for (int k = 0; k < 892; k += LANES) {
        UNROLL
        for (int s = 0; s < 5; s++) {
            /* A sum is kept in a register, a load is done for every row. */
            vec v = *(const mem *)(x + k + s) + zero;
            UNROLL
            for (int r = 0; r < 2; r++)
                acc[r][s] += *(const mem *)(w + r * 892 + k) * v;
        }
    }
    UNROLL
    for (int r = 0; r < 2; r++) {
        UNROLL
        for (int s = 0; s < 5; s++)
            *(mem *)(sums + (r * 5 + s) * LANES) = acc[r][s];
    }
}

NOINLINE static void conv_dots(int n, const float *restrict x,
                               const float *restrict w, void *restrict scratch,
                               float *restrict y, const float *restrict e1)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    enum { OF_OUTPUTS = 5 };
    float *sums = (float *)scratch;
    float *rows = sums + 15 * (2 * 5 * LANES);
    float *cells = rows + 6 * 892;
    const int last = 15;
    const int o1 = (last + OF_OUTPUTS - 1) / OF_OUTPUTS * 2;
    for (int i = 0; i < 15 * (2 * 5 * LANES); i++)
        sums[i] = 0;
    for (int i = 0; i < 6 * 892; i++)
        rows[i] = 0;
    for (int i = 0; i < 32 * 32 + 4; i++)
        cells[i] = 0;
    for (int c = 0; c < n; c++) {
        border_part(x + c * 784, 1, 784, 28, 28, -2, 32, 2, 32, cells);
        for (int o = 0; o < 6 && o < o1; o++)
            for (int kh = 0; kh < 28; kh++)
                for (int kw = 0; kw < 28; kw++)
                    rows[o * 892 + kh * 32 + kw] =
                        w[c * 4704 + o * 784 + kh * 28 + kw];
        for (int t = 0; t < last; t++) {
            int b = 0, i = t % 5;
            int at = (b * 32 + i) * 32;
            conv_dots_dots(rows + t / OF_OUTPUTS * (2 * 892), cells + at,
                           sums + t * (2 * 5 * LANES));
        }
    }
    for (int t = 0; t < last; t++) {
        int b = 0, i = t % 5;
        int o = t / OF_OUTPUTS * 2, j = 0;
        for (int k = 0; k < 2 * 5; k++) {
            const float *lane = sums + (t * (2 * 5) + k) * LANES;
            int r = o + k / 5, p = i * 5 + j + k % 5;
            float v = 0;
            if (o + k / 5 >= 6 || j + k % 5 >= 5)
                continue;
            for (int l = 0; l < LANES; l++)
                v += lane[l];
            y[r * 25 + b * 25 + p] = 0.9f * e1[r * 25 + p] + v;
        }
    }
}

/* matmul with BATCH=1, M=10, N=84, K=n, AI=1, AK=10, BK=84, BJ=1, MR=5, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=1,
 * KC=256, NB=88, MB=10. */
NOINLINE static void matmul_7(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 88;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256) {
        int depth = n - k0 < 256 ? n - k0 : 256;
        int width = 84;
        pack_columns_2(depth, width, wb + k0 * 84, 84, 1, columns);
        int height = 10;
        pack_rows_2(depth, height, xb + k0 * 10, 1, 10, rows);
        for (int j1 = 0; j1 < width; j1 += 8)
            for (int i1 = 0; i1 < height; i1 += 5) {
                float c[5 * 8];
                int i = i1, j = j1, count = 5;
                if (height - i1 < 5)
                    count = height - i1;
                const float *a = rows + i1 * depth;
                const float *panel = columns + j1 * depth;
                tile_part_4(depth, a, 1, 5, panel, 8, c, 8);
                int cols = width - j1 < 8 ? width - j1 : 8;
                for (int r = 0; r < count && k0 > 0; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        c[r * 8 + s] += y[(i + r) * 84 + j + s];
                for (int r = 0; r < count && k0 + 256 < n; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 84 + j + s] = c[r * 8 + s];
                if (k0 + 256 < n)
                    continue;
                for (int r = 0; r < count; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 84 + j + s] = c[r * 8 + s];
            }
    }
}

/* matmul with BATCH=1, M=84, N=120, K=n, AI=1, AK=84, BK=120, BJ=1, MR=6, NR=8,
 * FEW_ROWS=0, ROW_DOTS=0, ROW_NR=0, PACK_A=1, PACK_B=1, SPLIT_K=1, N_TAIL=0,
 * KC=256, NB=120, MB=84. */
NOINLINE static void matmul_8(int n, const float *restrict x,
                              const float *restrict w, void *restrict scratch,
                              float *restrict y)
{
    float *columns = (float *)scratch;
    float *rows = (float *)scratch + 256 * 120;
    const float *xb = x;
    const float *wb = w;
    for (int k0 = 0; k0 < n; k0 += 256) {
        int depth = n - k0 < 256 ? n - k0 : 256;
        int width = 120;
        pack_columns_3(depth, width, wb + k0 * 120, 120, 1, columns);
        int height = 84;
        pack_rows_3(depth, height, xb + k0 * 84, 1, 84, rows);
        for (int j1 = 0; j1 < width; j1 += 8)
            for (int i1 = 0; i1 < height; i1 += 6) {
                float c[6 * 8];
                int i = i1, j = j1, count = 6;
                if (height - i1 < 6)
                    count = height - i1;
                const float *a = rows + i1 * depth;
                const float *panel = columns + j1 * depth;
                tile_part_6(depth, a, 1, 6, panel, 8, c, 8);
                const int cols = 8;
                for (int r = 0; r < count && k0 > 0; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        c[r * 8 + s] += y[(i + r) * 120 + j + s];
                for (int r = 0; r < count && k0 + 256 < n; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 120 + j + s] = c[r * 8 + s];
                if (k0 + 256 < n)
                    continue;
                for (int r = 0; r < count; r++)
                    INDEPENDENT_LANES
                    for (int s = 0; s < cols; s++)
                        y[(i + r) * 120 + j + s] = c[r * 8 + s];
            }
    }
}

/* conv_weights with B=16, O=120, OG=120, CG=n, XB=25, XG=400, XC=400, WO=1,
 * WC=120, YB=25, YO=400, H=5, OH=5, KH=1, SH=1, DH=1, LH=0, W=5, OW=5, KW=1,
 * SW=1, DW=1, LW=0, NR=8, SLACK=0, WP=5, RP=5, TB=1, TH=1, TW=5, BP=16, OHP=5,
 * OWP=5, OP=120, TILES=1200. */
NOINLINE static void conv_weights_3(int n, const float *restrict x,
                                    const float *restrict w,
                                    void *restrict scratch, float *restrict y)
{
    enum { PLANES = 16 * 5 * 5 };
    float *sums = (float *)scratch;
    float *cells = sums + PLANES * 120;
    float *panel = cells + 16 * 5 * 5;
    int *at = (int *)(panel + 8);
    at[0] = 0;
    enum { TILES_B = 16, TILES_H = 5 };
    enum { OF_PANEL = TILES_B * TILES_H };
    const int last = 1200;
    for (int i = 0; i < PLANES * 120; i++)
        sums[i] = 0;
    for (int i = 0; i < 16 * 5 * 5; i++)
        cells[i] = 0;
    for (int c = 0; c < n; c++) {
        border_part(x + c * 400, 16, 25, 5, 5, 0, 5, 0, 5, cells);
        for (int t = 0, have = -1; t < last; t++) {
            int o = t / OF_PANEL * 8, b = t / TILES_H % TILES_B;
            int i = t % TILES_H, j = 0;
            int cell = (b * 5 + i) * 5 + j;
            float *sum = sums + o * PLANES + ((b * 5 + i) * 5 + j) * 8;
            if (o != have)
                pack_columns_4(1, 120 - o < 8 ? 120 - o : 8, w + c * 120 + o, 1,
                               1, panel);
            have = o;
            tile_places_places(1, cells + cell, 5, 1, at, panel, sum, 5 * 8, 8);
        }
    }
    for (int t = 0; t < last; t++) {
        int o0 = t / OF_PANEL * 8, i0 = t % TILES_H;
        int b0 = t / TILES_H % TILES_B;
        for (int o = o0; o < 120 && o < o0 + 8; o++)
            for (int b = b0; b < 16 && b < b0 + 1; b++)
                for (int i = i0; i < 5 && i < i0 + 1; i++)
                    for (int j = 0; j < 5 && j < 5; j++) {
                        int place = (b * 5 + i) * 5 + j;
                        float v = sums[o0 * PLANES + place * 8 + o - o0];
                        int r = o, p = i * 5 + j;
                        y[r * 400 + b * 25 + p] = v;
                    }
    }
}

/* conv_weights with B=6, O=16, OG=16, CG=n, XB=196, XG=1176, XC=1176, WO=100,
 * WC=1600, YB=25, YO=150, H=14, OH=5, KH=10, SH=1, DH=1, LH=0, W=14, OW=5,
 * KW=10, SW=1, DW=1, LW=0, NR=8, SLACK=0, WP=14, RP=14, TB=6, TH=1, TW=1, BP=6,
 * OHP=5, OWP=5, OP=16, TILES=50. */
NOINLINE static void conv_weights_4(int n, const float *restrict x,
                                    const float *restrict w,
                                    void *restrict scratch, float *restrict y)
{
    enum { PLANES = 6 * 5 * 5 };
    float *sums = (float *)scratch;
    float *cells = sums + PLANES * 16;
    float *panel = cells + 6 * 14 * 14;
    int *at = (int *)(panel + 10 * 10 * 8);
    for (int kh = 0; kh < 10; kh++)
        for (int kw = 0; kw < 10; kw++)
            at[kh * 10 + kw] = kh * 14 + kw;
    enum { TILES_H = 5, TILES_W = 5 };
    enum { OF_PANEL = TILES_H * TILES_W };
    const int last = 50;
    for (int i = 0; i < PLANES * 16; i++)
        sums[i] = 0;
    for (int i = 0; i < 6 * 14 * 14; i++)
        cells[i] = 0;
    for (int c = 0; c < n; c++) {
        border_part(x + c * 1176, 6, 196, 14, 14, 0, 14, 0, 14, cells);
        for (int t = 0, have = -1; t < last; t++) {
            int o = t / OF_PANEL * 8, b = 0;
            int i = t / TILES_W % TILES_H, j = t % TILES_W;
            int cell = (b * 6 * 14 + i) * 14 + j;
            float *sum = sums + o * PLANES + ((b * 6 * 5 + i) * 5 + j) * 8;
            if (o != have)
                pack_columns_4(10 * 10, 16 - o < 8 ? 16 - o : 8,
                               w + c * 1600 + o * 100, 1, 100, panel);
            have = o;
            tile_places_places_2(10 * 10, cells + cell, 14 * 14, 1, at, panel,
                                 sum, 5 * 5 * 8, 8);
        }
    }
    for (int t = 0; t < last; t++) {
        int o0 = t / OF_PANEL * 8, i0 = t / TILES_W % TILES_H;
        int j0 = t % TILES_W;
        for (int o = o0; o < 16 && o < o0 + 8; o++)
            for (int b = 0; b < 6 && b < 6; b++)
                for (int i = i0; i < 5 && i < i0 + 1; i++)
                    for (int j = j0; j < 5 && j < j0 + 1; j++) {
                        int place = (b * 5 + i) * 5 + j;
                        float v = sums[o0 * PLANES + place * 8 + o - o0];
                        int r = o, p = i * 5 + j;
                        y[r * 150 + b * 25 + p] = v;
                    }
    }
}

/* sum_channels with OUTER=n, C=6, INNER=784, V=1, MEAN=0. */
NOINLINE static void sum_channels_3(int n, const float *restrict x,
                                    float *restrict y)
{
    enum { WIDTH = 16 };
    for (int c = 0; c < 6; c++) {
        float all[1] = {0};
        for (int o = 0; o < n; o++) {
            const float *from = x + (o * 6 + c) * 784;
            float sum[WIDTH] = {0};
            int i = 0;
            for (; i + WIDTH <= 784; i += WIDTH)
                for (int l = 0; l < WIDTH; l++)
                    sum[l] += from[i + l];
            for (int l = 0; i + l < 784; l++)
                sum[l] += from[i + l];
            for (int half = WIDTH / 2; half >= 1; half /= 2)
                for (int l = 0; l < half; l++)
                    sum[l] += sum[l + half];
            all[0] += sum[0];
        }
        float v = all[0];
        y[c] = v;
    }
}

/* conv_dots with B=1, O=6, OG=6, CG=n, XB=784, XG=784, XC=784, WO=784, WC=4704,
 * YB=25, YO=25, H=28, OH=5, KH=28, SH=1, LH=2, W=28, OW=5, KW=28, SW=1, LW=2,
 * MR=2, TW=5, OWP=5, OP=6, WP=32, RP=32, SPAN=892, SLACK=4, TILES=15. */
INLINE static void conv_dots_2_dots(const float *restrict w,
                                    const float *restrict x,
                                    float *restrict sums)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    const vec zero = {0};
    vec acc[2][5];
    UNROLL
    for (int r = 0; r < 2; r++) {
        UNROLL
        for (int s = 0; s < 5; s++)
            acc[r][s] = *(const mem *)(sums + (r * 5 + s) * LANES);
    }
    for (int k = 0; k < 892; k += LANES) {
        UNROLL
        for (int s = 0; s < 5; s++) {
            /* A sum is kept in a register, a load is done for every row. */
            vec v = *(const mem *)(x + k + s) + zero;
            UNROLL
            for (int r = 0; r < 2; r++)
                acc[r][s] += *(const mem *)(w + r * 892 + k) * v;
        }
    }
    UNROLL
    for (int r = 0; r < 2; r++) {
        UNROLL
        for (int s = 0; s < 5; s++)
            *(mem *)(sums + (r * 5 + s) * LANES) = acc[r][s];
    }
}

NOINLINE static void conv_dots_2(int n, const float *restrict x,
                                 const float *restrict w,
                                 void *restrict scratch, float *restrict y)
{
    enum { LANES = sizeof(vec) / sizeof(float) };
    enum { OF_OUTPUTS = 5 };
    float *sums = (float *)scratch;
    float *rows = sums + 15 * (2 * 5 * LANES);
    float *cells = rows + 6 * 892;
    const int last = 15;
    const int o1 = (last + OF_OUTPUTS - 1) / OF_OUTPUTS * 2;
    for (int i = 0; i < 15 * (2 * 5 * LANES); i++)
        sums[i] = 0;
    for (int i = 0; i < 6 * 892; i++)
        rows[i] = 0;
    for (int i = 0; i < 32 * 32 + 4; i++)
        cells[i] = 0;
    for (int c = 0; c < n; c++) {
        border_part(x + c * 784, 1, 784, 28, 28, -2, 32, 2, 32, cells);
        for (int o = 0; o < 6 && o < o1; o++)
            for (int kh = 0; kh < 28; kh++)
                for (int kw = 0; kw < 28; kw++)
                    rows[o * 892 + kh * 32 + kw] =
                        w[c * 4704 + o * 784 + kh * 28 + kw];
        for (int t = 0; t < last; t++) {
            int b = 0, i = t % 5;
            int at = (b * 32 + i) * 32;
            conv_dots_2_dots(rows + t / OF_OUTPUTS * (2 * 892), cells + at,
                             sums + t * (2 * 5 * LANES));
        }
    }
    for (int t = 0; t < last; t++) {
        int b = 0, i = t % 5;
        int o = t / OF_OUTPUTS * 2, j = 0;
        for (int k = 0; k < 2 * 5; k++) {
            const float *lane = sums + (t * (2 * 5) + k) * LANES;
            int r = o + k / 5, p = i * 5 + j + k % 5;
            float v = 0;
            if (o + k / 5 >= 6 || j + k % 5 >= 5)
                continue;
            for (int l = 0; l < LANES; l++)
                v += lane[l];
            y[r * 25 + b * 25 + p] = v;
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

/* A count of uniform draws from [0, 1): the upper 24 bits of a random word. */
NOINLINE static void uniform(uint64_t seed, uint64_t step, uint32_t turn,
                             uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)(word[j - i] >> 8) * (float)5.9604644775390625e-08;
            y[j] = 0.4f * v - 0.2f;
        }
    }
}

NOINLINE static void uniform_2(uint64_t seed, uint64_t step, uint32_t turn,
                               uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)(word[j - i] >> 8) * (float)5.9604644775390625e-08;
            y[j] = 0.16329932f * v - 0.08164966f;
        }
    }
}

NOINLINE static void uniform_3(uint64_t seed, uint64_t step, uint32_t turn,
                               uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)(word[j - i] >> 8) * (float)5.9604644775390625e-08;
            y[j] = 0.1f * v - 0.05f;
        }
    }
}

NOINLINE static void uniform_4(uint64_t seed, uint64_t step, uint32_t turn,
                               uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)(word[j - i] >> 8) * (float)5.9604644775390625e-08;
            y[j] = 0.18257418f * v - 0.09128709f;
        }
    }
}

NOINLINE static void uniform_5(uint64_t seed, uint64_t step, uint32_t turn,
                               uint32_t stream, int count, float *restrict y)
{
    for (int i = 0; i < count; i += 4) {
        uint32_t word[4];
        philox(seed, (uint32_t)(i / 4), turn, (uint32_t)step, stream, word);
        for (int j = i; j < i + 4 && j < count; j++) {
            float v = (float)(word[j - i] >> 8) * (float)5.9604644775390625e-08;
            y[j] = 0.2182179f * v - 0.10910895f;
        }
    }
}

/* pack_blocked with XV=1, V=4, CUT=1. */
NOINLINE static void pack_blocked_3(const float *restrict w, int outputs,
                                    int channels, int places, int wo, int wc,
                                    float *restrict y)
{
    int blocks = (channels + 1 - 1);
    for (int ob = 0; ob * 4 < outputs; ob++)
        for (int cb = 0; cb < blocks; cb++)
            for (int k = 0; k < places; k++)
                for (int l = 0; l < 4; l++) {
                    int o = ob * 4 + l, c = cb;
                    float v = 0;
                    if (o < outputs && c < channels)
                        v = w[o * wo + c * wc + k];
                    y[((ob * blocks + cb) * places + k) * 4 + l] = v;
                }
}

/* block with OUTER=1, INNER=1, COUNT=6, BLOCKS=2, SIZE=4. */
NOINLINE static void block_2(const float *restrict x, float *restrict y)
{
    for (int b = 0; b < 2; b++) {
        const float *from = x + b * 4;
        float *to = y + b * 4;
        for (int s = 0; s < 4; s++) {
            int inside = b * 4 + s < 6;
            float v = inside ? from[s] : 0;
            to[s] = v;
        }
    }
}

/* pack_blocked with XV=4, V=4, CUT=1. */
NOINLINE static void pack_blocked_4(const float *restrict w, int outputs,
                                    int channels, int places, int wo, int wc,
                                    float *restrict y)
{
    int blocks = (channels + 3) / 4;
    for (int ob = 0; ob * 4 < outputs; ob++)
        for (int cb = 0; cb < blocks; cb++)
            for (int k = 0; k < places; k++)
                for (int i = 0; i < 4; i++)
                    for (int l = 0; l < 4; l++) {
                        int o = ob * 4 + l, c = cb * 4 + i;
                        float v = 0;
                        if (o < outputs && c < channels)
                            v = w[o * wo + c * wc + k];
                        y[(((ob * blocks + cb) * places + k) * 4 + i) * 4 + l] =
                            v;
                    }
}

/* block with OUTER=1, INNER=120, COUNT=84, BLOCKS=11, SIZE=8. */
NOINLINE static void block_3(const float *restrict x, float *restrict y)
{
    for (int b = 0; b < 11; b++) {
        const float *from = x + (b * 8) * 120;
        float *to = y + b * (120 * 8);
        for (int i = 0; i < 120; i++)
            for (int s = 0; s < 8; s++) {
                int inside = b * 8 + s < 84;
                float v = inside ? from[s * 120 + i] : 0;
                to[i * 8 + s] = v;
            }
    }
}

/* block with OUTER=1, INNER=84, COUNT=10, BLOCKS=1, SIZE=12. */
NOINLINE static void block_4(const float *restrict x, float *restrict y)
{
    const float *from = x;
    float *to = y;
    for (int i = 0; i < 84; i++)
        for (int s = 0; s < 12; s++) {
            int inside = s < 10;
            float v = inside ? from[s * 84 + i] : 0;
            to[i * 12 + s] = v;
        }
}

int lenet5_infer(const lenet5_weights *w, int n, const float *in_x,
                 float *out_p, void *workspace)
{
    if (!w || !in_x || !out_p || !workspace) {
        return LENET5_ERROR_NULL;
    }
    if (n < 1 || n > 32) {
        return LENET5_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LENET5_ERROR_ALIGNMENT;
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:7  z.tanh = conv 5x5, blocks of 4 channels: [N,1,28,28,1] ->
     * [N,2,28,28,4], direct, 156,800 multiply-adds a sample; then tanh(v +
     * conv1.b.packed) */
    float *const z_tanh = (float *)ws;
    conv_blocked(n, in_x, w->conv1_w_packed, (float *)(ws + 802816), z_tanh,
                 w->conv1_b_packed);

    /* model.dl:7  avgpool1.mul = sumpool 2x2, stride 2x2: [N,2,28,28,4] ->
     * [N,2,14,14,4]; then 0.25 * v */
    float *const avgpool1_mul = (float *)(ws + 802816);
    sumpool(n, z_tanh, avgpool1_mul);

    /* model.dl:8  z.tanh.2 = conv 5x5, blocks of 4 channels: [N,2,14,14,4] ->
     * [N,4,10,10,4], direct, 240,000 multiply-adds a sample; then tanh(v +
     * conv2.b) */
    float *const z_tanh_2 = (float *)ws;
    conv_blocked_2(n, avgpool1_mul, w->conv2_w_packed, (float *)(ws + 204800),
                   z_tanh_2, w->conv2_b_packed);

    /* model.dl:8  avgpool2.mul = sumpool 2x2, stride 2x2: [N,4,10,10,4] ->
     * [N,4,5,5,4]; then 0.25 * v */
    float *const avgpool2_mul = (float *)(ws + 204800);
    sumpool_2(n, z_tanh_2, avgpool2_mul);

    /* model.dl:9  conv3.y.conv = conv 5x5, blocks of 4 channels: [N,4,5,5,4] ->
     * [N,30,1,1,4], direct, 48,000 multiply-adds a sample */
    float *const conv3_y_conv = (float *)ws;
    conv_blocked_3(n, avgpool2_mul, w->conv3_w_packed, conv3_y_conv);
    float *const conv3_y_conv_reshape = conv3_y_conv;

    /* model.dl:9  z.tanh.3 = tanh(conv3.y.conv.reshape + conv3.b.packed):
     * [N,120,1,1], 240 operations a sample */
    float *const z_tanh_3 = conv3_y_conv_reshape;
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 120; j++) {
            z_tanh_3[i * 120 + j] =
                tanh_f32(conv3_y_conv_reshape[i * 120 + j] +
                         w->conv3_b_packed[j]);
        }
    }
    float *const z_reshape = z_tanh_3;

    /* model.dl:10  z.tanh.4 = product: [N,120] x [120,84] -> [N,84], panels,
     * 10,080 multiply-adds a sample; then tanh(v + dense1.b.packed) */
    float *const z_tanh_4 = (float *)(ws + 15360);
    matmul_panels(n, z_reshape, w->dense1_w_block_packed, z_tanh_4,
                  w->dense1_b_packed);

    /* model.dl:10  z = product: [N,84] x [84,10] -> [N,10], panels, 840
     * multiply-adds a sample; then v + dense2.b.packed */
    float *const z = (float *)ws;
    matmul_panels_2(n, z_tanh_4, w->dense2_w_block_packed, z,
                    w->dense2_b_packed);

    /* model.dl:11  p = softmax: [N,10] -> [N,10], 200 operations a sample */
    softmax(n, z, out_p);

    return LENET5_OK;
}

int lenet5_eval(const lenet5_weights *w, int n, const float *in_x,
                const int32_t *in_y, lenet5_metrics *m, void *workspace)
{
    if (!w || !in_x || !in_y || !m || !workspace) {
        return LENET5_ERROR_NULL;
    }
    if (n < 1 || n > 32) {
        return LENET5_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LENET5_ERROR_ALIGNMENT;
    }
    for (int i = 0; i < n; i++) {
        if (in_y[i] < 0 || in_y[i] >= 10) {
            return LENET5_ERROR_RANGE;
        }
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:7  z.tanh = conv 5x5, blocks of 4 channels: [N,1,28,28,1] ->
     * [N,2,28,28,4], direct, 156,800 multiply-adds a sample; then tanh(v +
     * conv1.b.packed) */
    float *const z_tanh = (float *)ws;
    conv_blocked(n, in_x, w->conv1_w_packed, (float *)(ws + 802816), z_tanh,
                 w->conv1_b_packed);

    /* model.dl:7  avgpool1.mul = sumpool 2x2, stride 2x2: [N,2,28,28,4] ->
     * [N,2,14,14,4]; then 0.25 * v */
    float *const avgpool1_mul = (float *)(ws + 802816);
    sumpool(n, z_tanh, avgpool1_mul);

    /* model.dl:8  z.tanh.2 = conv 5x5, blocks of 4 channels: [N,2,14,14,4] ->
     * [N,4,10,10,4], direct, 240,000 multiply-adds a sample; then tanh(v +
     * conv2.b) */
    float *const z_tanh_2 = (float *)ws;
    conv_blocked_2(n, avgpool1_mul, w->conv2_w_packed, (float *)(ws + 204800),
                   z_tanh_2, w->conv2_b_packed);

    /* model.dl:8  avgpool2.mul = sumpool 2x2, stride 2x2: [N,4,10,10,4] ->
     * [N,4,5,5,4]; then 0.25 * v */
    float *const avgpool2_mul = (float *)(ws + 204800);
    sumpool_2(n, z_tanh_2, avgpool2_mul);

    /* model.dl:9  conv3.y.conv = conv 5x5, blocks of 4 channels: [N,4,5,5,4] ->
     * [N,30,1,1,4], direct, 48,000 multiply-adds a sample */
    float *const conv3_y_conv = (float *)ws;
    conv_blocked_3(n, avgpool2_mul, w->conv3_w_packed, conv3_y_conv);
    float *const conv3_y_conv_reshape = conv3_y_conv;

    /* model.dl:9  z.tanh.3 = tanh(conv3.y.conv.reshape + conv3.b.packed):
     * [N,120,1,1], 240 operations a sample */
    float *const z_tanh_3 = conv3_y_conv_reshape;
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 120; j++) {
            z_tanh_3[i * 120 + j] =
                tanh_f32(conv3_y_conv_reshape[i * 120 + j] +
                         w->conv3_b_packed[j]);
        }
    }
    float *const z_reshape = z_tanh_3;

    /* model.dl:10  z.tanh.4 = product: [N,120] x [120,84] -> [N,84], panels,
     * 10,080 multiply-adds a sample; then tanh(v + dense1.b.packed) */
    float *const z_tanh_4 = (float *)(ws + 15360);
    matmul_panels(n, z_reshape, w->dense1_w_block_packed, z_tanh_4,
                  w->dense1_b_packed);

    /* model.dl:10  z = product: [N,84] x [84,10] -> [N,10], panels, 840
     * multiply-adds a sample; then v + dense2.b.packed */
    float *const z = (float *)ws;
    matmul_panels_2(n, z_tanh_4, w->dense2_w_block_packed, z,
                    w->dense2_b_packed);

    /* model.dl:12  acc.argmax = argmax: [N,10] -> [N] */
    int32_t *const acc_argmax = (int32_t *)(ws + 1280);
    argmax(n, z, acc_argmax);

    /* model.dl:12  acc.real = (double)(acc.argmax == y): [N], 2 operations a
     * sample */
    float *const acc_real = (float *)(ws + 1408);
    INDEPENDENT
    for (int i = 0; i < n; i++) {
        acc_real[i] = (float)(acc_argmax[i] == in_y[i]);
    }

    /* model.dl:12  acc = mean: [N] -> scalar, 1 operation a sample */
    const float acc_ = row_sum(acc_real, n) / (float)n;

    /* model.dl:13  J.logsumexp = logsumexp: [N,10] -> [N], 200 operations a
     * sample */
    float *const J_logsumexp = (float *)(ws + 1280);
    logsumexp(n, z, J_logsumexp);

    /* model.dl:13  J.sub = pick: [N,10] -> [N]; then J.logsumexp - v */
    float *const J_sub = (float *)(ws + 1408);
    pick(n, z, in_y, J_sub, J_logsumexp);

    /* model.dl:13  J = mean: [N] -> scalar, 1 operation a sample */
    const float J = row_sum(J_sub, n) / (float)n;

    m->J = (double)J;
    m->acc = (double)acc_;

    return LENET5_OK;
}

int lenet5_step(lenet5_params *p, lenet5_step_state *s, int n,
                const float *in_x, const int32_t *in_y, lenet5_step_losses *l,
                void *workspace)
{
    if (!p || !s || !in_x || !in_y || !l || !workspace) {
        return LENET5_ERROR_NULL;
    }
    if (n < 1 || n > 32) {
        return LENET5_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LENET5_ERROR_ALIGNMENT;
    }
    for (int i = 0; i < n; i++) {
        if (in_y[i] < 0 || in_y[i] >= 10) {
            return LENET5_ERROR_RANGE;
        }
    }
    unsigned char *const ws = (unsigned char *)workspace;

    /* model.dl:7  z.tanh = conv 5x5, 1 -> 6 channels: [N,1,28,28] ->
     * [N,6,28,28], direct, 117,600 multiply-adds a sample; then tanh(v +
     * conv1.b) */
    float *const z_tanh = (float *)(ws + 643584);
    conv_rows(n, in_x, p->conv1_w, (float *)ws, z_tanh, p->conv1_b);

    /* model.dl:7  avgpool1.mul = sumpool 2x2, stride 2x2: [N,6,28,28] ->
     * [N,6,14,14]; then 0.25 * v */
    float *const avgpool1_mul = (float *)(ws + 493056);
    sumpool_3(n, z_tanh, avgpool1_mul);
    float *const conv2_y_conv_reshape = avgpool1_mul;

    /* model.dl:8  conv2.w = pack_blocked: [16,6,5,5] -> [4,6,5,5,1,4] */
    float *const conv2_w = (float *)ws;
    pack_blocked(p->conv2_w, 16, 6, 25, 150, 25, conv2_w);

    /* model.dl:8  z.tanh.2 = conv 5x5, blocks of 4 channels: [N,6,14,14,1] ->
     * [N,4,10,10,4], direct, 240,000 multiply-adds a sample; then tanh(v +
     * conv2.b) */
    float *const z_tanh_2 = (float *)(ws + 1245696);
    conv_blocked_4(n, conv2_y_conv_reshape, conv2_w, (float *)(ws + 9600),
                   z_tanh_2, p->conv2_b);

    /* model.dl:8  avgpool2.mul = sumpool 2x2, stride 2x2: [N,4,10,10,4] ->
     * [N,4,5,5,4]; then 0.25 * v */
    float *const avgpool2_mul = (float *)(ws + 441856);
    sumpool_2(n, z_tanh_2, avgpool2_mul);

    /* model.dl:8  avgpool2.mul.unblock = unblock: [N,4,5,5,4] -> [N,16,5,5] */
    float *const avgpool2_mul_unblock = (float *)(ws + 390656);
    unblock(n, avgpool2_mul, avgpool2_mul_unblock);

    /* model.dl:9  conv3.w = pack_blocked: [120,16,5,5] -> [30,4,5,5,4,4] */
    float *const conv3_w = (float *)ws;
    pack_blocked_2(p->conv3_w, 120, 16, 25, 400, 25, conv3_w);

    /* model.dl:9  conv3.y.conv = conv 5x5, blocks of 4 channels: [N,4,5,5,4] ->
     * [N,30,1,1,4], direct, 48,000 multiply-adds a sample */
    float *const conv3_y_conv = (float *)(ws + 208896);
    conv_blocked_3(n, avgpool2_mul, conv3_w, conv3_y_conv);
    float *const conv3_y_conv_reshape = conv3_y_conv;

    /* model.dl:9  z.tanh.3 = tanh(conv3.y.conv.reshape + conv3.b): [N,120,1,1],
     * 240 operations a sample */
    float *const z_tanh_3 = conv3_y_conv_reshape;
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 120; j++) {
            z_tanh_3[i * 120 + j] =
                tanh_f32(conv3_y_conv_reshape[i * 120 + j] + p->conv3_b[j]);
        }
    }
    float *const z_reshape = z_tanh_3;

    /* model.dl:10  z.tanh.4 = matmul: [N,120] x [84,120]' -> [N,84], blocked,
     * 10,080 multiply-adds a sample; then tanh(v + dense1.b) */
    float *const z_tanh_4 = (float *)(ws + 482176);
    matmul(n, z_reshape, p->dense1_w, (float *)(ws + 441856), z_tanh_4,
           p->dense1_b);

    /* model.dl:10  z = matmul: [N,84] x [10,84]' -> [N,10], blocked, 840
     * multiply-adds a sample; then v + dense2.b */
    float *const z = (float *)(ws + 445888);
    matmul_2(n, z_tanh_4, p->dense2_w, (float *)(ws + 441856), z, p->dense2_b);

    /* model.dl:13  J.logsumexp = logsumexp: [N,10] -> [N], 200 operations a
     * sample */
    float *const J_logsumexp = (float *)(ws + 492928);
    logsumexp(n, z, J_logsumexp);

    /* model.dl:13  J.sub = pick: [N,10] -> [N]; then J.logsumexp - v */
    float *const J_sub = (float *)(ws + 441856);
    pick(n, z, in_y, J_sub, J_logsumexp);

    /* model.dl:13  J = mean: [N] -> scalar, 1 operation a sample */
    const float J = row_sum(J_sub, n) / (float)n;

    /* model.dl:13 */
    const float J_sub_grad_extent = (float)n;
    const float J_sub_grad_div = 1.0f / J_sub_grad_extent;
    const float J_pick_grad_neg_2 = -J_sub_grad_div;

    /* model.dl:13  z.grad.onehot = onehot: [N] -> [N,10] */
    float *const z_grad_onehot = (float *)(ws + 441856);
    onehot(n, in_y, z_grad_onehot);

    /* model.dl:13  z.grad.softmax = softmax: [N,10] -> [N,10], 200 operations a
     * sample */
    float *const z_grad_softmax = (float *)(ws + 443136);
    softmax(n, z, z_grad_softmax);

    /* model.dl:13  z.grad = z.grad.onehot * J.pick.grad.neg.2 + z.grad.softmax
     * * J.sub.grad.div: [N,10], 30 operations a sample */
    float *const z_grad = z_grad_onehot;
    INDEPENDENT
    for (int i = 0; i < 10 * n; i++) {
        z_grad[i] = z_grad_onehot[i] * J_pick_grad_neg_2 +
            z_grad_softmax[i] * J_sub_grad_div;
    }

    /* model.dl:10  dense2.b.v1.add = sum: [N,10] -> [10], 10 operations a
     * sample; then 0.9 * step.dense2.b.v + v */
    float *const dense2_b_v1_add = (float *)(ws + 492928);
    for (int j = 0; j < 10; j++) {
        dense2_b_v1_add[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < 10; j++) {
            dense2_b_v1_add[j] += z_grad[i * 10 + j];
        }
    }
    for (int j = 0; j < 10; j++) {
        const float acc = dense2_b_v1_add[j];
        dense2_b_v1_add[j] = 0.9f * s->dense2_b_v[j] + acc;
    }

    /* model.dl:10  dense2.b.v1.add.store = dense2.b.v1.add: [10] */
    memcpy(s->dense2_b_v, dense2_b_v1_add, 10 * sizeof(float));

    /* model.dl:10  dense1.add.grad = matmul: [N,10] x [10,84] -> [N,84],
     * blocked, 840 multiply-adds a sample; then v * (1.0 - z.tanh.4 *
     * z.tanh.4) */
    float *const dense1_add_grad = (float *)(ws + 443136);
    matmul_3(n, z_grad, p->dense2_w, dense1_add_grad, z_tanh_4);

    /* model.dl:10  dense2.w.v1.add = matmul: [N,10]' x [N,84] -> [10,84],
     * blocked, 840 multiply-adds a sample; then 0.9 * step.dense2.w.v + v */
    float *const dense2_w_v1_add = (float *)(ws + 453888);
    matmul_4(n, z_grad, z_tanh_4, (float *)(ws + 224256), dense2_w_v1_add,
             s->dense2_w_v);

    /* model.dl:10  dense2.w.v1.add.store = dense2.w.v1.add: [10,84] */
    memcpy(s->dense2_w_v, dense2_w_v1_add, 840 * sizeof(float));

    /* model.dl:10  dense1.b.v1.add = sum: [N,84] -> [84], 84 operations a
     * sample; then 0.9 * step.dense1.b.v + v */
    float *const dense1_b_v1_add = (float *)(ws + 441856);
    INDEPENDENT
    for (int j = 0; j < 84; j++) {
        dense1_b_v1_add[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 84; j++) {
            dense1_b_v1_add[j] += dense1_add_grad[i * 84 + j];
        }
    }
    INDEPENDENT
    for (int j = 0; j < 84; j++) {
        const float acc = dense1_b_v1_add[j];
        dense1_b_v1_add[j] = 0.9f * s->dense1_b_v[j] + acc;
    }

    /* model.dl:10  dense1.b.v1.add.store = dense1.b.v1.add: [84] */
    memcpy(s->dense1_b_v, dense1_b_v1_add, 84 * sizeof(float));

    /* model.dl:10  z.reshape.grad = matmul: [N,84] x [84,120] -> [N,120],
     * blocked, 10,080 multiply-adds a sample */
    float *const z_reshape_grad = (float *)(ws + 1450496);
    matmul_5(n, dense1_add_grad, p->dense1_w, z_reshape_grad);

    /* model.dl:10  dense1.w.v1.add = matmul: [N,84]' x [N,120] -> [84,120],
     * blocked, 10,080 multiply-adds a sample; then 0.9 * step.dense1.w.v + v */
    float *const dense1_w_v1_add = (float *)(ws + 224256);
    matmul_6(n, dense1_add_grad, z_reshape, (float *)ws, dense1_w_v1_add,
             s->dense1_w_v);

    /* model.dl:10  dense1.w.v1.add.store = dense1.w.v1.add: [84,120] */
    memcpy(s->dense1_w_v, dense1_w_v1_add, 10080 * sizeof(float));
    float *const z_tanh_3_grad = z_reshape_grad;

    /* model.dl:9  conv3.add.grad = z.tanh.3.grad * (1.0 - z.tanh.3 * z.tanh.3):
     * [N,120,1,1], 360 operations a sample */
    float *const conv3_add_grad = z_tanh_3_grad;
    INDEPENDENT
    for (int i = 0; i < 120 * n; i++) {
        conv3_add_grad[i] =
            z_tanh_3_grad[i] * (1.0f - z_tanh_3[i] * z_tanh_3[i]);
    }

    /* model.dl:9  conv3.b.v1.add = sum: [N,120,1,1] -> [120], 120 operations a
     * sample; then 0.9 * step.conv3.b.v + v */
    float *const conv3_b_v1_add = (float *)(ws + 441856);
    INDEPENDENT
    for (int j = 0; j < 120; j++) {
        conv3_b_v1_add[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 120; j++) {
            conv3_b_v1_add[j] += conv3_add_grad[i * 120 + j];
        }
    }
    INDEPENDENT
    for (int j = 0; j < 120; j++) {
        const float acc = conv3_b_v1_add[j];
        conv3_b_v1_add[j] = 0.9f * s->conv3_b_v[j] + acc;
    }

    /* model.dl:9  conv3.b.v1.add.store = conv3.b.v1.add: [120] */
    memcpy(s->conv3_b_v, conv3_b_v1_add, 120 * sizeof(float));

    /* model.dl:9  avgpool2.mul.grad.reverse = reverse: [120,16,5,5] ->
     * [120,16,5,5] */
    float *const avgpool2_mul_grad_reverse = (float *)ws;
    copy(p->conv3_w, avgpool2_mul_grad_reverse);

    /* model.dl:9  avgpool2.sumpool.grad = conv 5x5, 120 -> 16 channels:
     * [N,120,1,1] -> [N,16,5,5], toeplitz, 1,200,000 multiply-adds a sample;
     * then 0.25 * v */
    float *const avgpool2_sumpool_grad = (float *)(ws + 441856);
    conv_scatter(n, conv3_add_grad, avgpool2_mul_grad_reverse,
                 (float *)(ws + 192000), avgpool2_sumpool_grad);

    /* model.dl:9  conv3.w.v1.add = conv 1x1 by the weights: [N,16,5,5] ->
     * [120,16,5,5], direct, 48,000 multiply-adds a sample; then 0.9 *
     * step.conv3.w.v + v */
    float *const conv3_w_v1_add = (float *)ws;
    conv_weights(n, avgpool2_mul_unblock, conv3_add_grad,
                 (float *)(ws + 192000), conv3_w_v1_add, s->conv3_w_v);

    /* model.dl:9  conv3.w.v1.add.store = conv3.w.v1.add: [120,16,5,5] */
    memcpy(s->conv3_w_v, conv3_w_v1_add, 48000 * sizeof(float));

    /* model.dl:8  z.tanh.2.grad = sumunpool 2x2, stride 2x2: [N,16,5,5] ->
     * [N,16,10,10] */
    float *const z_tanh_2_grad = (float *)ws;
    sumunpool(n, avgpool2_sumpool_grad, z_tanh_2_grad);

    /* model.dl:8  conv2.add.grad = block: [N,16,10,10] -> [N,4,10,10,4]; then v
     * * (1.0 - z.tanh.2 * z.tanh.2) */
    float *const conv2_add_grad = (float *)(ws + 204800);
    block(n, z_tanh_2_grad, conv2_add_grad, z_tanh_2);

    /* model.dl:8  conv2.add.grad.unblock = unblock: [N,4,10,10,4] ->
     * [N,16,10,10] */
    float *const conv2_add_grad_unblock = (float *)ws;
    unblock_2(n, conv2_add_grad, conv2_add_grad_unblock);

    /* model.dl:8  conv2.b.grad = sum over axes 0, 2, 3: [N,4,10,10,4] -> [4,4],
     * 1,600 operations a sample */
    float *const conv2_b_grad = (float *)(ws + 1396224);
    sum_channels(n, conv2_add_grad, conv2_b_grad);
    float *const conv2_b_grad_reshape = conv2_b_grad;

    /* model.dl:8  avgpool1.mul.grad.reverse = reverse: [16,6,5,5] ->
     * [16,6,5,5] */
    float *const avgpool1_mul_grad_reverse = (float *)(ws + 204800);
    copy_2(p->conv2_w, avgpool1_mul_grad_reverse);

    /* model.dl:8  avgpool1.sumpool.grad = conv 5x5, 16 -> 6 channels:
     * [N,16,10,10] -> [N,6,14,14], direct, 470,400 multiply-adds a sample; then
     * 0.25 * v */
    float *const avgpool1_sumpool_grad = (float *)(ws + 1245696);
    conv_rows_2(n, conv2_add_grad_unblock, avgpool1_mul_grad_reverse,
                (float *)(ws + 214400), avgpool1_sumpool_grad);

    /* model.dl:8  conv2.w.v1.add = conv 10x10 by the weights: [N,6,14,14] ->
     * [16,6,5,5], direct, 240,000 multiply-adds a sample; then 0.9 *
     * step.conv2.w.v + v */
    float *const conv2_w_v1_add = (float *)(ws + 222720);
    conv_weights_2(n, avgpool1_mul, conv2_add_grad_unblock,
                   (float *)(ws + 204800), conv2_w_v1_add, s->conv2_w_v);

    /* model.dl:8  conv2.w.v1.add.store = conv2.w.v1.add: [16,6,5,5] */
    memcpy(s->conv2_w_v, conv2_w_v1_add, 2400 * sizeof(float));

    /* model.dl:7  z.tanh.grad = sumunpool 2x2, stride 2x2: [N,6,14,14] ->
     * [N,6,28,28] */
    float *const z_tanh_grad = (float *)ws;
    sumunpool_2(n, avgpool1_sumpool_grad, z_tanh_grad);

    /* model.dl:7  conv1.add.grad = z.tanh.grad * (1.0 - z.tanh * z.tanh):
     * [N,6,28,28], 14,112 operations a sample */
    float *const conv1_add_grad = z_tanh_grad;
    INDEPENDENT
    for (int i = 0; i < 4704 * n; i++) {
        conv1_add_grad[i] = z_tanh_grad[i] * (1.0f - z_tanh[i] * z_tanh[i]);
    }

    /* model.dl:7  conv1.b.v1.add = sum: [N,6,28,28] -> [6], 4,704 operations a
     * sample; then 0.9 * step.conv1.b.v + v */
    float *const conv1_b_v1_add = (float *)(ws + 602112);
    sum_channels_2(n, conv1_add_grad, conv1_b_v1_add, s->conv1_b_v);

    /* model.dl:7  conv1.b.v1.add.store = conv1.b.v1.add: [6] */
    memcpy(s->conv1_b_v, conv1_b_v1_add, 6 * sizeof(float));

    /* model.dl:7  conv1.w.v1.add = conv 28x28 by the weights: [N,1,28,28] ->
     * [6,1,5,5], direct, 117,600 multiply-adds a sample; then 0.9 *
     * step.conv1.w.v + v */
    float *const conv1_w_v1_add = (float *)(ws + 630080);
    conv_dots(n, in_x, conv1_add_grad, (float *)(ws + 602112), conv1_w_v1_add,
              s->conv1_w_v);

    /* model.dl:7  conv1.w.v1.add.store = conv1.w.v1.add: [6,1,5,5] */
    memcpy(s->conv1_w_v, conv1_w_v1_add, 150 * sizeof(float));

    /* model.dl:14  conv1.w.new = conv1.w - 0.01 * conv1.w.v1.add.store:
     * [6,1,5,5], 300 operations */
    INDEPENDENT
    for (int i = 0; i < 150; i++) {
        p->conv1_w[i] = p->conv1_w[i] - 0.01f * s->conv1_w_v[i];
    }

    /* model.dl:14  conv1.b.new = conv1.b - 0.01 * conv1.b.v1.add.store: [6], 12
     * operations */
    for (int i = 0; i < 6; i++) {
        p->conv1_b[i] = p->conv1_b[i] - 0.01f * s->conv1_b_v[i];
    }

    /* model.dl:14  conv2.w.new = conv2.w - 0.01 * conv2.w.v1.add.store:
     * [16,6,5,5], 4,800 operations */
    INDEPENDENT
    for (int i = 0; i < 2400; i++) {
        p->conv2_w[i] = p->conv2_w[i] - 0.01f * s->conv2_w_v[i];
    }

    /* model.dl:14  conv2.b.v1.add = 0.9 * step.conv2.b.v +
     * conv2.b.grad.reshape: [16], 32 operations */
    INDEPENDENT
    for (int i = 0; i < 16; i++) {
        s->conv2_b_v[i] = 0.9f * s->conv2_b_v[i] + conv2_b_grad_reshape[i];
    }

    /* model.dl:14  conv2.b.new = conv2.b - 0.01 * conv2.b.v1.add: [16], 32
     * operations */
    INDEPENDENT
    for (int i = 0; i < 16; i++) {
        p->conv2_b[i] = p->conv2_b[i] - 0.01f * s->conv2_b_v[i];
    }

    /* model.dl:14  conv3.w.new = conv3.w - 0.01 * conv3.w.v1.add.store:
     * [120,16,5,5], 96,000 operations */
    INDEPENDENT
    for (int i = 0; i < 48000; i++) {
        p->conv3_w[i] = p->conv3_w[i] - 0.01f * s->conv3_w_v[i];
    }

    /* model.dl:14  conv3.b.new = conv3.b - 0.01 * conv3.b.v1.add.store: [120],
     * 240 operations */
    INDEPENDENT
    for (int i = 0; i < 120; i++) {
        p->conv3_b[i] = p->conv3_b[i] - 0.01f * s->conv3_b_v[i];
    }

    /* model.dl:14  dense1.w.new = dense1.w - 0.01 * dense1.w.v1.add.store:
     * [84,120], 20,160 operations */
    INDEPENDENT
    for (int i = 0; i < 10080; i++) {
        p->dense1_w[i] = p->dense1_w[i] - 0.01f * s->dense1_w_v[i];
    }

    /* model.dl:14  dense1.b.new = dense1.b - 0.01 * dense1.b.v1.add.store:
     * [84], 168 operations */
    INDEPENDENT
    for (int i = 0; i < 84; i++) {
        p->dense1_b[i] = p->dense1_b[i] - 0.01f * s->dense1_b_v[i];
    }

    /* model.dl:14  dense2.w.new = dense2.w - 0.01 * dense2.w.v1.add.store:
     * [10,84], 1,680 operations */
    INDEPENDENT
    for (int i = 0; i < 840; i++) {
        p->dense2_w[i] = p->dense2_w[i] - 0.01f * s->dense2_w_v[i];
    }

    /* model.dl:14  dense2.b.new = dense2.b - 0.01 * dense2.b.v1.add.store:
     * [10], 20 operations */
    for (int i = 0; i < 10; i++) {
        p->dense2_b[i] = p->dense2_b[i] - 0.01f * s->dense2_b_v[i];
    }

    l->J = (double)J;

    s->iter++;
    p->steps++;

    return LENET5_OK;
}

int lenet5_step_gradient(const lenet5_params *p, int n, const float *in_x,
                         const int32_t *in_y, lenet5_step_losses *l,
                         float *out_gradient, void *workspace)
{
    if (!p || !in_x || !in_y || !l || !out_gradient || !workspace) {
        return LENET5_ERROR_NULL;
    }
    if (n < 1 || n > 32) {
        return LENET5_ERROR_SIZE;
    }
    if ((uintptr_t)workspace % 64 != 0) {
        return LENET5_ERROR_ALIGNMENT;
    }
    for (int i = 0; i < n; i++) {
        if (in_y[i] < 0 || in_y[i] >= 10) {
            return LENET5_ERROR_RANGE;
        }
    }
    unsigned char *const ws = (unsigned char *)workspace;

    float *const grad_conv1_w = out_gradient;
    float *const grad_conv1_b = out_gradient + 150;
    float *const grad_conv2_w = out_gradient + 156;
    float *const grad_conv2_b = out_gradient + 2556;
    float *const grad_conv3_w = out_gradient + 2572;
    float *const grad_conv3_b = out_gradient + 50572;
    float *const grad_dense1_w = out_gradient + 50692;
    float *const grad_dense1_b = out_gradient + 60772;
    float *const grad_dense2_w = out_gradient + 60856;
    float *const grad_dense2_b = out_gradient + 61696;

    /* model.dl:7  z.tanh = conv 5x5, 1 -> 6 channels: [N,1,28,28] ->
     * [N,6,28,28], direct, 117,600 multiply-adds a sample; then tanh(v +
     * conv1.b) */
    float *const z_tanh = (float *)ws;
    conv_rows(n, in_x, p->conv1_w, (float *)(ws + 602112), z_tanh, p->conv1_b);

    /* model.dl:7  avgpool1.mul = sumpool 2x2, stride 2x2: [N,6,28,28] ->
     * [N,6,14,14]; then 0.25 * v */
    float *const avgpool1_mul = (float *)(ws + 806912);
    sumpool_3(n, z_tanh, avgpool1_mul);
    float *const conv2_y_conv_reshape = avgpool1_mul;

    /* model.dl:8  conv2.w = pack_blocked: [16,6,5,5] -> [4,6,5,5,1,4] */
    float *const conv2_w = (float *)(ws + 957440);
    pack_blocked(p->conv2_w, 16, 6, 25, 150, 25, conv2_w);

    /* model.dl:8  z.tanh.2 = conv 5x5, blocks of 4 channels: [N,6,14,14,1] ->
     * [N,4,10,10,4], direct, 240,000 multiply-adds a sample; then tanh(v +
     * conv2.b) */
    float *const z_tanh_2 = (float *)(ws + 602112);
    conv_blocked_4(n, conv2_y_conv_reshape, conv2_w, (float *)(ws + 967040),
                   z_tanh_2, p->conv2_b);

    /* model.dl:8  avgpool2.mul = sumpool 2x2, stride 2x2: [N,4,10,10,4] ->
     * [N,4,5,5,4]; then 0.25 * v */
    float *const avgpool2_mul = (float *)(ws + 1216000);
    sumpool_2(n, z_tanh_2, avgpool2_mul);

    /* model.dl:8  avgpool2.mul.unblock = unblock: [N,4,5,5,4] -> [N,16,5,5] */
    float *const avgpool2_mul_unblock = (float *)(ws + 957440);
    unblock(n, avgpool2_mul, avgpool2_mul_unblock);

    /* model.dl:9  conv3.w = pack_blocked: [120,16,5,5] -> [30,4,5,5,4,4] */
    float *const conv3_w = (float *)(ws + 1008640);
    pack_blocked_2(p->conv3_w, 120, 16, 25, 400, 25, conv3_w);

    /* model.dl:9  conv3.y.conv = conv 5x5, blocks of 4 channels: [N,4,5,5,4] ->
     * [N,30,1,1,4], direct, 48,000 multiply-adds a sample */
    float *const conv3_y_conv = (float *)(ws + 1200640);
    conv_blocked_3(n, avgpool2_mul, conv3_w, conv3_y_conv);
    float *const conv3_y_conv_reshape = conv3_y_conv;

    /* model.dl:9  z.tanh.3 = tanh(conv3.y.conv.reshape + conv3.b): [N,120,1,1],
     * 240 operations a sample */
    float *const z_tanh_3 = conv3_y_conv_reshape;
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 120; j++) {
            z_tanh_3[i * 120 + j] =
                tanh_f32(conv3_y_conv_reshape[i * 120 + j] + p->conv3_b[j]);
        }
    }
    float *const z_reshape = z_tanh_3;

    /* model.dl:10  z.tanh.4 = matmul: [N,120] x [84,120]' -> [N,84], blocked,
     * 10,080 multiply-adds a sample; then tanh(v + dense1.b) */
    float *const z_tanh_4 = (float *)(ws + 1008640);
    matmul(n, z_reshape, p->dense1_w, (float *)(ws + 1019392), z_tanh_4,
           p->dense1_b);

    /* model.dl:10  z = matmul: [N,84] x [10,84]' -> [N,10], blocked, 840
     * multiply-adds a sample; then v + dense2.b */
    float *const z = (float *)(ws + 1019392);
    matmul_2(n, z_tanh_4, p->dense2_w, (float *)(ws + 1020672), z, p->dense2_b);

    /* model.dl:13  J.logsumexp = logsumexp: [N,10] -> [N], 200 operations a
     * sample */
    float *const J_logsumexp = (float *)(ws + 1020800);
    logsumexp(n, z, J_logsumexp);

    /* model.dl:13  J.sub = pick: [N,10] -> [N]; then J.logsumexp - v */
    float *const J_sub = (float *)(ws + 1020672);
    pick(n, z, in_y, J_sub, J_logsumexp);

    /* model.dl:13  J = mean: [N] -> scalar, 1 operation a sample */
    const float J = row_sum(J_sub, n) / (float)n;

    /* model.dl:13 */
    const float J_sub_grad_extent = (float)n;
    const float J_sub_grad_div = 1.0f / J_sub_grad_extent;
    const float J_pick_grad_neg_2 = -J_sub_grad_div;

    /* model.dl:13  z.grad.onehot = onehot: [N] -> [N,10] */
    float *const z_grad_onehot = (float *)(ws + 1130496);
    onehot(n, in_y, z_grad_onehot);

    /* model.dl:13  z.grad.softmax = softmax: [N,10] -> [N,10], 200 operations a
     * sample */
    float *const z_grad_softmax = (float *)(ws + 1020672);
    softmax(n, z, z_grad_softmax);

    /* model.dl:13  z.grad = z.grad.onehot * J.pick.grad.neg.2 + z.grad.softmax
     * * J.sub.grad.div: [N,10], 30 operations a sample */
    float *const z_grad = z_grad_onehot;
    INDEPENDENT
    for (int i = 0; i < 10 * n; i++) {
        z_grad[i] = z_grad_onehot[i] * J_pick_grad_neg_2 +
            z_grad_softmax[i] * J_sub_grad_div;
    }

    /* model.dl:10  dense2.b.grad = sum over axis 0: [N,10] -> [10], 10
     * operations a sample */
    for (int j = 0; j < 10; j++) {
        grad_dense2_b[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < 10; j++) {
            grad_dense2_b[j] += z_grad[i * 10 + j];
        }
    }

    /* model.dl:10  dense1.add.grad = matmul: [N,10] x [10,84] -> [N,84],
     * blocked, 840 multiply-adds a sample; then v * (1.0 - z.tanh.4 *
     * z.tanh.4) */
    float *const dense1_add_grad = (float *)(ws + 1119744);
    matmul_3(n, z_grad, p->dense2_w, dense1_add_grad, z_tanh_4);

    /* model.dl:10  dense2.w.grad = matmul: [N,10]' x [N,84] -> [10,84],
     * blocked, 840 multiply-adds a sample */
    matmul_7(n, z_grad, z_tanh_4, (float *)(ws + 1019392), grad_dense2_w);

    /* model.dl:10  dense1.b.grad = sum over axis 0: [N,84] -> [84], 84
     * operations a sample */
    INDEPENDENT
    for (int j = 0; j < 84; j++) {
        grad_dense1_b[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 84; j++) {
            grad_dense1_b[j] += dense1_add_grad[i * 84 + j];
        }
    }

    /* model.dl:10  z.reshape.grad = matmul: [N,84] x [84,120] -> [N,120],
     * blocked, 10,080 multiply-adds a sample */
    float *const z_reshape_grad = (float *)(ws + 1450496);
    matmul_5(n, dense1_add_grad, p->dense1_w, z_reshape_grad);

    /* model.dl:10  dense1.w.grad = matmul: [N,84]' x [N,120] -> [84,120],
     * blocked, 10,080 multiply-adds a sample */
    matmul_8(n, dense1_add_grad, z_reshape, (float *)(ws + 1216000),
             grad_dense1_w);
    float *const z_tanh_3_grad = z_reshape_grad;

    /* model.dl:9  conv3.add.grad = z.tanh.3.grad * (1.0 - z.tanh.3 * z.tanh.3):
     * [N,120,1,1], 360 operations a sample */
    float *const conv3_add_grad = z_tanh_3_grad;
    INDEPENDENT
    for (int i = 0; i < 120 * n; i++) {
        conv3_add_grad[i] =
            z_tanh_3_grad[i] * (1.0f - z_tanh_3[i] * z_tanh_3[i]);
    }

    /* model.dl:9  conv3.b.grad = sum over axes 0, 2, 3: [N,120,1,1] -> [120],
     * 120 operations a sample */
    INDEPENDENT
    for (int j = 0; j < 120; j++) {
        grad_conv3_b[j] = 0.0f;
    }
    for (int i = 0; i < n; i++) {
        INDEPENDENT
        for (int j = 0; j < 120; j++) {
            grad_conv3_b[j] += conv3_add_grad[i * 120 + j];
        }
    }

    /* model.dl:9  avgpool2.mul.grad.reverse = reverse: [120,16,5,5] ->
     * [120,16,5,5] */
    float *const avgpool2_mul_grad_reverse = (float *)(ws + 1008640);
    copy(p->conv3_w, avgpool2_mul_grad_reverse);

    /* model.dl:9  avgpool2.sumpool.grad = conv 5x5, 120 -> 16 channels:
     * [N,120,1,1] -> [N,16,5,5], toeplitz, 1,200,000 multiply-adds a sample;
     * then 0.25 * v */
    float *const avgpool2_sumpool_grad = (float *)(ws + 1399296);
    conv_scatter(n, conv3_add_grad, avgpool2_mul_grad_reverse,
                 (float *)(ws + 1200640), avgpool2_sumpool_grad);

    /* model.dl:9  conv3.w.grad = conv 1x1 by the weights: [N,16,5,5] ->
     * [120,16,5,5], direct, 48,000 multiply-adds a sample */
    conv_weights_3(n, avgpool2_mul_unblock, conv3_add_grad,
                   (float *)(ws + 1008640), grad_conv3_w);

    /* model.dl:8  z.tanh.2.grad = sumunpool 2x2, stride 2x2: [N,16,5,5] ->
     * [N,16,10,10] */
    float *const z_tanh_2_grad = (float *)(ws + 1162240);
    sumunpool(n, avgpool2_sumpool_grad, z_tanh_2_grad);

    /* model.dl:8  conv2.add.grad = block: [N,16,10,10] -> [N,4,10,10,4]; then v
     * * (1.0 - z.tanh.2 * z.tanh.2) */
    float *const conv2_add_grad = (float *)(ws + 957440);
    block(n, z_tanh_2_grad, conv2_add_grad, z_tanh_2);

    /* model.dl:8  conv2.add.grad.unblock = unblock: [N,4,10,10,4] ->
     * [N,16,10,10] */
    float *const conv2_add_grad_unblock = (float *)(ws + 602112);
    unblock_2(n, conv2_add_grad, conv2_add_grad_unblock);

    /* model.dl:8  conv2.b.grad = sum over axes 0, 2, 3: [N,4,10,10,4] -> [4,4],
     * 1,600 operations a sample */
    sum_channels(n, conv2_add_grad, grad_conv2_b);

    /* model.dl:8  avgpool1.mul.grad.reverse = reverse: [16,6,5,5] ->
     * [16,6,5,5] */
    float *const avgpool1_mul_grad_reverse = (float *)(ws + 994816);
    copy_2(p->conv2_w, avgpool1_mul_grad_reverse);

    /* model.dl:8  avgpool1.sumpool.grad = conv 5x5, 16 -> 6 channels:
     * [N,16,10,10] -> [N,6,14,14], direct, 470,400 multiply-adds a sample; then
     * 0.25 * v */
    float *const avgpool1_sumpool_grad = (float *)(ws + 1204224);
    conv_rows_2(n, conv2_add_grad_unblock, avgpool1_mul_grad_reverse,
                (float *)(ws + 957440), avgpool1_sumpool_grad);

    /* model.dl:8  conv2.w.grad = conv 10x10 by the weights: [N,6,14,14] ->
     * [16,6,5,5], direct, 240,000 multiply-adds a sample */
    conv_weights_4(n, avgpool1_mul, conv2_add_grad_unblock,
                   (float *)(ws + 957440), grad_conv2_w);

    /* model.dl:7  z.tanh.grad = sumunpool 2x2, stride 2x2: [N,6,14,14] ->
     * [N,6,28,28] */
    float *const z_tanh_grad = (float *)(ws + 602112);
    sumunpool_2(n, avgpool1_sumpool_grad, z_tanh_grad);

    /* model.dl:7  conv1.add.grad = z.tanh.grad * (1.0 - z.tanh * z.tanh):
     * [N,6,28,28], 14,112 operations a sample */
    float *const conv1_add_grad = z_tanh_grad;
    INDEPENDENT
    for (int i = 0; i < 4704 * n; i++) {
        conv1_add_grad[i] = z_tanh_grad[i] * (1.0f - z_tanh[i] * z_tanh[i]);
    }

    /* model.dl:7  conv1.b.grad = sum over axes 0, 2, 3: [N,6,28,28] -> [6],
     * 4,704 operations a sample */
    sum_channels_3(n, conv1_add_grad, grad_conv1_b);

    /* model.dl:7  conv1.w.grad = conv 28x28 by the weights: [N,1,28,28] ->
     * [6,1,5,5], direct, 117,600 multiply-adds a sample */
    conv_dots_2(n, in_x, conv1_add_grad, (float *)ws, grad_conv1_w);

    l->J = (double)J;

    return LENET5_OK;
}

int lenet5_step_update(lenet5_params *p, lenet5_step_state *s,
                       const float *in_gradient, void *workspace)
{
    if (!p || !s || !in_gradient) {
        return LENET5_ERROR_NULL;
    }
    (void)workspace;

    const float *const grad_conv1_w = in_gradient;
    const float *const grad_conv1_b = in_gradient + 150;
    const float *const grad_conv2_w = in_gradient + 156;
    const float *const grad_conv2_b = in_gradient + 2556;
    const float *const grad_conv3_w = in_gradient + 2572;
    const float *const grad_conv3_b = in_gradient + 50572;
    const float *const grad_dense1_w = in_gradient + 50692;
    const float *const grad_dense1_b = in_gradient + 60772;
    const float *const grad_dense2_w = in_gradient + 60856;
    const float *const grad_dense2_b = in_gradient + 61696;

    /* model.dl:14  conv1.w.v1.add = 0.9 * step.conv1.w.v + conv1.w: [6,1,5,5],
     * 300 operations */
    INDEPENDENT
    for (int i = 0; i < 150; i++) {
        s->conv1_w_v[i] = 0.9f * s->conv1_w_v[i] + grad_conv1_w[i];
    }

    /* model.dl:14  conv1.w.new = conv1.w - 0.01 * conv1.w.v1.add: [6,1,5,5],
     * 300 operations */
    INDEPENDENT
    for (int i = 0; i < 150; i++) {
        p->conv1_w[i] = p->conv1_w[i] - 0.01f * s->conv1_w_v[i];
    }

    /* model.dl:14  conv1.b.v1.add = 0.9 * step.conv1.b.v + conv1.b: [6], 12
     * operations */
    for (int i = 0; i < 6; i++) {
        s->conv1_b_v[i] = 0.9f * s->conv1_b_v[i] + grad_conv1_b[i];
    }

    /* model.dl:14  conv1.b.new = conv1.b - 0.01 * conv1.b.v1.add: [6], 12
     * operations */
    for (int i = 0; i < 6; i++) {
        p->conv1_b[i] = p->conv1_b[i] - 0.01f * s->conv1_b_v[i];
    }

    /* model.dl:14  conv2.w.v1.add = 0.9 * step.conv2.w.v + conv2.w: [16,6,5,5],
     * 4,800 operations */
    INDEPENDENT
    for (int i = 0; i < 2400; i++) {
        s->conv2_w_v[i] = 0.9f * s->conv2_w_v[i] + grad_conv2_w[i];
    }

    /* model.dl:14  conv2.w.new = conv2.w - 0.01 * conv2.w.v1.add: [16,6,5,5],
     * 4,800 operations */
    INDEPENDENT
    for (int i = 0; i < 2400; i++) {
        p->conv2_w[i] = p->conv2_w[i] - 0.01f * s->conv2_w_v[i];
    }

    /* model.dl:14  conv2.b.v1.add = 0.9 * step.conv2.b.v + conv2.b: [16], 32
     * operations */
    INDEPENDENT
    for (int i = 0; i < 16; i++) {
        s->conv2_b_v[i] = 0.9f * s->conv2_b_v[i] + grad_conv2_b[i];
    }

    /* model.dl:14  conv2.b.new = conv2.b - 0.01 * conv2.b.v1.add: [16], 32
     * operations */
    INDEPENDENT
    for (int i = 0; i < 16; i++) {
        p->conv2_b[i] = p->conv2_b[i] - 0.01f * s->conv2_b_v[i];
    }

    /* model.dl:14  conv3.w.v1.add = 0.9 * step.conv3.w.v + conv3.w:
     * [120,16,5,5], 96,000 operations */
    INDEPENDENT
    for (int i = 0; i < 48000; i++) {
        s->conv3_w_v[i] = 0.9f * s->conv3_w_v[i] + grad_conv3_w[i];
    }

    /* model.dl:14  conv3.w.new = conv3.w - 0.01 * conv3.w.v1.add: [120,16,5,5],
     * 96,000 operations */
    INDEPENDENT
    for (int i = 0; i < 48000; i++) {
        p->conv3_w[i] = p->conv3_w[i] - 0.01f * s->conv3_w_v[i];
    }

    /* model.dl:14  conv3.b.v1.add = 0.9 * step.conv3.b.v + conv3.b: [120], 240
     * operations */
    INDEPENDENT
    for (int i = 0; i < 120; i++) {
        s->conv3_b_v[i] = 0.9f * s->conv3_b_v[i] + grad_conv3_b[i];
    }

    /* model.dl:14  conv3.b.new = conv3.b - 0.01 * conv3.b.v1.add: [120], 240
     * operations */
    INDEPENDENT
    for (int i = 0; i < 120; i++) {
        p->conv3_b[i] = p->conv3_b[i] - 0.01f * s->conv3_b_v[i];
    }

    /* model.dl:14  dense1.w.v1.add = 0.9 * step.dense1.w.v + dense1.w:
     * [84,120], 20,160 operations */
    INDEPENDENT
    for (int i = 0; i < 10080; i++) {
        s->dense1_w_v[i] = 0.9f * s->dense1_w_v[i] + grad_dense1_w[i];
    }

    /* model.dl:14  dense1.w.new = dense1.w - 0.01 * dense1.w.v1.add: [84,120],
     * 20,160 operations */
    INDEPENDENT
    for (int i = 0; i < 10080; i++) {
        p->dense1_w[i] = p->dense1_w[i] - 0.01f * s->dense1_w_v[i];
    }

    /* model.dl:14  dense1.b.v1.add = 0.9 * step.dense1.b.v + dense1.b: [84],
     * 168 operations */
    INDEPENDENT
    for (int i = 0; i < 84; i++) {
        s->dense1_b_v[i] = 0.9f * s->dense1_b_v[i] + grad_dense1_b[i];
    }

    /* model.dl:14  dense1.b.new = dense1.b - 0.01 * dense1.b.v1.add: [84], 168
     * operations */
    INDEPENDENT
    for (int i = 0; i < 84; i++) {
        p->dense1_b[i] = p->dense1_b[i] - 0.01f * s->dense1_b_v[i];
    }

    /* model.dl:14  dense2.w.v1.add = 0.9 * step.dense2.w.v + dense2.w: [10,84],
     * 1,680 operations */
    INDEPENDENT
    for (int i = 0; i < 840; i++) {
        s->dense2_w_v[i] = 0.9f * s->dense2_w_v[i] + grad_dense2_w[i];
    }

    /* model.dl:14  dense2.w.new = dense2.w - 0.01 * dense2.w.v1.add: [10,84],
     * 1,680 operations */
    INDEPENDENT
    for (int i = 0; i < 840; i++) {
        p->dense2_w[i] = p->dense2_w[i] - 0.01f * s->dense2_w_v[i];
    }

    /* model.dl:14  dense2.b.v1.add = 0.9 * step.dense2.b.v + dense2.b: [10], 20
     * operations */
    for (int i = 0; i < 10; i++) {
        s->dense2_b_v[i] = 0.9f * s->dense2_b_v[i] + grad_dense2_b[i];
    }

    /* model.dl:14  dense2.b.new = dense2.b - 0.01 * dense2.b.v1.add: [10], 20
     * operations */
    for (int i = 0; i < 10; i++) {
        p->dense2_b[i] = p->dense2_b[i] - 0.01f * s->dense2_b_v[i];
    }

    s->iter++;
    p->steps++;

    return LENET5_OK;
}

void lenet5_init(lenet5_params *p, uint64_t seed)
{
    const uint64_t step = 0;

    /* model.dl:7  conv1.w.add: [6,1,5,5] */
    uniform(seed, step, 0, 0x4fd0e769u, 150, p->conv1_w);

    /* model.dl:7  conv1.b.add: [6] */
    uniform(seed, step, 0, 0x4fd0d152u, 6, p->conv1_b);

    /* model.dl:8  conv2.w.add: [16,6,5,5] */
    uniform_2(seed, step, 0, 0x4aa369ecu, 2400, p->conv2_w);

    /* model.dl:8  conv2.b.add: [16] */
    uniform_2(seed, step, 0, 0x4aa38003u, 16, p->conv2_b);

    /* model.dl:9  conv3.w.add: [120,16,5,5] */
    uniform_3(seed, step, 0, 0x45c680f3u, 48000, p->conv3_w);

    /* model.dl:9  conv3.b.add: [120] */
    uniform_3(seed, step, 0, 0x45c6a13cu, 120, p->conv3_b);

    /* model.dl:10  dense1.w.add: [84,120] */
    uniform_4(seed, step, 0, 0xf931c6b0u, 10080, p->dense1_w);

    /* model.dl:10  dense1.b.add: [84] */
    uniform_4(seed, step, 0, 0xf931b3ffu, 84, p->dense1_b);

    /* model.dl:10  dense2.w.add: [10,84] */
    uniform_5(seed, step, 0, 0xfe028d7du, 840, p->dense2_w);

    /* model.dl:10  dense2.b.add: [10] */
    uniform_5(seed, step, 0, 0xfe02a02eu, 10, p->dense2_b);

    p->steps = 0;
}

void lenet5_step_state_init(lenet5_step_state *s)
{
    /* model.dl:14  step.conv1.w.v.broadcast: [6,1,5,5] */
    INDEPENDENT
    for (int i = 0; i < 150; i++) {
        s->conv1_w_v[i] = 0.0f;
    }

    /* model.dl:14  step.conv1.b.v.broadcast: [6] */
    for (int i = 0; i < 6; i++) {
        s->conv1_b_v[i] = 0.0f;
    }

    /* model.dl:14  step.conv2.w.v.broadcast: [16,6,5,5] */
    INDEPENDENT
    for (int i = 0; i < 2400; i++) {
        s->conv2_w_v[i] = 0.0f;
    }

    /* model.dl:14  step.conv2.b.v.broadcast: [16] */
    INDEPENDENT
    for (int i = 0; i < 16; i++) {
        s->conv2_b_v[i] = 0.0f;
    }

    /* model.dl:14  step.conv3.w.v.broadcast: [120,16,5,5] */
    INDEPENDENT
    for (int i = 0; i < 48000; i++) {
        s->conv3_w_v[i] = 0.0f;
    }

    /* model.dl:14  step.conv3.b.v.broadcast: [120] */
    INDEPENDENT
    for (int i = 0; i < 120; i++) {
        s->conv3_b_v[i] = 0.0f;
    }

    /* model.dl:14  step.dense1.w.v.broadcast: [84,120] */
    INDEPENDENT
    for (int i = 0; i < 10080; i++) {
        s->dense1_w_v[i] = 0.0f;
    }

    /* model.dl:14  step.dense1.b.v.broadcast: [84] */
    INDEPENDENT
    for (int i = 0; i < 84; i++) {
        s->dense1_b_v[i] = 0.0f;
    }

    /* model.dl:14  step.dense2.w.v.broadcast: [10,84] */
    INDEPENDENT
    for (int i = 0; i < 840; i++) {
        s->dense2_w_v[i] = 0.0f;
    }

    /* model.dl:14  step.dense2.b.v.broadcast: [10] */
    for (int i = 0; i < 10; i++) {
        s->dense2_b_v[i] = 0.0f;
    }

    s->iter = 0;
}

int lenet5_pack(const lenet5_params *p, lenet5_weights *w)
{
    if (!p || !w) {
        return LENET5_ERROR_NULL;
    }

    memcpy(w->conv2_b_packed, p->conv2_b, 16 * sizeof(float));
    memcpy(w->conv3_b_packed, p->conv3_b, 120 * sizeof(float));
    memcpy(w->dense1_b_packed, p->dense1_b, 84 * sizeof(float));
    memcpy(w->dense2_b_packed, p->dense2_b, 10 * sizeof(float));

    /* model.dl:7  pack_blocked: [6,1,5,5] -> [2,1,5,5,1,4] */
    pack_blocked_3(p->conv1_w, 6, 1, 25, 25, 25, w->conv1_w_packed);

    /* model.dl:7  block: [6] -> [2,4] */
    block_2(p->conv1_b, w->conv1_b_packed);

    /* model.dl:8  pack_blocked: [16,6,5,5] -> [4,2,5,5,4,4] */
    pack_blocked_4(p->conv2_w, 16, 6, 25, 150, 25, w->conv2_w_packed);

    /* model.dl:9  pack_blocked: [120,16,5,5] -> [30,4,5,5,4,4] */
    pack_blocked_2(p->conv3_w, 120, 16, 25, 400, 25, w->conv3_w_packed);

    /* model.dl:10  block: [84,120] -> [11,120,8] */
    block_3(p->dense1_w, w->dense1_w_block_packed);

    /* model.dl:10  block: [10,84] -> [1,84,12] */
    block_4(p->dense2_w, w->dense2_w_block_packed);

    return LENET5_OK;
}

size_t lenet5_infer_workspace_bytes(void)
{
    return LENET5_INFER_WORKSPACE_BYTES;
}

size_t lenet5_eval_workspace_bytes(void)
{
    return LENET5_EVAL_WORKSPACE_BYTES;
}

size_t lenet5_step_workspace_bytes(void)
{
    return LENET5_STEP_WORKSPACE_BYTES;
}

size_t lenet5_step_gradient_workspace_bytes(void)
{
    return LENET5_STEP_GRADIENT_WORKSPACE_BYTES;
}

size_t lenet5_step_update_workspace_bytes(void)
{
    return LENET5_STEP_UPDATE_WORKSPACE_BYTES;
}

const char *lenet5_strerror(int status)
{
    switch (status) {
    case LENET5_OK:
        return "success";
    case LENET5_ERROR_NULL:
        return "a pointer is null";
    case LENET5_ERROR_SIZE:
        return "n is not within 1..32";
    case LENET5_ERROR_RANGE:
        return "a label or an index is out of range";
    case LENET5_ERROR_ALIGNMENT:
        return "the workspace is not aligned to 64 bytes";
    default:
        return "unknown status";
    }
}

const lenet5_array lenet5_param_table[] = {
    {"conv1.w", "f32", 4, {6, 1, 5, 5}, offsetof(lenet5_params, conv1_w)},
    {"conv1.b", "f32", 1, {6}, offsetof(lenet5_params, conv1_b)},
    {"conv2.w", "f32", 4, {16, 6, 5, 5}, offsetof(lenet5_params, conv2_w)},
    {"conv2.b", "f32", 1, {16}, offsetof(lenet5_params, conv2_b)},
    {"conv3.w", "f32", 4, {120, 16, 5, 5}, offsetof(lenet5_params, conv3_w)},
    {"conv3.b", "f32", 1, {120}, offsetof(lenet5_params, conv3_b)},
    {"dense1.w", "f32", 2, {84, 120}, offsetof(lenet5_params, dense1_w)},
    {"dense1.b", "f32", 1, {84}, offsetof(lenet5_params, dense1_b)},
    {"dense2.w", "f32", 2, {10, 84}, offsetof(lenet5_params, dense2_w)},
    {"dense2.b", "f32", 1, {10}, offsetof(lenet5_params, dense2_b)},
};

const lenet5_array lenet5_step_state_table[] = {
    {"step.conv1.w.v", "f32", 4, {6, 1, 5, 5},
     offsetof(lenet5_step_state, conv1_w_v)},
    {"step.conv1.b.v", "f32", 1, {6}, offsetof(lenet5_step_state, conv1_b_v)},
    {"step.conv2.w.v", "f32", 4, {16, 6, 5, 5},
     offsetof(lenet5_step_state, conv2_w_v)},
    {"step.conv2.b.v", "f32", 1, {16}, offsetof(lenet5_step_state, conv2_b_v)},
    {"step.conv3.w.v", "f32", 4, {120, 16, 5, 5},
     offsetof(lenet5_step_state, conv3_w_v)},
    {"step.conv3.b.v", "f32", 1, {120}, offsetof(lenet5_step_state, conv3_b_v)},
    {"step.dense1.w.v", "f32", 2, {84, 120},
     offsetof(lenet5_step_state, dense1_w_v)},
    {"step.dense1.b.v", "f32", 1, {84},
     offsetof(lenet5_step_state, dense1_b_v)},
    {"step.dense2.w.v", "f32", 2, {10, 84},
     offsetof(lenet5_step_state, dense2_w_v)},
    {"step.dense2.b.v", "f32", 1, {10},
     offsetof(lenet5_step_state, dense2_b_v)},
};

const lenet5_array lenet5_input_table[] = {
    {"x", "f32", 4, {-1, 1, 28, 28}, 0},
    {"y", "i32", 1, {-1}, 0},
};

const lenet5_array lenet5_output_table[] = {
    {"p", "f32", 2, {-1, 10}, 0},
};
