/* pack_winograd: one kernel after the other, in double precision. */
#include "../lowering.h"
#include "../winograd.h"

#include <string.h>

static void lower(Emit *e, const Node *n)
{
    const Type *w = &n->in[0]->type, *u = &n->type;
    bool swapped = strcmp(attr_sym(n, "w"), "io") == 0;
    int64_t outputs = w->dim[swapped].c, channels = w->dim[!swapped].c;
    int64_t v = u->dim[3].c, square = w->dim[2].c * w->dim[3].c;
    int64_t t = winograd_side(attr_int(n, "m"), w->dim[2].c,
                              attr_int(n, "stride"));
    int64_t side = t > 6 ? 2 : 4; /* few enough for a small stack */
    Kernel *k = kernel_new(e, n, "winograd_weights");
    kernel_int(k, "M", attr_int(n, "m"));
    kernel_int(k, "T", t);
    kernel_int(k, "Q", winograd_weights_side((int)t));
    kernel_int(k, "R", w->dim[2].c);
    kernel_int(k, "V", v);
    kernel_int(k, "SIDE", v % side == 0 ? side : v < side ? v : 1);
    kernel_arg(k, n->in[0]);
    const int64_t sizes[] = {outputs, channels,
                             swapped ? square : channels * square,
                             swapped ? outputs * square : square};
    for (int i = 0; i < 4; i++)
        kernel_arg_text(k, "%lld", (long long)sizes[i]);
    kernel_out(k);
    int groups[] = {1, 1, 1, 1};
    kernel_groups(k, 4, groups);
    kernel_emit(k);
}

static Cost cost(const Node *n, const Target *t)
{
    double elements = lowering_elements(&n->type);
    return lowering_cost(n, t, 4 * elements, 2 * elements, 0);
}

const Impl impl_pack_winograd = {
    .name = "loop",
    .doc = "one kernel after the other",
    .cost = cost,
    .lower = lower,
    .takes_epilogue = true,
};
