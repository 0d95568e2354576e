/* Weights of conv_winograd.c: u = G w G' for each output and channel.
 *
 * w has `outputs` wo apart and `channels` wc apart, each R x R; u [.., Q * Q,
 * channels up to a multiple of V, V], channels c before the output's lane; 0
 * beyond outputs and channels. Only Q, R and V are literals: layers share this.
 * SIDE outputs of a block are done
 * together, few enough for a small stack. In double precision: the error of u
 * would be part of every result.
 * Contract: u overlaps nothing.
 */
#include "winograd_points.c"

static void KERNEL(const REAL *restrict w, int outputs, int channels, int wo,
                   int wc, OUT *restrict u EXTRA_PARAMS)
{
    int depth = (channels + V - 1) / V * V;
    for (int ob = 0; ob * V < outputs; ob++)
        for (int c = 0; c < depth; c++)
            for (int l0 = 0; l0 < V; l0 += SIDE) {
                double half[Q * R * SIDE], row[Q * SIDE];
                int o = ob * V + l0;
                KERNEL_winograd_half(w, o * wo + c * wc, wo,
                                     c < channels ? outputs - o : 0, half);
                for (int p = 0; p < Q * Q; p++) {
                    int at = ((ob * (Q * Q) + p) * depth + c) * V + l0;
                    if (p % Q == 0)
                        KERNEL_winograd_points(half + p / Q * R * SIDE, 1, row,
                                               1);
                    INDEPENDENT
                    for (int l = 0; l < SIDE; l++)
                        u[at + l] = (OUT)(EPILOGUE(row[p % Q * SIDE + l], ob, p,
                                                   c, l0 + l));
                }
            }
}
