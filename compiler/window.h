/* Window arithmetic shared by convolution and pooling: sizes and bounds.
 *
 * Along one axis, place k of the window of result place p lies on cell
 *   p*stride + k*dilate - low
 * of the input, which is first spread (spread-1 zeros between its cells).
 * Cells outside are border. low and high may be negative: the input is cropped.
 * A window over one axis has a first axis of size 1, so every loop nest is
 * written once, over two axes.
 */
#ifndef DLC_WINDOW_H
#define DLC_WINDOW_H

#include "op.h"

typedef struct WindowAxis {
    int64_t in, size, stride, low, high, dilate, spread, out;
} WindowAxis;

typedef struct Window {
    int axes;         /* 1 or 2: axes the node says */
    int axis;         /* the first of them in the input */
    WindowAxis ax[2]; /* H, W; ax[0] is all 1 when axes == 1 */
} Window;

/* floor(a / b) and ceil(a / b) for b > 0. */
int64_t floor_div(int64_t a, int64_t b);
int64_t ceil_div(int64_t a, int64_t b);

int64_t window_span(const WindowAxis *a);   /* dilate*(size-1) + 1 */
int64_t window_padded(const WindowAxis *a); /* spread input, low and high */
int64_t window_out(const WindowAxis *a);    /* result size; 0: does not fit */

/* Whether place k of window p is an input cell, and which. */
bool window_cell(const WindowAxis *a, int64_t p, int64_t k, int64_t *cell);

/* Half-open ranges, never inverted (from <= to), inside the spread input:
 * the result places whose whole window is inside; those whose place k is
 * inside; the window places of result p that are inside. With spread > 1
 * what is inside may still be one of the zeros between the cells. */
void window_inner(const WindowAxis *a, int64_t *from, int64_t *to);
void window_results(const WindowAxis *a, int64_t k, int64_t *from, int64_t *to);
void window_places(const WindowAxis *a, int64_t p, int64_t *from, int64_t *to);

/* The window of a conv node, or of maxpool, maxpick, maxunpick, sumpool,
 * sumunpool, unfold, fold. The _read_ forms are for shape functions: they
 * return NULL or the message for the user; the others take a typed node. */
const char *window_read_conv(Arena *arena, const Node *n, Window *w);
const char *window_read_pool(Arena *arena, const Node *n, Window *w);
Window window_conv(const Node *n);
/* The same for conv_blocked, whose arrays are cut into channel blocks. */
const char *window_read_blocked(Arena *arena, const Node *n, Window *w);
Window window_blocked(const Node *n);
/* The same for conv_depthwise. */
const char *window_read_depthwise(Arena *arena, const Node *n, Window *w);
Window window_depthwise(const Node *n);
/* The same for a kernel of `size`, which no operand shows: stride 1 unless the
 * operator has attributes for more; x is [.., .., H, W, lanes] or [.., .., H,
 * lanes]. */
const char *window_read_sized(Arena *arena, const Node *n, const int64_t *size,
                              Window *w);
/* The same for conv_winograd, whose attribute `size` is one number. */
const char *window_read_winograd(Arena *arena, const Node *n, Window *w);
Window window_winograd(const Node *n);
/* The same for conv_fft, which has an attribute `size`. */
const char *window_read_fft(Arena *arena, const Node *n, Window *w);
Window window_fft(const Node *n);
Window window_pool(const Node *n);

/* x with its windowed axes replaced by the result's sizes, and back. */
Type window_result_type(const Window *w, const Type *x);
Type window_input_type(const Window *w, const Type *y);
/* NULL when g's windowed axes are the result's; or the message. */
const char *window_check_result(Arena *arena, const Window *w, const Type *g);
/* NULL when every window has a cell of the input; or the message. */
const char *window_check_cells(Arena *arena, const Window *w);

/* The first largest cell (tensor_above) of result place (ph, pw): its index
 * in a plane of input cells whose elements are `apart` apart. */
int64_t window_largest(const Window *w, const double *plane, int64_t apart,
                       int64_t ph, int64_t pw);

/* Copies size, stride, low, high, dilate and axis of a pooling node: the
 * attributes of its adjoint. */
void window_attrs(Attrs *at, const Node *n);
/* The same and `shape`, the input's sizes on the windowed axes. */
void window_attrs_shape(Attrs *at, const Node *n);

#endif
