/* conv_toeplitz: the input's windows as a matrix, then a matrix product. */
#include "../lowering.h"

static bool applies(const Node *n, const Target *t)
{
    (void)n;
    (void)t;
    return false;
}

static void lower(Emit *e, const Node *n)
{
    (void)e;
    (void)n;
}

const Impl impl_conv_toeplitz = {
    .name = "toeplitz",
    .doc = "windows as a matrix, then a matrix product",
    .applies = applies,
    .lower = lower,
    .takes_epilogue = true,
};
