/* maxunpick: g added up at the places of the first largest cell of each window
 * of x: the adjoint of maxpick, and the gradient of maxpool.
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
    if (error)
        return error;
    const Type *g = &n->in[0]->type, *x = &n->in[1]->type;
    Type y = window_result_type(&w, x);
    if (!type_same_shape(g, &y))
        return arena_printf(a, "%s does not fit windows of shape %s",
                            type_text(a, g, "N"), type_text(a, &y, "N"));
    n->type = *x;
    return NULL;
}

static void eval(const EvalCall *c)
{
    const Tensor *x = c->in[1];
    Window w = window_pool(c->node);
    int64_t outer = tensor_span(x, 0, w.axis);
    int64_t inner = tensor_span(x, w.axis + w.axes, x->rank);
    int64_t plane = w.ax[0].in * w.ax[1].in * inner;
    const double *g = c->in[0]->data;
    for (int64_t o = 0; o < outer; o++)
        for (int64_t ph = 0; ph < w.ax[0].out; ph++)
            for (int64_t pw = 0; pw < w.ax[1].out; pw++)
                for (int64_t i = 0; i < inner; i++) {
                    int64_t at = o * plane + i;
                    at += window_largest(&w, x->data + at, inner, ph, pw);
                    c->out->data[at] += *g++;
                }
}

static void grad(Builder *b, Node *n, Node *dy, const bool *need, Node **dx)
{
    Node *in[2] = {dy, n->in[1]};
    Attrs at = attrs_new(b->module->arena);
    window_attrs(&at, n);
    if (need[0])
        dx[0] = node_new(b, &op_maxpick, in, 2, &at);
}

const OpDef op_maxunpick = {
    .sig = "maxunpick(g: [...], x: [...], size: ?, stride = 1, low = 0, "
           "high = 0, dilate = 1, axis = 2) -> [...]",
    .doc = "g added up at the first largest cell of each window of x.",
    .example = "%y = maxunpick %g, %x {size = (2), axis = 1} : f32[2,4]  "
               "// %g: f32[2,3], %x: f32[2,4]",
    .shape = shape,
    .eval = eval,
    .grad = grad,
    .impl = {&impl_maxunpick, &impl_maxunpick_apart},
};
