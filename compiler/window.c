/* Window arithmetic: closed forms. tests/unit/window_test.c counts instead. */
#include "window.h"
#include "tensor.h"

int64_t floor_div(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t ceil_div(int64_t a, int64_t b)
{
    return -floor_div(-a, b);
}

int64_t window_span(const WindowAxis *a)
{
    return a->dilate * (a->size - 1) + 1;
}

static int64_t spread_size(const WindowAxis *a)
{
    return (a->in - 1) * a->spread + 1;
}

int64_t window_padded(const WindowAxis *a)
{
    return spread_size(a) + a->low + a->high;
}

int64_t window_out(const WindowAxis *a)
{
    int64_t room = window_padded(a) - window_span(a);
    return room < 0 ? 0 : room / a->stride + 1;
}

bool window_cell(const WindowAxis *a, int64_t p, int64_t k, int64_t *cell)
{
    int64_t at = p * a->stride + k * a->dilate - a->low;
    if (at < 0 || at % a->spread != 0 || at / a->spread >= a->in)
        return false;
    *cell = at / a->spread;
    return true;
}

static void clamp(int64_t limit, int64_t *from, int64_t *to)
{
    if (*from < 0)
        *from = 0;
    if (*to > limit)
        *to = limit;
    if (*from > limit)
        *from = limit;
    if (*to < *from)
        *to = *from;
}

void window_inner(const WindowAxis *a, int64_t *from, int64_t *to)
{
    int64_t last = spread_size(a) - window_span(a) + a->low;
    *from = ceil_div(a->low, a->stride);
    *to = floor_div(last, a->stride) + 1;
    clamp(a->out, from, to);
}

void window_results(const WindowAxis *a, int64_t k, int64_t *from, int64_t *to)
{
    int64_t first = a->low - k * a->dilate;
    *from = ceil_div(first, a->stride);
    *to = floor_div(spread_size(a) - 1 + first, a->stride) + 1;
    clamp(a->out, from, to);
}

void window_places(const WindowAxis *a, int64_t p, int64_t *from, int64_t *to)
{
    int64_t first = a->low - p * a->stride;
    *from = ceil_div(first, a->dilate);
    *to = floor_div(spread_size(a) - 1 + first, a->dilate) + 1;
    clamp(a->size, from, to);
}

int64_t window_largest(const Window *w, const double *plane, int64_t apart,
                       int64_t ph, int64_t pw)
{
    int64_t best = -1, y, x;
    for (int64_t kh = 0; kh < w->ax[0].size; kh++)
        for (int64_t kw = 0; kw < w->ax[1].size; kw++) {
            if (!window_cell(&w->ax[0], ph, kh, &y) ||
                !window_cell(&w->ax[1], pw, kw, &x))
                continue;
            int64_t cell = (y * w->ax[1].in + x) * apart;
            if (best < 0 || tensor_above(plane[cell], plane[best]))
                best = cell;
        }
    return best;
}
