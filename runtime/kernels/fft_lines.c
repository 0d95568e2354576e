/* The transforms of conv_fft.c; nothing but N and COLUMN is a layer's own, so
 * that layers share them. A line is [N, re im, V]; cells [N, COLUMN] are
 * columns of N numbers. KERNEL_fft_row goes from a line to one number of each
 * column, KERNEL_fft_row_back from there to the first `keep` numbers of a line;
 * KERNEL_fft_column from a column to a line, KERNEL_fft_column_back from a line
 * to the first `keep` numbers of a column.
 */
#include "fft.c"

static const REAL KERNEL_fft_roots[2 * N] = {ROOTS};

static void KERNEL_fft_row(REAL *line, REAL *cells)
{
    KERNEL_fft_forward(KERNEL_fft_roots, 1, line, 2 * V, line, 2 * V, cells,
                       COLUMN, N);
}

static void KERNEL_fft_row_back(const REAL *cells, int keep, REAL *line)
{
    KERNEL_fft_back(KERNEL_fft_roots, 1, cells, COLUMN, line, 2 * V, line,
                    2 * V, N, keep);
}

static void KERNEL_fft_column(const REAL *column, REAL *line)
{
    KERNEL_fft_forward(KERNEL_fft_roots, 1, column, 2 * V, line, 2 * V, line,
                       2 * V, N);
}

static void KERNEL_fft_column_back(REAL *line, int keep, REAL *column)
{
    KERNEL_fft_back(KERNEL_fft_roots, 1, line, 2 * V, line, 2 * V, column,
                    2 * V, N, keep);
}
