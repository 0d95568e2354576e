/* c [32, 32] = the product of 32 rows, [CB, PARTS, PLANE, 16] words, with one
 * panel of 32 columns, [CB, KH, KW, PARTS, 2, 16, 16] words, CB blocks of 32
 * channels for each place of a window of KH x KW cells.
 *
 * The row that sees cell p at the first place of its window sees the others as
 * far behind p as in a plane of QH * QW phases, RP rows, WP cells. With `w` the
 * weights are split here, step by step, while the tiles are busy.
 * The smallest products come first: a1 b3, a1 b2, a2 b2, a2 b1, a3 b1, a1 b1,
 * where parts 1, 2, 3 of a number are ever smaller; of two parts a2 b1, a1 b1,
 * a1 b2.
 */
AMX_CODE static void KERNEL_block_product(const uint32_t *restrict cells,
                                  uint32_t *restrict panel,
                                  const float *restrict w,
                                  const float *restrict w16, float *restrict c)
{
    enum { PART = PLANE * 16 };
    uint32_t *b = panel;
    TILES_CLEAR(c);
    for (int cb = 0; cb < CB; cb++)
        for (int kh = 0; kh < KH; kh++)
            for (int kw = 0; kw < KW; kw++) {
                const uint32_t *a = cells + cb * (PARTS * PART);
#if SH * SW == 1
                a += (kh * DH * WP + kw * DW) * 16;
#else
                const int phase = kh * DH % SH * QW + kw * DW % SW;
                a += (phase * (RP * WP) + kh * DH / SH * WP + kw * DW / SW) *
                     16;
#endif
                if (w)
                    KERNEL_weights(w, w16, cb, kh * KW + kw, b);
#if PARTS == 3
                TILES_A(a);
                TILES_B(b + 1024);
                TILES_PRODUCT(c);
                TILES_B(b + 512);
                TILES_PRODUCT(c);
                TILES_A(a + PART);
                TILES_PRODUCT(c);
                TILES_B(b);
                TILES_PRODUCT(c);
                TILES_A(a + 2 * PART);
                TILES_PRODUCT(c);
                TILES_A(a);
                TILES_PRODUCT(c);
#else
                TILES_A(a + PART);
                TILES_B(b);
                TILES_PRODUCT(c);
                TILES_A(a);
                TILES_PRODUCT(c);
                TILES_B(b + 512);
                TILES_PRODUCT(c);
#endif
#if KEPT > 1
                b += PARTS * 512;
#endif
            }
    TILES_STORE(c);
}
