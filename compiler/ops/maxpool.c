/* maxpool: the largest cell of each window; cells of the border are never
 * taken.
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
        error = window_check_cells(a, &w);
    if (!error)
        n->type = window_result_type(&w, &n->in[0]->type);
    return error;
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
                for (int64_t i = 0; i < inner; i++) {
                    const double *cells = x->data + o * plane + i;
                    *y++ = cells[window_largest(&w, cells, inner, ph, pw)];
                }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Node *in[2] = {dy, n->in[0]};
    Attrs at = attrs_new(b->module->arena);
    window_attrs(&at, n);
    if (need[0])
        dx[0] = node_new(b, &op_maxunpick, in, 2, &at);
}

const OpDef op_maxpool = {
    .sig = "maxpool(x: [...], size: ?, stride = 1, low = 0, high = 0, "
           "dilate = 1, axis = 2) -> [...]",
    .doc = "The largest cell of each window.",
    .example = "%y = maxpool %x {size = (2, 2), stride = (2, 2)} : "
               "f32[1,3,2,2]  // %x: f32[1,3,4,4]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_maxpool},
};
