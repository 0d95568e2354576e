/* sin and cos for --freestanding: as elementary.c, whose pieces they use.
 *
 * One exact reduction by multiples of pi / 2 for arguments of any size, then
 * Taylor series.
 */
#include <stdint.h>

/* The binary digits of 2 / pi behind the point. */
static const uint32_t two_over_pi_bits[38] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041,
    0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c,
    0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41,
    0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f,
    0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
    0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08,
    0x56033046, 0xfc7b6bab,
};

/* x = q pi / 2 + *r with |*r| <= pi / 4; returns q modulo 4. For any finite
 * x >= pi / 4, *r to 2 ulp. x is an integer times 2^e; of the product of that
 * integer and 2 / pi only the digits that matter are computed: those above are
 * multiples of 4, those below too small. Payne, Hanek, "Radian reduction for
 * trigonometric functions", SIGNUM Newsletter 18, 1983.
 */
static inline int quadrant_f64(double x, double *r)
{
    enum { WORDS = 7 };
    uint64_t bits = bits_f64(x), sum = 0, part[2];
    uint64_t m = (bits & 0x000fffffffffffff) | 0x0010000000000000;
    int e = (int)(bits >> 52) - 1075, first = e < 2 ? 0 : (e - 2) / 32;
    uint32_t product[WORDS + 3] = {0};
    uint64_t high = 0;
    for (int i = 0; i < WORDS; i++) { /* lowest first */
        uint64_t word = two_over_pi_bits[first + WORDS - 1 - i];
        sum = (uint64_t)(uint32_t)high + (m & 0xffffffff) * word;
        product[i] = (uint32_t)sum;
        high = (high >> 32) + (sum >> 32) + (m >> 32) * word;
    }
    product[WORDS] = (uint32_t)high;
    product[WORDS + 1] = (uint32_t)(high >> 32);
    int point = 32 * (first + WORDS) - e; /* bits behind the point */
    for (int i = 0; i < 2; i++) { /* the 64 bits behind it, and 64 more */
        int at = point - 64 * (i + 1), w = at / 32, shift = at % 32;
        uint64_t low = product[w] | (uint64_t)product[w + 1] << 32;
        part[i] = low >> shift;
        if (shift > 0)
            part[i] |= (uint64_t)product[w + 2] << (64 - shift);
    }
    int w = point / 32;
    uint64_t whole = w > WORDS + 1 ? 0 : product[w];
    if (w <= WORDS)
        whole |= (uint64_t)product[w + 1] << 32;
    int q = (int)((whole >> (point % 32)) & 3);
    double sign = 1.0;
    if (part[0] >> 63) { /* nearer to the next one */
        part[0] = ~part[0];
        part[1] = ~part[1];
        sign = -1.0;
        q = (q + 1) % 4;
    }
    double turns = (double)part[0] * 5.421010862427522e-20 +
                   (double)part[1] * 2.938735877055719e-39;
    *r = sign * turns * 1.5707963267948966;
    return q;
}

/* sin x for |x| <= pi / 4, by its Taylor series; at most 1 ulp. */
static inline double sin_near_0_f64(double x)
{
    static const double taylor[] = {
        -1.0 / 6,
        1.0 / 120,
        -1.0 / 5040,
        1.0 / 362880,
        -1.0 / 39916800,
        1.0 / 6227020800.0,
        -1.0 / 1307674368000.0,
        1.0 / 355687428096000.0,
    };
    double z = x * x;
    return x + x * z * polynomial_f64(taylor, 7, z);
}

/* cos x for |x| <= pi / 4, by its Taylor series; at most 1 ulp. */
static inline double cos_near_0_f64(double x)
{
    static const double taylor[] = {
        1.0 / 24,
        -1.0 / 720,
        1.0 / 40320,
        -1.0 / 3628800,
        1.0 / 479001600,
        -1.0 / 87178291200.0,
        1.0 / 20922789888000.0,
        -1.0 / 6402373705728000.0,
    };
    double z = x * x;
    return 1.0 - (0.5 * z - z * z * polynomial_f64(taylor, 7, z));
}

/* sin; at most 3 ulp, for arguments of any size. */
static inline double sin_f64(double x)
{
    double size = abs_f64(x), r;
    if (size < 1e-8)
        return x;
    if (size <= 0.785)
        return sin_near_0_f64(x);
    if (!(size < (double)INFINITY))
        return (double)NAN;
    int q = quadrant_f64(size, &r);
    double y = q % 2 ? cos_near_0_f64(r) : sin_near_0_f64(r);
    return (q >= 2) != (x < 0.0) ? -y : y;
}

/* sin; at most 1 ulp, for arguments of any size. */
static inline float sin_f32(float x)
{
    return (float)sin_f64((double)x);
}

/* cos; at most 3 ulp, for arguments of any size. */
static inline double cos_f64(double x)
{
    double size = abs_f64(x), r;
    if (size <= 0.785)
        return cos_near_0_f64(x);
    if (!(size < (double)INFINITY))
        return (double)NAN;
    int q = quadrant_f64(size, &r);
    double y = q % 2 ? sin_near_0_f64(r) : cos_near_0_f64(r);
    return q == 1 || q == 2 ? -y : y;
}

/* cos; at most 1 ulp, for arguments of any size. */
static inline float cos_f32(float x)
{
    return (float)cos_f64((double)x);
}
