/* One case of the Winograd kernels: CASE is
 *   number, images, channels, outputs, groups, H, W, low (h, w), high (h, w),
 *   M, MR, NV, MANY, FEW, size of the window, stride
 * channels and outputs are those of a group. */
#define B P1(CASE)
#define C P2(CASE)
#define GROUPS P4(CASE)
#define O (P3(CASE) * GROUPS)
#define H P5(CASE)
#define W P6(CASE)
#define LH P7(CASE)
#define LW P8(CASE)
#define SIZE P16(CASE)
#define S P17(CASE)
#define OH ((H + LH + P9(CASE) - SIZE) / S + 1)
#define OW ((W + LW + P10(CASE) - SIZE) / S + 1)
#define M P11(CASE)
#define T (M * S + SIZE - S)
#define Q (M + SIZE - 1)
#define R SIZE
#define MR P12(CASE)
#define NV P13(CASE)
#define MANY P14(CASE)
#define FEW P15(CASE)
#define TB (MANY * MR + FEW * (MR - 1))
#define CG ((C + V - 1) / V)
#define OG ((P3(CASE) + V - 1) / V)
#define CB (CG * GROUPS)
#define OB (OG * GROUPS)
#define CUT (C % V != 0)
#define WO (C * SIZE * SIZE)
#define WC (SIZE * SIZE)
#define SIDE (V % 2 ? 1 : 2)
#define SKEW 16
#define WHOLE (B * ((OH + M - 1) / M) * ((OW + M - 1) / M) % TB == 0)
#define LAST ((OW + M - 1) / M)
#define LESS                                                                   \
    (M == 2 && T < 6 && OH % 2 && TB == B * ((OH + M - 1) / M) * LAST &&       \
     TB > LAST && (TB - LAST) % MR == 0 ? LAST : 0)
#define AHEAD (P0(CASE) % 3)
#define LINES 2
#define CHUNK (P0(CASE) % 2 ? CG : (CG + 1) / 2)
#define LINE 16
#define RUN ((OW + M - 1) / M < TB ? (OW + M - 1) / M : TB)
#define SCRATCH                                                                \
    (T * T * ((CB + NV) * TB * V + 2 * SKEW) +                                 \
     (T + 1) * ((RUN - 1) * M * S + T) * V)
#undef KERNEL
#define EPILOGUE(v, b, o, p, l)                                                \
    ((v) + e1[(((b) * OB + (o)) * (OH * OW) + (p)) * V + (l)])

#define KERNEL NAME(winograd_)
#include "../../runtime/kernels/conv_winograd.c"
#undef KERNEL
#undef EPILOGUE
#define EPILOGUE(v, ob, p, c, l) (v)
#define KERNEL NAME(weights_)
#include "../../runtime/kernels/winograd_weights.c"

static void NAME(check_)(void)
{
    const Plain plain = {C, O, GROUPS, H, W, SIZE, SIZE, S, 1, LH, LW, V};
    size_t count = (size_t)(B * OB * OH * OW * V);
    REAL *x = blocked(B, C * GROUPS, H, W, V);
    REAL *w = NUMBERS((size_t)(O * C * WC));
    REAL *u = NUMBERS((size_t)(OB * Q * Q * CG * V * V));
    REAL *e1 = blocked(B, O, OH, OW, V), *y = NUMBERS(count + GUARD);
    REAL *scratch = spoilt((size_t)(SCRATCH)), last = y[count];
    NAME(weights_)(w, O, C, WO, WC, u, NULL);
    NAME(winograd_)(0, x, u, scratch, y, e1);
    for (int b = 0; b < B; b++)
        for (int o = 0; o < O; o++)
            for (int t = 0; t < OH * OW; t++) {
                double largest = 0;
                if (t / OW % M || t % OW % M)
                    continue;
                for (int pass = 0; pass < 2; pass++)
                    for (int k = 0; k < M * M; k++) {
                        int i = t / OW + k / M, j = t % OW + k % M;
                        double size;
                        if (i >= OH || j >= OW)
                            continue;
                        size_t at = cell_at(o, b, OB, OH, OW, i, j, V);
                        double want =
                            plain_sum(&plain, x, w, b, o, i, j, &size) +
                            (double)e1[at];
                        size += fabs((double)e1[at]);
                        if (pass == 0)
                            largest = size > largest ? size : largest;
                        else if (!near((double)y[at], want,
                                       largest * (T < 6 ? 1 : T == 6 ? 4 : 16),
                                       C * WC, UNIT))
                            fail("winograd", P0(CASE), (double)y[at], want);
                    }
            }
    if (y[count] != last)
        fail("written behind the result", P0(CASE), (double)y[count],
             (double)last);
    free(x);
    free(w);
    free(u);
    free(e1);
    free(y);
    free(scratch);
}

#undef B
#undef C
#undef GROUPS
#undef O
#undef H
#undef W
#undef LH
#undef LW
#undef OH
#undef OW
#undef SIZE
#undef S
#undef M
#undef T
#undef Q
#undef R
#undef SIDE
#undef MR
#undef NV
#undef MANY
#undef FEW
#undef TB
#undef CG
#undef OG
#undef CB
#undef OB
#undef CUT
#undef WO
#undef WC
#undef SKEW
#undef LESS
#undef LAST
#undef WHOLE
#undef AHEAD
#undef LINES
#undef CHUNK
#undef LINE
#undef RUN
#undef SCRATCH
#undef EPILOGUE
#undef CASE
