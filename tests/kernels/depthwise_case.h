/* One case of the depthwise kernel: CASE is
 *   number, images, channels, H, W, KH, KW, stride, dilate, low (h, w),
 *   high (h, w), MR, EDGES, LINES */
#define B P1(CASE)
#define C P2(CASE)
#define H P3(CASE)
#define W P4(CASE)
#define KH P5(CASE)
#define KW P6(CASE)
#define SH P7(CASE)
#define SW P7(CASE)
#define DH P8(CASE)
#define DW P8(CASE)
#define LH P9(CASE)
#define LW P10(CASE)
#define MR P13(CASE)
#define CB ((C + V - 1) / V)
#define OH ((H + LH + P11(CASE) - DH * (KH - 1) - 1) / SH + 1)
#define OW ((W + LW + P12(CASE) - DW * (KW - 1) - 1) / SW + 1)
#define LIMIT(x) ((x) < 0 ? 0 : (x) > OW ? OW : (x))
#define BEFORE LIMIT(LW > 0 ? (LW + SW - 1) / SW : 0)
#define LIMIT_ROW(x) ((x) < 0 ? 0 : (x) > OH ? OH : (x))
#define LAST (W + LW - DW * (KW - 1) - 1) /* start of the last window inside */
#define END LIMIT(LAST < 0 ? 0 : LAST / SW + 1)
#define BEHIND (END > BEFORE ? OW - END : OW - BEFORE)
#define EDGES P14(CASE)
#define LEFT (EDGES ? 0 : BEFORE)
#define RIGHT (EDGES ? 0 : BEHIND)
#define INNER (OW - LEFT - RIGHT)
#define LINES P15(CASE)
#define TOP LIMIT_ROW(LH > 0 ? (LH + SH - 1) / SH : 0)
#define LAST_ROW (H + LH - DH * (KH - 1) - 1)
#define END_ROW LIMIT_ROW(LAST_ROW < 0 ? 0 : LAST_ROW / SH + 1)
#define BOTTOM (END_ROW > TOP ? END_ROW : TOP)
#define TILES ((INNER + MR - 1) / MR)
#define FEW (TILES * MR - INNER)
#define MANY (TILES - FEW)
#define EPILOGUE(v, b, o, p, l)                                                \
    ((v) + e1[(((b) * CB + (o)) * (OH * OW) + (p)) * V + (l)])

typedef char NAME(tiles_fit_)[MANY >= EDGES ? 1 : -1];
typedef char NAME(edges_fit_)[!EDGES || TILES == 1 ||
                                      (BEFORE <= MR &&
                                       BEHIND <= MR - (FEW > 0))
                                  ? 1
                                  : -1];

#undef KERNEL
#define KERNEL NAME(depthwise_)
#include "../../runtime/kernels/conv_depthwise.c"

static void NAME(check_)(void)
{
    const Plain plain = {1, C, C, H, W, KH, KW, SH, DH, LH, LW, V};
    size_t count = (size_t)(B * CB * OH * OW * V);
    REAL *x = blocked(B, C, H, W, V);
    REAL *w = NUMBERS((size_t)(C * KH * KW)), *wb = blocked(1, C, KH, KW, V);
    REAL *e1 = blocked(B, C, OH, OW, V), *y = NUMBERS(count + GUARD);
    REAL last = y[count];
    for (int o = 0; o < C; o++)
        for (int k = 0; k < KH * KW; k++)
            wb[cell_at(o, 0, CB, KH, KW, k / KW, k % KW, V)] =
                w[o * KH * KW + k];
    NAME(depthwise_)(0, x, wb, y, e1);
    for (int b = 0; b < B; b++)
        for (int o = 0; o < C; o++)
            for (int p = 0; p < OH * OW; p++) {
                int i = p / OW, j = p % OW;
                double size, sum = plain_sum(&plain, x, w, b, o, i, j, &size);
                size_t at = cell_at(o, b, CB, OH, OW, i, j, V);
                double want = sum + (double)e1[at];
                size += fabs((double)e1[at]);
                if (!near((double)y[at], want, size, KH * KW, UNIT))
                    fail("depthwise", P0(CASE), (double)y[at], want);
            }
    if (y[count] != last)
        fail("written behind the result", P0(CASE), (double)y[count],
             (double)last);
    free(x);
    free(w);
    free(wb);
    free(e1);
    free(y);
}

#undef B
#undef C
#undef H
#undef W
#undef KH
#undef KW
#undef SH
#undef SW
#undef DH
#undef DW
#undef LH
#undef LW
#undef MR
#undef CB
#undef OH
#undef OW
#undef LIMIT
#undef BEFORE
#undef BEHIND
#undef EDGES
#undef LINES
#undef LIMIT_ROW
#undef LAST_ROW
#undef END_ROW
#undef TOP
#undef BOTTOM
#undef LEFT
#undef LAST
#undef END
#undef INNER
#undef RIGHT
#undef TILES
#undef FEW
#undef MANY
#undef EPILOGUE
#undef CASE
