/* pack_blocked: strided reads, whole blocks written one after the other. */
#include "../lowering.h"

#include <string.h>

static void lower(Emit *e, const Node *n)
{
    const Type *w = &n->in[0]->type;
    bool io = strcmp(attr_sym(n, "order"), "io") == 0;
    int axes = w->rank - 2;
    int64_t places = 1, c = w->dim[io ? 0 : 1].c, o = w->dim[io ? 1 : 0].c;
    for (int i = 0; i < axes; i++)
        places *= w->dim[2 + i].c;
    int64_t xv = attr_int(n, "xv"), v = attr_int(n, "v");
    Kernel *k = kernel_new(e, n, "pack_blocked");
    kernel_int(k, "XV", xv);
    kernel_int(k, "V", v);
    kernel_int(k, "CUT", o % v != 0 || c % xv != 0);
    kernel_arg(k, n->in[0]);
    const int64_t sizes[] = {o, c, places, io ? places : c * places,
                             io ? o * places : places};
    for (int i = 0; i < 5; i++)
        kernel_arg_text(k, "%lld", (long long)sizes[i]);
    kernel_out(k);
    int groups[] = {1, 1, axes, 1, 1};
    kernel_groups(k, 5, groups);
    kernel_emit(k);
}

const Impl impl_pack_blocked = {
    .name = "loop",
    .doc = "a loop over blocks",
    .lower = lower,
    .takes_epilogue = true,
};
