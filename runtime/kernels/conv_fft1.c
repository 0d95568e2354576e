/* Convolution of stride 1 along one axis by Fourier transforms of N places;
 * for long windows and few channels.
 *
 * x [B, G * CG, T], y [B, G * OG, OT]. A tile of S = N - K + 1 results needs N
 * cells. SLOTS = 2 * V tiles at a time: tile l and tile V + l are the real and the
 * imaginary parts of lane l, which the product with a real kernel's transform
 * keeps apart. The N = N1 * N2 places of a tile are N1 rows of N2: columns
 * forward, a turn of each place (Bailey, "FFTs in external or hierarchical
 * memory", 1990), rows forward, the product summed over channels, and all that
 * back; a column and a row stay in L1. h [1 + G * OG * CG, N, re im] is from
 * fft1_weights.c, the roots first. ROW = N2 * 2 * V and a skew, which keeps
 * columns out of one cache set, as LINE = N and a skew does for the samples.
 * Contract: y overlaps nothing; N1, N2 multiples of TURN, TURN divides V or is 0.
 * Scratch, in elements: (CG + 1) * N1 * ROW + 2 * V * LINE.
 */
#include "vector.c"
#include "fft.c"
#if TURN
#include "turn_square.c"
#endif

/* `count` lanes of N samples side by side to cells: parts of ROW. */
static void KERNEL_enter(const REAL *restrict samples, REAL *restrict cells)
{
    for (int part = 0; part < 2; part++)
        for (int j = 0; j < N; j += ENTER) {
            const REAL *from = samples + part * (V * LINE) + j;
            REAL *to = cells + j / N2 * ROW + j % N2 * (2 * V) + part * V;
#if TURN
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
            for (int l = 0; l < V; l += TURN)
                KERNEL_turn(from + l * LINE, LINE, to + l, 2 * V);
#else
            for (int i = 0; i < ENTER; i++)
                for (int l = 0; l < V; l++)
                    to[i * (2 * V) + l] = from[l * LINE + i];
#endif
#else
            for (int l = 0; l < V; l++)
                to[l] = from[l * LINE];
#endif
        }
}

/* And back: the first S places. */
static void KERNEL_leave(const REAL *restrict cells, REAL *restrict samples)
{
    for (int part = 0; part < 2; part++)
        for (int j = 0; j < S; j += ENTER) {
            const REAL *from =
                cells + j / N2 * ROW + j % N2 * (2 * V) + part * V;
            REAL *to = samples + part * (V * LINE) + j;
#if TURN
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
            for (int l = 0; l < V; l += TURN)
                KERNEL_turn(from + l, 2 * V, to + l * LINE, LINE);
#else
            for (int l = 0; l < V; l++)
                for (int i = 0; i < ENTER; i++)
                    to[l * LINE + i] = from[i * (2 * V) + l];
#endif
#else
            for (int l = 0; l < V; l++)
                to[l * LINE] = from[l];
#endif
        }
}

static void KERNEL_column(const REAL *restrict roots, REAL *restrict z, int back)
{
    if (back)
        KERNEL_fft_back(roots, N2, z, ROW, z, ROW, z, ROW, N1, N1);
    else
        KERNEL_fft_forward(roots, N2, z, ROW, z, ROW, z, ROW, N1);
}

static void KERNEL_row(const REAL *restrict roots, REAL *restrict z, int back)
{
    if (back)
        KERNEL_fft_back(roots, N1, z, 2 * V, z, 2 * V, z, 2 * V, N2, N2);
    else
        KERNEL_fft_forward(roots, N1, z, 2 * V, z, 2 * V, z, 2 * V, N2);
}

/* Place q of the row of frequency f times root f * q, or its conjugate. */
static void KERNEL_twist(const REAL *restrict roots, REAL *restrict z, int f,
                         int back)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL) };
    for (int q = 1; q < N2; q++) {
        REAL c = roots[2 * (f * q)], s = roots[2 * (f * q) + 1];
        if (back)
            s = -s;
        for (int l = 0; l < V; l += LANES) {
            KERNEL_mem *at = (KERNEL_mem *)(z + q * (2 * V) + l);
            KERNEL_mem *ai = (KERNEL_mem *)(z + q * (2 * V) + V + l);
            KERNEL_vec re = *at, im = *ai;
            *at = re * c - im * s;
            *ai = re * s + im * c;
        }
    }
}

/* z = sum over channels of the rows x, PLANE apart, times h, 2 * N apart. */
static void KERNEL_product(const REAL *restrict x, const REAL *restrict h,
                           REAL *restrict z)
{
    enum { LANES = sizeof(KERNEL_vec) / sizeof(REAL), PLANE = N1 * ROW };
    for (int q = 0; q < N2; q++)
        for (int l = 0; l < V; l += LANES) {
            KERNEL_vec re = {0}, im = {0};
            for (int c = 0; c < CG; c++) {
                const REAL *at = x + c * PLANE + q * (2 * V) + l;
                const REAL *w = h + 2 * (c * N + q);
                KERNEL_vec xr = *(const KERNEL_mem *)at;
                KERNEL_vec xi = *(const KERNEL_mem *)(at + V);
                re += xr * w[0];
                im += xi * w[0];
                re -= xi * w[1];
                im += xr * w[1];
            }
            *(KERNEL_mem *)(z + q * (2 * V) + l) = re;
            *(KERNEL_mem *)(z + q * (2 * V) + V + l) = im;
        }
}

/* The samples of tiles t.. of one channel; zeros beyond the input. */
static void KERNEL_load(const REAL *restrict x, int images, int t, int channel,
                        REAL *restrict samples)
{
    for (int l = 0; l < SLOTS; l++) {
        int b = (t + l) / TILES, at = (t + l) % TILES * S - LOW;
        int from = at < 0 ? -at : 0, end = T - at < N ? T - at : N;
        if (b >= images || end < from)
            from = end = N;
        const REAL *row = x + (b < images ? b * (G * CG) + channel : 0) * T;
        REAL *to = samples + l * LINE;
        for (int i = 0; i < from; i++)
            to[i] = 0;
        for (int i = from; i < end; i++)
            to[i] = row[at + i];
        for (int i = end; i < N; i++)
            to[i] = 0;
    }
}

static void KERNEL_save(const REAL *restrict samples, int images, int t, int o,
                        OUT *restrict y EXTRA_PARAMS)
{
    for (int l = 0; l < SLOTS; l++) {
        int b = (t + l) / TILES, at = (t + l) % TILES * S;
        int count = OT - at < S ? OT - at : S;
        if (b >= images)
            return;
        const REAL *from = samples + l * LINE;
        OUT *to = y + (b * (G * OG) + o) * OT + at;
        INDEPENDENT
        for (int i = 0; i < count; i++)
            to[i] = EPILOGUE(from[i], b, o, at + i);
    }
}

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict h,
                   void *restrict scratch, OUT *restrict y EXTRA_PARAMS)
{
    REAL *cells = (REAL *)scratch;        /* [CG, N1, ROW] */
    REAL *sums = cells + CG * (N1 * ROW); /* [N1, ROW] */
    REAL *samples = sums + N1 * ROW;      /* [2 * V, LINE] */
    int place[N1];
    for (int f = 0; f < N1; f++)
        place[f] = KERNEL_fft_place(N1, f);
    for (int t = FROM(SPLIT_ROWS, B * TILES, SLOTS);
         t < TO(SPLIT_ROWS, B * TILES, SLOTS); t += SLOTS)
        for (int g = 0; g < G; g++) {
            for (int c = 0; c < CG; c++) {
                REAL *z = cells + c * (N1 * ROW);
                KERNEL_load(x, B, t, g * CG + c, samples);
                KERNEL_enter(samples, z);
                for (int q = 0; q < N2; q++)
                    KERNEL_column(h, z + q * (2 * V), 0);
                for (int f = 0; f < N1; f++) {
                    KERNEL_twist(h, z + place[f] * ROW, f, 0);
                    KERNEL_row(h, z + place[f] * ROW, 0);
                }
            }
            for (int o = g * OG; o < (g + 1) * OG; o++) {
                for (int f = 0; f < N1; f++) {
                    REAL *z = sums + place[f] * ROW;
                    KERNEL_product(cells + place[f] * ROW,
                                   h + 2 * N * (1 + o * CG) +
                                       2 * N2 * place[f],
                                   z);
                    KERNEL_row(h, z, 1);
                    KERNEL_twist(h, z, f, 1);
                }
                for (int q = 0; q < N2; q++)
                    KERNEL_column(h, sums + q * (2 * V), 1);
                KERNEL_leave(sums, samples);
                KERNEL_save(samples, B, t, o, y EXTRA_ARGS);
            }
        }
}
