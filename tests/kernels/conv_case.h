/* One case of a convolution kernel: CASE is
 *   number, kernel, images, channels, outputs, groups, H, W, KH, KW,
 *   stride, dilate, low, high, layout, spread, MR, vectors, rows
 * kernel: 0 conv.c, 1 conv_rows.c, 2 conv_toeplitz.c, 3 conv_weights.c,
 * 4 conv_scatter.c, 5 conv_planes.c (MR: TR), 6 conv_rows.c with BY_ROW, 7
 * conv_dots.c (vectors: TW); channels and outputs are those of a group; layout: 1
 * x = cn, 2 w = io, 4 y = cn; MR: TB + 10 TH + 100 TW for conv_weights.c. */
#define KIND P1(CASE)
#define B P2(CASE)
#define CG P3(CASE)
#define OG P4(CASE)
#define GROUPS P5(CASE)
#define O (OG * GROUPS)
#define H P6(CASE)
#define W P7(CASE)
#define KH P8(CASE)
#define KW P9(CASE)
#define SH P10(CASE)
#define SW P10(CASE)
#define DH P11(CASE)
#define DW P11(CASE)
#define LH P12(CASE)
#define LW P12(CASE)
#define HIGH P13(CASE)
#define X_CN (P14(CASE) % 2)
#define W_IO (P14(CASE) / 2 % 2)
#define Y_CN (P14(CASE) / 4)
#define PH P15(CASE)
#define PW P15(CASE)
#define STRIDED ((KIND == 1 || KIND == 2) && SH > 1)
#if KIND == 3
#define TB (P16(CASE) % 10)
#define TH (P16(CASE) / 10 % 10)
#define TW (P16(CASE) / 100)
#define TR (TB * TH)
#elif KIND == 5
#define TR P16(CASE)
#else
#define MR P16(CASE)
#endif
#define NR (P17(CASE) * (VB / (int)sizeof(REAL)))
#if VB == 32 && !defined(F64)
#define TURN 8
#else
#define TURN 4
#endif
#if KIND < 4 || KIND == 6
#define ROWS P18(CASE)
#endif

#define OH (((H - 1) * PH + LH + HIGH - DH * (KH - 1)) / SH + 1)
#define OW (((W - 1) * PW + LW + HIGH - DW * (KW - 1)) / SW + 1)
#define IMAGE (H * W)
#define PLACES (OH * OW)
#define XB (X_CN ? IMAGE : GROUPS * CG * IMAGE)
#define XG (X_CN ? B * IMAGE : CG * IMAGE)
#define XC (X_CN ? GROUPS * B * IMAGE : IMAGE)
#define WO (W_IO ? KH * KW : CG * KH * KW)
#define WC (W_IO ? O * KH * KW : KH * KW)
#define YB (Y_CN ? PLACES : O * PLACES)
#define YO (Y_CN ? B * PLACES : PLACES)
#define EPILOGUE(v, i, j, p) ((v) * e1[Y_CN ? (i) : (j)])
#define BY_ROW (KIND == 6)
#define B_TABLE (KIND == 1 || BY_ROW)
#define PACK_A 0
#define PACK_B (KIND == 3)
#define PACK_W (W_IO || BY_ROW)
#define ROUND_UP(x, step) (((x) + (step) - 1) / (step) * (step))

#if KIND == 0
#define SCRATCH 0
#include "../../runtime/kernels/conv.c"
#elif KIND == 1 || KIND == 6
#define WP (OW + DW * (KW - 1) / SW)
#define RP (ROWS + DH * (KH - 1) / SH)
#define QH (SH < DH * (KH - 1) + 1 ? SH : DH * (KH - 1) + 1)
#define QW (SW < DW * (KW - 1) + 1 ? SW : DW * (KW - 1) + 1)
#define QP (BY_ROW ? ROWS * ROUND_UP(OW, NR) : ROUND_UP(ROWS *WP, NR))
#define SLACK (NR + DW * (KW - 1))
#define SCRATCH                                                                \
    (CG * QH * QW * RP * WP + SLACK + MR * QP + PACK_W * (O * CG * KH * KW) +  \
     CG * KH * KW)
#include "../../runtime/kernels/conv_rows.c"
#elif KIND == 2
#define WP (OW + DW * (KW - 1) / SW)
#define RP (ROWS + DH * (KH - 1) / SH)
#define QH (SH < DH * (KH - 1) + 1 ? SH : DH * (KH - 1) + 1)
#define QW (SW < DW * (KW - 1) + 1 ? SW : DW * (KW - 1) + 1)
#define SLACK (((NR - 1) / OW + 2) * WP + NR)
#define SCRATCH                                                                \
    (CG * QH * QW * RP * WP + SLACK + (CG * KH * KW + 1) * NR +                \
     W_IO * (O * CG * KH * KW) + CG * KH * KW)
#include "../../runtime/kernels/conv_toeplitz.c"
#elif KIND == 3
#define BP ROUND_UP(B, TB)
#define OHP ROUND_UP(OH, TH)
#define OWP ROUND_UP(OW, TW)
#define OP ROUND_UP(OG, NR)
#define WP ((OW - 1) * SW + DW * (KW - 1) + 1)
#define RP ((OHP - 1) * SH + DH * (KH - 1) + 1)
#define SLACK ((OWP - OW) * SW)
#define TILES (BP / TB * (OHP / TH) * (OWP / TW) * (OP / NR))
#define SCRATCH                                                                \
    (BP * OHP * OWP * OP + BP * RP * WP + SLACK + KH * KW * (NR + 1))
#include "../../runtime/kernels/conv_weights.c"
#elif KIND == 7
#define VL (VB / (int)sizeof(REAL))
#define TW P17(CASE)
#define OWP ROUND_UP(OW, TW)
#define OP ROUND_UP(OG, MR)
#define WP ((OW - 1) * SW + KW)
#define RP ((OH - 1) * SH + KH)
#define SPAN ROUND_UP((KH - 1) * WP + KW, VL)
#define SLACK ((OWP - OW) * SW + VL)
#define TILES (B * OH * (OWP / TW) * (OP / MR))
#define SCRATCH (TILES * MR * TW * VL + OP * SPAN + B * RP * WP + SLACK)
#include "../../runtime/kernels/conv_dots.c"
#elif KIND == 5
#ifdef F64
#define V (VB / 8)
#else
#define V (VB / 4)
#endif
#define EDGE ((OW - HIGH) / V * V)
#define SCRATCH (3 * (OW + KW - 1))
#include "../../runtime/kernels/conv_planes.c"
#else
#define AH ((H - 1) * PH + 1 + DH * (KH - 1))
#define AW ((W - 1) * PW + 1 + DW * (KW - 1))
#define APART (PH > 1)
#define CW (APART ? W : AW)
#define OUTSIDE 1
#define TILES ((OG * KH * KW + MR - 1) / MR)
#define SLACK (NR + DW * (KW - 1))
#define SCRATCH                                                                \
    (OG * AH * AW + SLACK + CG * H * CW + NR +                                 \
     GROUPS * TILES * CG * MR + OG * KH * KW + H * W)
#include "../../runtime/kernels/conv_scatter.c"
#endif

/* Cell of the spread input that place k of the window of p sees, or -1. */
static int NAME(cell_)(int p, int k, int stride, int low, int spread, int size)
{
    int i = p * stride + k * DH - low;
    if (i < 0 || i % spread || i / spread >= size)
        return -1;
    return i / spread;
}

static double NAME(want_)(const REAL *x, const REAL *w, int b, int o, int p,
                          double *magnitude)
{
    double sum = 0;
    *magnitude = 0;
    for (int c = 0; c < CG; c++)
        for (int kh = 0; kh < KH; kh++)
            for (int kw = 0; kw < KW; kw++) {
                int g = o / OG;
                int ih = NAME(cell_)(p / OW, kh, SH, LH, PH, H);
                int iw = NAME(cell_)(p % OW, kw, SW, LW, PW, W);
                int xi = X_CN ? c * (GROUPS * B) + g * B + b
                              : b * (GROUPS * CG) + g * CG + c;
                int wi = W_IO ? c * O + o : o * CG + c;
                if (ih < 0 || iw < 0)
                    continue;
                double term = (double)x[(xi * H + ih) * W + iw] *
                              w[(wi * KH + kh) * KW + kw];
                sum += term;
                *magnitude += fabs(term);
            }
    return sum;
}

static void NAME(check_)(void)
{
    size_t count = (size_t)(B * O * PLACES);
    REAL *x = NUMBERS((size_t)(B * GROUPS * CG * IMAGE));
    REAL *w = NUMBERS((size_t)(O * CG * KH * KW));
    REAL *e1 = NUMBERS(O), *y = NUMBERS(count + GUARD);
    size_t reals = (size_t)(SCRATCH);
    REAL *scratch = NUMBERS(reals), last = y[count];
    for (size_t i = 0; i < reals; i++)
        scratch[i] = (REAL)NAN;
#if KIND == 0
    KERNEL(0, x, w, y, e1);
#else
    KERNEL(0, x, w, scratch, y, e1);
#endif
    for (int b = 0; b < B; b++)
        for (int o = 0; o < O; o++)
            for (int p = 0; p < PLACES; p++) {
                double magnitude;
                double want = NAME(want_)(x, w, b, o, p, &magnitude) * e1[o];
                double got = y[b * YB + o * YO + p];
                magnitude = magnitude * fabs((double)e1[o]) + fabs(want);
                if (!near(got, want, magnitude, CG * KH * KW, UNIT))
                    fail("convolution", P0(CASE), got, want);
            }
    if (y[count] != last)
        fail("written behind the result", P0(CASE), y[count], last);
    free(x);
    free(w);
    free(e1);
    free(y);
    free(scratch);
}

#undef KIND
#undef B
#undef CG
#undef OG
#undef GROUPS
#undef O
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
#undef HIGH
#undef X_CN
#undef W_IO
#undef Y_CN
#undef PH
#undef PW
#undef STRIDED
#undef MR
#undef NR
#undef TURN
#undef ROWS
#undef TB
#undef TH
#undef TW
#undef TR
#undef V
#undef EDGE
#undef OHP
#undef AH
#undef AW
#undef CW
#undef OUTSIDE
#undef TILES
#undef APART
#undef OH
#undef OW
#undef IMAGE
#undef PLACES
#undef XB
#undef XG
#undef XC
#undef WO
#undef WC
#undef YB
#undef YO
#undef WP
#undef EPILOGUE
#undef B_TABLE
#undef PACK_A
#undef PACK_B
#undef PACK_W
#undef ROUND_UP
#undef RP
#undef QH
#undef QW
#undef QP
#undef SLACK
#undef SCRATCH
#undef BY_ROW
#undef VL
#undef SPAN
#undef BP
#undef OWP
#undef OP
#undef CASE
