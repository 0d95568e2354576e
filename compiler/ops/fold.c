/* fold: cells of windows added up where they lie, those of the border dropped
 * (col2im): the adjoint of unfold. `shape` has the sizes of the windowed
 * axes.
 */
#include "op.h"
#include "impl_list.h"
#include "op_list.h"
#include "tensor.h"
#include "window.h"

static const char *shape(Arena *a, Node *n)
{
    const Type *g = &n->in[0]->type;
    Window w;
    const char *error = window_read_pool(a, n, &w);
    if (error)
        return error;
    Dim cells = dim_const(w.ax[0].size * w.ax[1].size);
    if (w.axis + w.axes >= g->rank || !dim_equal(g->dim[g->rank - 1], cells))
        return arena_printf(a,
                            "the last axis of %s does not have the %s cells "
                            "of a window",
                            type_text(a, g, "N"), dim_text(a, cells, "N"));
    error = window_check_result(a, &w, g);
    if (error)
        return error;
    n->type = window_input_type(&w, g);
    n->type.rank--;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->out;
    Window w = window_pool(c->node);
    int64_t outer = tensor_span(x, 0, w.axis);
    int64_t inner = tensor_span(x, w.axis + w.axes, x->rank);
    int64_t plane = w.ax[0].in * w.ax[1].in * inner, cy, cx;
    const double *g = c->in[0]->data;
    for (int64_t o = 0; o < outer; o++)
        for (int64_t ph = 0; ph < w.ax[0].out; ph++)
            for (int64_t pw = 0; pw < w.ax[1].out; pw++)
                for (int64_t i = 0; i < inner; i++)
                    for (int64_t kh = 0; kh < w.ax[0].size; kh++)
                        for (int64_t kw = 0; kw < w.ax[1].size; kw++, g++)
                            if (window_cell(&w.ax[0], ph, kh, &cy) &&
                                window_cell(&w.ax[1], pw, kw, &cx))
                                x->data[o * plane + i +
                                        (cy * w.ax[1].in + cx) * inner] += *g;
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Attrs at = attrs_new(b->module->arena);
    window_attrs(&at, n);
    if (need[0])
        dx[0] = node_new(b, &op_unfold, &dy, 1, &at);
}

const OpDef op_fold = {
    .sig = "fold(g: [...,K], size: ?, stride = 1, low = 0, high = 0, "
           "dilate = 1, axis = 2, shape: ?) -> [...]",
    .doc = "Cells of windows, the last axis, added up where they lie.",
    .example = "%y = fold %g {size = (2), axis = 1, shape = (4)} : f32[2,4]  "
               "// %g: f32[2,3,2]",
    .traits = OP_LINEAR,
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_fold},
};
