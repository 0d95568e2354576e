/* One case of the walking kernel: CASE is
 *   number, images, groups, channels, outputs (of a group), H, W, KH, KW,
 *   stride, low (h, w), high (h, w), MR, NB */
#define B P1(CASE)
#define G P2(CASE)
#define CB P3(CASE)
#define O P4(CASE)
#define H P5(CASE)
#define W P6(CASE)
#define KH P7(CASE)
#define KW P8(CASE)
#define SH P9(CASE)
#define SW P9(CASE)
#define LH P10(CASE)
#define LW P11(CASE)
#define MR P14(CASE)
#define NB P15(CASE)
#define OB ((O + V - 1) / V)
#define OH ((H + LH + P12(CASE) - KH) / SH + 1)
#define OW ((W + LW + P13(CASE) - KW) / SW + 1)
#define EDGES (LW > 0 || (OW - 1) * SW + KW > LW + W)
#define TILES ((OW + MR - 1) / MR)
#define FEW (TILES * MR - OW)
#define MANY (TILES - FEW)
#define BEFORE_LAST (OW - MR + (FEW > 0) - 1)
#define EPILOGUE(v, b, o, p, l)                                                \
    ((v) + e1[(((b) * (G * OB) + (o)) * (OH * OW) + (p)) * V + (l)])

typedef char NAME(tiles_fit_)[MANY >= 1 && OB >= NB ? 1 : -1];
typedef char NAME(edges_fit_)[TILES == 1 || (LW <= MR * SW &&
                                             BEFORE_LAST * SW + KW <= LW + W)
                                  ? 1
                                  : -1];

#undef KERNEL
#define KERNEL NAME(walk_)
#include "../../runtime/kernels/conv_walk.c"

static void NAME(check_)(void)
{
    const Plain plain = {CB, G * O, G, H, W, KH, KW, SH, 1, LH, LW, 1};
    size_t count = (size_t)(B * G * OB * OH * OW * V);
    REAL *x = NUMBERS((size_t)(B * G * CB * H * W));
    REAL *w = NUMBERS((size_t)(G * O * CB * KH * KW));
    REAL *wb = NUMBERS((size_t)(G * OB * V * CB * KH * KW));
    REAL *e1 = blocked(B, G * OB * V, OH, OW, V), *y = NUMBERS(count + GUARD);
    REAL last = y[count];
    for (int o = 0; o < G * O; o++)
        for (int k = 0; k < CB * KH * KW; k++)
            wb[((o / O * OB + o % O / V) * (CB * KH * KW) + k) * V + o % O % V] =
                w[o * (CB * KH * KW) + k];
    NAME(walk_)(0, x, wb, y, e1);
    for (int b = 0; b < B; b++)
        for (int o = 0; o < G * O; o++)
            for (int p = 0; p < OH * OW; p++) {
                double size, sum = plain_sum(&plain, x, w, b, o, p / OW, p % OW,
                                             &size);
                size_t block = (size_t)(b * (G * OB) + o / O * OB + o % O / V);
                size_t at = (block * (OH * OW) + (size_t)p) * V +
                            (size_t)(o % O % V);
                double want = sum + (double)e1[at];
                size += fabs((double)e1[at]);
                if (!near((double)y[at], want, size, CB * KH * KW, UNIT))
                    fail("walk", P0(CASE), (double)y[at], want);
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
#undef G
#undef CB
#undef O
#undef H
#undef W
#undef KH
#undef KW
#undef SH
#undef SW
#undef LH
#undef LW
#undef MR
#undef NB
#undef OB
#undef OH
#undef OW
#undef EDGES
#undef TILES
#undef FEW
#undef MANY
#undef BEFORE_LAST
#undef EPILOGUE
#undef CASE
