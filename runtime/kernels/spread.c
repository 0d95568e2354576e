/* The cells that RP rows from `first` on see, [blocks, RP, WP, XV], with zeros
 * around the image, each COPIES times: vectors of equal lanes.
 */
static void KERNEL_spread(const REAL *restrict x, int blocks, int first,
                          REAL *restrict to)
{
    for (int c = 0; c < blocks; c++)
        for (int r = first; r < first + RP; r++)
            for (int j = -LW; j < WP - LW; j++)
                for (int l = 0; l < XV; l++, to += COPIES) {
                    int inside = r >= 0 && r < H && j >= 0 && j < W;
                    REAL cell = inside ? x[((c * H + r) * W + j) * XV + l] : 0;
                    *(KERNEL_mem *)to = cell - (KERNEL_vec){0};
                }
}
