/* sumpool: the sum of each window; the border is 0. */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include "window.h"

static const char *shape(Arena *a, Node *n)
{
    Window w;
    const char *error = window_read_pool(a, n, &w);
    if (!error)
        n->type = window_result_type(&w, &n->in[0]->type);
    return error;
}

/* The sum of the window of result place (ph, pw) in one plane. */
static double window_sum(const Window *w, const double *cells, int64_t apart,
                         int64_t ph, int64_t pw)
{
    double sum = 0;
    int64_t y, x;
    for (int64_t kh = 0; kh < w->ax[0].size; kh++)
        for (int64_t kw = 0; kw < w->ax[1].size; kw++)
            if (window_cell(&w->ax[0], ph, kh, &y) &&
                window_cell(&w->ax[1], pw, kw, &x))
                sum += cells[(y * w->ax[1].in + x) * apart];
    return sum;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    Window w = window_pool(c->node);
    int64_t outer = tensor_span(x, 0, w.axis);
    int64_t inner = tensor_span(x, w.axis + w.axes, x->rank);
    int64_t plane = w.ax[0].in * w.ax[1].in * inner;
    double *y = c->out->data;
    for (int64_t o = 0; o < outer; o++)
        for (int64_t ph = 0; ph < w.ax[0].out; ph++)
            for (int64_t pw = 0; pw < w.ax[1].out; pw++)
                for (int64_t i = 0; i < inner; i++)
                    *y++ =
                        window_sum(&w, x->data + o * plane + i, inner, ph, pw);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Attrs at = attrs_new(b->module->arena);
    window_attrs_shape(&at, n);
    if (need[0])
        dx[0] = node_new(b, &op_sumunpool, &dy, 1, &at);
}

const OpDef op_sumpool = {
    .sig = "sumpool(x: [...], size: ?, stride = 1, low = 0, high = 0, "
           "dilate = 1, axis = 2) -> [...]",
    .doc = "The sum of each window; the border is 0.",
    .example = "%y = sumpool %x {size = (2), axis = 1} : f32[2,3]  "
               "// %x: f32[2,4]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_sumpool},
};
