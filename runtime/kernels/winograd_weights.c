/* Weights of conv_winograd.c: u = G w G' for each output and channel.
 *
 * w(o, c) is R x R, WO and WC elements from one output or channel to the next;
 * u [OB, Q * Q, CG * V, V], channels c before the output's lane; 0 for outputs
 * from O on and for channels from C on. SIDE outputs of a block are done
 * together, few enough for a small stack. In double precision: the error of u
 * would be part of every result.
 * Contract: u overlaps nothing.
 */
#include "winograd_points.c"

static void KERNEL(N_PARAM const REAL *restrict w, OUT *restrict u EXTRA_PARAMS)
{
    for (int ob = FROM(SPLIT_BATCH, OB, 1); ob < TO(SPLIT_BATCH, OB, 1); ob++)
        for (int c = 0; c < CG * V; c++)
            for (int l0 = 0; l0 < V; l0 += SIDE) {
                double half[Q * R * SIDE], row[Q * SIDE];
                int o = ob * V + l0;
                KERNEL_winograd_half(w, o * WO + c * WC, WO,
                                     c < C ? O - o : 0, half);
                for (int p = 0; p < Q * Q; p++) {
                    int at = ((ob * (Q * Q) + p) * (CG * V) + c) * V + l0;
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
