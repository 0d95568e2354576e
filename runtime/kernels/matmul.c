/* Matrix product in register tiles.
 *
 * y[b,i,j] = sum over k of A(b,i,k) * B(b,k,j). AI AK, BK BJ are the strides
 * of those indices, so that transposed operands are one text. Panels of NR
 * columns of B are copied one after the other into the scratch (PACK_B),
 * where they stay in the cache while all rows of A pass; blocks of MB rows of
 * A likewise (PACK_A), so that they are read in order. The last tile of a row
 * or column that does not divide overlaps its neighbour.
 * Goto, van de Geijn, "Anatomy of high-performance matrix multiplication",
 * ACM TOMS 34(3), 2008.
 * Contract: y overlaps nothing; M >= MR, unless M_VARIES (with the run-time
 * size); N >= NR, unless PACK_B.
 */
#include "vector.c"
#include "tile.c"

#if PACK_A
/* MB rows of A from row `first`, MR side by side; the last is repeated. */
static void KERNEL_rows(const REAL *restrict x, int first, int rows,
                        int depth, int ai, int ak, REAL *restrict to)
{
    for (int i = first; i < first + MB; i += MR)
        for (int k = 0; k < depth; k++)
            for (int r = i; r < i + MR; r++)
                *to++ = x[(r < rows ? r : rows - 1) * ai + k * ak];
}
#endif

static void KERNEL(N_PARAM const REAL *restrict x, const REAL *restrict w,
                   OUT *restrict y, void *restrict scratch EXTRA_PARAMS)
{
    REAL tile[MR * NR];
}
