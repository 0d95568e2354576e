/* Winograd's minimal filtering F(m x m, r x r) in float64, as the interpreter
 * runs it: m*m results of an r x r window from t*t cells, t = m + r - 1, by t*t
 * products.
 *
 * t = 5 is a window of 3 with stride 2, m = 2: the outer two weights are a
 * filter F(2, 2) on cells 0, 2 and 4, the middle one is multiplied by cells 1
 * and 3, so that there are q = 4 weights; otherwise q = t.
 */
#ifndef DLC_WINOGRAD_H
#define DLC_WINOGRAD_H

#include <stdint.h>

/* What to say of other sizes m and r and strides. */
#define WINOGRAD_UNKNOWN \
    "tiles of m = %" PRId64 " for a window of %" PRId64 " and stride %" PRId64 \
    " are not known"

enum { WINOGRAD_MOST = 8 }; /* t at most */

/* t, or 0 when there are no points for these sizes. Tiles of eight cells are
 * the less accurate, for windows of four and five. */
int winograd_side(int64_t m, int64_t r, int64_t stride);
/* q, and the place in u of the weight for product p. */
int winograd_weights_side(int t);
int winograd_weight_of(int t, int p);

/* u = G g G', g [r,r], u [q,q]. */
void winograd_weights(int t, int r, const double *g, double *u);
/* v = B' d B, both [t,t]. */
void winograd_cells(int t, const double *d, double *v);
/* y = A' s A, s [t,t], y [m,m]. */
void winograd_results(int t, int m, const double *s, double *y);

#endif
