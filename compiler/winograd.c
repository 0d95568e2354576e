/* Winograd's transforms from their points, by the Toom-Cook construction.
 *
 * With points p[0], .., p[t-2] and infinity: row i of A and of G evaluates a
 * polynomial at p[i], G divided by the product of p[i] - p[j] over the others;
 * row i of B' is the polynomial with the other points as its roots, the last
 * row the one with all of them. The points are those of conv_winograd.c.
 */
#include "winograd.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { T = WINOGRAD_MOST };

enum { HALVES = 5 }; /* the t of stride 2 */

static const double halves_weights[T][T] = {
    {1, 0, 0}, {1, 0, 1}, {0, 0, 1}, {0, 1, 0}};
static const double halves_cells[T][T] = {
    {1, 0, -1}, {0, 0, 1}, {0, 0, -1, 0, 1}, {0, 1}, {0, 0, 0, 1}};
static const double halves_results[T][T] = {{1, 1, 0, 1}, {0, 1, 1, 0, 1}};

int winograd_side(int64_t m, int64_t r, int64_t stride)
{
    int64_t t = m + r - 1;
    if (stride == 2 && m == 2 && r == 3)
        return HALVES;
    bool known = stride == 1 && m >= 2 && m <= 5 && r >= 2 &&
                 (t == 4 || t == 6 || t == T);
    return known ? (int)t : 0;
}

int winograd_weights_side(int t)
{
    return t == HALVES ? t - 1 : t;
}

int winograd_weight_of(int t, int p)
{
    int q = winograd_weights_side(t), i = p / t, j = p % t;
    return (i < q ? i : q - 1) * q + (j < q ? j : q - 1);
}

/* The finite points; how many. */
static int points_of(int t, double p[T])
{
    double a = t == 4 ? 1 : t == 6 ? sqrt(0.5) : 0.5;
    const double all[] = {0, a, -a, 2 * a, -2 * a, 4 * a, -4 * a};
    memcpy(p, all, sizeof all);
    return t - 1;
}

/* Coefficients 0..t-1 of the product of x - p[j], j != skip. */
static void roots(const double *p, int count, int skip, double row[T])
{
    for (int k = 0; k < T; k++)
        row[k] = k == 0;
    for (int j = 0; j < count; j++)
        for (int k = T - 1; k >= 0 && j != skip; k--)
            row[k] = (k ? row[k - 1] : 0) - p[j] * row[k];
}

/* Powers 0..len-1 of each point; of infinity the last coefficient. */
static void powers(int t, int len, double a[T][T])
{
    double p[T];
    int count = points_of(t, p);
    for (int i = 0; i <= count; i++)
        for (int k = 0; k < len; k++)
            a[i][k] = i == count ? k == len - 1 : pow(p[i], k);
}

/* y = f x f', f [rows, columns]. */
static void both_sides(int rows, int columns, double f[T][T], const double *x,
                       double *y)
{
    double half[T][T];
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            half[i][j] = 0;
            for (int k = 0; k < columns; k++)
                half[i][j] += f[i][k] * x[k * columns + j];
        }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < rows; j++) {
            y[i * rows + j] = 0;
            for (int k = 0; k < columns; k++)
                y[i * rows + j] += half[i][k] * f[j][k];
        }
}

void winograd_weights(int t, int r, const double *g, double *u)
{
    double p[T], f[T][T];
    int count = points_of(t, p);
    powers(t, r, f);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            for (int k = 0; k < r && j != i; k++)
                f[i][k] /= p[i] - p[j];
    if (t == HALVES)
        memcpy(f, halves_weights, sizeof f);
    both_sides(winograd_weights_side(t), r, f, g, u);
}

void winograd_cells(int t, const double *d, double *v)
{
    double p[T], f[T][T];
    int count = points_of(t, p);
    for (int i = 0; i <= count; i++)
        roots(p, count, i, f[i]);
    if (t == HALVES)
        memcpy(f, halves_cells, sizeof f);
    both_sides(t, t, f, d, v);
}

void winograd_results(int t, int m, const double *s, double *y)
{
    double a[T][T], f[T][T];
    powers(t, m, a);
    for (int i = 0; i < m; i++)
        for (int k = 0; k < t; k++)
            f[i][k] = a[k][i];
    if (t == HALVES)
        memcpy(f, halves_results, sizeof f);
    both_sides(m, t, f, s, y);
}
