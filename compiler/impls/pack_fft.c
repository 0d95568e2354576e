/* pack_fft: kernels of a block of outputs side by side, in double precision. */
#include "../lowering.h"

#include <string.h>

static void lower(Emit *e, const Node *n)
{
    const Type *w = &n->in[0]->type, *h = &n->type;
    bool swapped = strcmp(attr_sym(n, "w"), "io") == 0;
    int64_t outputs = w->dim[swapped].c, channels = w->dim[!swapped].c;
    int64_t places = w->dim[2].c * w->dim[3].c, v = h->dim[4].c / 2;
    Kernel *k = kernel_new(e, n, "fft_weights");
    kernel_int(k, "N", h->dim[1].c);
    kernel_int(k, "V", v);
    kernel_int(k, "O", outputs);
    kernel_int(k, "C", channels);
    kernel_int(k, "OB", h->dim[2].c);
    kernel_int(k, "CB", h->dim[3].c / v);
    kernel_int(k, "KH", w->dim[2].c);
    kernel_int(k, "KW", w->dim[3].c);
    kernel_int(k, "WO", swapped ? places : channels * places);
    kernel_int(k, "WC", swapped ? outputs * places : places);
    lowering_roots(k, e, h->dim[1].c, ELEM_F64);
    kernel_arg(k, n->in[0]);
    kernel_out(k);
    kernel_emit(k);
}

const Impl impl_pack_fft = {
    .name = "loop",
    .doc = "the kernels of a block of outputs side by side",
    .lower = lower,
    .split = split_outer,
};
