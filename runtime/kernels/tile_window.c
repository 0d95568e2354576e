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
 * cell of x as often as a vector has lanes, as many turns are written out as the
 * compilers find registers for. A cell that serves one block is spread by the
 * multiply-add itself, where instructions of 64 bytes do that.
 * With CHUNK < CB only `blocks` channel blocks are added, to what c holds unless
 * they are the first; c is [NB, OH * OW, V] then, and its first `old` blocks stay.
 * The last SPARE channels of the last block are not read.
 */
INLINE static void KERNEL_window_tile(int mr, const REAL *restrict x,
                                      const REAL *restrict w,
#if CHUNK < CB
                                      int first, int blocks,
#if OB % NB
                                      int old,
#endif
#endif
#if AHEAD
                                      const REAL *next,
#endif
                                      REAL *restrict c)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), PARTS = V / LANES };
    enum { NV = NB * PARTS, WBLOCK = CB * KH * KW * XV * V };
    /* Runs of cells that lie evenly apart. */
#if (DW == 1 && SPARE == 0 && XV < 8) || XV == 1
    enum { RUNS = 1, TURNS = KW * XV, APART = DW * COPIES };
#else
    enum { RUNS = KW, TURNS = XV, APART = COPIES };
#endif
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][NV];
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
            acc[i][j] = zero;
    }
#if CHUNK < CB
    if (!first) {
        UNROLL
        for (int i = 0; i < mr; i++) {
            UNROLL
            for (int j = 0; j < NV; j++)
                acc[i][j] =
                    *(const KERNEL_mem *)(c + j / PARTS * (OH * OW * V) +
                                          i * V + j % PARTS * LANES);
        }
    }
    for (int cb = 0; cb < blocks; cb++) {
#else
    for (int cb = 0; cb < CB; cb++) {
#endif
#if AHEAD
        UNROLL
        for (int j = 0; j < NB * AHEAD; j++)
            PREFETCH_L2(next + j / AHEAD * WBLOCK + j % AHEAD * LINE);
        next += KH * KW * XV * V;
#endif
        for (int r = 0; r < KH; r++)
            for (int q = 0; q < RUNS; q++) {
                const REAL *xr =
                    x + cb * XPLANE + r * DH * XROW + q * (DW * XV * COPIES);
#if SPARE
                int turns = cb + 1 < CB ? XV : XV - SPARE;
#endif
#if COPIES > 1 && MR * NB < 12
                UNROLL_4
#elif COPIES > 1
#if defined(__clang__)
                ROLLED
#else
                UNROLL_2
#endif
#else
                UNROLL_8
#endif
#if SPARE
                for (int k = 0; k < turns; k++) {
#else
                for (int k = 0; k < TURNS; k++) {
#endif
#if XV == 1 && COPIES == 1
                    ANEW(xr);
#endif
                    const REAL *xp = xr + k * APART;
                    KERNEL_vec wv[NV];
                    UNROLL
                    for (int j = 0; j < NV; j++) {
                        wv[j] = *(const KERNEL_mem *)(w + j / PARTS * WBLOCK +
                                                      j % PARTS * LANES);
                        IN_REGISTER(wv[j]);
                    }
                    w += V;
                    UNROLL
                    for (int i = 0; i < mr; i++) {
#if COPIES > 1
                        KERNEL_vec cell =
                            *(const KERNEL_mem *)(xp + i * (SW * XV * COPIES));
                        IN_REGISTER(cell);
#else
                        KERNEL_vec cell = xp[i * (SW * XV)] - zero;
#endif
                        UNROLL
                        for (int j = 0; j < NV; j++)
                            acc[i][j] += cell * wv[j];
#if NB > 1 || VB < 64
                        UNTIL_HERE(cell);
#endif
                    }
                    UNROLL
                    for (int j = 0; j < NV; j++)
                        UNTIL_HERE(wv[j]);
                }
#if SPARE
                w += (TURNS - turns) * V;
#endif
            }
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        UNROLL
        for (int j = 0; j < NV; j++)
#if CHUNK < CB
#if OB % NB
            if (j / PARTS >= old)
#endif
                *(KERNEL_mem *)(c + j / PARTS * (OH * OW * V) + i * V +
                                j % PARTS * LANES) = acc[i][j];
#else
            *(KERNEL_mem *)(c + (i * NV + j) * LANES) = acc[i][j];
#endif
    }
}
