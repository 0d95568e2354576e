/* Winograd's minimal filtering F(m x m, 3x3) in float64, as the interpreter
 * runs it: m*m results of a 3x3 window from t*t cells, t = m + 2, by t*t
 * products.
 */
#ifndef DLC_WINOGRAD_H
#define DLC_WINOGRAD_H

enum { WINOGRAD_MOST = 6 }; /* t at most */

/* u = G g G', g [3,3], u [t,t]. */
void winograd_weights(int m, const double *g, double *u);
/* v = B' d B, both [t,t]. */
void winograd_cells(int m, const double *d, double *v);
/* y = A' s A, s [t,t], y [m,m]. */
void winograd_results(int m, const double *s, double *y);

#endif
