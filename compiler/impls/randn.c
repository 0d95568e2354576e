/* randn: draws by Philox4x32-10, four words a block. */
#include "../lowering.h"

static void lower(Emit *e, const Node *n)
{
    lowering_draws(e, n, "randn");
}

const Impl impl_randn = {
    .name = "philox",
    .doc = "Philox4x32-10, four words a block",
    .lower = lower,
    .takes_epilogue = true,
};
