/* Tiles of bf16 numbers, AMX. Operands are 32 x 16 words of two numbers each, c
 * is [32, 32]; a product adds to each of four tiles of 16 x 16
 *   c[i, j] += sum over k of a[i, 2 k] b[k, 2 j] + a[i, 2 k + 1] b[k, 2 j + 1]
 * as the instruction does it. Where there is none, and with EMULATE_AMX, plain
 * C computes the same bits, slowly.
 */
#if !defined(EMULATE_AMX) && defined(__x86_64__) && !defined(__ILP32__) &&    \
    defined(__linux__) && !defined(__TINYC__)
#if defined(__clang__)
#define HAS_AMX (__clang_major__ >= 12)
#elif defined(__GNUC__)
#define HAS_AMX (__GNUC__ >= 11)
#endif
#endif
#if !defined(HAS_AMX)
#define HAS_AMX 0
#endif
#if HAS_AMX
#define AMX_CODE __attribute__((target("amx-tile,amx-bf16")))
#define TILE_LOAD(t, p)                                                        \
    __asm__ volatile("tileloadd (%0,%1,1), %%tmm" #t                           \
                     :                                                         \
                     : "r"(p), "r"((int64_t)64)                                \
                     : "memory")
#define TILE_STORE(t, p)                                                       \
    __asm__ volatile("tilestored %%tmm" #t ", (%0,%1,1)"                       \
                     :                                                         \
                     : "r"(p), "r"((int64_t)128)                               \
                     : "memory")
#define TILE_ADD(c, a, b)                                                      \
    __asm__ volatile("tdpbf16ps %%tmm" #b ", %%tmm" #a ", %%tmm" #c : :)
#define TILES_BEGIN                                                            \
    __asm__ volatile("ldtilecfg %0" : : "m"(amx_config) : "memory")
#define TILES_END __asm__ volatile("tilerelease" : : : "memory")
#define TILES_CLEAR(c)                                                         \
    __asm__ volatile("tilezero %%tmm0\n\ttilezero %%tmm1\n\t"                  \
                     "tilezero %%tmm2\n\ttilezero %%tmm3" : :)
#define TILES_A(p)                                                             \
    TILE_LOAD(4, p);                                                           \
    TILE_LOAD(5, (p) + 256)
#define TILES_B(p)                                                             \
    TILE_LOAD(6, p);                                                           \
    TILE_LOAD(7, (p) + 256)
#define TILES_PRODUCT(c)                                                       \
    TILE_ADD(0, 4, 6);                                                         \
    TILE_ADD(1, 4, 7);                                                         \
    TILE_ADD(2, 5, 6);                                                         \
    TILE_ADD(3, 5, 7)
#define TILES_STORE(c)                                                         \
    TILE_STORE(0, c);                                                          \
    TILE_STORE(1, (c) + 16);                                                   \
    TILE_STORE(2, (c) + 512);                                                  \
    TILE_STORE(3, (c) + 528)

/* Palette 1; eight tiles of 64 bytes a row, 16 rows. */
static const uint8_t amx_config[64] = {
    1,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    64, 0,  64, 0,  64, 0,  64, 0,  64, 0,  64, 0,  64, 0,  64, 0,
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    16, 16, 16, 16, 16, 16, 16, 16, 0,  0,  0,  0,  0,  0,  0,  0};
#else
#define AMX_CODE
#define TILES_BEGIN
#define TILES_END
#define TILES_CLEAR(c)                                                         \
    const uint32_t *tile_a = NULL, *tile_b = NULL;                             \
    memset(c, 0, 4096)
#define TILES_A(p) tile_a = p
#define TILES_B(p) tile_b = p
#define TILES_PRODUCT(c)                                                       \
    amx_add(tile_a, tile_b, c);                                                \
    amx_add(tile_a, tile_b + 256, (c) + 16);                                   \
    amx_add(tile_a + 256, tile_b, (c) + 512);                                  \
    amx_add(tile_a + 256, tile_b + 256, (c) + 528)
#define TILES_STORE(c)

/* To float, to nearest; what is below its normal numbers becomes zero. */
static float amx_round(double x)
{
    float y = (float)x;
    if (x > -1.1754943157898259e-38 && x < 1.1754943157898259e-38)
        return x < 0 ? -0.0f : 0.0f;
    return y;
}

/* The number whose bits are the upper half of a word; none below normal. */
static double amx_number(uint32_t word)
{
    float x;
    word &= word & 0x7f800000 ? 0xffff0000 : 0x80000000;
    memcpy(&x, &word, sizeof x);
    return (double)x;
}

/* One tile of 16 x 16 sums: the even terms and the odd ones each by fused
 * multiply-adds, then together to c. A product of two bf16 has 16 bits, so what
 * a double makes of it and a float rounds to float as if it were exact.
 */
static void amx_add(const uint32_t *a, const uint32_t *b, float *c)
{
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) {
            float even = 0, odd = 0;
            for (int k = 0; k < 16; k++) {
                uint32_t x = a[i * 16 + k], y = b[k * 16 + j];
                even = amx_round(amx_number(x << 16) * amx_number(y << 16) +
                                 (double)even);
                odd = amx_round(amx_number(x) * amx_number(y) + (double)odd);
            }
            c[i * 32 + j] =
                amx_round((double)c[i * 32 + j] +
                          (double)amx_round((double)even + (double)odd));
        }
}
#endif
