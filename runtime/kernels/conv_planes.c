/* Depthwise convolution of plain planes, vectors along the rows of the result.
 *
 * Each channel has a plane and a window of its own, stride and dilation are 1.
 * A tile is TR rows by V places: every line of cells it sees is loaded KW times,
 * one place apart, for all the rows that see it. Nothing is copied: a line is
 * read where it lies, LW cells before it and some behind it, too, which are set
 * to zero in the first and the last tiles; tiles before place EDGE see no cell
 * behind. Only the array's first and last line and a line of zeros, for what is
 * above and below a plane, are in the scratch, with their borders. Tiles at the
 * end lie over their neighbours. Symbols as in conv.c.
 * Contract: y overlaps nothing; OH >= TR; OW >= V; the borders are at least 0
 * and at most V and W cells wide; EDGE is a multiple of V, OW - EDGE < 2 * V;
 * scratch for 3 * LINE cells, LINE = OW + KW - 1.
 */
#include "vector.c"

/* Sets v to zero outside the lanes from .. to. */
INLINE static void KERNEL_between(KERNEL_vec *v, int from, int to)
{
#if defined(__GNUC__) && !defined(__TINYC__)
    static const REAL lanes[] = {0, 1, 2,  3,  4,  5,  6,  7,
                                 8, 9, 10, 11, 12, 13, 14, 15};
    const KERNEL_vec zero = {0}, lane = *(const KERNEL_mem *)lanes;
    __typeof__(lane < zero) inside =
        (lane >= zero + (REAL)from) & (lane < zero + (REAL)to);
    *v = (KERNEL_vec)((__typeof__(inside))*v & inside);
#else
    *v = from <= 0 && to > 0 ? *v : 0;
#endif
}

/* Places ow .. ow + V of TR rows; the first line is that of the first row. All
 * of them are inner ones, or it is known which. `places` is V, which compilers
 * do not see: what they may not take for the cells themselves they load once,
 * not for every row. */
INLINE static void KERNEL_tile(int inner, int places, int ow,
                               const REAL *const *lines,
                               const KERNEL_vec *weights, int b, int o, int oh,
                               OUT *restrict y EXTRA_PARAMS)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    REAL c[TR * V];
    for (int l = 0; l < V; l += LANES) {
        KERNEL_vec acc[TR];
        UNROLL
        for (int r = 0; r < TR; r++)
            acc[r] = zero;
        UNROLL
        for (int i = 0; i < TR + KH - 1; i++) {
            UNROLL
            for (int kw = 0; kw < KW; kw++) {
                int at = ow + l + kw - LW;
                KERNEL_vec v = *(const KERNEL_mem *)(lines[i] + at);
                if (inner)
                    KERNEL_between(&v, 0, places);
                else if (at < 0 || at + LANES > W)
                    KERNEL_between(&v, -at, W - at);
                UNROLL
                for (int r = 0; r < TR; r++)
                    if (r <= i && i < r + KH)
                        acc[r] += v * weights[(i - r) * KW + kw];
            }
        }
        UNROLL
        for (int r = 0; r < TR; r++)
            *(KERNEL_mem *)(c + r * V + l) = acc[r];
    }
    UNROLL
    for (int r = 0; r < TR; r++) {
        const REAL *from = c + r * V;
        int p = (oh + r) * OW + ow;
        OUT *to = y + b * YB + o * YO + p;
        INDEPENDENT
        for (int l = 0; l < V; l++)
#if Y_CN
            to[l] = EPILOGUE(from[l], o, b, p + l);
#else
            to[l] = EPILOGUE(from[l], b, o, p + l);
#endif
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { LINE = OW + KW - 1 };
    REAL *none = (REAL *)scratch, *head = none + LINE, *tail = head + LINE;
    const volatile int all = V;
    const int places = all, last = (B * O * H - 1) * W;
    for (int i = 0; i < 3 * LINE; i++)
        none[i] = 0;
    for (int j = 0; j < W; j++) {
        head[LW + j] = x[j];
        tail[LW + j] = x[last + j];
    }
    for (int b = FROM(SPLIT_BATCH, B, 1); b < TO(SPLIT_BATCH, B, 1); b++)
        for (int o = FROM(SPLIT_GROUPS, O, 1); o < TO(SPLIT_GROUPS, O, 1);
             o++) {
            const KERNEL_vec zero = {0};
            KERNEL_vec weights[KH * KW];
            for (int k = 0; k < KH * KW; k++)
                weights[k] = zero + w[o * WO + k];
            for (int h = 0; h < OH; h += TR) {
                int oh = h < OH - TR ? h : OH - TR;
                const REAL *lines[TR + KH - 1];
                for (int i = 0; i < TR + KH - 1; i++) {
                    int ih = oh + i - LH, at = b * XB + o * XG + ih * W;
                    if (ih < 0 || ih >= H)
                        lines[i] = none + LW;
                    else if (at == 0)
                        lines[i] = head + LW;
                    else if (at == last)
                        lines[i] = tail + LW;
                    else
                        lines[i] = x + at;
                }
                KERNEL_tile(0, 0, 0, lines, weights, b, o, oh, y EXTRA_ARGS);
                for (int ow = V; ow < EDGE; ow += V)
                    KERNEL_tile(1, places, ow, lines, weights, b, o, oh,
                                y EXTRA_ARGS);
#if EDGE && OW - EDGE > V
                KERNEL_tile(0, 0, EDGE, lines, weights, b, o, oh,
                            y EXTRA_ARGS);
#endif
#if OW > V
                KERNEL_tile(0, 0, OW - V, lines, weights, b, o, oh,
                            y EXTRA_ARGS);
#endif
            }
        }
}
