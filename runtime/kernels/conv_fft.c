/* Convolution of stride 1 by Fourier transforms of N x N cells, on
 * channel-blocked arrays; for large windows and many channels.
 *
 * x [B, CB, H, W, V], y [B, OB, OH, OW, V]. A tile of N - KH + 1 by N - KW + 1
 * results needs N x N cells; two tiles are the real and the imaginary parts of
 * one transform, which the product with a real kernel's transform keeps apart:
 * the first counts at frequency f, the conjugate of the second at -f, where the
 * weights are conjugates too. PAIRS pairs at a time: rows forward; then for
 * each column and its opposite, while they are in L2, columns forward, at each
 * frequency one product of all tiles with the weights, columns back; at last
 * rows back. h [N / 2 + 1, N, OB, CB * V, re im, V] is from fft_weights.c.
 * AHEAD: lines, of LINE elements, of the next weights that each product
 * fetches. ROOTS: cos and -sin of 2 pi k / N, k < N. Contract: y overlaps
 * nothing; 2 * PAIRS a multiple of MR; N >= KH, KW; BLOCKS the larger of CB and
 * OB, COLUMN = 2 * N * V, XSTEP = 2 * PAIRS * 3 * CB * V and YSTEP = 2 * PAIRS
 * * OB * 2 * V, each with a skew, which keeps neighbours out of one cache set,
 * TILE = N * COLUMN. Scratch, in elements: PAIRS * BLOCKS * TILE + N * (XSTEP +
 * YSTEP + 2 * V).
 */
#include "vector.c"
#include "fft_lines.c"
#include "fft_product.c"

/* Row r of a tile's cells, the line's real or imaginary parts; false: all
 * border. */
static int KERNEL_load(const REAL *restrict x, int tiles, int tile, int cb,
                       int r, REAL *restrict line)
{
    int b = tile / (TY * TX), h = tile / TX % TY * (N - KH + 1) - LH + r;
    int w = tile % TX * (N - KW + 1) - LW;
    int from = w < 0 ? -w : 0, end = W - w < N ? W - w : N;
    int inside = tile < tiles && h >= 0 && h < H && from < end;
    if (!inside)
        from = end = N;
    int at = (((b * CB + cb) * H + h) * W + w) * V;
    for (int j = 0; j < from; j++)
        for (int l = 0; l < V; l++)
            line[j * (2 * V) + l] = 0;
    for (int j = from; j < end; j++)
        for (int l = 0; l < V; l++)
            line[j * (2 * V) + l] = x[at + j * V + l];
    for (int j = end; j < N; j++)
        for (int l = 0; l < V; l++)
            line[j * (2 * V) + l] = 0;
    return inside;
}

static void KERNEL_save(const REAL *restrict line, int tiles, int tile, int ob,
                        int r, OUT *restrict y EXTRA_PARAMS)
{
    int b = tile / (TY * TX), h = tile / TX % TY * (N - KH + 1) + r;
    int w = tile % TX * (N - KW + 1);
    int count = OW - w < N - KW + 1 ? OW - w : N - KW + 1;
    if (tile >= tiles || h >= OH)
        return;
    for (int j = 0; j < count; j++) {
        int p = h * OW + w + j;
        const REAL *at = line + j * (2 * V);
        OUT *to = y + ((b * OB + ob) * (OH * OW) + p) * V;
        for (int l = 0; l < V; l++)
            to[l] = EPILOGUE(at[l], b, ob, p, l);
    }
}

/* A line as the first or, `second`, the other tile of a pair for the products:
 * x [N, 2 * PAIRS, 3, CB, V] from this pair's row and block on. */
static void KERNEL_spread(const REAL *restrict line, const int *restrict place,
                          int second, REAL *restrict x)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), DEPTH = CB * V };
    REAL sign = second ? -1 : 1;
    for (int f = 0; f < N; f++) {
        const REAL *at = line + place[f] * (2 * V);
        int i = place[second ? (N - f) % N : f];
        REAL *to = x + i * XSTEP;
        for (int l = 0; l < V; l += LANES) {
            KERNEL_vec re = *(const KERNEL_mem *)(at + l);
            KERNEL_vec im = *(const KERNEL_mem *)(at + V + l) * sign;
            *(KERNEL_mem *)(to + l) = re;
            *(KERNEL_mem *)(to + DEPTH + l) = im;
            *(KERNEL_mem *)(to + 2 * DEPTH + l) = re + im;
        }
    }
}

/* And back from y [N, 2 * PAIRS, OB, re im, V]: frequencies from..end - 1. */
static void KERNEL_gather(const REAL *restrict y, const int *restrict place,
                          int second, int from, int end, REAL *restrict line)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    REAL sign = second ? -1 : 1;
    for (int f = from; f < end; f++) {
        int i = place[second ? (N - f) % N : f];
        const REAL *at = y + i * YSTEP;
        REAL *to = line + place[f] * (2 * V);
        for (int l = 0; l < V; l += LANES) {
            KERNEL_vec re = *(const KERNEL_mem *)(at + l);
            KERNEL_vec im = *(const KERNEL_mem *)(at + V + l);
            *(KERNEL_mem *)(to + l) = re;
            *(KERNEL_mem *)(to + V + l) = im * sign;
        }
    }
}

/* Columns g and N - g of `pairs` pairs, from cells to cells of the blocks of
 * outputs from o0 to o1 - 1. */
static void KERNEL_columns(REAL *restrict cells, const REAL *restrict h,
                           const int *restrict place, int pairs, int g, int o0,
                           int o1, REAL *restrict work)
{
    REAL *x = work;             /* [N, 2 * PAIRS, 3, CB, V] */
    REAL *y = x + N * XSTEP;    /* [N, 2 * PAIRS, OB, re im, V] */
    REAL *line = y + N * YSTEP; /* [N, re im, V] */
    int own = g % (N / 2) == 0, count = own ? N / 2 + 1 : N;
    int one = place[g] * COLUMN, other = place[(N - g) % N] * COLUMN;
    int rows = (2 * pairs + MR - 1) / MR * MR;
    for (int i = 0; i < pairs * CB; i++) {
        const REAL *z = cells + (i / CB * BLOCKS + i % CB) * TILE;
        REAL *to = x + i / CB * (2 * 3 * CB * V) + i % CB * V;
        KERNEL_fft_column(z + one, line);
        KERNEL_spread(line, place, 0, to);
        if (!own)
            KERNEL_fft_column(z + other, line);
        KERNEL_spread(line, place, 1, to + 3 * CB * V);
    }
    for (int i = 0; i < N; i++)
        for (int k = 2 * pairs * 3 * CB * V; k < rows * 3 * CB * V; k++)
            x[i * XSTEP + k] = 0;
    for (int f = 0; f < count; f++)
        for (int o = o0; o < o1; o++) {
            const REAL *hp = h + ((g * N + f) * OB + o) * (CB * V * 2 * V);
            for (int r = 0; r < rows; r += MR) {
#if AHEAD
                for (int k = 0; k < AHEAD; k++)
                    PREFETCH(hp + CB * V * 2 * V + (r / MR * AHEAD + k) * LINE);
#endif
                KERNEL_fft_product(x + place[f] * XSTEP + r * (3 * CB * V), hp,
                                   y + place[f] * YSTEP +
                                       (r * OB + o) * (2 * V));
            }
        }
    for (int i = 0; i < pairs; i++)
        for (int o = o0; o < o1; o++) {
            REAL *z = cells + (i * BLOCKS + o) * TILE;
            const REAL *from = y + (2 * i * OB + o) * (2 * V);
            KERNEL_gather(from, place, 0, 0, count, line);
            if (!own)
                KERNEL_fft_column_back(line, N - KH + 1, z + one);
            KERNEL_gather(from + OB * 2 * V, place, 1, own ? count : 0, N,
                          line);
            KERNEL_fft_column_back(line, N - KH + 1, z + other);
        }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict h,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    REAL *cells = (REAL *)scratch; /* [PAIRS, BLOCKS, N, COLUMN] */
    REAL *work = cells + PAIRS * BLOCKS * TILE;
    REAL *line = work + N * (XSTEP + YSTEP);
    int place[N];
    for (int f = 0; f < N; f++)
        place[f] = KERNEL_fft_place(N, f);
    int o0 = FROM(SPLIT_COLUMNS, OB, 1), o1 = TO(SPLIT_COLUMNS, OB, 1);
    int end = TO(SPLIT_ROWS, B * (TY * TX), 2);
    for (int t = FROM(SPLIT_ROWS, B * (TY * TX), 2); t < end; t += 2 * PAIRS) {
        int pairs = end - t < 2 * PAIRS ? (end - t + 1) / 2 : PAIRS;
        for (int i = 0; i < pairs * CB; i++) {
            REAL *z = cells + (i / CB * BLOCKS + i % CB) * TILE;
            int tile = t + i / CB * 2, b = i % CB;
            for (int r = 0; r < N; r++) {
                int some = KERNEL_load(x, end, tile, b, r, line);
                some |= KERNEL_load(x, end, tile + 1, b, r, line + V);
                if (some)
                    KERNEL_fft_row(line, z + r * (2 * V));
                else
                    for (int q = 0; q < N; q++)
                        for (int l = 0; l < 2 * V; l++)
                            z[q * COLUMN + r * (2 * V) + l] = 0;
            }
        }
        for (int g = 0; g <= N / 2; g++)
            KERNEL_columns(cells, h, place, pairs, g, o0, o1, work);
        for (int i = 0; i < pairs; i++)
            for (int o = o0; o < o1; o++) {
                const REAL *z = cells + (i * BLOCKS + o) * TILE;
                int tile = t + 2 * i;
                for (int r = 0; r < N - KH + 1; r++) {
                    KERNEL_fft_row_back(z + r * (2 * V), N - KW + 1, line);
                    KERNEL_save(line, end, tile, o, r, y EXTRA_ARGS);
                    KERNEL_save(line + V, end, tile + 1, o, r, y EXTRA_ARGS);
                }
            }
    }
}
