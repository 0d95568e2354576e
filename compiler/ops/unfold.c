/* unfold: the cells of each window as a new last axis (im2col); cells of the
 * border are `value`.
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
    if (error)
        return error;
    Type t = window_result_type(&w, &n->in[0]->type);
    if (t.rank == MAX_RANK)
        return "the result would have too many axes";
    t.dim[t.rank++] = dim_const(w.ax[0].size * w.ax[1].size);
    n->type = t;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[0];
    Window w = window_pool(c->node);
    int64_t outer = tensor_span(x, 0, w.axis);
    int64_t inner = tensor_span(x, w.axis + w.axes, x->rank);
    int64_t plane = w.ax[0].in * w.ax[1].in * inner, cy, cx;
    double border = attr_real(c->node, "value"), *y = c->out->data;
    for (int64_t o = 0; o < outer; o++)
        for (int64_t ph = 0; ph < w.ax[0].out; ph++)
            for (int64_t pw = 0; pw < w.ax[1].out; pw++)
                for (int64_t i = 0; i < inner; i++)
                    for (int64_t kh = 0; kh < w.ax[0].size; kh++)
                        for (int64_t kw = 0; kw < w.ax[1].size; kw++)
                            *y++ = window_cell(&w.ax[0], ph, kh, &cy) &&
                                           window_cell(&w.ax[1], pw, kw, &cx)
                                       ? x->data[o * plane + i +
                                                 (cy * w.ax[1].in + cx) * inner]
                                       : border;
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Attrs at = attrs_new(b->module->arena);
    window_attrs_shape(&at, n);
    if (need[0])
        dx[0] = node_new(b, &op_fold, &dy, 1, &at);
}

const OpDef op_unfold = {
    .sig = "unfold(x: [...], size: ?, stride = 1, low = 0, high = 0, "
           "dilate = 1, axis = 2, value = 0.0) -> [...]",
    .doc = "The cells of each window as a new last axis.",
    .example = "%y = unfold %x {size = (2), axis = 1} : f32[2,3,2]  "
               "// %x: f32[2,4]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_unfold},
};
