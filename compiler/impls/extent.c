/* extent: the number of cells on some axes, as a real. */
#include "../cgen_impl.h"

static void lower(Emit *e, const Node *n)
{
    const Type *x = &n->in[0]->type;
    const char *count = NULL;
    Dim product = dim_const(1);
    for (int i = 0; i < attr_len(n, "axes"); i++) {
        Dim size = x->dim[attr_list(n, "axes", i)], next;
        if (dim_mul(product, size, &next)) {
            product = next;
            continue;
        }
        count = arena_printf(e->arena, "%s%s(double)%s", count ? count : "",
                             count ? " * " : "", emit_dim(e, product));
        product = size;
    }
    const char *last = emit_dim(e, product);
    const char *real = n->type.elem == ELEM_F32 ? "float" : "double";
    if (count)
        last = arena_printf(e->arena, "(%s * (double)%s)", count, last);
    emit_scalar(e, n, arena_printf(e->arena, "(%s)%s", real, last));
}

const Impl impl_extent = {
    .name = "direct",
    .doc = "a constant, or n times one",
    .lower = lower,
};
