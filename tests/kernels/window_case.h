/* One case of the pooling kernels: CASE is
 *   number, outer, H, W, inner, KH, KW, SH, SW, DH, DW, LH, LW, HH, HW
 * (HH, HW: high padding). All eight kernels are checked on it. */
#define OUTER P1(CASE)
#define H P2(CASE)
#define W P3(CASE)
#define INNER P4(CASE)
#define PART (INNER % 4 == 0 ? 4 : INNER % 3 == 0 ? 3 : 1)
#define KH P5(CASE)
#define KW P6(CASE)
#define SH P7(CASE)
#define SW P8(CASE)
#define DH P9(CASE)
#define DW P10(CASE)
#define LH P11(CASE)
#define LW P12(CASE)
#define OH ((H + LH + P13(CASE) - DH * (KH - 1) - 1) / SH + 1)
#define OW ((W + LW + P14(CASE) - DW * (KW - 1) - 1) / SW + 1)
#define BORDER (P11(CASE) + P12(CASE) + P13(CASE) + P14(CASE) > 0)
#define APART                                                                  \
    (KH == SH && KW == SW && OH * SH == H && OW * SW == W && DH == 1 &&        \
     DW == 1 && !BORDER)
#define FLAT                                                                   \
    (INNER == 1 && !BORDER && DW * (KW - 1) < SW && OW * SW <= W)
#define WRITTEN (INNER > 1 && !BORDER && KH * KW <= 16)
#define CELLS (OUTER * H * W * INNER)
#define RESULTS (OUTER * OH * OW * INNER)
#define LOWEST (-INFINITY)
#define VB (PART % 4 == 0 ? 16 : 0)
#define BORDER_VALUE 0.25f

#undef KERNEL
#define KERNEL NAME(maxpool_)
#undef KERNEL_range
#define KERNEL_range NAME(range_)
#include "../../runtime/kernels/maxpool.c"
#undef KERNEL
#define KERNEL NAME(maxpool_lines_)
#undef KERNEL_range
#define KERNEL_range NAME(lines_range_)
#include "../../runtime/kernels/maxpool_lines.c"
#undef KERNEL
#define KERNEL NAME(maxpick_)
#include "../../runtime/kernels/maxpick.c"
#undef KERNEL
#define KERNEL NAME(maxunpick_)
#include "../../runtime/kernels/maxunpick.c"
#if APART
#undef KERNEL
#define KERNEL NAME(maxunpick_apart_)
#include "../../runtime/kernels/maxunpick_apart.c"
#endif
#undef KERNEL
#define KERNEL NAME(sumpool_)
#undef KERNEL_range
#define KERNEL_range NAME(sum_range_)
#include "../../runtime/kernels/sumpool.c"
#undef KERNEL
#define KERNEL NAME(sumunpool_)
#include "../../runtime/kernels/sumunpool.c"
#undef KERNEL
#define KERNEL NAME(unfold_)
#include "../../runtime/kernels/unfold.c"
#undef KERNEL
#define KERNEL NAME(fold_)
#include "../../runtime/kernels/fold.c"

/* Cell of x that place k of window r sees; -1 in the border. */
static int NAME(cell_)(int r, int k)
{
    int i = r % INNER, ow = r / INNER % OW, oh = r / (INNER * OW) % OH;
    int ih = oh * SH + k / KW * DH - LH, iw = ow * SW + k % KW * DW - LW;
    if (ih < 0 || ih >= H || iw < 0 || iw >= W)
        return -1;
    return ((r / (INNER * OW * OH) * H + ih) * W + iw) * INNER + i;
}

static void NAME(same_)(const char *what, const float *got, const float *want,
                        int count)
{
    for (int i = 0; i < count; i++)
        if (fabsf(got[i] - want[i]) > 1e-5f)
            fail(what, P0(CASE), (double)got[i], (double)want[i]);
}

static void NAME(check_)(void)
{
    float *x = numbers_f32(CELLS), *h = numbers_f32(CELLS);
    float *g = numbers_f32(RESULTS), *gk = numbers_f32(RESULTS * KH * KW);
    static float top[RESULTS], picked[RESULTS], sum[RESULTS];
    static float rows[RESULTS * KH * KW], unpicked[CELLS], spread[CELLS];
    static float columns[((OW - 1) * SW + (KW - 1) * DW + 1) * PART];
    static float folded[CELLS], got[RESULTS * KH * KW + CELLS];
    for (int i = 0; i < CELLS; i++) /* equal cells: the first one counts */
        x[i] = floorf(x[i] * 4);
    for (int r = 0; r < RESULTS; r++) {
        int best = -1;
        for (int k = 0; k < KH * KW; k++) {
            int c = NAME(cell_)(r, k);
            rows[r * KH * KW + k] = c < 0 ? BORDER_VALUE : x[c];
            if (c < 0)
                continue;
            if (best < 0 || x[c] > x[best])
                best = c;
            sum[r] += x[c];
            spread[c] += g[r];
            folded[c] += gk[r * KH * KW + k];
        }
        top[r] = x[best];
        picked[r] = h[best];
        unpicked[best] += g[r];
    }
#if FLAT
    static float flat[OH * OW * SW];
    NAME(maxpool_)(0, x, flat, got, NULL);
#else
    NAME(maxpool_)(0, x, got, NULL);
#endif
    NAME(same_)("maxpool", got, top, RESULTS);
    NAME(maxpool_lines_)(0, x, columns, got, NULL);
    NAME(same_)("maxpool_lines", got, top, RESULTS);
    NAME(maxpick_)(0, h, x, got, NULL);
    NAME(same_)("maxpick", got, picked, RESULTS);
    NAME(maxunpick_)(0, g, x, got);
    NAME(same_)("maxunpick", got, unpicked, CELLS);
#if APART
    NAME(maxunpick_apart_)(0, g, x, got, NULL);
    NAME(same_)("maxunpick_apart", got, unpicked, CELLS);
#endif
    NAME(sumpool_)(0, x, got, NULL);
    NAME(same_)("sumpool", got, sum, RESULTS);
    NAME(sumunpool_)(0, g, got);
    NAME(same_)("sumunpool", got, spread, CELLS);
    NAME(unfold_)(0, x, got);
    NAME(same_)("unfold", got, rows, RESULTS * KH * KW);
    NAME(fold_)(0, gk, got);
    NAME(same_)("fold", got, folded, CELLS);
    free(x);
    free(h);
    free(g);
    free(gk);
}
#undef OUTER
#undef H
#undef W
#undef INNER
#undef PART
#undef VB
#undef KH
#undef KW
#undef SH
#undef SW
#undef DH
#undef DW
#undef LH
#undef LW
#undef OH
#undef OW
#undef BORDER
#undef APART
#undef FLAT
#undef WRITTEN
#undef CELLS
#undef RESULTS
#undef LOWEST
#undef BORDER_VALUE
#undef CASE
