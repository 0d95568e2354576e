/* Convolution on channel-blocked arrays, sums over the window.
 *
 * x is [B, G * CB, H, W, XV]: blocks of XV channels, the channels of a place
 * side by side (XV = 1: channels first); w is [G * OB, CB, KH, KW, XV, V] and y
 * [B, G * OB, OH, OW, V]. A tile is MR places of a row by NB output blocks;
 * a row has MANY tiles of MR places, then FEW of MR - 1. ROWS result rows at a
 * time, so that the cells they see stay in the cache; with BORDER they are
 * copied there with zeros around them, as RP rows of WP cells, COPIES of each
 * side by side. With CHUNK < CB the channels are added CHUNK blocks at a time,
 * and the sums wait in y, but for those of the `old` blocks that the tile before
 * made. PICK: the window is one place, and every PSH-th row and PSW-th column of
 * x [B, G * CB, PH, PW, XV] is copied first, PER rows of them as one of W places.
 * AHEAD: each tile asks for that many of the LINES lines, of LINE elements,
 * that a channel block has of the next output blocks' weights.
 * The ends of short sums are written out, so that they are taken from registers.
 * Contract: y overlaps nothing; OB >= NB; MANY * MR + FEW * (MR - 1) = OW; with
 * BORDER or PICK scratch for CHUNK * RP * WP * XV * COPIES elements; CHUNK <
 * CB only where OUT is REAL.
 */
#include "vector.c"
#include "tile_window.c"
#if BORDER && COPIES > 1
#include "spread.c"
#elif BORDER
#include "border.c"
#endif
#if PICK
#include "pick_cells.c"
#endif

/* count places of one row from place p on: all tiles of one size. */
INLINE static void KERNEL_places(int mr, int count, const REAL *restrict x,
                                 const REAL *restrict w,
#if CHUNK < CB
                                 int c0, int blocks,
#if OB % NB
                                 int old,
#endif
#endif
#if AHEAD
                                 int ahead,
#endif
                                 int b, int o, int p,
                                 OUT *restrict y EXTRA_PARAMS)
{
#if RELU
    REAL least = 0;
    HIDE(least);
#endif
    for (int t = 0; t < count; t++, p += mr, x += mr * (SW * XV * COPIES)) {
#if CHUNK < CB
        REAL *c = y + ((b * (G * OB) + o) * (OH * OW) + p) * V;
#else
        REAL c[MR * NB * V];
#endif
        KERNEL_window_tile(mr, x, w,
#if CHUNK < CB
                           c0 == 0, blocks,
#if OB % NB
                           old,
#endif
#endif
#if AHEAD
                           w + ahead + (p + MR - 1) / MR * AHEAD % LINES * LINE,
#endif
                           c);
#if CHUNK < CB
        if (c0 + CHUNK < CB)
            continue;
#if OB % NB
        for (int j = old; j < NB; j++)
#else
        for (int j = 0; j < NB; j++)
#endif
            for (int i = 0; i < mr; i++) {
                REAL *to = c + (j * (OH * OW) + i) * V;
                INDEPENDENT
                for (int l = 0; l < V; l++)
                    to[l] = EPILOGUE(to[l], b, o + j, p + i, l);
            }
#else
#if CB * XV * KH * KW <= 64
        UNROLL
#endif
        for (int j = 0; j < NB; j++)
#if CB * XV * KH * KW <= 64
            UNROLL
#endif
            for (int i = 0; i < mr; i++) {
                const REAL *from = c + (i * NB + j) * V;
                OUT *to = y + ((b * (G * OB) + o + j) * (OH * OW) + p + i) * V;
                INDEPENDENT
                for (int l = 0; l < V; l++)
                    to[l] = EPILOGUE(from[l], b, o + j, p + i, l);
            }
#endif
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
#if BORDER || PICK
                   void *restrict scratch,
#endif
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int g = FROM(SPLIT_GROUPS, G, 1); g < TO(SPLIT_GROUPS, G, 1); g++)
            for (int h0 = FROM(SPLIT_ROWS, OH, 1); h0 < TO(SPLIT_ROWS, OH, 1);
                 h0 += ROWS) {
                int h1 = TO(SPLIT_ROWS, OH, 1) - h0 < ROWS
                             ? TO(SPLIT_ROWS, OH, 1)
                             : h0 + ROWS;
                const REAL *cells = x + (b * G + g) * (CB * CELLS * XV);
#if CHUNK < CB
                for (int c0 = 0; c0 < CB; c0 += CHUNK) {
                    int blocks = CB - c0 < CHUNK ? CB - c0 : CHUNK;
                    cells = x + ((b * G + g) * CB + c0) * (CELLS * XV);
#elif BORDER || PICK
                enum { blocks = CB };
#endif
#if BORDER && COPIES > 1
                    KERNEL_spread(cells, blocks, h0 * SH - LH, (REAL *)scratch);
                    cells = (const REAL *)scratch;
#elif BORDER
                    KERNEL_border(cells, blocks, H * W * XV, H, W * XV,
                                  h0 * SH - LH, RP, LW * XV, WP * XV,
                                  (REAL *)scratch);
                    cells = (const REAL *)scratch;
#elif PICK
                KERNEL_pick(cells, blocks, h0, h1 - h0, (REAL *)scratch);
                cells = (const REAL *)scratch;
#else
                cells += h0 * SH * XROW;
#endif
                    for (int o0 = FROM(SPLIT_COLUMNS, OB, NB);
                         o0 < TO(SPLIT_COLUMNS, OB, NB); o0 += NB) {
                        int o = g * OB + (o0 < OB - NB ? o0 : OB - NB);
                        const REAL *wo = w + o * (CB * KH * KW * XV * V);
#if AHEAD
                        int then = o0 + NB < OB - NB ? o0 + NB : OB - NB;
                        int ahead =
                            (g * OB + then - o) * (CB * KH * KW * XV * V);
#endif
#if CHUNK < CB
#if OB % NB
                        int old = g * OB + o0 - o;
#endif
                        wo += c0 * (KH * KW * XV * V);
#endif
                        for (int h = h0; h < h1; h++) {
                            const REAL *row = cells + (h - h0) * SH * XROW;
                            KERNEL_places(MR, MANY, row, wo,
#if CHUNK < CB
                                          c0, blocks,
#if OB % NB
                                          old,
#endif
#endif
#if AHEAD
                                          ahead,
#endif
                                          b, o, h * OW, y EXTRA_ARGS);
#if FEW
                            KERNEL_places(
                                MR - 1, FEW,
                                row + MANY * MR * (SW * XV * COPIES), wo,
#if CHUNK < CB
                                c0, blocks,
#if OB % NB
                                old,
#endif
#endif
#if AHEAD
                                ahead,
#endif
                                b, o, h * OW + MANY * MR, y EXTRA_ARGS);
#endif
                        }
                    }
#if CHUNK < CB
                }
#endif
            }
}
