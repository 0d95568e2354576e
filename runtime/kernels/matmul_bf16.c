/* Matrix product with a matrix in panels of 32 columns, by tiles of bf16 parts.
 *
 * y[i,j] = sum over k of x[i,k] * w[j / 32, k, j % 32]. Numbers are split into
 * PARTS parts; with three, six products of parts are as accurate as float, with
 * two there are three products. MB rows of x at a time are split into words;
 * each panel is split at their first block of 32 rows and kept for the others,
 * or just its KEPT = 1 last block of 32 terms where there are no others.
 * Contract: y overlaps nothing; 32 divides MB; PLANE >= MB; scratch for 1024 +
 * PARTS * (512 * KEPT + 16 * CB * PLANE) + 512 words of 4 bytes; TILES: amx.c.
 */
#include "bf16_split.c"
#include "bf16_panel.c"
#include "bf16_block.c"

AMX_CODE static void KERNEL(N_PARAM const REAL *restrict x,
                            const REAL *restrict w, void *restrict scratch,
                            OUT *restrict y EXTRA_PARAMS)
{
    float *c = (float *)scratch; /* [32, 32] */
    uint32_t *panel = (uint32_t *)(c + 1024);
    uint32_t *rows = panel + KEPT * (PARTS * 512);
    TILES_BEGIN;
    for (int i0 = FROM(SPLIT_ROWS, M, 32); i0 < TO(SPLIT_ROWS, M, 32);
         i0 += MB) {
        int rest = TO(SPLIT_ROWS, M, 32) - i0, count = rest < MB ? rest : MB;
        for (int i = 0; i < count; i++)
            for (int cb = 0; cb < CB; cb++) {
                const float *from = x + (i0 + i) * K + cb * 32;
                uint32_t *to = rows + (cb * (PARTS * PLANE) + i) * 16;
#if K % 32
                float last[32] = {0};
                if (cb == CB - 1) {
                    for (int k = 0; k < K % 32; k++)
                        last[k] = from[k];
                    from = last;
                }
#endif
                KERNEL_split_words(CUT, from, from + 16, to, PLANE * 16);
            }
        for (int j = FROM(SPLIT_COLUMNS, N, 32); j < TO(SPLIT_COLUMNS, N, 32);
             j += 32) {
            const float *wj = w + j * K;
#if N % 32
            int columns = N - j < 32 ? N - j : 32;
#else
            const int columns = 32;
#endif
            for (int i1 = 0; i1 < count; i1 += 32) {
                int end = count - i1 < 32 ? count - i1 : 32;
                KERNEL_block_product(rows + i1 * 16, panel, i1 ? NULL : wj,
                                     wj + 16, c);
                for (int r = 0; r < end; r++) {
                    int i = i0 + i1 + r;
                    INDEPENDENT
                    for (int s = 0; s < columns; s++)
                        y[i * N + j + s] = EPILOGUE(c[r * 32 + s], i, j + s);
                }
            }
        }
    }
    TILES_END;
}
