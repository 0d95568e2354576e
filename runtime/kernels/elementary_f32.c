/* Elementary functions for float, in float arithmetic and without a branch,
 * so that loops over them become vector code; one piece for each, as in
 * helpers.c.
 *
 * Special values are those of C's Annex F; errno and the flags are not kept.
 * The bounds are in units in the last place (ulp) of the result and hold for
 * every argument, with and without fused multiply-adds (tests/slow tries all).
 * Polynomials are fitted to the least largest error on the stated interval
 * (Lawson's iteration on 400 Chebyshev points) and rounded to float. The
 * reductions are those of Cody, Waite, "Software manual for the elementary
 * functions", 1980: log(2) is a sum of a head of few bits, so that multiples
 * of it are exact, and a rest.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

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

/* The integer nearest to x / log(2), for |x| < 2^21; of x = NaN any. The sum
 * with 1.5 * 2^23 has it in its last bits.
 */
static inline int32_t exponent_f32(float x)
{
    return (int32_t)(bits_f32(x * 1.44269504f + 12582912.0f) - 0x4b400000u);
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

/* exp; at most 1 ulp. x = k log(2) + r with k an integer. 2^k is multiplied
 * in two steps, since it may be no normal number.
 */
static inline float exp_f32(float x)
{
    x = x < -105.0f ? -105.0f : x;
    x = x > 89.0f ? 89.0f : x;
    int32_t k = exponent_f32(x), half = k >> 1;
    return (1.0f + mantissa_less_1_f32(x, (float)k)) *
           of_bits_f32((uint32_t)(half + 127) << 23) *
           of_bits_f32((uint32_t)(k - half + 127) << 23);
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

/* log(1 + x); at most 1.5 ulp. The logarithm of the rounded sum, and the first
 * order of what was rounded off.
 */
static inline float log1p_f32(float x)
{
    float sum = 1.0f + x;
    float off = x < 1.0f ? x - (sum - 1.0f) : 1.0f - (sum - x);
    float y = log_sum_f32(sum, off / sum);
    y = sum > 0.0f ? y : NAN;
    y = sum == 0.0f ? -INFINITY : y;
    return sum == 1.0f || sum == INFINITY || x != x ? x : y;
}

/* log(1 + exp(x)), without overflow; at most 2 ulp. */
static inline float softplus_f32(float x)
{
    float e = exp_down_f32(of_bits_f32(bits_f32(x) | 0x80000000u));
    return (x < 0.0f ? 0.0f : x) + log1p_f32(e);
}

/* erf; at most 1.5 ulp. Below 1 x + x P(x^2), above 1 - exp(-|x| Q(|x|)). */
static inline float erf_f32(float x)
{
    float a = of_bits_f32(bits_f32(x) & 0x7fffffffu), z = x * x;
    float t = a > 4.0f ? 4.0f : a;
    float p = 7.85385491e-05f;
    p = p * z - 0.000801019138f;
    p = p * z + 0.00518832728f;
    p = p * z - 0.026853811f;
    p = p * z + 0.112835854f;
    p = p * z - 0.37612626f;
    p = p * z + 0.128379166f;
    float q = 1.3963011e-05f;
    q = q * t - 0.000350597664f;
    q = q * t + 0.00375749962f;
    q = q * t - 0.0240101162f;
    q = q * t + 0.10653092f;
    q = q * t + 0.634969473f;
    q = q * t + 1.1286943f;
    return a < 1.0f ? x + x * p : signed_f32(1.0f - exp_down_f32(-t * q), x);
}
