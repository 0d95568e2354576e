#include "cgen_impl.h"
void cgen_driver(Text *t, Module *m, const CgenOptions *o,
                 const struct FitSpec *fit)
{
    (void)t; (void)m; (void)o; (void)fit;
}
