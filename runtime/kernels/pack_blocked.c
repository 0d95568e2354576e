/* Weights in blocks of channels: w has `outputs` wo apart, `channels` inputs wc
 * apart and `places` in a window; y is [.., .., places, XV, V], zero beyond
 * outputs and channels. Only V and XV are literals: layers share this.
 */
static void KERNEL(const REAL *restrict w, int outputs, int channels,
                   int places, int wo, int wc, OUT *restrict y EXTRA_PARAMS)
{
    int blocks = (channels + XV - 1) / XV;
    for (int ob = 0; ob * V < outputs; ob++)
        for (int cb = 0; cb < blocks; cb++)
            for (int k = 0; k < places; k++)
                for (int i = 0; i < XV; i++)
                    for (int l = 0; l < V; l++) {
                        int o = ob * V + l, c = cb * XV + i;
                        REAL v = 0;
#if CUT
                        if (o < outputs && c < channels)
#endif
                            v = w[o * wo + c * wc + k];
                        y[(((ob * blocks + cb) * places + k) * XV + i) * V +
                          l] = EPILOGUE(v, ob, cb, k, i, l);
                    }
}
