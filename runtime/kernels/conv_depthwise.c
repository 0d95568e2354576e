/* Depthwise convolution on channel-blocked arrays: each channel has a kernel of
 * its own.
 *
 * x is [B, CB, H, W, V], w [CB, KH, KW, V], y [B, CB, OH, OW, V]; a vector is V
 * channels of one place, and a tile is MR places of a row. Nothing is copied:
 * windows leave out what is outside the input. A row is MANY tiles of MR places
 * and FEW of MR - 1. With EDGES these hold the whole row, and what is outside
 * is known when the first and the last tile are compiled; else LEFT places
 * before and RIGHT places behind them are computed one by one. With LINES all
 * windows of the rows TOP .. BOTTOM are inside, and their KH lines are written
 * out: the weights stay in registers.
 * Contract: y overlaps nothing; MANY * MR + FEW * (MR - 1) + LEFT + RIGHT = OW;
 * with EDGES, MANY > 0, and windows that leave the row are all in the first or
 * the last tile; with LINES, MR + (KW - 1) * DW / SW, SW and KH * KW are at most
 * 16.
 */
#include "vector.c"

/* One line of mr windows; xr is the first cell of the first of them. */
INLINE static void KERNEL_line(int mr, int first, int last, int c0, int c1,
                               const REAL *restrict xr,
                               const REAL *restrict wr, KERNEL_vec *acc)
{
    UNROLL_8
    for (int kw = c0; kw < c1; kw++) {
        KERNEL_vec wv = *(const KERNEL_mem *)(wr + kw * V);
        UNROLL
        for (int i = 0; i < mr; i++)
            if ((!first || i * SW + kw * DW >= LW) &&
                (!last || (OW - mr + i) * SW + kw * DW < LW + W))
                acc[i] +=
                    wv * *(const KERNEL_mem *)(xr + (i * SW + kw * DW) * V);
    }
}

#if LINES
/* All lines of mr windows, cell by cell. The first product of a window begins its
 * sum. */
INLINE static void KERNEL_walk(int mr, int first, int last,
                               const REAL *restrict x, const REAL *restrict w,
                               KERNEL_vec *acc)
{
    enum { PAST = (KW - 1) * DW / SW };
    KERNEL_vec wv[KH * KW];
    UNROLL
    for (int k = 0; k < KH * KW; k++)
        wv[k] = *(const KERNEL_mem *)(w + k * V);
    UNROLL
    for (int t = 0; t < mr + PAST; t++) {
        UNROLL
        for (int s = 0; s < SW; s++) {
            UNROLL
            for (int k = 0; k < KH * KW; k++) {
                int kw = KW - 1 - k % KW, cell = t * SW + s, at = cell - kw * DW;
                int i = at / SW, before = first && cell < LW + DW;
                const REAL *from = x + (k / KW * DH * W + cell) * V;
                if (at < 0 || at % SW != 0 || i >= mr || (first && cell < LW) ||
                    (last && (OW - mr) * SW + cell >= LW + W))
                    continue;
                if (k < KW && (kw == 0 || before))
                    acc[i] = wv[k / KW * KW + kw] * *(const KERNEL_mem *)from;
                else
                    acc[i] += wv[k / KW * KW + kw] * *(const KERNEL_mem *)from;
            }
        }
    }
}
#endif

/* mr places from place p on, whose window lines k0 .. k1 and columns c0 .. c1
 * are inside; x is the first cell of the first window. */
INLINE static void KERNEL_tile(int mr, int first, int last, int lines,
                               const REAL *restrict x, const REAL *restrict w,
                               int k0, int k1, int c0, int c1, int b, int cb,
                               int p, OUT *restrict y EXTRA_PARAMS)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    REAL c[MR * V];
#if RELU
    REAL least = 0;
    HIDE(least);
#endif
#if MANY + FEW > 2
    ANEW(x);
#endif
    for (int l = 0; l < V; l += LANES) {
        KERNEL_vec acc[MR];
        UNROLL
        for (int i = 0; i < mr; i++)
            acc[i] = zero;
#if LINES
        if (lines)
            KERNEL_walk(mr, first, last, x + l, w + l, acc);
        else
#else
        (void)lines;
#endif
            for (int kh = k0; kh < k1; kh++)
                KERNEL_line(mr, first, last, c0, c1, x + kh * DH * W * V + l,
                            w + kh * KW * V + l, acc);
        UNROLL
        for (int i = 0; i < mr; i++)
            *(KERNEL_mem *)(c + i * V + l) = acc[i];
    }
    UNROLL
    for (int i = 0; i < mr; i++) {
        const REAL *from = c + i * V;
        OUT *to = y + ((b * CB + cb) * (OH * OW) + p + i) * V;
        INDEPENDENT
        for (int l = 0; l < V; l++)
            to[l] = EPILOGUE(from[l], b, cb, p + i, l);
    }
}

/* Rows h0 .. h1 of the results of a block of channels. */
INLINE static void KERNEL_rows(int lines, int h0, int h1,
                               const REAL *restrict x, const REAL *restrict w,
                               int b, int cb, OUT *restrict y EXTRA_PARAMS)
{
    const REAL *wr = w + cb * (KH * KW * V);
    for (int oh = h0; oh < h1; oh++) {
        int above = LH - oh * SH, below = H + LH - oh * SH;
        int k0 = above > 0 ? (above + DH - 1) / DH : 0;
        int k1 = below > 0 ? (below + DH - 1) / DH : 0;
        k1 = k1 < KH ? k1 : KH;
        const REAL *xr =
            x + (((b * CB + cb) * H + oh * SH - LH) * W + LEFT * SW - LW) * V;
        int p = oh * OW + LEFT;
#if LEFT + RIGHT > 0
        for (int i = 0; i < LEFT + RIGHT; i++) {
            int ow = i < LEFT ? i : OW - LEFT - RIGHT + i;
            int left = LW - ow * SW, right = W + LW - ow * SW;
            int c0 = left > 0 ? (left + DW - 1) / DW : 0;
            int c1 = right > 0 ? (right + DW - 1) / DW : 0;
            KERNEL_tile(1, 0, 0, 0, xr + (ow - LEFT) * SW * V, wr, k0, k1, c0,
                        c1 < KW ? c1 : KW, b, cb, oh * OW + ow, y EXTRA_ARGS);
        }
#endif
#if EDGES
        KERNEL_tile(MR, 1, MANY + FEW == 1, lines, xr, wr, k0, k1, 0, KW, b, cb,
                    p, y EXTRA_ARGS);
        xr += MR * SW * V;
        p += MR;
#endif
        for (int t = EDGES; t < MANY - (EDGES && FEW == 0); t++) {
            KERNEL_tile(MR, 0, 0, lines, xr, wr, k0, k1, 0, KW, b, cb, p,
                        y EXTRA_ARGS);
            xr += MR * SW * V;
            p += MR;
        }
#if FEW
        for (int t = 0; t < FEW - EDGES; t++) {
            KERNEL_tile(MR - 1, 0, 0, lines, xr, wr, k0, k1, 0, KW, b, cb, p,
                        y EXTRA_ARGS);
            xr += (MR - 1) * SW * V;
            p += MR - 1;
        }
#endif
#if EDGES && MANY + FEW > 1
        KERNEL_tile(MR - (FEW > 0), 0, 1, lines, xr, wr, k0, k1, 0, KW, b, cb,
                    p, y EXTRA_ARGS);
#endif
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y EXTRA_PARAMS)
{
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int cb = FROM(SPLIT_COLUMNS, CB, 1); cb < TO(SPLIT_COLUMNS, CB, 1);
             cb++) {
            int h0 = FROM(SPLIT_ROWS, OH, 1), h1 = TO(SPLIT_ROWS, OH, 1);
#if LINES
            int inner = h0 > TOP ? h0 : TOP, end = h1 < BOTTOM ? h1 : BOTTOM;
            KERNEL_rows(0, h0, h1 < TOP ? h1 : TOP, x, w, b, cb, y EXTRA_ARGS);
            KERNEL_rows(1, inner, end, x, w, b, cb, y EXTRA_ARGS);
            h0 = h0 > BOTTOM ? h0 : BOTTOM;
#endif
            KERNEL_rows(0, h0, h1, x, w, b, cb, y EXTRA_ARGS);
        }
}
