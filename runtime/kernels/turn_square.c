/* TURN x TURN elements turned in registers: to[k, j] = from[j, k], rows `step`
 * and `to_step` elements apart. TURN is 4, or 8 with vectors of 32 bytes at
 * least. There where compilers know __builtin_shufflevector.
 */
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
typedef REAL KERNEL_line __attribute__((vector_size(TURN * sizeof(REAL))));
typedef REAL KERNEL_line_mem __attribute__((
    vector_size(TURN * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));

static void KERNEL_turn(const REAL *restrict from, int step, REAL *restrict to,
                        int to_step)
{
    KERNEL_line r[TURN], s[TURN];
#pragma GCC unroll 8
    for (int i = 0; i < TURN; i++)
        r[i] = *(const KERNEL_line_mem *)(from + i * step);
#if TURN == 8
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 2) {
        s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5,
                                       13);
        s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14,
                                           7, 15);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 4)
#pragma GCC unroll 8
        for (int k = 0; k < 2; k++) {
            r[i + 2 * k] = __builtin_shufflevector(s[i + k], s[i + k + 2], 0, 1,
                                                   8, 9, 4, 5, 12, 13);
            r[i + 2 * k + 1] = __builtin_shufflevector(
                s[i + k], s[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
#pragma GCC unroll 8
    for (int i = 0; i < 4; i++) {
        s[i] = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10,
                                       11);
        s[i + 4] = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13,
                                           14, 15);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; i++)
        *(KERNEL_line_mem *)(to + i * to_step) = s[i];
#else
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
        *(KERNEL_line_mem *)(to + i * to_step) = r[i];
#endif
}
#endif
