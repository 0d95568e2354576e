/* Weights in blocks of channels: w has O outputs WO apart, C inputs WC apart
 * and K window places; y is [OB, CB, K, XV, V], zero beyond O and C.
 */
static void KERNEL(const REAL *restrict w, OUT *restrict y EXTRA_PARAMS)
{
    for (int ob = 0; ob < OB; ob++)
        for (int cb = 0; cb < CB; cb++)
            for (int k = 0; k < K; k++)
                for (int i = 0; i < XV; i++)
                    for (int l = 0; l < V; l++) {
                        int o = ob * V + l, c = cb * XV + i;
                        REAL v = 0;
#if CUT
                        if (o < O && c < C)
#endif
                            v = w[o * WO + c * WC + k];
                        y[(((ob * CB + cb) * K + k) * XV + i) * V + l] =
                            EPILOGUE(v, ob, cb, k, i, l);
                    }
}
