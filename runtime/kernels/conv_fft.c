/* Convolution of stride 1 by Fourier transforms of N x N cells, on
 * channel-blocked arrays; for large windows and many channels.
 *
 * x [B, CB, H, W, V], y [B, OB, OH, OW, V]. A tile of N - KH + 1 by N - KW + 1
 * results needs N x N cells; two tiles are the real and the imaginary parts of
 * one transform, which the product with a real kernel's transform keeps apart.
 * PAIRS pairs at a time: rows and columns forward; for each frequency a product
 * over the channels, done together with the opposite frequency, which has the
 * conjugate weights; columns and rows back. h [N, N / 2 + 1, OB, CB * V, re im,
 * V] is from fft_weights.c. SKEW elements behind each row keep columns out of
 * one cache set. ROOTS: cos and -sin of 2 pi k / N, k < N.
 * Contract: y overlaps nothing; PAIRS a multiple of MP; N >= KH, KW. Scratch,
 * in elements: PAIRS * (CB + OB) * N * (2 * N * V + SKEW) + 2 * N * V.
 */
#include "vector.c"
#include "fft.c"
#include "fft_product.c"

static void KERNEL_line(REAL *restrict z, int step, int back)
{
    static const REAL roots[2 * N] = {ROOTS};
    if (back)
        KERNEL_fft_back(roots, 1, z, N, step);
    else
        KERNEL_fft_forward(roots, 1, z, N, step);
}

/* Row r of a tile's cells: `part` 0 real, V imaginary; false: all border. */
static int KERNEL_load(const REAL *restrict x, int tiles, int tile, int cb,
                       int r, REAL *restrict to)
{
    int b = tile / (TY * TX), h = tile / TX % TY * (N - KH + 1) - LH + r;
    int w = tile % TX * (N - KW + 1) - LW;
    int from = w < 0 ? -w : 0, end = W - w < N ? W - w : N;
    int inside = tile < tiles && h >= 0 && h < H && from < end;
    if (!inside)
        from = end = N;
    int at = (((b * CB + cb) * H + h) * W + w) * V;
    for (int j = 0; j < N; j++)
        for (int l = 0; l < V; l++)
            to[j * (2 * V) + l] = j >= from && j < end ? x[at + j * V + l] : 0;
    return inside;
}

static void KERNEL_save(const REAL *restrict from, int tiles, int tile, int ob,
                        int r, OUT *restrict y EXTRA_PARAMS)
{
    int b = tile / (TY * TX), h = tile / TX % TY * (N - KH + 1) + r;
    int w = tile % TX * (N - KW + 1);
    int count = OW - w < N - KW + 1 ? OW - w : N - KW + 1;
    if (tile >= tiles || h >= OH)
        return;
    for (int j = 0; j < count; j++) {
        int p = h * OW + w + j;
        const REAL *at = from + j * (2 * V);
        OUT *to = y + ((b * OB + ob) * (OH * OW) + p) * V;
        for (int l = 0; l < V; l++)
            to[l] = EPILOGUE(at[l], b, ob, p, l);
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict h,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    REAL *cells = (REAL *)scratch;            /* [PAIRS, CB, N, N, re im, V] */
    REAL *sums = cells + PAIRS * (CB * TILE); /* [PAIRS, OB, N, N, re im, V] */
    int place[N];
    for (int f = 0; f < N; f++)
        place[f] = KERNEL_fft_place(N, f);
    int tiles = TO(SPLIT_ROWS, B * (TY * TX), 2);
    for (int t = FROM(SPLIT_ROWS, B * (TY * TX), 2); t < tiles;
         t += 2 * PAIRS) {
        int pairs = (tiles - t + 1) / 2;
        pairs = pairs < PAIRS ? (pairs + MP - 1) / MP * MP : PAIRS;
        for (int i = 0; i < pairs * CB; i++) {
            REAL *z = cells + i * TILE;
            for (int r = 0; r < N; r++) {
                int some = KERNEL_load(x, tiles, t + i / CB * 2, i % CB, r,
                                       z + r * ROW);
                some |= KERNEL_load(x, tiles, t + i / CB * 2 + 1, i % CB, r,
                                    z + r * ROW + V);
                if (some)
                    KERNEL_line(z + r * ROW, 2 * V, 0);
            }
            for (int c = 0; c < N; c++)
                KERNEL_line(z + c * (2 * V), ROW, 0);
        }
        for (int f = 0; f < N; f++)
            for (int g = 0; g <= N / 2; g++) {
                int a = place[f] * ROW + place[g] * (2 * V);
                int b = place[(N - f) % N] * ROW + place[(N - g) % N] * (2 * V);
                if (g % (N / 2) == 0 && f > N / 2)
                    continue; /* done as the opposite of another */
                for (int o = 0; o < OB; o++)
                    for (int p = 0; p < pairs; p += MP) {
                        const REAL *xp = cells + p * (CB * TILE);
                        REAL *yp = sums + (p * OB + o) * TILE;
                        KERNEL_fft_product(
                            xp + a, xp + b,
                            h + ((f * (N / 2 + 1) + g) * OB + o) *
                                    (CB * V * 2 * V),
                            yp + a, yp + b);
                    }
            }
        for (int i = 0; i < pairs * OB; i++) {
            REAL *z = sums + i * TILE;
            for (int c = 0; c < N; c++)
                KERNEL_line(z + c * (2 * V), ROW, 1);
            for (int r = 0; r < N - KH + 1; r++) {
                KERNEL_line(z + r * ROW, 2 * V, 1);
                KERNEL_save(z + r * ROW, tiles, t + i / OB * 2, i % OB, r,
                            y EXTRA_ARGS);
                KERNEL_save(z + r * ROW + V, tiles, t + i / OB * 2 + 1, i % OB,
                            r, y EXTRA_ARGS);
            }
        }
    }
}
