/* sumunpool: each element of g added to all cells of its window: the adjoint
 * of sumpool. `shape` has the sizes of the windowed axes.
 */
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
        error = window_check_result(a, &w, &n->in[0]->type);
    if (!error)
        n->type = window_input_type(&w, &n->in[0]->type);
    return error;
}

static void window_add(const Window *w, double *cells, int64_t apart,
                       int64_t ph, int64_t pw, double v)
{
    int64_t y, x;
    for (int64_t kh = 0; kh < w->ax[0].size; kh++)
        for (int64_t kw = 0; kw < w->ax[1].size; kw++)
            if (window_cell(&w->ax[0], ph, kh, &y) &&
                window_cell(&w->ax[1], pw, kw, &x))
                cells[(y * w->ax[1].in + x) * apart] += v;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->out;
    Window w = window_pool(c->node);
    int64_t outer = tensor_span(x, 0, w.axis);
    int64_t inner = tensor_span(x, w.axis + w.axes, x->rank);
    int64_t plane = w.ax[0].in * w.ax[1].in * inner;
    const double *g = c->in[0]->data;
    for (int64_t o = 0; o < outer; o++)
        for (int64_t ph = 0; ph < w.ax[0].out; ph++)
            for (int64_t pw = 0; pw < w.ax[1].out; pw++)
                for (int64_t i = 0; i < inner; i++)
                    window_add(&w, x->data + o * plane + i, inner, ph, pw,
                               *g++);
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Attrs at = attrs_new(b->module->arena);
    window_attrs(&at, n);
    if (need[0])
        dx[0] = node_new(b, &op_sumpool, &dy, 1, &at);
}

const OpDef op_sumunpool = {
    .sig = "sumunpool(g: [...], size: ?, stride = 1, low = 0, high = 0, "
           "dilate = 1, axis = 2, shape: ?) -> [...]",
    .doc = "Each element of g added to all cells of its window.",
    .example = "%y = sumunpool %g {size = (2), axis = 1, shape = (4)} : "
               "f32[2,4]  // %g: f32[2,3]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_sumunpool},
};
