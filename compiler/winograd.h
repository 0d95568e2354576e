/* Winograd's minimal filtering F(m x m, r x r) in float64, as the interpreter
 * runs it: m*m results of an r x r window from t*t cells, t = m + r - 1, by t*t
 * products.
 */
#ifndef DLC_WINOGRAD_H
#define DLC_WINOGRAD_H

#include <stdbool.h>
#include <stdint.h>

/* What to say of other sizes m and r. */
#define WINOGRAD_UNKNOWN \
    "tiles of m = %" PRId64 " for a window of %" PRId64 " are not known"

enum { WINOGRAD_MOST = 8 }; /* t at most */

/* Are there points for these sizes? Tiles of eight cells are the less accurate,
 * for windows of four and five. */
bool winograd_known(int64_t m, int64_t r);

/* u = G g G', g [r,r], u [t,t]. */
void winograd_weights(int t, int r, const double *g, double *u);
/* v = B' d B, both [t,t]. */
void winograd_cells(int t, const double *d, double *v);
/* y = A' s A, s [t,t], y [m,m]. */
void winograd_results(int t, int m, const double *s, double *y);

#endif
