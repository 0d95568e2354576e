/* Convolution over images, the gradient of a convolution by its weights where
 * there are few outputs: x = cn, w = io, y = cn as in conv_weights.c, vectors
 * along the places.
 *
 * Image by image (c), the cells of x are copied with their border, and what w
 * has for each output in rows of WP cells as well, zeros behind: then a result
 * is the product of one row of SPAN elements with the cells from its own place
 * on. A tile is MR outputs by TW neighbours of a row of the result; its sums are
 * vectors in the scratch, whose lanes are added at the end. There are TILES of
 * them, which threads share: each copies for itself. An element is summed in the
 * order of images. Other symbols as in conv.c.
 * Contract: y overlaps nothing; DH = DW = 1; SPAN is (KH - 1) * WP + KW rounded
 * up to vectors. Scratch: sums [TILES, MR, TW] of vectors, w [OP, SPAN], cells
 * [B, RP, WP] and SLACK; OP and OWP are OG and OW rounded up to the tile.
 */
#include "vector.c"
#include "border.c"

INLINE static void KERNEL_dots(const REAL *restrict w, const REAL *restrict x,
                               REAL *restrict sums)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    const KERNEL_vec zero = {0};
    KERNEL_vec acc[MR][TW];
    UNROLL
    for (int r = 0; r < MR; r++) {
        UNROLL
        for (int s = 0; s < TW; s++)
            acc[r][s] = *(const KERNEL_mem *)(sums + (r * TW + s) * LANES);
    }
    for (int k = 0; k < SPAN; k += LANES) {
        UNROLL
        for (int s = 0; s < TW; s++) {
            /* A sum is kept in a register, a load is done for every row. */
            KERNEL_vec v = *(const KERNEL_mem *)(x + k + s * SW) + zero;
            UNROLL
            for (int r = 0; r < MR; r++)
                acc[r][s] += *(const KERNEL_mem *)(w + r * SPAN + k) * v;
        }
    }
    UNROLL
    for (int r = 0; r < MR; r++) {
        UNROLL
        for (int s = 0; s < TW; s++)
            *(KERNEL_mem *)(sums + (r * TW + s) * LANES) = acc[r][s];
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    enum { TILES_W = OWP / TW, OF_OUTPUTS = B * OH * TILES_W };
    REAL *sums = (REAL *)scratch;
    REAL *rows = sums + TILES * (MR * TW * LANES);
    REAL *cells = rows + OP * SPAN;
    const int first = FROM(SPLIT_COLUMNS, TILES, 1);
    const int last = TO(SPLIT_COLUMNS, TILES, 1);
    const int o0 = first / OF_OUTPUTS * MR;
    const int o1 = (last + OF_OUTPUTS - 1) / OF_OUTPUTS * MR;
    for (int g = 0; g < O / OG; g++) {
        for (int i = 0; i < TILES * (MR * TW * LANES); i++)
            sums[i] = 0;
        for (int i = 0; i < OP * SPAN; i++)
            rows[i] = 0;
        for (int i = 0; i < B * RP * WP + SLACK; i++)
            cells[i] = 0;
        for (int c = 0; c < CG; c++) {
            KERNEL_border(x + c * XC + g * XG, B, XB, H, W, -LH, RP, LW, WP,
                          cells);
            for (int o = o0; o < OG && o < o1; o++)
                for (int kh = 0; kh < KH; kh++)
                    for (int kw = 0; kw < KW; kw++)
                        rows[o * SPAN + kh * WP + kw] =
                            w[c * WC + (g * OG + o) * WO + kh * KW + kw];
            for (int t = first; t < last; t++) {
                int b = t / (OH * TILES_W) % B, i = t / TILES_W % OH;
                int at = (b * RP + i * SH) * WP + t % TILES_W * (TW * SW);
                KERNEL_dots(rows + t / OF_OUTPUTS * (MR * SPAN), cells + at,
                            sums + t * (MR * TW * LANES));
            }
        }
        for (int t = first; t < last; t++) {
            int b = t / (OH * TILES_W) % B, i = t / TILES_W % OH;
            int o = t / OF_OUTPUTS * MR, j = t % TILES_W * TW;
            for (int k = 0; k < MR * TW; k++) {
                const REAL *lane = sums + (t * (MR * TW) + k) * LANES;
                int r = g * OG + o + k / TW, p = i * OW + j + k % TW;
                REAL v = 0;
                if (o + k / TW >= OG || j + k % TW >= OW)
                    continue;
                for (int l = 0; l < LANES; l++)
                    v += lane[l];
                y[r * YO + b * YB + p] = EPILOGUE(v, r, b, p);
            }
        }
    }
}
