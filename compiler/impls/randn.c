/* randn: draws by Philox4x32-10, four words a block. */
#include "../lowering.h"

#include <inttypes.h>

static void lower(Emit *e, const Node *n)
{
    Dim count = lowering_product(n->type.dim, n->type.rank);
    Kernel *k = kernel_new(e, n, "randn");
    kernel_arg_text(k, "seed");
    kernel_arg_text(k, "step");
    kernel_arg_text(k, "(uint32_t)%s", emit_turn(e));
    kernel_arg_text(k, "0x%08" PRIx32 "u",
                    (uint32_t)hash_string(attr_sym(n, "key")));
    kernel_arg_text(k, "%s", emit_dim(e, count));
    kernel_out(k);
    kernel_groups(k, 1, &n->type.rank);
    kernel_emit(k);
}

const Impl impl_randn = {
    .name = "philox",
    .doc = "Philox4x32-10, four words a block",
    .lower = lower,
    .takes_epilogue = true,
};
