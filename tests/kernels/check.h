/* What the tests of kernels share: the holes every kernel has, arrays with
 * guards, the error bound.
 *
 * A test compiles a kernel file with its holes as macros, once for each case:
 * CASE is a list of numbers, P0(CASE), P1(CASE), ... are its entries, and
 * NAME(x) is a name of its own for each case, whose number is P0. A case's file
 * undefines CASE; a check_N that nothing calls is an error of the compiler.
 */
#ifndef KERNELS_CHECK_H
#define KERNELS_CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One thread does all turns of a loop. */
#define FROM(split, size, step) 0
#define TO(split, size, step) (size)
#define NEW(i) 0

#define P0(...) P0_(__VA_ARGS__, 0)
#define P1(...) P1_(__VA_ARGS__, 0)
#define P2(...) P2_(__VA_ARGS__, 0)
#define P3(...) P3_(__VA_ARGS__, 0)
#define P4(...) P4_(__VA_ARGS__, 0)
#define P5(...) P5_(__VA_ARGS__, 0)
#define P6(...) P6_(__VA_ARGS__, 0)
#define P7(...) P7_(__VA_ARGS__, 0)
#define P8(...) P8_(__VA_ARGS__, 0)
#define P9(...) P9_(__VA_ARGS__, 0)
#define P10(...) P10_(__VA_ARGS__, 0)
#define P11(...) P11_(__VA_ARGS__, 0)
#define P12(...) P12_(__VA_ARGS__, 0)
#define P13(...) P13_(__VA_ARGS__, 0)
#define P14(...) P14_(__VA_ARGS__, 0)
#define P15(...) P15_(__VA_ARGS__, 0)
#define P16(...) P16_(__VA_ARGS__, 0)
#define P17(...) P17_(__VA_ARGS__, 0)
#define P18(...) P18_(__VA_ARGS__, 0)
#define P19(...) P19_(__VA_ARGS__, 0)
#define P0_(a, ...) a
#define P1_(a, b, ...) b
#define P2_(a, b, c, ...) c
#define P3_(a, b, c, d, ...) d
#define P4_(a, b, c, d, e, ...) e
#define P5_(a, b, c, d, e, f, ...) f
#define P6_(a, b, c, d, e, f, g, ...) g
#define P7_(a, b, c, d, e, f, g, h, ...) h
#define P8_(a, b, c, d, e, f, g, h, i, ...) i
#define P9_(a, b, c, d, e, f, g, h, i, j, ...) j
#define P10_(a, b, c, d, e, f, g, h, i, j, k, ...) k
#define P11_(a, b, c, d, e, f, g, h, i, j, k, l, ...) l
#define P12_(a, b, c, d, e, f, g, h, i, j, k, l, m, ...) m
#define P13_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, ...) n
#define P14_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, ...) o
#define P15_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...) p
#define P16_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, ...) q
#define P17_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, ...) r
#define P18_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, ...) s
#define P19_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, ...) t
#define PASTE(a, b) PASTE_(a, b)
#define PASTE_(a, b) a##b
#define NAME(what) PASTE(what, P0(CASE))

#if defined(__GNUC__) && !defined(__TINYC__)
#define PREFETCH(p) __builtin_prefetch(p)
#else
#define PREFETCH(p) ((void)0)
#endif

#define KERNEL NAME(kernel_)
#define KERNEL_vec NAME(vec_)
#define KERNEL_mem NAME(mem_)
#define KERNEL_tile NAME(tile_)
#define KERNEL_places NAME(places_)
#define KERNEL_dots NAME(dots_)
#define KERNEL_row NAME(row_)
#define KERNEL_dot_row NAME(dot_row_)
#define KERNEL_columns NAME(columns_)
#define KERNEL_turn NAME(turn_)
#define KERNEL_line NAME(line_)
#define KERNEL_walk NAME(walk_)
#define KERNEL_line_mem NAME(line_mem_)
#define KERNEL_rows NAME(rows_)
#define KERNEL_border NAME(border_)
#define KERNEL_between NAME(between_)
#define KERNEL_larger NAME(larger_)
#define KERNEL_windows NAME(windows_)
#define KERNEL_range NAME(range_)
#define KERNEL_lane_tile NAME(lane_tile_)
#define KERNEL_lane_tiles NAME(lane_tiles_)
#define KERNEL_winograd_forward NAME(forward_)
#define KERNEL_winograd_back NAME(back_)
#define KERNEL_winograd_cells NAME(cells_)
#define KERNEL_winograd_rows NAME(cell_rows_)
#define KERNEL_winograd_columns NAME(columns_)
#define KERNEL_winograd_row NAME(row_)
#define KERNEL_winograd_points NAME(points_)
#define KERNEL_winograd_half NAME(half_)
#define KERNEL_fft_place NAME(fft_place_)
#define KERNEL_fft_times NAME(fft_times_)
#define KERNEL_fft_pass NAME(fft_pass_)
#define KERNEL_fft_thirds NAME(fft_thirds_)
#define KERNEL_fft_fifths NAME(fft_fifths_)
#define KERNEL_fft_halves NAME(fft_halves_)
#define KERNEL_fft_forward NAME(fft_forward_)
#define KERNEL_fft_back NAME(fft_back_)
#define KERNEL_fft_product NAME(fft_product_)
#define KERNEL_fft_roots NAME(roots_)
#define KERNEL_fft_row NAME(fft_row_)
#define KERNEL_fft_row_back NAME(fft_row_back_)
#define KERNEL_fft_column NAME(fft_column_)
#define KERNEL_fft_column_back NAME(fft_column_back_)
#define KERNEL_spread NAME(spread_)
#define KERNEL_gather NAME(gather_)
#define KERNEL_enter NAME(enter_)
#define KERNEL_leave NAME(leave_)
#define KERNEL_column NAME(column_)
#define KERNEL_twist NAME(twist_)
#define KERNEL_product NAME(product_)
#define KERNEL_place NAME(place_)
#define KERNEL_one NAME(one_)
#define KERNEL_load NAME(load_)
#define KERNEL_save NAME(save_)
#define KERNEL_philox NAME(philox_)
#define N_PARAM int n,
#define UNROLL
#define UNROLL_2
#define UNROLL_4
#define UNROLL_8
#define ROLLED
#define UNROLL_AROUND
#define INDEPENDENT
#define INDEPENDENT_LANES
#define PREFETCH_L2(p) ((void)(p))
#define IN_REGISTER(v) ((void)(v))
#define UNTIL_HERE(v) ((void)(v))
#define ANEW(p) ((void)(p))
#define HIDE(v) ((void)(v))
#define INLINE inline
#define EXTRA_ARGS , e1
#define EXTRA_PARAMS , const REAL *e1
#define GREATER(a, b) ((a) > (b))

enum { GUARD = 64 };
static int failures;

/* count numbers in -1..1 that are not round; the block ends where they end,
 * so that a sanitizer sees a read behind them. */
static inline float *numbers_f32(size_t count)
{
    float *x = (float *)malloc(count * sizeof(float) + 1);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rand() / (float)RAND_MAX * 2 - 1;
    return x;
}

static inline double *numbers_f64(size_t count)
{
    double *x = (double *)malloc(count * sizeof(double) + 1);
    for (size_t i = 0; i < count; i++)
        x[i] = (double)rand() / (double)RAND_MAX * 2 - 1;
    return x;
}

/* |e| <= (8 + sqrt(n) / 2) u sum |w||x| of n products: docs/tolerances. */
static inline int near(double got, double want, double magnitude, int terms,
                       double u)
{
    return fabs(got - want) <= (8 + sqrt((double)terms) / 2) * u * magnitude;
}

static inline void fail(const char *what, int number, double got, double want)
{
    if (failures++ < 20)
        printf("case %d: %s: got %.9g, want %.9g\n", number, what, got, want);
}

#endif
